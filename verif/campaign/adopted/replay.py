"""Recorded traffic played back open-loop in the batch engine: code coverage, and whether the outputs are the same."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from verif.bench.oracles import OracleSet
from verif.bench.traffic import Column, Traffic
from verif.coverage.verilator_dat import CodeCoverage, CodePoint, Kind, added
from verif.design.model import Design, PortRole
from verif.harness import Harness, assemble
from verif.plan.model import Testplan
from verif.sim.batch import Batch, Layout, Run, build_batch
from verif.sim.process import Processes
from verif.verdict import Ratio, Verdict
from verif.workspace import Workspace

SEED = 1
_TIMEOUT_SECONDS = 120.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Divergence:
    """The first place where the outputs are not those of the recording."""

    test: str
    step: int
    """Since the recording's begin."""
    output: str
    recorded: int
    played: int
    samples: Ratio
    """Samples of outputs that differ, of all that were compared."""

    @property
    def sentence(self) -> str:
        """What a user is told."""
        return (
            f"{self.output} is {self.played:#x} in step {self.step} ({self.test}), {self.recorded:#x} was recorded; "
            f"{self.samples} samples differ"
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Played:
    """What became of a recording."""

    verdict: Verdict
    """PASS where every compared output is as recorded, FAIL where one isn't; UNKNOWN where none could be compared."""
    steps: int
    compared: int
    """Samples of all outputs that were compared."""
    coverage: CodeCoverage
    divergence: Divergence | None = None
    message: str = ""
    """Why it did not run to its end."""


def play(
    traffic: Traffic, design: Design, workspace: Workspace, *, processes: Processes, extra_args: tuple[str, ...] = ()
) -> Played:
    """Play ``traffic`` on ``design``; Unsupported and ToolError as ``build_batch`` raises them."""
    harness = playing_harness(design, traffic)
    build = build_batch(harness, workspace=workspace, coverage=True, processes=processes, extra_args=extra_args)
    with Batch(build, timeout=_TIMEOUT_SECONDS) as batch:
        run = batch.run(stimulus_of(traffic, harness), observe=True, seed=SEED)
        points = [
            CodePoint(
                kind=Kind(point.kind),
                file=point.file,
                line=point.line,
                column=point.column,
                module=point.module,
                detail=point.detail,
                hierarchy=point.hierarchy,
                hits=int(hits),
            )
            for point, hits in zip(batch.points, batch.coverage(), strict=True)
        ]
    return _judged(traffic, harness, run, added(points))


def playing_harness(design: Design, traffic: Traffic) -> Harness:
    """Return a harness in which clocks and resets are stimulus like every other input, so that any recording fits.

    What an edge is waited for starts at the other level than the recording begins with, so that its first value is an
    edge as it is after X.
    """
    plain = replace(
        design, clocks=(), resets=(), protocols=(), ports=tuple(replace(p, role=PortRole.DATA) for p in design.ports)
    )
    plan = Testplan(dut=design.top, origin="recording", drivers=(), points=())
    harness = assemble(plain, plan, OracleSet(model=None, rules=(), drivers=()))
    first = {column.port.name: column.values[0] for column in traffic.inputs if column.values}
    fields = tuple(
        replace(field, default=1 - first.get(field.meaning, 0)) if field.meaning in traffic.edges else field
        for field in harness.stimulus
    )
    return replace(harness, stimulus=fields, monitors=())


def stimulus_of(traffic: Traffic, harness: Harness) -> npt.NDArray[np.uint32]:
    """Return the recording as rows of the playing harness, a row a step."""
    layout = Layout.of(harness.stimulus)
    names = {field.meaning: field.name for field in harness.stimulus}
    rows = layout.rows(traffic.length)
    for column in traffic.inputs:
        if len(column.steps):
            layout.put(rows, names[column.port.name], column.whole(traffic.length))
    return rows


def _judged(traffic: Traffic, harness: Harness, run: Run, coverage: CodeCoverage) -> Played:
    if run.fault:
        return Played(
            verdict=run.fault.verdict, steps=traffic.length, compared=0, coverage=coverage, message=run.fault.sentence
        )
    stop = traffic.length if run.ended < 0 else run.ended
    settled = traffic.settled[traffic.settled < stop]
    compared, differing, first = 0, 0, None
    for column in traffic.outputs:
        recorded, known, played = _sampled(column, harness, run, traffic.length, settled)
        compared += int(known.any(axis=1).sum())
        wrong = np.flatnonzero(((recorded ^ played) & known).any(axis=1))
        differing += len(wrong)
        if len(wrong) and (first is None or settled[wrong[0]] < first[0]):
            first = int(settled[wrong[0]]), column.port.name, _number(recorded[wrong[0]]), _number(played[wrong[0]])
    divergence = first and Divergence(
        test=traffic.test_at(first[0]),
        step=first[0],
        output=first[1],
        recorded=first[2],
        played=first[3],
        samples=Ratio(count=differing, total=compared),
    )
    verdict = Verdict.FAIL if divergence else Verdict.PASS if compared else Verdict.UNKNOWN
    return Played(
        verdict=verdict,
        steps=stop,
        compared=compared,
        coverage=coverage,
        divergence=divergence,
        message="" if run.ended < 0 else f"the design ended the replay in step {run.ended}: {run.ending}",
    )


def _sampled(
    column: Column, harness: Harness, run: Run, length: int, settled: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Return recorded words, masks of known bits and played words of one output at the sampled steps."""
    assert run.observed is not None
    whole = Layout.of(harness.observed)
    seen = next(port for port in harness.observed if port.port == column.port.name)
    own = Layout.of((seen,))
    values, known = own.rows(length), own.rows(length)
    own.put(values, seen.name, column.whole(length))
    own.put(known, seen.name, column.whole(length, known=True))
    return values[settled], known[settled], run.observed[settled][:, whole.slot(seen.name).span]


def _number(words: npt.NDArray[np.uint32]) -> int:
    return int.from_bytes(np.ascontiguousarray(words, "<u4").tobytes(), "little")
