"""Laws of functional probes: they count what the bench's own Python counts, in the same ticks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.drafts import rtl_source
from tests.support.harnesses import around
from tests.support.probes import bench_coverage, hit_ids, random_rows, sampled
from verif.coverage.probes import ProbedHarness, with_probes
from verif.coverage.probes.functional import MAX_CROSS, functional_hits
from verif.design.model import Clock
from verif.errors import Unsupported
from verif.harness import assemble
from verif.plan.model import CoverPoint, Testplan
from verif.sim.batch import Batch, BatchBuild, build_batch
from verif.workspace import Workspace

ECHO = "  assign y = a;\n  assign bad = 1'b0;"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("functional")


def planned(*points: CoverPoint) -> Testplan:
    return Testplan(dut="dut", drivers=(), points=(), coverage=points)


def probed(shared: Path, plan: Testplan, **options: object) -> ProbedHarness:
    harness = around(ECHO, shared / "dut", **options)  # type: ignore[arg-type]
    return with_probes(harness, plan, workspace=Workspace(shared / "sim_builds"))


def built(harness: ProbedHarness, shared: Path) -> BatchBuild:
    return build_batch(harness.harness, workspace=Workspace(shared / "sim_builds"))


@pytest.mark.parametrize("name", ["sync_fifo", "async_fifo", "alu", "axi_lite_regs", "wishbone_ram"])
def test_probes_count_what_the_bench_counts(name: str, shared: Path) -> None:
    source = rtl_source(name)
    workspace = Workspace(shared / "sim_builds")
    found = with_probes(assemble(source.design, source.plan, source.oracles), source.plan, workspace=workspace)
    build = build_batch(found.harness, workspace=workspace)
    with Batch(build) as batch:
        for seed, ticks in enumerate((3, 40, 400)):
            run = batch.run(random_rows(build, ticks, seed), observe=True, hits=True)
            judge = bench_coverage(source)
            for values in sampled(build, run.observed):
                judge.sample(values)
            functional = {point.id for point in found.points if not point.file}
            assert hit_ids(found.harness, run.hits) & functional == set(functional_hits(judge.bins(), source.plan))


def test_a_bin_is_an_inclusive_range_whatever_its_bounds(shared: Path) -> None:
    spans = {"zero": (0, 0), "low": (0, 3), "inner": (4, 6), "high": (250, 255), "all": (0, 255), "over": (254, 300)}
    spans |= {"never": (256, 300), "top": (255, 255)}
    found = probed(shared, planned(CoverPoint(name="a", port="a", bins=spans)))
    build = built(found, shared)
    with Batch(build) as batch:
        lanes = batch.lanes(build.stimulus.pack({"stim_a": [[value] for value in range(256)]}), hits=True)
    assert lanes.hits is not None
    for value, words in enumerate(lanes.hits):
        expected = {f"bin:a.{name}" for name, (low, high) in spans.items() if low <= value <= high}
        assert hit_ids(found.harness, words) & {f"bin:a.{name}" for name in spans} == expected


def test_a_cross_is_hit_where_its_bins_meet_in_one_tick(shared: Path) -> None:
    plan = planned(
        CoverPoint(name="a x y", cross=("reset", "odd")),
        CoverPoint(name="reset", port="rst", bins={"off": (0, 0), "on": (1, 1)}),
        CoverPoint(name="odd", port="y", bins={"one or two": (1, 2), "two": (2, 2)}),
    )
    found = probed(shared, plan)
    build = built(found, shared)
    rows = build.stimulus.pack({"stim_a": [1, 2, 3, 2], "stim_rst_rst": [0, 0, 1, 1]})
    with Batch(build) as batch:
        ticks = batch.hit_ticks(rows)
    named = dict(zip(found.harness.covers, ticks.tolist(), strict=True))
    crosses = {name: tick for name, tick in named.items() if name.startswith("cross:")}
    assert crosses == {
        "cross:a_x_y.off.one_or_two": 0,
        "cross:a_x_y.off.two": 1,
        "cross:a_x_y.on.one_or_two": 3,
        "cross:a_x_y.on.two": 3,
    }


def test_what_python_alone_can_count_is_told(shared: Path) -> None:
    wide = {f"v{value}": (value, value) for value in range(200)}
    plan = planned(
        CoverPoint(name="clock", port="clk", bins={"high": (1, 1)}),
        CoverPoint(name="a", port="a", bins=wide),
        CoverPoint(name="pair", cross=("a", "clock")),
        CoverPoint(name="square", cross=("a", "a")),
    )
    found = probed(shared, plan)
    assert [note for note in found.notes if "Python only" in note] == [
        "The bins of clock are counted in Python only: clk isn't observed.",
        "The cross pair is counted in Python only: clock has no bins here.",
        f"The cross square is counted in Python only: it has 40000 combinations, the hardware takes {MAX_CROSS}.",
    ]


def test_a_clock_with_the_name_of_the_output_is_refused(shared: Path) -> None:
    plan = planned(CoverPoint(name="a", port="a", bins={"zero": (0, 0)}))
    with pytest.raises(Unsupported, match=r"^dut: a clock called covers leaves no name .*; rename the port"):
        probed(shared / "named", plan, clocks=(Clock(name="covers"),))
