"""Witnesses of closure in their bench: cut, saved as regressions in place of older ones, replayed in cocotb."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from verif.bench.folder import REGRESSIONS
from verif.bench.recording import expectations
from verif.bench.stored import Stored, read_stored
from verif.campaign.benches.run import BenchRun
from verif.campaign.closure.replay import CoverReplay, Instrumented, replay_covers
from verif.campaign.closure.result import KeptWitness
from verif.design.model import Design
from verif.search.closure.cutting import Witness
from verif.search.engine import Engine
from verif.search.writing import COVERING, Writer
from verif.sim.process import Processes
from verif.verdict import Oracle
from verif.workspace import Workspace

COVERS = "covers"
"""Key of a witness's file: the ids of the points that it hits."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WitnessKeeper:
    """Saves and replays the witnesses of one bench."""

    run: BenchRun
    """The user's bench, in whose folder they lie."""
    replayed_run: BenchRun
    """The bench that replays them: the same, or what stands in for an adopted one."""
    design: Design
    shown: Instrumented
    judged: bool
    """Whether the bench has judges of its own."""
    simulators: tuple[str, ...]
    workspace: Workspace
    processes: Processes
    replay: bool = True

    def keep(self, engine: Engine, witnesses: Sequence[Witness]) -> tuple[KeptWitness, ...]:
        """Save witnesses in place of those of former closures, and replay them."""
        writer = Writer(engine, None)
        pairs = [(self._stored(writer, witness), witness) for witness in witnesses]
        stored = {one.id: one for one, _ in pairs}
        by_id = {one.id: witness for one, witness in pairs}
        self._replace(stored.values())
        replayed = self._replayed(by_id)
        if self.replay and not self.judged:
            stored = {name: self._recorded(one, replayed.get(name, ())) for name, one in stored.items()}
            self._replace(stored.values())
            replayed = self._replayed(by_id)
        return tuple(self._kept(stored[name], witness, replayed.get(name, ())) for name, witness in by_id.items())

    def _stored(self, writer: Writer, witness: Witness) -> Stored:
        oracle = Oracle.SPEC if self.judged else Oracle.RECORDED
        facts = {
            "oracle": oracle.value,
            "message": _message(len(witness.ticks), witness.by),
            COVERS: sorted(witness.ticks),
            "config": self.run.config.name,
        }
        return writer.covering(witness.rows, facts)

    def _replace(self, stored: Iterable[Stored]) -> None:
        folder = self.run.directory / REGRESSIONS
        folder.mkdir(exist_ok=True)
        for old in former_witnesses(self.run.directory):
            old.unlink()
        for one in stored:
            (folder / f"{one.id}.json").write_text(one.text(), encoding="utf-8")

    def _replayed(self, witnesses: Mapping[str, Witness]) -> Mapping[str, tuple[CoverReplay, ...]]:
        if not self.replay or not witnesses:
            return {}
        return replay_covers(
            self.replayed_run,
            {name: tuple(witness.ticks) for name, witness in witnesses.items()},
            self.shown,
            simulators=self.simulators,
            workspace=self.workspace,
            processes=self.processes,
        )

    def _recorded(self, stored: Stored, replayed: Sequence[CoverReplay]) -> Stored:
        """Return the witness with the outputs of its replays as expectations; bits that differ or are X may be any."""
        traces = [list(one.trace) for one in replayed if len(one.trace) == len(stored.rows)]
        if not traces:
            return stored
        outputs = tuple(port.name for port in self.design.outputs)
        return replace(stored, outputs=outputs, expected=expectations(self.design, traces))

    def settled(self, kept: Sequence[KeptWitness]) -> tuple[KeptWitness, ...]:
        """Return the witnesses for what they show in cocotb, with files that say so; those that show nothing go.

        What an X hides in one witness is another one's, where that shows it on all simulators.
        """
        everywhere = frozenset[str]().union(*(one.shows_everywhere for one in kept))
        told = [one.within(one.shows_everywhere | (one.shows - everywhere)) for one in kept]
        for before, one in zip(kept, told, strict=True):
            if not one.ticks:
                one.file.unlink()
            elif one.points != before.points:
                stored = read_stored(one.file.read_text(encoding="utf-8"))
                facts = {**(stored.facts or {}), "message": _message(len(one.ticks), one.by), COVERS: list(one.points)}
                one.file.write_text(replace(stored, facts=facts).text(), encoding="utf-8")
        return tuple(one for one in told if one.ticks)

    def _kept(self, stored: Stored, witness: Witness, replayed: Sequence[CoverReplay]) -> KeptWitness:
        recorded = "RECORDED" if stored.expected is not None else "nothing"
        return KeptWitness(
            id=stored.id,
            file=self.run.directory / REGRESSIONS / f"{stored.id}.json",
            cycles=len(witness.rows),
            by=witness.by,
            ticks=witness.ticks,
            judged_by="bench" if self.judged else recorded,
            replayed=tuple(replayed),
        )


def _message(points: int, by: str) -> str:
    return f"a witness of {points} coverage point{'' if points == 1 else 's'}, found by {by}"


def former_witnesses(bench: Path) -> list[Path]:
    """Return the files that a closure saved in a bench: those of its name that tell what they cover."""
    found = []
    for file in sorted((bench / REGRESSIONS).glob(f"{COVERING}*.json")):
        with suppress(OSError, ValueError, KeyError, TypeError):
            if COVERS in (read_stored(file.read_text(encoding="utf-8")).facts or {}):
                found.append(file)
    return found
