"""Survivors that are the same logic as the design: proven equivalent before the solver is asked about the others."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from verif.campaign.mutants.board import Board
from verif.campaign.mutants.result import Gap
from verif.campaign.mutants.switching import Switching
from verif.mutation.builds import MutantBuilds
from verif.mutation.equivalence import GROUP
from verif.mutation.model import Mutant
from verif.mutation.structure import METHOD, SwitchedLogic, switched_logic
from verif.sim.process import Processes

CONTROLS = 6
"""Mutants of each build that are known to differ and are asked about too."""


@dataclass(kw_only=True)
class Structural:
    """Asks for one campaign."""

    board: Board
    folder: Path
    processes: Processes
    progress: Callable[[int, int, str], None]
    keep: Callable[[], None]
    """Called where something new is known."""
    least: int = GROUP
    """More mutants than that in a build are worth a model of it: fewer are one model of the solver."""
    gaps: list[Gap] = field(default_factory=list)
    asked: int = 0
    """How many controls were asked about; those that are no gap were not the same logic, as it must be."""

    def decide(self, switching: Switching, *, seconds: float) -> None:
        """Prove survivors without a known difference; at most for ``seconds``."""
        until = time.monotonic() + seconds
        for number, (builds, here) in enumerate(switching.parts(self.board.open())):
            waiting = [mutant for mutant in here if not self.board[mutant].method]
            left = until - time.monotonic()
            if len(waiting) <= self.least or left <= 0:
                continue
            self.progress(0, len(waiting), "comparing the structure of mutants")
            folder = self.folder / str(number)
            logic = switched_logic(builds, folder, seconds=left, until=until, processes=self.processes)
            if logic is not None:
                self._control(builds, logic, until)
                self._ask(logic, waiting, until)
                self.keep()

    def _ask(self, logic: SwitchedLogic, waiting: Sequence[Mutant], until: float) -> None:
        for done, mutant in enumerate(waiting):
            if logic.same(mutant, until):
                known = self.board[mutant]
                known.method, known.bound, known.why = METHOD, None, ""
            self.progress(done + 1, len(waiting), "comparing the structure of mutants")

    def _control(self, builds: MutantBuilds, logic: SwitchedLogic, until: float) -> None:
        """Ask about killed mutants; one that is the same logic is a gap."""
        killed = [mutant for mutant in builds.order if self.board[mutant].kills]
        for mutant in killed[:: max(1, len(killed) // CONTROLS)][:CONTROLS]:
            self.asked += 1
            if logic.same(mutant, until):
                self.gaps.append(Gap(mutant=mutant.id, check=self.board[mutant].kills[0].check, method=METHOD))
