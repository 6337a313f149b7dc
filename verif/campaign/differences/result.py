"""What ``diff`` found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from verif.campaign.proofs.result import Assumption
from verif.stimulus.rows import Stimulus
from verif.trace import Trace
from verif.verdict import DiffStatus


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """A run that tells two versions apart."""

    stimulus: Stimulus
    """The design's inputs, clocks and the reset before the run among them."""
    tick: int
    """The row in which an output differs first."""
    ports: Mapping[str, tuple[str, str]]
    """Output that differs in that row, as OLD calls it, to its bits in OLD and in NEW, of 01xz."""
    shown: Mapping[str, tuple[str, ...]]
    """What OLD shows at these outputs in each row."""
    trace: Trace
    """Inputs and the differing outputs of both."""
    judged_on: str
    """The simulator that showed it."""
    found_by: str
    """What found it: ``bounded search``, ``lanes``, ``batch engine`` or ``recording``."""
    unknown: bool = False
    """Whether no bit that differs is known in both."""

    @property
    def sentence(self) -> str:
        """Where it differs, for people."""
        port, (old, new) = next(iter(self.ports.items()))
        more = f" (and {', '.join(list(self.ports)[1:])})" if len(self.ports) > 1 else ""
        return f"in cycle {self.tick} {port} is {shown(old)} in OLD and {shown(new)} in NEW{more}"


def shown(bits: str) -> str:
    """Return a value for people: a number where all bits are known."""
    if len(bits) == 1 or set(bits) - {"0", "1"}:
        return bits
    return f"{int(bits, 2):#x}"


@dataclass(frozen=True, kw_only=True, slots=True)
class PortAnswer:
    """What is known about one output."""

    port: str
    proved: bool = False
    method: str = ""
    """How it was proved."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Control:
    """Mutants of NEW that are told apart from OLD: that this comparison can find a difference at all."""

    different: tuple[str, ...] = ()
    """Ids of mutants that were told DIFFERENT."""
    undecided: tuple[str, ...] = ()
    """Those in which no difference was found; they may be equivalent."""
    missed: tuple[str, ...] = ()
    """Those of them that simulators show within the ticks that were searched: the search is wrong there."""
    why: str = ""
    """Why there is none, in a sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DiffResult:
    """What is known about two versions."""

    old: str
    """For readers."""
    new: str
    top: str
    status: DiffStatus
    bound: int | None = None
    """Ticks after the reset in which no run tells them apart; None where that is not known or doesn't matter."""
    ports: tuple[PortAnswer, ...] = ()
    """The outputs that were compared."""
    incomparable: tuple[str, ...] = ()
    """What can't be compared, a sentence each."""
    difference: Difference | None = None
    relations: Mapping[str, int] | None = None
    """Kind of relation between registers to how many were proven and used."""
    assumptions: tuple[Assumption, ...] = ()
    control: Control | None = None
    why: str = ""
    """Why there is no better answer, in a sentence."""
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    stages: Mapping[str, float] | None = None
    """Stage to the seconds that it took."""
    files: tuple[Path, ...] = ()
    """Of the difference: what was written."""
    interrupted: bool = False
    resumed: bool = False
    """Whether an earlier call found out some of it."""

    def as_json(self) -> dict[str, Any]:
        """Return the ``--json`` object, without schema and verb."""
        return {
            "old": self.old,
            "new": self.new,
            "top": self.top,
            "status": str(self.status),
            "bound": self.bound,
            "ports": [asdict(port) for port in self.ports],
            "incomparable": list(self.incomparable),
            "trace": _difference(self.difference) if self.difference else None,
            "relations": dict(self.relations or {}),
            "assumptions": [{"name": each.name, "text": each.text} for each in self.assumptions],
            "control": asdict(self.control) if self.control else None,
            "why": self.why,
            "notes": list(self.notes),
            "seconds": round(self.seconds, 3),
            "stages": {name: round(seconds, 3) for name, seconds in (self.stages or {}).items()},
            "files": [str(file) for file in self.files],
            "interrupted": self.interrupted,
            "resumed": self.resumed,
        }


def _difference(found: Difference) -> dict[str, Any]:
    return {
        "tick": found.tick,
        "ports": {port: {"old": old, "new": new} for port, (old, new) in found.ports.items()},
        "judged_on": found.judged_on,
        "found_by": found.found_by,
        "inputs": list(found.stimulus.ports),
        "rows": [list(row) for row in found.stimulus.rows],
    }
