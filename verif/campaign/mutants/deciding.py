"""Survivors before the solver: proven equivalent, told apart by a stimulus that simulation shows, or left open."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from verif.campaign.mutants.board import Board, Known
from verif.campaign.mutants.result import Gap
from verif.campaign.mutants.runs import Runs, Stillborn
from verif.campaign.mutants.showing import shown
from verif.design.model import SourceSet
from verif.mutation.equivalence import Equivalence, decide
from verif.mutation.model import Mutant
from verif.sim.process import Processes
from verif.verdict import MutantStatus, Ratio

LONG = 24
"""Rows of a difference from which on a shorter one is looked for."""
_UNSHOWN = "the solver tells it apart only by start values or an X that simulation does not choose"


@dataclass(kw_only=True)
class Decider:
    """Asks the solver about one campaign's mutants."""

    board: Board
    runs: Runs
    folder: Path
    sources: Callable[[Mutant], SourceSet]
    """Gives a mutant as plain source text."""
    processes: Processes
    progress: Callable[[int, int, str], None]
    keep: Callable[[], None]
    """Called where something new is known."""
    gaps: list[Gap] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    controls: Ratio = field(default_factory=lambda: Ratio(count=0, total=0))
    """Killed mutants that were not proven equivalent, of those that were asked about."""
    _asked: int = 0

    def decide(self, controls: Sequence[Mutant], *, seconds: float, depth: int) -> None:
        """Ask about all survivors that are open, those with a long stimulus only, and about killed ones as controls.

        A control that is proven equivalent is a gap: the check that kills it or the proof is wrong. What is asked last
        gets no answer where the time runs out: those that are known to differ.
        """
        wanted = [mutant for mutant in self.board.unkilled() if self._asks(self.board[mutant], seconds)]
        wanted.sort(key=lambda mutant: not self.board[mutant].open)
        by_id = {mutant.id: mutant for mutant in (*controls, *wanted)}
        if not by_id:
            return
        total = len(by_id)
        self.progress(0, total, "asking the solver")
        told_apart = {mutant.id for mutant in controls}

        def told(id_: str, answer: Equivalence) -> None:
            self._asked += 1
            if id_ in told_apart:
                self._control(by_id[id_], answer)
            else:
                self._take(by_id[id_], answer, seconds)
                self.keep()
            self.progress(self._asked, total, "asking the solver")

        answers = decide(
            self.runs.harness,
            _Sources(by_id, self.sources),
            self.folder,
            seconds=seconds,
            depth=depth,
            processes=self.processes,
            told=told,
            controls=told_apart,
        )
        asked = [id_ for id_ in told_apart if answers[id_].seconds > 0]
        same = [id_ for id_ in asked if answers[id_].proof]
        self.controls = Ratio(count=len(asked) - len(same), total=len(asked))

    def _asks(self, known: Known, seconds: float) -> bool:
        """Whether an answer could be new: with a multiple of the time of an earlier call, or after none."""
        if known.method or known.asked * 2 > seconds:
            return False
        found = known.difference
        return found is None or (found.by == "judging" and len(found.rows) > LONG)

    def _control(self, mutant: Mutant, answer: Equivalence) -> None:
        if answer.proof:
            kill = self.board[mutant].kills[0]
            self.gaps.append(Gap(mutant=mutant.id, check=kill.check, method=answer.proof.method))

    def _take(self, mutant: Mutant, answer: Equivalence, seconds: float) -> None:
        known = self.board[mutant]
        known.asked = 0.0 if answer.unasked else seconds
        if answer.proof:
            self._proven(mutant, known, answer)
            return
        known.bound, known.why = answer.bound, answer.why
        if answer.witness is None:
            return
        try:
            found = shown(self.runs, mutant, answer.witness.rows, "solver")
        except Stillborn as stillborn:
            known.stillborn = str(stillborn)
            return
        if found is not None:
            known.difference, known.bound, known.why = found, None, ""
        elif known.difference is None:
            known.why = _UNSHOWN

    def _proven(self, mutant: Mutant, known: Known, answer: Equivalence) -> None:
        """Take a proof; where something has shown a difference, one of the two is wrong."""
        assert answer.proof is not None
        if known.status is MutantStatus.KILLED:
            self.gaps.append(Gap(mutant=mutant.id, check=known.kills[0].check, method=answer.proof.method))
        elif known.difference is not None:
            outputs = ", ".join(known.difference.outputs)
            self.gaps.append(Gap(mutant=mutant.id, check=f"simulation ({outputs})", method=answer.proof.method))
        else:
            known.method, known.depth, known.bound, known.why = answer.proof.method, answer.proof.depth, None, ""


@dataclass(frozen=True)
class _Sources(Mapping[str, SourceSet]):
    """The source text of mutants by their ids, written when it is asked for: there may be thousands."""

    mutants: Mapping[str, Mutant]
    sources: Callable[[Mutant], SourceSet]

    def __getitem__(self, id_: str) -> SourceSet:
        return self.sources(self.mutants[id_])

    def __iter__(self) -> Iterator[str]:
        return iter(self.mutants)

    def __len__(self) -> int:
        return len(self.mutants)
