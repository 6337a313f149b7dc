"""X-only findings of a search: seen in lanes of four states and on Icarus, shrunk, told once cocotb fails too."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from verif.campaign.benches.engines import BATCH_EXAMPLES, LEAST_SECONDS, EngineChoice
from verif.campaign.benches.harness import BenchHarness
from verif.campaign.regressions.keeping import Keeper
from verif.campaign.regressions.replay import Regression, Replayed
from verif.errors import PosedgeError
from verif.lanes import LaneEngine, LanesBuild
from verif.lanes.beside import Beside
from verif.lanes.fourstate.build import build_four_state
from verif.lanes.fourstate.icarus import IcarusPlayer
from verif.lanes.trust import Chosen
from verif.search.checks import Check, checks_of
from verif.search.explore import Budget, Sighting
from verif.search.taking import NotAlone, Taken, Taker
from verif.search.unknown import IcarusTaker, UnknownEffort, UnknownLook
from verif.sim.process import Processes
from verif.verdict import Verdict
from verif.workspace import Workspace

TRUTH = "icarus"
"""The simulator that decides about X."""
_CALL_SECONDS = 20.0
_NOTHING = "nothing was looked for in four states"
_LATE = f"{_NOTHING}: the budget was spent before lanes for it were built; with a longer one they are"


@dataclass(frozen=True, kw_only=True, slots=True)
class Unknown:
    """A failure that takes an X."""

    taken: Taken
    regression: Regression
    replayed: tuple[Replayed, ...]


def unknowns_due(choice: EngineChoice, budget: Budget) -> bool:
    """Say whether a search of this budget looks for X too: the build takes some seconds."""
    if choice is not EngineChoice.AUTO:
        return choice is EngineChoice.LANES
    if budget.examples is not None:
        return budget.examples > BATCH_EXAMPLES
    return budget.seconds is None or budget.seconds >= LEAST_SECONDS


def unknown_checks(parts: BenchHarness, known: Collection[str]) -> tuple[Check, ...]:
    """Return the checks of the harness that an X may break; of a bench with judges of its own, those in ``known``.

    ``known`` are the ids of the rules that look for X alone.
    """
    checks = checks_of(parts.harness, (), parts.titles)
    return tuple(check for check in checks if not parts.edited or check.id in known)


class FourStates:
    """Lanes of four states of one bench, made beside a search."""

    def __init__(self, read: Callable[[], BenchHarness], *, workspace: Workspace) -> None:
        """``read`` gives the bench with the rules that look for X; it may be called in another thread."""
        self._read = read
        self._workspace = workspace
        self._beside = Beside(self._make)

    @cached_property
    def parts(self) -> BenchHarness:
        """The bench."""
        return self._read()

    def start(self) -> None:
        """Begin to build, once."""
        self._beside.start()

    def build(self, left: float | None) -> tuple[LanesBuild | None, str]:
        """Return the lanes, waiting at most ``left`` seconds for them; None, and the reason in a sentence."""
        if not self._beside.within(left):
            return None, _LATE
        build, reason = self._beside.wait()
        return build, reason and f"{_NOTHING}: {reason}"

    def close(self) -> None:
        """End the build, wherever it is."""
        self._beside.close()

    def _make(self, processes: Processes) -> Chosen:
        harness, plan = self.parts.harness, self.parts.plan
        return Chosen(build=build_four_state(harness, workspace=self._workspace, plan=plan, processes=processes))


@dataclass(kw_only=True)
class UnknownSearch:
    """Looks for X-only failures of one bench."""

    keeper: Keeper
    parts: BenchHarness
    build: LanesBuild
    """Lanes of four states of ``parts``."""
    checks: tuple[Check, ...]
    seed: int
    note: Callable[[str], None]
    """Is told a sentence for the user."""
    progress: Callable[[str], None] = lambda text: None
    effort: UnknownEffort = field(default_factory=UnknownEffort)

    def failures(self) -> Iterator[Unknown]:
        """Yield each as soon as it is replayed; what can't be played is a note."""
        if not self.checks:
            return
        try:
            yield from self._failures()
        except PosedgeError as error:
            self.note(f"{_NOTHING}: {error.sentence}")

    def _failures(self) -> Iterator[Unknown]:
        harness, keeper = self.parts.harness, self.keeper
        with (
            tempfile.TemporaryDirectory(prefix="posedge-icarus-") as folder,
            LaneEngine(self.build, timeout=_CALL_SECONDS) as engine,
        ):
            icarus = IcarusPlayer(harness, workspace=keeper.workspace, folder=Path(folder), processes=keeper.processes)
            look = UnknownLook(engine, harness, self.checks, icarus, seed=self.seed, effort=self.effort)
            self.progress("looking for X")
            for sighting in look.sightings():
                if found := self._confirmed(engine, icarus, sighting):
                    yield found
            self._tell()

    def _confirmed(self, engine: LaneEngine, icarus: IcarusPlayer, sighting: Sighting) -> Unknown | None:
        """Return the failure as short as Icarus in cocotb shows it; None, and a note, where it never does."""
        database = self.keeper.workspace.bench(self.keeper.run.directory) / "hypothesis"
        takers = (
            Taker(engine, None, database=database, seed=self.seed),
            IcarusTaker(engine, self.parts.harness, icarus, database=database, seed=self.seed),
        )
        self.progress(f"shrinking {sighting.check.id}")
        for taker in takers:
            with suppress(NotAlone):
                if found := self._replayed(taker.take(sighting)):
                    return found
        if found := self._replayed(takers[0].whole(sighting)):
            return found
        self.note(f"an X breaks {sighting.check.id} in the harness on Icarus, and not in cocotb: it is not told")
        return None

    def _replayed(self, taken: Taken) -> Unknown | None:
        self.progress(f"replaying {taken.stored.id}")
        regression, replayed = self.keeper.keep(taken.stored, seeds=())
        verdicts = {one.simulator: one.verdict for one in replayed}
        if verdicts.get(TRUTH) is not Verdict.FAIL:
            regression.file.unlink()
            return None
        return Unknown(taken=taken, regression=regression, replayed=replayed)

    def _tell(self) -> None:
        effort = self.effort
        self.note(f"looked for X in four states: {effort.lanes:,} lanes, {effort.cycles:,} cycles")
        for name, played in sorted(effort.unconfirmed.items()):
            self.note(f"an X may break {name}, but where lanes see it Icarus shows none ({played} lanes played)")
