"""The mutation score as bounds, whole and by operator; what only RECORDED tests kill is counted apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from verif.campaign.mutants.result import JudgedMutant
from verif.verdict import MutantStatus, Oracle, Ratio

OWN = "own"
"""Who killed a mutant, where that is an assertion of an adopted bench: it tells no oracle."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """Counts of mutants, and the share of killed ones between two bounds.

    A mutant that can't compile and one that is proven equivalent can't be killed, so they don't count. Of the others
    each undecided one either counts or doesn't: a survivor may be equivalent, one that ran out of time may be killed.
    """

    killed: int = 0
    """By SPEC, PROTOCOL or GENERIC checks, or by an adopted bench's own assertions."""
    recorded: int = 0
    """By RECORDED expectations and nothing else."""
    survived: int = 0
    """Survivors that a witness tells from the design."""
    undecided: int = 0
    """Survivors without a witness and without a proof."""
    equivalent: int = 0
    stillborn: int = 0
    timeout: int = 0

    @property
    def total(self) -> int:
        """All mutants."""
        return self.counted + self.equivalent + self.stillborn

    @property
    def counted(self) -> int:
        """All that may count: neither proven equivalent nor stillborn."""
        return self.killed + self.recorded + self.survived + self.undecided + self.timeout

    @property
    def low(self) -> Ratio:
        """The share that is killed if no undecided mutant is equivalent or killed; RECORDED kills nothing."""
        return Ratio(count=self.killed, total=self.counted)

    @property
    def high(self) -> Ratio:
        """The share that is killed if all undecided survivors are equivalent and time-outs are kills."""
        return Ratio(count=self.killed + self.timeout, total=self.counted - self.undecided)

    @property
    def low_recorded(self) -> Ratio:
        """``low`` where RECORDED expectations kill too."""
        return Ratio(count=self.killed + self.recorded, total=self.counted)

    @property
    def high_recorded(self) -> Ratio:
        """``high`` where RECORDED expectations kill too."""
        return Ratio(count=self.killed + self.recorded + self.timeout, total=self.counted - self.undecided)

    @property
    def decided(self) -> Ratio:
        """Survivors that are proven equivalent or have a witness, of all that no check but RECORDED ones kills."""
        known = self.survived + self.equivalent + self.recorded
        return Ratio(count=known, total=known + self.undecided)

    @classmethod
    def of(cls, mutants: Iterable[JudgedMutant]) -> Score:
        """Count ``mutants``."""
        counts = dict.fromkeys(cls.__dataclass_fields__, 0)
        for mutant in mutants:
            counts[_place(mutant)] += 1
        return cls(**counts)

    def as_json(self) -> dict[str, Any]:
        """Return counts and bounds; a bound is null where no mutant counts."""
        return {
            "killed": self.killed + self.recorded,
            "killed_recorded_only": self.recorded,
            "survived": self.survived + self.undecided,
            "undecided": self.undecided,
            "equivalent": self.equivalent,
            "stillborn": self.stillborn,
            "timeout": self.timeout,
            "total": self.total,
            "score_low": self.low.fraction,
            "score_high": self.high.fraction,
            "recorded_low": self.low_recorded.fraction,
            "recorded_high": self.high_recorded.fraction,
        }


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
    return {name: Score.of(groups[name]) for name in sorted(groups)}


def by_oracle(mutants: Iterable[JudgedMutant]) -> Mapping[str, int]:
    """Return how many mutants each kind of oracle killed; one that several kinds saw counts for each."""
    killed = [mutant for mutant in mutants if mutant.status is MutantStatus.KILLED]
    names = [*(oracle.value for oracle in Oracle), OWN]
    counts = {name: sum(name in mutant.killers for mutant in killed) for name in names}
    return {name: count for name, count in counts.items() if count or name != OWN}
