"""The report's part on coverage points: what is known about each, who found out, and how it went."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from verif.coverage.model import Coverage
from verif.coverage.ranking import Ranking
from verif.coverage.saved import SavedCoverage, from_json
from verif.trace import Trace
from verif.verdict import Verdict


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Moment(_Frozen):
    """A point of the curve: how much was known after so much work."""

    cycles: int
    seconds: float
    hit: int
    unreachable: int = 0
    by: str = ""
    """Who found out what is new."""


class Proposer(_Frozen):
    """Someone who proposed stimuli, or proved."""

    name: str
    closed: int
    """Points that it hit first or proved."""
    turns: int | None = None


class Replay(_Frozen):
    """How a witness replayed in cocotb."""

    simulator: str
    verdict: Verdict
    message: str = ""


class Witness(_Frozen):
    """A stored stimulus that hits points."""

    id: str
    regression: str
    """Its file."""
    cycles: int
    by: str = ""
    points: tuple[str, ...]
    replayed: tuple[Replay, ...] = ()
    replay: str = ""
    """The command that runs exactly this again."""
    trace: Trace | None = None
    """Its first cycles, as replayed."""


class SourceFile(_Frozen):
    """A file in which points are."""

    name: str
    """As the points call it."""
    path: str
    changed: bool = False
    """Whether it is newer than what is known about it."""


class Points(_Frozen):
    """What is known about the coverage points of one bench."""

    saved: SavedCoverage
    ranking: Ranking | None = None
    """Of the tests of which it is known what they hit."""
    sources: tuple[SourceFile, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    proposers: tuple[Proposer, ...] = ()
    curve: tuple[Moment, ...] = ()
    cycles: int = 0
    seconds: float = 0.0
    """What closure took."""
    notes: tuple[str, ...] = ()

    @property
    def coverage(self) -> Coverage:
        """The points as the coverage model has them."""
        return from_json(self.saved, where="report")
