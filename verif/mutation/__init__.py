"""Mutants: small changes of a design, all in one build, and which of them the checks notice."""

from verif.mutation.finding import mutants_of
from verif.mutation.model import Judged, Judgement, LeftOut, Mutant, Mutants, Schemata, Spent
from verif.mutation.operators import OPERATORS, Operator
from verif.mutation.schemata import Selector, schemata
from verif.mutation.sources import diff_of, mutated

__all__ = [
    "OPERATORS",
    "Judged",
    "Judgement",
    "LeftOut",
    "Mutant",
    "Mutants",
    "Operator",
    "Schemata",
    "Selector",
    "Spent",
    "diff_of",
    "mutants_of",
    "mutated",
    "schemata",
]
