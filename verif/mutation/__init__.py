"""Mutants: small changes of a design, all in one build, and which of them the checks notice."""

from verif.mutation.model import Judged, Judgement, LeftOut, Mutant, Mutants, Schemata, Spent
from verif.mutation.sources import diff_of, mutated

__all__ = ["Judged", "Judgement", "LeftOut", "Mutant", "Mutants", "Schemata", "Spent", "diff_of", "mutated"]
