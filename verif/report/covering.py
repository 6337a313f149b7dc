"""Collect what is known about coverage points from the saved results of ``close`` and ``run``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from verif.bench.manifest import BenchManifest, source_set
from verif.coverage.merge import merge
from verif.coverage.model import Coverage
from verif.coverage.ranking import rank
from verif.coverage.saved import from_json, saved
from verif.coverage.waivers import of_manifest, waive
from verif.errors import InputError
from verif.report.points import Moment, Points, Proposer, Replay, SourceFile, Witness
from verif.report.results import entries
from verif.report.text import shown
from verif.report.traces import read_rows
from verif.trace import Trace
from verif.verdict import PointStatus, Verdict
from verif.workspace import Workspace

Result = Mapping[str, Any]

VERBS = ("close", "run")
SHOWN_CYCLES = 48
"""Cycles of a witness that its picture shows."""
_TRACES = "close/replay/*/trace.jsonl"
"""Where replays of witnesses leave their cycles, in the bench's folder of the workspace."""

_APART = "close and run saw different sources or parameters; run the older one of them again"
_COVERS = re.compile(r"(pe_)?covers\d*")
"""The port that instrumented sources have beside the design's own: all points in one number, which nobody can read."""


def coverage_of(results: Mapping[str, Result], directory: Path) -> tuple[Coverage | None, tuple[str, ...]]:
    """Return the merged coverage of a bench's verbs, None where none has any; and what doesn't fit together.

    Where two of them contradict each other, that is said and the first one stands: ``close``, which has the proofs.
    """
    found = [
        from_json(data, where=f"{directory}: {verb}")
        for verb in VERBS
        if (data := _object(verb, results.get(verb, {}))) is not None
    ]
    if not found:
        return None, ()
    apart = len(found) > 1 and not found[0].designs & found[1].designs
    try:
        return merge(found), ((_APART,) if apart else ())
    except InputError as error:
        return found[0], (error.sentence,)


def points_of(
    results: Mapping[str, Result],
    directory: Path,
    manifest: BenchManifest,
    clocks: Mapping[str, str],
    workspace: Workspace | None,
    *,
    today: date,
) -> Points | None:
    """Return the report's part on coverage points; None where no verb has collected any."""
    coverage, notes = coverage_of(results, directory)
    if coverage is None:
        return None
    waived = waive(coverage, of_manifest(manifest), today=today)
    close = results.get("close", {})
    folder = workspace.bench(directory) if workspace else None
    newest = max((file.stat().st_mtime for file in _saved(folder)), default=0.0)
    return Points(
        saved=saved(waived.coverage),
        ranking=rank(coverage.tests) if coverage.tests else None,
        sources=tuple(_sources(waived.coverage, directory, manifest, newest)),
        witnesses=tuple(_witnesses(close, clocks, folder)),
        proposers=tuple(_proposers(close, directory)),
        curve=tuple(_moment(entry) for entry in entries(close, "curve")),
        cycles=int(close.get("cycles") or 0),
        seconds=float(close.get("closing_seconds") or close.get("seconds") or 0.0),
        notes=tuple(dict.fromkeys((*notes, *waived.notes, *_said(results), *_trouble(close)))),
    )


def _object(verb: str, result: Result) -> Any:
    if verb == "close":
        return result if result.get("points") is not None else None
    coverage = result.get("coverage")
    return coverage.get("points") if isinstance(coverage, Mapping) else None


def _saved(folder: Path | None) -> list[Path]:
    return [file for verb in VERBS if folder and (file := folder / f"{verb}.json").is_file()]


def _sources(coverage: Coverage, directory: Path, manifest: BenchManifest, newest: float) -> Iterator[SourceFile]:
    known = source_set(manifest, directory).files
    for name in sorted({result.point.file for result in coverage.points if result.point.file}):
        path = located(name, known, directory)
        changed = path.is_file() and 0 < newest < path.stat().st_mtime
        yield SourceFile(name=name, path=str(path), changed=changed)


def located(name: str, known: Sequence[Path], directory: Path) -> Path:
    """Return the file that points call ``name``: one of the bench's sources, else below the bench or where we stand."""
    tail = Path(name).parts
    for file in known:
        if file.parts[-len(tail) :] == tail:
            return file
    below = directory / name
    return below if below.is_file() else Path(name)


def _witnesses(close: Result, clocks: Mapping[str, str], folder: Path | None) -> Iterator[Witness]:
    for entry in entries(close, "witnesses"):
        name = str(entry.get("id", ""))
        yield Witness(
            id=name,
            regression=str(entry.get("regression") or ""),
            cycles=int(entry.get("cycles") or 0),
            by=str(entry.get("by") or ""),
            points=tuple(map(str, entry.get("points") or ())),
            replayed=tuple(_replay(one) for one in entries(entry, "replayed")),
            replay=f"posedge replay {shown(Path(str(entry.get('regression') or name)))}",
            trace=_trace(folder, name, clocks),
        )


def _replay(entry: Result) -> Replay:
    verdict = Verdict(entry.get("verdict", Verdict.UNKNOWN))
    return Replay(simulator=str(entry.get("simulator") or ""), verdict=verdict, message=str(entry.get("message") or ""))


def _trace(folder: Path | None, name: str, clocks: Mapping[str, str]) -> Trace | None:
    """Return the first cycles of a witness as a simulator replayed it, four-state ones first."""
    for file in sorted(folder.glob(_TRACES)) if folder else ():
        trace = read_rows(file, f"test_regressions/file={name}", clocks)
        if trace is not None:
            ports = tuple(signal for signal in trace.signals if not _COVERS.fullmatch(signal.name))
            return replace(trace, signals=ports).window(trace.first, before=0, after=SHOWN_CYCLES - 1)
    return None


def _proposers(close: Result, directory: Path) -> Iterator[Proposer]:
    """Give everyone who closed a point in ``close`` or had a turn there, who closed most first."""
    data = _object("close", close)
    found = from_json(data, where=f"{directory}: close").points if data is not None else ()
    closed = Counter(r.by for r in found if r.by and r.status is not PointStatus.UNKNOWN)
    turns = {str(e.get("name")): int(e["turns"]) for e in entries(close, "proposers") if e.get("turns") is not None}
    names: Sequence[str] = sorted({*closed, *(name for name, count in turns.items() if count)})
    for name in sorted(names, key=lambda name: -closed[name]):
        yield Proposer(name=name, closed=closed[name], turns=turns.get(name))


def _moment(entry: Result) -> Moment:
    return Moment(
        cycles=int(entry.get("cycles") or 0),
        seconds=float(entry.get("seconds") or 0.0),
        hit=int(entry.get("hit") or 0),
        unreachable=int(entry.get("unreachable") or 0),
        by=str(entry.get("by") or ""),
    )


def _said(results: Mapping[str, Result]) -> Iterator[str]:
    """Give the notes of the verbs: what has no point, and why."""
    yield from map(str, results.get("close", {}).get("notes") or ())
    coverage = results.get("run", {}).get("coverage")
    yield from map(str, (coverage.get("notes") or ()) if isinstance(coverage, Mapping) else ())


def _trouble(close: Result) -> Iterator[str]:
    return (f"{entry.get('verdict')}: {entry.get('message')}" for entry in entries(close, "trouble"))
