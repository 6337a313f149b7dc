"""Laws of coverage in the batch engine: the points and counts that Verilator's own coverage.dat has."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from tests.support.harnesses import around
from verif.coverage.verilator_dat import CodePoint, Kind
from verif.sim.batch import Batch, BatchBuild, Point, build_batch
from verif.workspace import Workspace

BODY = """
  always_ff @(posedge clk) begin
    if (rst) y <= 8'd0;
    else if (a[0] && a[1]) y <= a;
    else y <= 8'd1;
  end
  assign bad = 1'b0;
  cover property (@(posedge clk) y == 8'd3);
"""
TWICE = """
  wire [1:0] low, high;
  half one (.clk(clk), .d(a[1:0]), .q(low));
  half two (.clk(clk), .d(a[3:2]), .q(high));
  assign y = {4'd0, high, low};
  assign bad = 1'b0;
endmodule
module half (input wire clk, input wire [1:0] d, output logic [1:0] q);
  // verilator no_inline_module
  always_ff @(posedge clk) if (d == 2'd3) q <= 2'd0; else q <= d;
"""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("coverage")


@pytest.fixture(scope="module")
def covered(shared: Path) -> BatchBuild:
    return built(BODY, shared / "covered")


def built(body: str, place: Path, *, coverage: bool = True) -> BatchBuild:
    return build_batch(around(body, place), workspace=Workspace(place.parent / "sim_builds"), coverage=coverage)


def hits(batch: Batch) -> dict[tuple[str, int, str], int]:
    return {
        (point.kind, point.line, point.detail): int(count)
        for point, count in zip(batch.points, batch.coverage(), strict=True)
    }


def test_points_say_what_they_count(covered: BatchBuild) -> None:
    kinds = Counter(point.kind for point in covered.points)
    assert set(kinds) <= {*map(str, Kind)}
    assert (kinds["line"], kinds["expr"], kinds["user"]) == (4, 3, 1)
    bits = [p.detail for p in covered.points if p.kind == "toggle" and p.detail.startswith("a[7]")]
    assert bits == ["a[7]:0->1", "a[7]:1->0"]
    assert {point.file for point in covered.points} == {str(covered.harness.design.sources.files[0])}
    assert {point.module for point in covered.points} == {"dut"}


def test_points_are_those_of_the_coverage_package(covered: BatchBuild) -> None:
    point = covered.points[0]
    same = CodePoint(
        kind=Kind(point.kind),
        **{name: getattr(point, name) for name in ("file", "line", "column", "module", "detail", "hierarchy")},
        hits=0,
    )
    assert same.identity[:3] == (point.file, point.line, point.column)


def test_counts_follow_what_ran(covered: BatchBuild) -> None:
    with Batch(covered) as batch:
        batch.run(covered.stimulus.pack({"stim_a": [3, 0, 3, 0]}))
        batch.zero_coverage()
        assert not batch.coverage().any()
        batch.run(covered.stimulus.pack({"stim_a": [3, 0, 3, 3]}))
        first = hits(batch)
        assert (first["line", 11, "elsif"], first["line", 12, "if"], first["line", 12, "else"]) == (2, 3, 1)
        batch.run(covered.stimulus.pack({"stim_a": [0, 0, 0, 0]}))
        assert hits(batch)["line", 12, "else"] == 5
        user = [count for (kind, _, _), count in hits(batch).items() if kind == "user"]
        assert user == [3]


def test_counts_survive_new_models_and_lost_workers(covered: BatchBuild) -> None:
    rows = covered.stimulus.pack({"stim_a": np.full((5, 4), 3)})
    with Batch(covered) as batch:
        batch.lanes(rows, fresh=True)
        assert hits(batch)["line", 12, "if"] == 20
        batch.lanes(rows, seed=2)
        assert hits(batch)["line", 12, "if"] == 40
        assert batch._worker is not None
        batch._worker.process.kill()
        batch._worker.process.wait()
        batch.lanes(rows)
        assert (hits(batch)["line", 12, "if"], batch.restarts) == (60, 1)
        batch.close()
        batch.lanes(rows)
        assert hits(batch)["line", 12, "if"] == 80


def test_instances_of_a_module_are_counted_together(shared: Path) -> None:
    build = built(TWICE, shared / "twice")
    with Batch(build) as batch:
        batch.run(build.stimulus.pack({"stim_a": [0b0011, 0b1100, 0b0000]}))
        counts = {
            (point.detail, point.line): int(count)
            for point, count in zip(batch.points, batch.coverage(), strict=True)
            if point.kind == "branch"
        }
    line = next(line for _, line in counts)
    assert counts["if", line] == 2


def test_without_coverage_there_are_no_points(shared: Path) -> None:
    build = built(BODY, shared / "plain", coverage=False)
    with Batch(build) as batch:
        batch.run(build.stimulus.pack({"stim_a": [1]}))
        assert (batch.points, len(batch.coverage())) == ((), 0)


def test_a_point_comes_back_from_the_build_s_note(covered: BatchBuild) -> None:
    assert Point(**covered.points[3].as_json()) == covered.points[3]
