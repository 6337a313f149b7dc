"""Mine invariants of a design: candidates from runs, those that more runs break dropped, the rest proven jointly."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from verif.errors import ToolError
from verif.formal.solver import ABC, AUTO, DEFAULT, SMT, command_of
from verif.formal.unreachable import Invariant, Proof, unreachable
from verif.harness.model import Harness
from verif.plan.model import Testplan
from verif.property.mining import Candidate, guesses
from verif.search.mining.traces import table_of, watched
from verif.search.mining.watching import Around
from verif.search.stimulus import StimulusMaker
from verif.sim.batch import Batch, build_batch
from verif.sim.process import Processes
from verif.workspace import Workspace

TRACED_BLOCKS = 4
"""Blocks of stimulus from which candidates are taken."""
SIFTED_BLOCKS = 27
"""Blocks that candidates must outlast before the solver sees them."""
DEPTH = 3

Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Mined:
    """A candidate that was proven: no run breaks it."""

    candidate: Candidate
    proof: Proof


@dataclass(frozen=True, kw_only=True, slots=True)
class Mining:
    """What mining gave."""

    around: Around
    mined: tuple[Mined, ...]
    """The most interesting first."""
    guessed: int
    """Candidates that held in the runs that they were taken from."""
    sifted: int
    """Those that held in all other runs, too."""
    cycles: int
    seconds: float
    why: str = ""
    """Why it is not complete, in a sentence; empty where it is."""

    def invariants(self, within: str = "harness") -> tuple[Invariant, ...]:
        """Return what is about one cycle, for proofs under the same assumptions.

        ``within`` is the path of the mined harness in the module that asks: where another module, as that of probes, is
        around the harness, its name comes first.
        """
        told = (each.candidate for each in self.mined if not (each.candidate.later or each.candidate.window))
        return tuple(
            Invariant(id=f"mined {number}", expression=self.around.invariant(each, within))
            for number, each in enumerate(told)
        )


def mine(
    harness: Harness,
    plan: Testplan,
    folder: Path,
    *,
    workspace: Workspace,
    processes: Processes,
    seconds: float,
    seed: int = 1,
    solver: str = DEFAULT,
    assumptions: Sequence[str] = (),
    progress: Progress = lambda text: None,
) -> Mining:
    """Return invariants of ``harness``: of the design, and between it, its drivers and its monitors.

    Files go to ``folder``. ``assumptions`` are ports that are 1 where one is violated. With several clocks only what
    holds in every tick is mined.
    """
    started = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    around = Around(harness=harness, signals=watched(harness, folder / "registers"))
    maker = StimulusMaker(harness, plan, seed=seed)
    progress("watching runs")
    with Batch(build_batch(around.watching(), workspace=workspace, processes=processes)) as batch:
        table = table_of(batch, around, maker, blocks=TRACED_BLOCKS)
    progress("guessing")
    guessed = [each for each in guesses(table) if len(harness.clocks) == 1 or not (each.later or each.window)]
    progress(f"trying {len(guessed)} candidates on more runs")
    sifted, cycles = _sift(around, guessed, maker, workspace, processes)
    progress(f"proving {len(sifted)} candidates")
    judging = around.judging(sifted)
    left = seconds - (time.monotonic() - started)
    if not sifted or left <= 0:
        why = "the time was over before the proof" if sifted else ""
        return _result(around, (), guessed, sifted, cycles, started, why)
    found = unreachable(
        judging,
        judging.covers,
        folder / "proof",
        seconds=left,
        solver=on_words(solver),
        processes=processes,
        assumptions=assumptions,
        depth=DEPTH,
    )
    mined = [Mined(candidate=sifted[int(id_[1:])], proof=proof) for id_, proof in found.proofs.items()]
    mined.sort(key=lambda each: sifted.index(each.candidate))
    return _result(around, mined, guessed, sifted, cycles, started, found.why)


def on_words(solver: str) -> str:
    """Return the solver that talks about words where ``solver`` leaves the choice; itself where none is installed.

    A joint induction over hundreds of candidates has hundreds of answers: a process that keeps what it learnt is fast.
    """
    if solver not in (ABC, AUTO):
        return solver
    try:
        command_of(SMT)
    except ToolError:
        return solver
    return SMT


def _result(
    around: Around,
    mined: Sequence[Mined],
    guessed: Sequence[Candidate],
    sifted: Sequence[Candidate],
    cycles: int,
    started: float,
    why: str,
) -> Mining:
    return Mining(
        around=around,
        mined=tuple(mined),
        guessed=len(guessed),
        sifted=len(sifted),
        cycles=cycles,
        seconds=time.monotonic() - started,
        why=why,
    )


def _sift(
    around: Around,
    guessed: Sequence[Candidate],
    maker: StimulusMaker,
    workspace: Workspace,
    processes: Processes,
) -> tuple[list[Candidate], int]:
    """Return the candidates that no lane of more blocks breaks, and in how many cycles."""
    if not guessed:
        return [], 0
    broken = np.zeros(-(-len(guessed) // 32), np.uint32)
    cycles = 0
    with Batch(build_batch(around.judging(guessed), workspace=workspace, processes=processes)) as batch:
        for number in range(SIFTED_BLOCKS):
            block = maker.block(number)
            answer = batch.lanes(block.stimulus, hits=True)
            assert answer.hits is not None
            broken |= np.bitwise_or.reduce(answer.hits, axis=0)
            cycles += block.lanes * block.ticks
    return [each for place, each in enumerate(guessed) if not broken[place // 32] >> np.uint32(place % 32) & 1], cycles


def mined_invariants(
    harness: Harness,
    plan: Testplan,
    folder: Path,
    *,
    workspace: Workspace,
    processes: Processes,
    seconds: float,
    seed: int = 1,
    solver: str = DEFAULT,
    assumptions: Sequence[str] = (),
    within: str = "harness",
) -> tuple[Invariant, ...]:
    """Return invariants that strengthen proofs about ``harness``, as ``mine`` finds them; see ``Mining.invariants``."""
    found = mine(
        harness,
        plan,
        folder,
        workspace=workspace,
        processes=processes,
        seconds=seconds,
        seed=seed,
        solver=solver,
        assumptions=assumptions,
    )
    return found.invariants(within)
