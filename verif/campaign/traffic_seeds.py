"""Recorded traffic as seeds of a search: the rows that would have driven a harness as the recorded bench drove it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from verif.bench.traffic import Column, Part, Traffic, read_job, read_traffic
from verif.campaign.traffic import FOLDER
from verif.design.model import Edge
from verif.harness.model import FieldKind, Harness
from verif.sim.batch.layout import Layout
from verif.workspace import Workspace

MOST_ROWS = 4096
"""Rows of one seed; what a test did after that is left out."""

Rows = npt.NDArray[np.uint32]


def recorded_rows(bench: Path, harness: Harness, *, workspace: Workspace, most: int = MOST_ROWS) -> list[Rows]:
    """Return ``[ticks, words]`` at the stimulus port of ``harness`` for each recorded test of ``bench``.

    A row holds what the inputs were just before the active edge that ends its tick. Ports that a transactor of the
    harness drives keep its defaults; with several clocks, ticks whose edge the recording doesn't have repeat the last
    values. Empty where nothing was recorded ('posedge run BENCH --coverage' records adopted benches on Icarus), or
    where no port passes from the stimulus port to the design as it is.
    """
    folder = workspace.bench(bench) / FOLDER
    found: list[Rows] = []
    for file in sorted(folder.glob("*.txt")):
        job = read_job(file.with_suffix(".json").read_text(encoding="utf-8"))
        found += _seeds(read_traffic(job, file), harness, most)
    return list({rows.tobytes(): rows for rows in found}.values())


def _seeds(traffic: Traffic, harness: Harness, most: int) -> Iterator[Rows]:
    columns = {column.port.name: column for column in traffic.columns}
    passed = _passed(harness, columns)
    if not passed:
        return
    for part in traffic.parts:
        steps = _steps(traffic, part, harness, columns)[:most]
        if len(steps):
            yield _rows(traffic, harness, columns, passed, steps)


def _passed(harness: Harness, columns: Mapping[str, Column]) -> dict[str, str]:
    """Return field to port, for the inputs that pass as they are and fit."""
    widths = {name: column.port.width for name, column in columns.items() if not column.port.output}
    return {
        field.name: field.meaning
        for field in harness.stimulus
        if field.kind is not FieldKind.RESET and widths.get(field.meaning) == field.width
    }


def _steps(traffic: Traffic, part: Part, harness: Harness, columns: Mapping[str, Column]) -> npt.NDArray[np.int64]:
    """Return for each tick the step whose values hold just before its edge."""
    if not harness.schedule:
        settled = traffic.settled
        return settled[(settled >= part.first) & (settled < part.stop)]
    edges: list[tuple[int, str]] = []
    for clock in harness.clocks:
        column = columns.get(clock.name)
        if column is not None:
            active = int(clock.edge is Edge.RISING)
            own = zip(column.steps.tolist(), column.values, strict=True)
            edges += [(step, clock.name) for step, value in own if value == active and part.first < step < part.stop]
    steps: list[int] = []
    for step, name in sorted(edges):
        while harness.schedule[len(steps) % len(harness.schedule)] != name:
            steps.append(steps[-1] if steps else step - 1)
        steps.append(step - 1)
    return np.array(steps, np.int64)


def _rows(
    traffic: Traffic,
    harness: Harness,
    columns: Mapping[str, Column],
    passed: Mapping[str, str],
    steps: npt.NDArray[np.int64],
) -> Rows:
    layout = Layout.of(harness.stimulus)
    rows = layout.rows(len(steps))
    for field, port in passed.items():
        layout.put(rows, field, columns[port].whole(traffic.length)[steps])
    for reset in harness.resets:
        column = columns.get(reset.name)
        field = f"stim_rst_{reset.name}"
        if column is not None and any(known.name == field for known in harness.stimulus):
            held = column.whole(traffic.length)[steps] == int(reset.active_high)
            layout.put(rows, field, held.astype(np.uint32))
    return rows
