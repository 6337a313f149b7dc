"""The mutation score as bounds; what only RECORDED tests kill is counted apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from verif.verdict import Ratio


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

    @property
    def survivors(self) -> int:
        """All that nothing kills and nothing proves equivalent, told apart or not."""
        return self.survived + self.undecided

    def as_json(self) -> dict[str, Any]:
        """Return counts and bounds; a bound is null where no mutant counts."""
        return {
            "killed": self.killed + self.recorded,
            "killed_recorded_only": self.recorded,
            "survived": self.survivors,
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
