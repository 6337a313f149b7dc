"""What is known about two versions, kept in a file as it is found out, so that the next call goes on from there."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

from verif.campaign.differences.result import Difference
from verif.campaign.differences.versions import Feed, Versions
from verif.campaign.proofs.store import harness_digest
from verif.sim.content import sources_digest
from verif.stimulus.rows import Stimulus

_VERSION = 1
"""Changes where what is kept, or what it means, does."""
_SELDOM = 0.5
"""Seconds between two writings of what changes all the time."""
REALLY, DOUBTFUL = "really", "doubtful"
"""What a kept run shows: a difference, or one in an X alone."""


@dataclass(kw_only=True)
class Known:
    """What was found out, in words that a file can hold."""

    file: Path | None = None
    """Where it is kept; nowhere without one."""
    resumed: bool = False
    """Whether an earlier call found out some of it."""
    proved: dict[str, str] = field(default_factory=dict)
    """Coverage point to what proved it."""
    relations: dict[str, int] = field(default_factory=dict)
    """Kind of relation between registers to how many were proven with the points."""
    bound: int = 0
    """Ticks after the reset in which no run hits an open point, those of ``hidden`` aside."""
    hidden: dict[str, int] = field(default_factory=dict)
    """Coverage point to the tick of a run that the solver found and no simulator shows."""
    starts: dict[str, str] = field(default_factory=dict)
    """Registers of other names that are taken to start alike."""
    tried: dict[str, float] = field(default_factory=dict)
    """Way to prove to the seconds that it had without proving all."""
    drawn: dict[str, int] = field(default_factory=dict)
    """Name of a feed to how many draws of its stimulus were simulated."""
    shown: dict[str, dict[str, Any]] = field(default_factory=dict)
    """``REALLY`` or ``DOUBTFUL`` to the inputs that show such a difference, and what found them."""
    control: dict[str, bool | None] = field(default_factory=dict)
    """Mutant of NEW to whether it was told DIFFERENT."""
    missed: list[str] = field(default_factory=list)
    """Mutants that simulators show and that the search denies."""
    why: str = ""
    _kept: float = 0.0

    def keep(self, *, seldom: bool = False) -> None:
        """Write all to the file in one step; ``seldom``: not if that was done just now."""
        if self.file is None or (seldom and time.monotonic() - self._kept < _SELDOM):
            return
        self.file.parent.mkdir(parents=True, exist_ok=True)
        scratch = self.file.with_suffix(f".tmp{os.getpid()}")
        scratch.write_text(json.dumps({name: getattr(self, name) for name in _KEPT}), encoding="utf-8")
        scratch.replace(self.file)
        self._kept = time.monotonic()

    def remember(self, found: Difference) -> None:
        """Keep the inputs that show a difference."""
        self.shown[DOUBTFUL if found.unknown else REALLY] = {
            "ports": list(found.stimulus.ports),
            "rows": [list(row) for row in found.stimulus.rows],
            "found_by": found.found_by,
        }
        self.keep()

    def runs(self) -> Iterable[tuple[Stimulus, str]]:
        """Return the inputs that are kept, and what found them."""
        for each in self.shown.values():
            rows = tuple(tuple(row) for row in each["rows"])
            yield Stimulus(ports=tuple(each["ports"]), rows=rows), each["found_by"]


_KEPT = tuple(each.name for each in fields(Known) if each.name not in ("file", "resumed", "_kept"))


def recalled(file: Path, *, fresh: bool = False) -> Known:
    """Return what is known from earlier calls; nothing where the file can't be read; ``fresh`` removes it."""
    if fresh:
        file.unlink(missing_ok=True)
    try:
        found: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return Known(file=file, resumed=True, **{name: found[name] for name in _KEPT})
    except (OSError, ValueError, KeyError, TypeError):
        return Known(file=file)


def digest_of(versions: Versions, feeds: Iterable[Feed], *choices: object) -> str:
    """Return what answers depend on: both versions, how they belong together, what inputs do, and ``choices``."""
    facts = (
        _VERSION,
        [harness_digest(feed.harness) for feed in feeds],
        (versions.new.top, sources_digest(versions.new.sources)),
        versions.compared,
        sorted(versions.called.items()),
        sorted(asdict(versions.pairing).items()),
        choices,
    )
    return sha256(repr(facts).encode()).hexdigest()[:16]
