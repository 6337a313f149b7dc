"""Mutants: small changes of a design, all in one build, and which of them the checks notice."""

from verif.mutation.alone import judge_alone
from verif.mutation.builds import MutantBuilds, build_mutants
from verif.mutation.finding import mutants_of
from verif.mutation.gate import Gate, check_gate
from verif.mutation.harnessing import mutated_harness
from verif.mutation.judging import judge
from verif.mutation.model import Judged, Judgement, LeftOut, Mutant, Mutants, Schemata, Spent
from verif.mutation.operators import OPERATORS, Operator
from verif.mutation.schemata import Selector, schemata
from verif.mutation.sources import diff_of, mutated
from verif.mutation.trust import trusted

__all__ = [
    "OPERATORS",
    "Gate",
    "Judged",
    "Judgement",
    "LeftOut",
    "Mutant",
    "MutantBuilds",
    "Mutants",
    "Operator",
    "Schemata",
    "Selector",
    "Spent",
    "build_mutants",
    "check_gate",
    "diff_of",
    "judge",
    "judge_alone",
    "mutants_of",
    "mutated",
    "mutated_harness",
    "schemata",
    "trusted",
]
