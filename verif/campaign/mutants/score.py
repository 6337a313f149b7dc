"""The mutation score of judged mutants: whole, by operator, and by the oracles that kill."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from verif.campaign.mutants.result import JudgedMutant
from verif.mutation.score import Score
from verif.verdict import MutantStatus, Oracle

OWN = "own"
"""Who killed a mutant, where that is an assertion of an adopted bench: it tells no oracle."""


def score_of(mutants: Iterable[JudgedMutant]) -> Score:
    """Count ``mutants``."""
    counts = dict.fromkeys(Score.__dataclass_fields__, 0)
    for mutant in mutants:
        counts[_place(mutant)] += 1
    return Score(**counts)


def _place(mutant: JudgedMutant) -> str:
    """Return the count that a mutant belongs to."""
    if mutant.status is MutantStatus.KILLED:
        return "recorded" if mutant.oracle is Oracle.RECORDED else "killed"
    if mutant.status is MutantStatus.SURVIVED:
        return "survived" if mutant.different else "undecided"
    return mutant.status.value.lower()


def by_operator(mutants: Iterable[JudgedMutant]) -> Mapping[str, Score]:
    """Return the score of each operator's mutants, operators in order of their names."""
    groups: dict[str, list[JudgedMutant]] = {}
    for mutant in mutants:
        groups.setdefault(mutant.mutant.operator, []).append(mutant)
    return {name: score_of(groups[name]) for name in sorted(groups)}


def by_oracle(mutants: Iterable[JudgedMutant]) -> Mapping[str, int]:
    """Return how many mutants each kind of oracle killed; one that several kinds saw counts for each."""
    killed = [mutant for mutant in mutants if mutant.status is MutantStatus.KILLED]
    names = [*(oracle.value for oracle in Oracle), OWN]
    counts = {name: sum(name in mutant.killers for mutant in killed) for name in names}
    return {name: count for name, count in counts.items() if count or name != OWN}
