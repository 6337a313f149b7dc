"""Proofs and bounded checks: Yosys makes SMT2 of a design, smtbmc asks a solver about it, in processes of their own."""
