"""Proofs and bounded searches: Yosys makes a transition system of a harness; ABC and solvers answer, in processes."""
