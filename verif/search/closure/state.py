"""Closure's state on disk, so that an interrupted call loses at most its last turn and the next one goes on.

``state.json`` is replaced in one step after each turn; the corpus's stimuli lie beside it, each in a file that is
written once. The state names what it is about by a key: where sources, plan or instrumentation change, it is not used.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from verif.search.closure.bandit import Arm
from verif.search.closure.board import Disagreement, Known, Moment
from verif.search.closure.corpus import Good
from verif.verdict import PointStatus

SCHEMA = 1
STATE = "state.json"
CORPUS = "corpus"


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """All that a call leaves to the next."""

    known: dict[str, Known]
    corpus: tuple[Good, ...]
    curve: tuple[Moment, ...]
    disagreements: tuple[Disagreement, ...]
    arms: tuple[Arm, ...]
    job: int
    """Number of the solver's next job."""
    unconfirmed: tuple[str, ...]
    examples: int
    cycles: int
    lane_cycles: int
    seconds: float
    solver_seconds: float
    frequency: tuple[int, ...]
    fresh: bool
    seed: int
    goal: int | None = None
    """Examples at which a call that is not at its end yet ends; None: it ended, or its budget was time."""


class Store:
    """The state about one thing, named by ``key``, in ``folder``."""

    def __init__(self, folder: Path, key: str) -> None:
        self.folder = folder
        self.key = key
        self._written: set[str] = set()

    def load(self) -> State | None:
        """Return the state; None where there is none, where it is about something else, or where it is damaged."""
        try:
            data = json.loads((self.folder / STATE).read_text(encoding="utf-8"))
            if data["schema"] != SCHEMA or data["key"] != self.key:
                return None
            state = self._state(data)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        self._written = {good.digest for good in state.corpus}
        return state

    def clear(self) -> None:
        """Forget everything."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._written.clear()

    def save(self, state: State) -> None:
        """Write the state; whoever reads meanwhile sees the old or the new one."""
        (self.folder / CORPUS).mkdir(parents=True, exist_ok=True)
        for good in state.corpus:
            if good.digest not in self._written:
                self._put(good)
        scratch = self.folder / f"{STATE}.tmp{os.getpid()}"
        scratch.write_text(json.dumps(self._data(state), indent=1), encoding="utf-8")
        scratch.replace(self.folder / STATE)

    def _put(self, good: Good) -> None:
        file = self._file(good.digest)
        scratch = file.with_suffix(f".tmp{os.getpid()}")
        with scratch.open("wb") as out:
            np.save(out, good.rows)
        scratch.replace(file)
        self._written.add(good.digest)

    def _file(self, digest: str) -> Path:
        return self.folder / CORPUS / f"{digest}.npy"

    def _data(self, state: State) -> dict[str, Any]:
        own = {name: getattr(state, name) for name in _PLAIN}
        return {
            "schema": SCHEMA,
            "key": self.key,
            **own,
            "known": {name: _changed(known) for name, known in state.known.items()},
            "corpus": [{"digest": g.digest, "by": g.by, "points": list(g.points)} for g in state.corpus],
            "curve": [asdict(moment) for moment in state.curve],
            "disagreements": [asdict(one) for one in state.disagreements],
            "arms": [asdict(arm) for arm in state.arms],
        }

    def _state(self, data: dict[str, Any]) -> State:
        own: dict[str, Any] = {name: data[name] for name in _PLAIN}
        own |= {name: tuple(own[name]) for name in _TUPLES}
        return State(
            **own,
            known={name: _known(known) for name, known in data["known"].items()},
            corpus=tuple(self._goods(data["corpus"])),
            curve=tuple(Moment(**moment) for moment in data["curve"]),
            disagreements=tuple(Disagreement(**one) for one in data["disagreements"]),
            arms=tuple(Arm(**arm) for arm in data["arms"]),
        )

    def _goods(self, entries: list[dict[str, Any]]) -> Iterator[Good]:
        for entry in entries:
            rows = np.load(self._file(entry["digest"]), allow_pickle=False)
            yield Good(rows=rows, by=entry["by"], points=tuple(entry["points"]))


_TUPLES = ("unconfirmed", "frequency")
_PLAIN = (*_TUPLES, "job", "examples", "cycles", "lane_cycles", "seconds", "solver_seconds", "fresh", "seed", "goal")


def _changed(known: Known) -> dict[str, Any]:
    """Return what isn't at its default."""
    return {name: value for name, value in asdict(known).items() if value != getattr(Known(), name)}


def _known(data: dict[str, Any]) -> Known:
    return Known(**{**data, "status": PointStatus(data.get("status", PointStatus.UNKNOWN))})
