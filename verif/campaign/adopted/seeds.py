"""Recorded traffic as seeds of a search: rows that ask a harness for what a bench did.

A field of the harness takes the value of the port that shows it: a valid line is an offer, a ready line takes, an
enable writes. So the transactors of the harness do in each tick what the bench did, as long as the design answers as
it did and the protocol allows it; and rows stay legal however they are cut and changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from verif.bench.folder import RECORDED, REGRESSIONS
from verif.bench.stored import Stored, read_stored
from verif.bench.traffic import Column, Part, Traffic, read_job, read_traffic
from verif.campaign.adopted.traffic import FOLDER
from verif.design.model import Edge
from verif.harness.model import FieldKind, Harness
from verif.search.stimulus import LONGEST
from verif.search.writing import AT_HARNESS
from verif.sim.batch.layout import Layout
from verif.workspace import Workspace

MOST_ROWS = LONGEST
"""Rows of one seed; what a test did after that is left out."""

Rows = npt.NDArray[np.uint32]


def recorded(bench: Path, workspace: Workspace) -> bool:
    """Whether traffic of ``bench`` is recorded."""
    return any((workspace.bench(bench) / FOLDER).glob("*.txt"))


def seed_rows(bench: Path, harness: Harness, *, workspace: Workspace) -> list[Rows]:
    """Return the rows of all that is recorded of ``bench``: traffic, ``recorded.json``, regressions."""
    found = recorded_rows(bench, harness, workspace=workspace) + stored_rows(bench, harness)
    return list({rows.tobytes(): rows for rows in found}.values())


def stored_rows(bench: Path, harness: Harness, *, most: int = MOST_ROWS) -> list[Rows]:
    """Return ``[ticks, words]`` for ``recorded.json`` and each regression; what isn't of this design is left out.

    So is what searches saved: a search that began with what it found would not repeat.
    """
    found: list[Rows] = []
    for file in (bench / RECORDED, *sorted((bench / REGRESSIONS).glob("*.json"))):
        try:
            rows = _stored(read_stored(file.read_text(encoding="utf-8")), harness)
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if rows is not None and len(rows):
            found.append(rows[:most])
    return found


def _stored(stored: Stored, harness: Harness) -> Rows | None:
    """Return the rows after the first reset; None where a search saved them, or where they show no field."""
    if AT_HARNESS in (stored.facts or {}):
        return None
    rows = stored.rows[harness.reset_ticks :]
    ports = dict(zip(stored.inputs, (_column(values) for values in zip(*rows, strict=True)), strict=False))
    shown = [field for field in harness.stimulus if field.shows in ports]
    return _filled(harness, {field.name: ports[field.shows] for field in shown}, ports) if shown else None


def _column(values: Iterable[int]) -> npt.NDArray[Any]:
    return np.array(list(values), object)


def recorded_rows(bench: Path, harness: Harness, *, workspace: Workspace, most: int = MOST_ROWS) -> list[Rows]:
    """Return ``[ticks, words]`` at the stimulus port of ``harness`` for each recorded test of ``bench``.

    A row asks for what the inputs were just before the active edge that ends its tick; it is meant to come after the
    reset with which lanes begin. Fields that no port shows rest; with several clocks, ticks whose edge the recording
    doesn't have repeat the last values. Empty where nothing was recorded ('posedge run BENCH --coverage' records
    adopted benches on Icarus), or where no recorded port is one of the design's.
    """
    folder = workspace.bench(bench) / FOLDER
    found: list[Rows] = []
    for file in sorted(folder.glob("*.txt")):
        job = read_job(file.with_suffix(".json").read_text(encoding="utf-8"))
        found += _seeds(read_traffic(job, file), harness, most)
    return list({rows.tobytes(): rows for rows in found}.values())


def _seeds(traffic: Traffic, harness: Harness, most: int) -> Iterator[Rows]:
    columns = {column.port.name: column for column in traffic.columns}
    shown = _shown(harness, columns)
    if not shown:
        return
    whole = {name: columns[name].whole(traffic.length) for name in {*shown.values(), *_resets(harness, columns)}}
    for part in traffic.parts:
        steps = _steps(traffic, part, harness, columns)[:most]
        if len(steps):
            ports = {name: values[steps] for name, values in whole.items()}
            yield _filled(harness, {field: ports[port] for field, port in shown.items()}, ports)


def _shown(harness: Harness, columns: Mapping[str, Column]) -> dict[str, str]:
    """Return field to port, for the fields that an input shows."""
    widths = {name: column.port.width for name, column in columns.items() if not column.port.output}
    return {field.name: field.shows for field in harness.stimulus if widths.get(field.shows) == field.width}


def _resets(harness: Harness, columns: Mapping[str, Column]) -> list[str]:
    return [reset.name for reset in harness.resets if reset.name in columns]


def _filled(harness: Harness, fields: Mapping[str, npt.NDArray[Any]], ports: Mapping[str, npt.NDArray[Any]]) -> Rows:
    """Return rows with the values of ``fields``, and of resets, which ``ports`` has as they are at the design."""
    names = [field.name for field in harness.stimulus if field.kind is FieldKind.RESET]
    resets = {
        name: (ports[reset.name] == int(reset.active_high)).astype(np.uint32)
        for name, reset in zip(names, harness.resets, strict=True)
        if reset.name in ports
    }
    return Layout.of(harness.stimulus).pack({**fields, **resets})


def _steps(traffic: Traffic, part: Part, harness: Harness, columns: Mapping[str, Column]) -> npt.NDArray[np.int64]:
    """Return for each tick the step whose values hold just before its edge."""
    if not harness.schedule:
        settled = traffic.settled
        return settled[(settled >= part.first) & (settled < part.stop)]
    edges: list[tuple[int, str]] = []
    first = harness.reset_ticks
    for clock in harness.clocks:
        column = columns.get(clock.name)
        if column is not None:
            active = int(clock.edge is Edge.RISING)
            own = zip(column.steps.tolist(), column.values, strict=True)
            edges += [(step, clock.name) for step, value in own if value == active and part.first < step < part.stop]
    steps: list[int] = []
    for step, name in sorted(edges):
        while harness.schedule[(first + len(steps)) % len(harness.schedule)] != name:
            steps.append(steps[-1] if steps else step - 1)
        steps.append(step - 1)
    return np.array(steps, np.int64)
