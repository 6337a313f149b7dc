"""Verilator's own counters as a second opinion on which arms ran.

They count every evaluation, so an arm of a combinational process also counts between the sampled ticks: while a clock
is high, and while values settle. Clocked arms run once an edge, whoever counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.support.drafts import rtl_source
from tests.support.probes import hit_ids, random_rows
from tests.support.rtl import kept_designs
from verif.coverage.model import CoverPoint, PointKind
from verif.coverage.probes import with_probes
from verif.design.model import Design
from verif.harness import assemble
from verif.sim.batch import Batch, Point, build_batch
from verif.workspace import Workspace

LANES, TICKS = 40, 400


def counterparts(points: tuple[CoverPoint, ...], counters: tuple[Point, ...]) -> Iterator[tuple[CoverPoint, list[int]]]:
    """Yield points with the counters of the same arm; Verilator has none where no item of a case fits."""
    for point in points:
        if point.kind is not PointKind.BRANCH:
            continue
        what = point.id.rsplit(":", 1)[1]
        if what in ("if", "else"):
            places = {(point.column, what), (point.column + 1, what), (point.column, f"els{what}")}
            same = [c.counter for c in counters if c.line == point.line and (c.column, c.detail) in places]
        else:
            same = [c.counter for c in counters if (c.line, c.detail, c.kind) == (point.line, "case", "line")]
        if same:
            yield point, same


def clocked_lines(design: Design) -> set[int]:
    """Return the lines of clocked processes; each begins with ``always_ff`` and ends where the next item begins."""
    (file,) = design.sources.files
    lines, inside = set(), False
    for number, line in enumerate(file.read_text().splitlines(), 1):
        if re.match(r" {4}\S", line) and not line.startswith("    end"):
            inside = "always_ff" in line
        if inside:
            lines.add(number)
    return lines


FAST = ("divider", "async_fifo", "sequence_detector")


@pytest.mark.parametrize(
    "name", [pytest.param(k.name, marks=() if k.name in FAST else pytest.mark.slow) for k in kept_designs()]
)
def test_probes_agree_with_verilators_counters(name: str, tmp_path: Path) -> None:
    source = rtl_source(name)
    workspace = Workspace(tmp_path / "sim_builds")
    harness = assemble(source.design, source.plan, source.oracles)
    probed = with_probes(harness, source.plan, workspace=workspace)
    counting, probing = (
        build_batch(harness, workspace=workspace, coverage=True),
        build_batch(probed.harness, workspace=workspace),
    )
    rows = np.stack([random_rows(counting, TICKS, seed) for seed in range(LANES)])
    with Batch(counting) as batch:
        batch.lanes(rows)
        counts = dict(zip((point.counter for point in batch.points), batch.coverage().tolist(), strict=True))
        counters = batch.points
    with Batch(probing) as batch:
        hits = batch.lanes(rows, hits=True).hits
    assert hits is not None
    shown = hit_ids(probed.harness, np.bitwise_or.reduce(hits, axis=0))
    clocked = clocked_lines(source.design)
    found = list(counterparts(probed.points, counters))
    written = [p for p in probed.points if p.kind is PointKind.BRANCH and not p.title.endswith("none of its items")]
    assert [point for point, _ in found] == written
    for point, same in found:
        counted = any(counts[number] for number in same)
        if point.line in clocked:
            assert (point.id in shown) == counted, point.id
        else:
            assert counted or point.id not in shown, point.id
