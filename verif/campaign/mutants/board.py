"""What is known about each mutant while a campaign goes on, and how it is kept."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from verif.campaign.mutants.result import Difference, JudgedMutant, Kill, WitnessTest
from verif.mutation.model import Mutant
from verif.trace import Trace
from verif.verdict import MutantStatus, Oracle

_SCHEMA = 1
_STATE = "state.json"
_SELDOM = 3.0
"""Seconds between two writings of what comes in small pieces."""


@dataclass(kw_only=True, slots=True)
class Known:
    """What is known about one mutant."""

    kills: tuple[Kill, ...] = ()
    judged: bool = False
    """Whether the bench's stimulus was played to its end, or killed it."""
    activated: bool | None = None
    propagated: bool | None = None
    stillborn: str = ""
    """Why it does not compile."""
    timeout: str = ""
    """Why it has no verdict."""
    method: str = ""
    """What proves it equivalent."""
    depth: int = 0
    bound: int | None = None
    asked: float = 0.0
    """Seconds that the solver had for it and the others of its group."""
    difference: Difference | None = None
    why: str = ""
    x_only: bool = False

    @property
    def killed(self) -> bool:
        """Whether a check other than RECORDED expectations fails on it."""
        return any(kill.oracle is not Oracle.RECORDED for kill in self.kills)

    @property
    def status(self) -> MutantStatus:
        """What has become of it so far."""
        if self.stillborn:
            return MutantStatus.STILLBORN
        if self.kills:
            return MutantStatus.KILLED
        if self.timeout:
            return MutantStatus.TIMEOUT
        return MutantStatus.EQUIVALENT if self.method else MutantStatus.SURVIVED

    @property
    def open(self) -> bool:
        """Whether it survived so far, with neither a proof nor a difference."""
        return self.status is MutantStatus.SURVIVED and self.difference is None

    def add(self, kill: Kill) -> None:
        """Note a kill; of each check the first counts."""
        if all(kill.check != known.check for known in self.kills):
            self.kills = (*self.kills, kill)


@dataclass
class Board:
    """All mutants of a campaign, in order."""

    mutants: tuple[Mutant, ...]
    known: dict[str, Known] = field(default_factory=dict)
    tests: dict[str, WitnessTest] = field(default_factory=dict)
    """Mutant to the test that was made of its difference."""
    traces: dict[str, Trace] = field(default_factory=dict)
    """Mutant to the waves of its difference."""
    blocks: int = 0
    """Blocks of stimulus that were played to the end."""
    recorded: bool = False
    """Whether RECORDED expectations were looked at."""

    def __post_init__(self) -> None:
        for mutant in self.mutants:
            self.known.setdefault(mutant.id, Known())

    def __getitem__(self, mutant: Mutant) -> Known:
        return self.known[mutant.id]

    def unkilled(self) -> tuple[Mutant, ...]:
        """Return those that no check but RECORDED ones kills, stillborn ones and time-outs left out."""
        return tuple(m for m in self.mutants if not (self[m].killed or self[m].stillborn or self[m].timeout))

    def survivors(self) -> tuple[Mutant, ...]:
        """Return those that nothing kills and nothing proves equivalent."""
        return tuple(m for m in self.mutants if self[m].status is MutantStatus.SURVIVED)

    def open(self) -> tuple[Mutant, ...]:
        """Return the survivors of which nothing is known."""
        return tuple(m for m in self.mutants if self[m].open)

    def results(self) -> Iterator[JudgedMutant]:
        """Yield what is known, mutant by mutant."""
        for mutant in self.mutants:
            known = self[mutant]
            yield JudgedMutant(
                mutant=mutant,
                status=known.status,
                kills=known.kills,
                activated=known.activated,
                propagated=known.propagated,
                method=known.method,
                depth=known.depth,
                bound=known.bound,
                difference=known.difference,
                test=self.tests.get(mutant.id),
                trace=self.traces.get(mutant.id),
                why=known.stillborn or known.timeout or known.why,
                x_only=known.x_only,
            )


class Store:
    """The board of one campaign, named by ``key``, in ``folder``: an interrupted campaign goes on from it."""

    def __init__(self, folder: Path, key: str) -> None:
        self.folder = folder
        self.key = key
        self._saved = float("-inf")

    def load(self, board: Board) -> bool:
        """Fill ``board`` with what was kept of the same mutants; return whether there was anything."""
        try:
            data = json.loads((self.folder / _STATE).read_text(encoding="utf-8"))
            if data["schema"] != _SCHEMA or data["key"] != self.key:
                return False
            kept = {id_: _known(entry) for id_, entry in data["known"].items()}
        except (OSError, ValueError, KeyError, TypeError):
            return False
        same = set(kept) == set(board.known)
        board.known.update((id_, known) for id_, known in kept.items() if id_ in board.known)
        board.blocks = int(data["blocks"]) if same else 0
        board.recorded = bool(data["recorded"]) and same
        return bool(kept)

    def save(self, board: Board) -> None:
        """Write the board; whoever reads meanwhile sees the old or the new one."""
        self.folder.mkdir(parents=True, exist_ok=True)
        data = {
            "schema": _SCHEMA,
            "key": self.key,
            "blocks": board.blocks,
            "recorded": board.recorded,
            "known": {id_: _changed(known) for id_, known in board.known.items()},
        }
        scratch = self.folder / f"{_STATE}.tmp{os.getpid()}"
        scratch.write_text(json.dumps(data), encoding="utf-8")
        scratch.replace(self.folder / _STATE)
        self._saved = time.monotonic()

    def keep(self, board: Board) -> None:
        """Write the board unless that was done a moment ago: a board of thousands takes its time."""
        if time.monotonic() - self._saved >= _SELDOM:
            self.save(board)

    def clear(self) -> None:
        """Forget everything."""
        (self.folder / _STATE).unlink(missing_ok=True)


def _changed(known: Known) -> dict[str, Any]:
    """Return what isn't at its default."""
    blank = asdict(Known())
    return {name: value for name, value in asdict(known).items() if value != blank[name]}


def _known(data: Mapping[str, Any]) -> Known:
    given = dict(data)
    if "kills" in given:
        given["kills"] = tuple(_kills(given["kills"]))
    if found := given.get("difference"):
        rows = tuple(tuple(row) for row in found["rows"])
        oracle = Oracle(found["oracle"]) if found["oracle"] else None
        given["difference"] = Difference(
            **{**found, "rows": rows, "outputs": tuple(found["outputs"]), "oracle": oracle}
        )
    return Known(**given)


def _kills(entries: Sequence[Mapping[str, Any]]) -> Iterable[Kill]:
    for entry in entries:
        yield Kill(**{**entry, "oracle": Oracle(entry["oracle"]) if entry["oracle"] else None})
