"""The gate: with no mutant chosen, the common text does what the design does. Only then do its mutants count."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from verif.errors import ToolError
from verif.lanes.stirring import stirred
from verif.mutation.builds import MutantBuilds
from verif.mutation.schemata import Selector, schemata
from verif.sim.batch import Batch, build_batch
from verif.sim.placing import placed
from verif.sim.process import Processes
from verif.workspace import Workspace

if TYPE_CHECKING:
    from verif.mutation.equivalence import Equivalence

CYCLES = 1_000_000
"""Simulated cycles where there is no proof."""
_LANES, _TICKS = 64, 500
_NAME = "no mutant"


@dataclass(frozen=True, kw_only=True, slots=True)
class Gate:
    """How it is known that the common text with no mutant chosen is the design."""

    proved: bool
    method: str = ""
    """Of the proof."""
    bound: int = 0
    """Ticks after the reset in which a solver found no difference, where there is no proof."""
    cycles: int = 0
    """Cycles in which a simulation saw no difference."""
    seconds: float = 0.0
    solver_seconds: float = 0.0
    """What of them the proof took."""

    @property
    def sentence(self) -> str:
        """What is known, for a reader."""
        if self.proved:
            return f"With no mutant chosen the common build is the design: proved by {self.method}."
        bound = f"no difference within {self.bound} ticks, and " if self.bound else ""
        return (
            "That the common build with no mutant chosen is the design is not proved: "
            f"{bound}none in {self.cycles:,} simulated cycles."
        )


def check_gate(
    builds: MutantBuilds,
    *,
    workspace: Workspace,
    seconds: float = 60.0,
    depth: int = 20,
    cycles: int = CYCLES,
    processes: Processes | None = None,
    chosen: int = 0,
) -> Gate:
    """Prove that the common text with the selector at 0 is the design, within ``seconds``, else simulate ``cycles``.

    With another number than 0 as ``chosen`` it is a control: a mutant that isn't equivalent must not pass.
    ToolError PE905 where they differ.
    """
    start = time.perf_counter()
    answer = _decided(builds, workspace, seconds, depth, processes or Processes(), chosen)
    solver = time.perf_counter() - start
    if answer.witness is not None and answer.witness.certain:
        raise _differs(builds, f"a solver finds a difference in tick {answer.witness.tick}")
    if answer.proof is not None:
        taken = time.perf_counter() - start
        return Gate(proved=True, method=answer.proof.method, seconds=taken, solver_seconds=solver)
    simulated = _simulated(builds, workspace, cycles, processes, chosen)
    return Gate(
        proved=False,
        bound=answer.bound,
        cycles=simulated,
        seconds=time.perf_counter() - start,
        solver_seconds=solver,
    )


def _decided(
    builds: MutantBuilds, workspace: Workspace, seconds: float, depth: int, processes: Processes, chosen: int
) -> Equivalence:
    """Ask a solver whether the text with the selector tied can be told from the design."""
    from verif.mutation.equivalence import decide

    design = builds.harness.design
    tied = schemata(design, builds.order, selector=Selector.TIED, tied=chosen)
    sources = placed(design.sources, tied.texts, workspace, "gates")
    folder = workspace.builds / "gates" / "proofs" / builds.batch.build.key
    folder.mkdir(parents=True, exist_ok=True)
    answers = decide(builds.harness, {_NAME: sources}, folder, seconds=seconds, depth=depth, processes=processes)
    return answers[_NAME]


def _simulated(
    builds: MutantBuilds, workspace: Workspace, cycles: int, processes: Processes | None, chosen: int
) -> int:
    """Compare the two in the batch engine; return how many cycles."""
    plain = build_batch(builds.harness, workspace=workspace, processes=processes, sandbox=builds.sandbox)
    words = builds.batch.stimulus.words - plain.stimulus.words
    done = 0
    with Batch(plain, sandbox=builds.sandbox) as one, Batch(builds.batch, sandbox=builds.sandbox) as other:
        while done < cycles:
            rows = stirred(builds.harness, _LANES, _TICKS, done + 1)
            wide = np.concatenate([rows, np.full((_LANES, _TICKS, words), chosen, np.uint32)], axis=2)
            ours = one.lanes(rows, observe=True, seed=None, fresh=True)
            theirs = other.lanes(wide, observe=True, seed=None, fresh=True)
            if fault := ours.fault or theirs.fault:
                raise _differs(builds, f"a simulation does not end well: {fault.sentence}")
            assert ours.observed is not None and theirs.observed is not None
            places = np.argwhere(ours.observed != theirs.observed)
            if len(places):
                lane, tick, _ = places[places[:, 1].argmin()]
                raise _differs(builds, f"a simulation shows a difference in tick {tick} of lane {lane}")
            done += _LANES * _TICKS
    return done


def _differs(builds: MutantBuilds, how: str) -> ToolError:
    return ToolError(
        "PE905",
        f"the text with all mutants does not do what the design does where none is chosen: {how}",
        where=builds.harness.design.top,
        hint="this is a fault of posedge; leave an operator out",
    )
