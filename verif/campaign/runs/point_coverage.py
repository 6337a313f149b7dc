"""Coverage points of a regression: the same ids whatever simulator it ran on, and which test hits what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from verif.bench.traces import Cycle, read_trace
from verif.campaign.adopted.traffic import Recording
from verif.campaign.benches.harness import bench_parts
from verif.campaign.benches.run import BenchRun, with_replaced
from verif.campaign.runs.cycles import Played, play_cycles, play_traffic
from verif.coverage.functional import FunctionalCoverage
from verif.coverage.merge import merge
from verif.coverage.model import Coverage, CoverPoint, PointKind, PointResult, in_order
from verif.coverage.probes import design_digest
from verif.coverage.probes.functional import functional_hits
from verif.design.model import Design
from verif.errors import PosedgeError
from verif.plan.files import FILE_NAME as TESTPLAN
from verif.plan.files import read_plan
from verif.plan.model import Testplan
from verif.sim.process import Processes
from verif.verdict import PointStatus
from verif.workspace import Workspace

_PYTHON = (f"{PointKind.BIN}:", f"{PointKind.CROSS}:")
"""How the ids of points begin that the bench counts itself."""
_TOLD = 5
"""Notes on replays that took another way; the others are counted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What one process of a bench left behind."""

    run: BenchRun
    trace: Path
    """A drafted bench's values in each cycle."""
    recording: Recording | None
    """An adopted bench's traffic."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PointCoverage:
    """The points of a regression."""

    coverage: Coverage
    notes: tuple[str, ...]
    """What has no point, what couldn't be played."""


def point_coverage(
    told: Sequence[Told], functional: FunctionalCoverage | None, workspace: Workspace, processes: Processes
) -> PointCoverage | None:
    """Play what the processes told on instrumented sources; None where nothing can be told about points."""
    found: list[Coverage] = []
    notes: list[str] = []
    for _, group in groupby(told, key=lambda one: one.run.config.name):
        configuration = list(group)
        try:
            coverage, remarks = _configuration(configuration, functional, workspace, processes)
        except PosedgeError as error:
            notes.append(
                f"No coverage points for the configuration {configuration[0].run.config.name}: {error.sentence}"
            )
            continue
        found.append(coverage)
        notes += remarks
    notes = list(dict.fromkeys(notes))
    if not any(coverage.points for coverage in found) and not notes:
        return None
    return PointCoverage(coverage=merge(found), notes=tuple(notes))


def _configuration(
    told: Sequence[Told], functional: FunctionalCoverage | None, workspace: Workspace, processes: Processes
) -> tuple[Coverage, Sequence[str]]:
    if told[0].run.manifest.adopted:
        return _adopted(told, workspace, processes)
    run = told[0].run
    parts = bench_parts(run)
    design = replace(parts.design, sources=with_replaced(parts.design.sources, run.options.sources))
    plan = read_plan(run.directory / TESTPLAN) if (run.directory / TESTPLAN).is_file() else _no_plan(design)
    notes: list[str] = []
    every: list[Played] = []
    for tests in _distinct(one.trace for one in told):
        played = play_cycles(tests, design, plan, workspace, processes, properties=parts.properties)
        every.append(played)
        notes += played.notes
    counted = _counted(functional, plan)
    return _joined(every, design, counted), _shortened(notes)


def _adopted(told: Sequence[Told], workspace: Workspace, processes: Processes) -> tuple[Coverage, Sequence[str]]:
    recordings = [one.recording for one in told if one.recording]
    every: list[Played] = []
    notes: list[str] = []
    for recording in recordings:
        traffic = recording.read()
        if traffic is None:
            notes.append("Nothing was recorded, so nothing is known about coverage points.")
            continue
        played = play_traffic(traffic, recording.design, workspace, processes)
        every.append(played)
        notes += played.notes
    if not every:
        return Coverage(points=()), notes
    return _joined(every, recordings[0].design, {}), _shortened(notes)


def _no_plan(design: Design) -> Testplan:
    return Testplan(dut=design.top, drivers=(), points=())


def _distinct(files: Iterable[Path]) -> Iterator[Mapping[str, Sequence[Cycle]]]:
    """Yield the traces, without tests that did the same in an earlier one, as on another simulator."""
    known: set[tuple[str, int]] = set()
    for file in files:
        tests = {}
        for test, cycles in read_trace(file).items():
            key = (test, hash(tuple(tuple(cycle.inputs.items()) for cycle in cycles)))
            if key not in known:
                known.add(key)
                tests[test] = cycles
        if tests:
            yield tests


def _counted(functional: FunctionalCoverage | None, plan: Testplan) -> Mapping[str, frozenset[str]]:
    """Return what the bench itself counted: test to ids of bins and crosses."""
    tests = functional.tests if functional else {}
    return {test: frozenset(functional_hits(bins, plan)) for test, bins in tests.items()}


def _joined(every: Sequence[Played], design: Design, counted: Mapping[str, frozenset[str]]) -> Coverage:
    """Return the points with what the plays and the bench's own counts say."""
    points: dict[str, CoverPoint] = {point.id: point for played in every for point in played.points}
    own = {name for name in points if name.startswith(_PYTHON)}
    tests: dict[str, frozenset[str]] = {}
    for played in every:
        for test, ids in played.hits.items():
            tests[test] = tests.get(test, frozenset()) | (ids - own)
    for test, ids in counted.items():
        tests[test] = tests.get(test, frozenset()) | (ids & points.keys())
    first = {name: test for test in sorted(tests, reverse=True) for name in tests[test]}
    results = (
        PointResult(point=point, status=PointStatus.HIT, by=first[name]) if name in first else PointResult(point=point)
        for name, point in points.items()
    )
    return Coverage(
        points=in_order(results), designs=frozenset({design_digest(design)}), tests=dict(sorted(tests.items()))
    )


def _shortened(notes: Sequence[str]) -> Sequence[str]:
    """Return the notes, each once, of those on replays only the first ones."""
    each = list(dict.fromkeys(notes))
    replays = [note for note in each if "played again" in note]
    if len(replays) <= _TOLD:
        return each
    kept = [note for note in each if note not in replays[_TOLD:]]
    return [*kept, f"{len(replays) - _TOLD} more tests took another way when they were played again."]
