"""The report's part on what tests reached: functional and code coverage, and whose test points reached more."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from verif.verdict import Ratio

RECORDED_TEST = "test_recorded"
"""Prefix of the tests that a RECORDED expectation judges."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CoverBins(_Frozen):
    """One functional cover point: its bins and how often each was hit."""

    name: str
    bins: dict[str, int]

    @property
    def hit(self) -> Ratio:
        """Bins hit, of all bins."""
        return Ratio(count=sum(count > 0 for count in self.bins.values()), total=len(self.bins))


class TestBins(_Frozen):
    """The bins that one test hit, over all simulators and seeds."""

    __test__ = False

    test: str
    hit: int
    total: int
    bins: tuple[str, ...] = ()
    """``point.bin`` names of those that it hit, where they are known."""

    @property
    def recorded(self) -> bool:
        """Whether a RECORDED expectation judges the test, and nothing else does."""
        return self.test.startswith(RECORDED_TEST)


class Missed(_Frozen):
    """A point of code coverage that nothing has hit yet."""

    kind: str
    file: str
    line: int
    detail: str = ""


class CodeCoverage(_Frozen):
    """Code coverage of one kind, from the simulator."""

    kind: str
    """``line``, ``branch``, ``toggle``, ``expression`` ..."""
    hit: int
    total: int

    @property
    def ratio(self) -> Ratio:
        """Points hit, of all points."""
        return Ratio(count=self.hit, total=self.total)


class Contender(_Frozen):
    """A source of test points and what its points reached alone."""

    name: str
    """``model``, ``baseline`` or ``random``."""
    origin: str = ""
    """The model's name, the number of seeds and the like."""
    hit: float
    """Bins; a mean where several seeds were tried."""
    total: int
    cycles: int = 0


class Contest(_Frozen):
    """Model against baseline against random points of the same schema."""

    measure: str = "functional bins hit"
    contenders: tuple[Contender, ...] = ()
    sentence: str = ""
    """What it shows, in words."""
