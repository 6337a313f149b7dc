"""What a broken-off search had found, kept on disk: the next call on the same problem goes on from it."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from verif.floorplan.arrays import F, Flags, Layout
from verif.floorplan.pace import Costs
from verif.floorplan.start import Found

_VERSION = 1
"""Changes where what is stored, or what a start does, does."""
EVERY = 5.0
"""Seconds between two writes: what a killed search loses at most, beside the starts under way."""


@dataclass(kw_only=True, slots=True)
class Kept:
    """What a search has so far."""

    found: dict[int, Found] = field(default_factory=dict)
    """The starts that ended, by their number."""
    seconds: float = 0.0
    """What they took together, by the search's clock."""
    costs: Costs = field(default_factory=Costs)
    interrupted: bool = False


@dataclass(slots=True)
class Keeper:
    """Keeps the starts of one search in ``file``."""

    file: Path
    _written: float = field(default_factory=time.monotonic)

    def load(self) -> Kept:
        """Return what is kept; nothing where there is none that can be read."""
        try:
            with np.load(self.file) as state:
                numbers, layouts, turned = state["number"], state["layout"], state["turned"]
                lengths, legal, cut = state["wirelength"], state["legal"], state["cut"]
                seconds, (move, polish, rest, firm) = float(state["seconds"]), state["costs"].tolist()
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return Kept()
        found = {
            int(number): Found(
                layout=_layout(layouts[at], turned[at]),
                wirelength=float(lengths[at]),
                legal=bool(legal[at]),
                cut=bool(cut[at]),
            )
            for at, number in enumerate(numbers)
        }
        costs = Costs(move=move, polish=polish, rest=rest, firm=bool(firm))
        return Kept(found=found, seconds=seconds, costs=costs)

    def save(self, kept: Kept, *, now: bool = False) -> None:
        """Write ``kept`` in one step, now or where the last time is long ago."""
        if not kept.found or (not now and time.monotonic() - self._written < EVERY):
            return
        self._written = time.monotonic()
        rows = list(kept.found.values())
        self.file.parent.mkdir(parents=True, exist_ok=True)
        scratch = self.file.with_suffix(f".{os.getpid()}.npz")
        np.savez(
            scratch,
            number=np.array(list(kept.found)),
            layout=np.array([(one.layout.cx, one.layout.cy, one.layout.w, one.layout.h) for one in rows]),
            turned=np.array([one.layout.turned for one in rows]),
            wirelength=np.array([one.wirelength for one in rows]),
            legal=np.array([one.legal for one in rows]),
            cut=np.array([one.cut for one in rows]),
            seconds=kept.seconds,
            costs=np.array([kept.costs.move, kept.costs.polish, kept.costs.rest, kept.costs.firm]),
        )
        scratch.replace(self.file)

    def forget(self) -> None:
        """Drop what is kept."""
        with suppress(OSError):
            self.file.unlink(missing_ok=True)


def keeper_in(folder: Path, *facts: object) -> Keeper:
    """Return the keeper of the search that ``facts`` determine: problem, outline, seed, budget and the like."""
    return Keeper(folder / f"{sha256(repr((_VERSION, *facts)).encode()).hexdigest()[:16]}.npz")


def _layout(rows: F, turned: Flags) -> Layout:
    cx, cy, w, h = rows.copy()
    return Layout(cx=cx, cy=cy, w=w, h=h, turned=turned.copy())
