"""The gate: with no mutant chosen, the common text does what the design does. Only then do its mutants count."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from verif.errors import ToolError
from verif.lanes.stirring import stirred
from verif.mutation.builds import MutantBuilds
from verif.mutation.schemata import Selector, schemata
from verif.sim.batch import Batch, build_batch
from verif.sim.batch.layout import Rows
from verif.sim.batch.results import Lanes
from verif.sim.content import sources_digest
from verif.sim.placing import placed
from verif.sim.process import Processes
from verif.workspace import Workspace

if TYPE_CHECKING:
    from verif.mutation.equivalence import Equivalence

CYCLES = 1_000_000
"""Simulated cycles where there is no proof."""
_LANES, _TICKS = 64, 500
_NAME = "no mutant"
_FOLDER = "gates"
_VERSION = "1"
"""Changes where what is kept means something else."""


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
    found = _proven(builds, workspace, seconds, depth, processes or Processes(), chosen)
    if not found.proved:
        simulated = _simulated([builds], workspace, cycles, processes, 1, chosen)
        found = replace(found, cycles=simulated)
    return replace(found, seconds=time.perf_counter() - start)


def check_gates(
    groups: Sequence[MutantBuilds],
    *,
    workspace: Workspace,
    seconds: float = 60.0,
    depth: int = 20,
    cycles: int = CYCLES,
    processes: Processes | None = None,
    jobs: int = 1,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Gate, ...]:
    """Do for each text what ``check_gate`` does, ``seconds`` for all proofs; what was found is kept by content.

    Builds with the same text share a gate. Where one proof does not come in time the others are not tried: such texts
    are about equally large. Their simulations share that of the design. ToolError PE905 where one differs.
    """
    texts = {_key(builds): builds for builds in reversed(groups) if builds.order}
    kept = {key: _kept(workspace, key) for key in texts}
    known = {key: gate for key, gate in kept.items() if gate}
    until, open_ = time.monotonic() + seconds, dict[str, tuple[MutantBuilds, Gate]]()
    for key, builds in texts.items():
        if key in known:
            continue
        progress(len(known), len(texts))
        left = 0.0 if open_ else until - time.monotonic()
        gate = _proven(builds, workspace, left, depth, processes or Processes(), 0)
        if gate.proved:
            known[key] = _keep(workspace, key, gate)
        else:
            open_[key] = builds, gate
    if open_:
        progress(len(known), len(texts))
        start = time.perf_counter()
        simulated = _simulated([builds for builds, _ in open_.values()], workspace, cycles, processes, jobs, 0)
        share = (time.perf_counter() - start) / len(open_)
        for key, (_, gate) in open_.items():
            known[key] = _keep(workspace, key, replace(gate, cycles=simulated, seconds=gate.seconds + share))
    return tuple(known[key] for key in texts)


def _key(builds: MutantBuilds) -> str:
    """Return a digest of a text and of what it must be."""
    texts = sorted((str(file), text) for file, text in builds.schemata.texts.items())
    return sha256(repr((_VERSION, sources_digest(builds.harness.design.sources), texts)).encode()).hexdigest()[:20]


def _file(workspace: Workspace, key: str) -> Path:
    return workspace.builds / _FOLDER / f"{key}.json"


def _kept(workspace: Workspace, key: str) -> Gate | None:
    try:
        return Gate(**json.loads(_file(workspace, key).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _keep(workspace: Workspace, key: str, gate: Gate) -> Gate:
    file = _file(workspace, key)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(asdict(gate)), encoding="utf-8")
    return gate


def _proven(
    builds: MutantBuilds, workspace: Workspace, seconds: float, depth: int, processes: Processes, chosen: int
) -> Gate:
    """Return what a solver says; PE905 where it finds a difference."""
    start = time.perf_counter()
    answer = _decided(builds, workspace, seconds, depth, processes, chosen)
    if answer.witness is not None and answer.witness.certain:
        raise _differs(builds, f"a solver finds a difference in tick {answer.witness.tick}")
    taken = time.perf_counter() - start
    method = answer.proof.method if answer.proof else ""
    bound = 0 if answer.proof else answer.bound
    return Gate(proved=bool(answer.proof), method=method, bound=bound, seconds=taken, solver_seconds=taken)


def _decided(
    builds: MutantBuilds, workspace: Workspace, seconds: float, depth: int, processes: Processes, chosen: int
) -> Equivalence:
    """Ask a solver whether the text with the selector tied can be told from the design."""
    from verif.mutation.equivalence import decide

    design = builds.harness.design
    tied = schemata(design, builds.order, selector=Selector.TIED, tied=chosen)
    sources = placed(design.sources, tied.texts, workspace, _FOLDER)
    folder = workspace.builds / _FOLDER / "proofs" / builds.batch.build.key
    folder.mkdir(parents=True, exist_ok=True)
    answers = decide(builds.harness, {_NAME: sources}, folder, seconds=seconds, depth=depth, processes=processes)
    return answers[_NAME]


def _simulated(
    groups: Sequence[MutantBuilds],
    workspace: Workspace,
    cycles: int,
    processes: Processes | None,
    jobs: int,
    chosen: int,
) -> int:
    """Compare builds of one design with it in the batch engine, ``jobs`` at a time; return how many cycles."""
    harness, sandbox = groups[0].harness, groups[0].sandbox
    plain = build_batch(harness, workspace=workspace, processes=processes, sandbox=sandbox)
    done = 0
    with ExitStack() as stack, ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
        one = stack.enter_context(Batch(plain, sandbox=sandbox))
        others = [stack.enter_context(Batch(builds.batch, sandbox=builds.sandbox)) for builds in groups]
        while done < cycles:
            rows = stirred(harness, _LANES, _TICKS, done + 1)
            ours = one.lanes(rows, observe=True, seed=None, fresh=True)

            def compare(builds: MutantBuilds, engine: Batch, rows: Rows = rows, ours: Lanes = ours) -> None:
                _compare(builds, engine, rows, ours, chosen)

            list(pool.map(compare, groups, others))
            done += _LANES * _TICKS
    return done


def _compare(builds: MutantBuilds, engine: Batch, rows: Rows, ours: Lanes, chosen: int) -> None:
    words = builds.batch.stimulus.words - rows.shape[2]
    wide = np.concatenate([rows, np.full((*rows.shape[:2], words), chosen, np.uint32)], axis=2)
    theirs = engine.lanes(wide, observe=True, seed=None, fresh=True)
    if fault := ours.fault or theirs.fault:
        raise _differs(builds, f"a simulation does not end well: {fault.sentence}")
    assert ours.observed is not None and theirs.observed is not None
    places = np.argwhere(ours.observed != theirs.observed)
    if len(places):
        lane, tick, _ = places[places[:, 1].argmin()]
        raise _differs(builds, f"a simulation shows a difference in tick {tick} of lane {lane}")


def _differs(builds: MutantBuilds, how: str) -> ToolError:
    return ToolError(
        "PE905",
        f"the text with all mutants does not do what the design does where none is chosen: {how}",
        where=builds.harness.design.top,
        hint="this is a fault of posedge; leave an operator out",
    )
