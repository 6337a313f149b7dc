"""Laws of the batch engine: what a tick is, what a lane begins with, what comes back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.support.harnesses import around
from verif.design.model import Clock, Edge
from verif.errors import InputError
from verif.harness.model import Harness
from verif.sim.batch import Batch, BatchBuild, build_batch
from verif.verdict import Verdict
from verif.workspace import Workspace

COUNTER = """
  logic [7:0] kept;                     // has no reset
  always_ff @(posedge clk) y <= rst ? 8'd0 : y + a;
  always_ff @(posedge clk) if (!rst && a == 8'd77) kept <= 8'd1;
  assign bad = y == 8'd10;
"""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("batch")


@pytest.fixture(scope="module")
def counter(shared: Path) -> BatchBuild:
    return built(around(COUNTER, shared / "counter"), shared)


def built(harness: Harness, place: Path, *, coverage: bool = False) -> BatchBuild:
    return build_batch(harness, workspace=Workspace(place / "sim_builds"), coverage=coverage)


def rows(build: BatchBuild, values: object, resets: object = 0) -> np.ndarray:
    return build.stimulus.pack({"stim_a": np.asarray(values), "stim_rst_rst": np.asarray(resets)})


def column(build: BatchBuild, observed: np.ndarray | None, port: str) -> list[int]:
    assert observed is not None
    return build.observed.get(observed, f"obs_{port}", integers=True).tolist()


def test_outputs_are_sampled_before_the_edge_that_ends_the_tick(counter: BatchBuild) -> None:
    with Batch(counter) as batch:
        run = batch.run(rows(counter, [1, 2, 3, 4, 0]), observe=True)
    assert column(counter, run.observed, "a") == [1, 2, 3, 4, 0]
    assert column(counter, run.observed, "y") == [0, 1, 3, 6, 10]
    assert (run.first_fail.tolist(), run.seen.tolist(), run.ended) == ([4], [2], -1)
    assert run.verdict is Verdict.FAIL


def test_resets_are_stimulus(counter: BatchBuild) -> None:
    with Batch(counter) as batch:
        run = batch.run(rows(counter, [5, 5, 5, 5], [0, 1, 1, 0]), observe=True)
    assert column(counter, run.observed, "y") == [0, 5, 0, 0]
    assert column(counter, run.observed, "rst") == [0, 1, 1, 0]


def test_lanes_are_runs_of_their_own(counter: BatchBuild) -> None:
    values = np.random.default_rng(4).integers(0, 4, (300, 20))
    with Batch(counter) as batch:
        lanes = batch.lanes(rows(counter, values), observe=True)
        alone = [batch.run(rows(counter, line), observe=True) for line in values]
    assert lanes.observed is not None
    assert all((lanes.observed[lane] == run.observed).all() for lane, run in enumerate(alone))
    assert lanes.first_fail.tolist() == [run.first_fail.tolist() for run in alone]
    assert lanes.seen.tolist() == [run.seen.tolist() for run in alone]
    sums = np.cumsum(values, axis=1) - values
    ten = np.where((sums == 10).any(1), (sums == 10).argmax(1), -1)
    assert lanes.first_fail[:, 0].tolist() == ten.tolist()


def test_rows_beyond_a_lane_s_length_do_not_count(counter: BatchBuild) -> None:
    values = np.full((3, 6), 5)
    with Batch(counter) as batch:
        lanes = batch.lanes(rows(counter, values), lengths=np.array([0, 2, 6]), observe=True)
    assert lanes.first_fail[:, 0].tolist() == [-1, -1, 2]
    assert column(counter, lanes.observed, "y") == [[0] * 6, [0, 5, 0, 0, 0, 0], [0, 5, 10, 15, 20, 25]]
    assert lanes.seen[:, 0].tolist() == [0, 1, 3]


def test_rows_may_lie_in_shared_memory(counter: BatchBuild) -> None:
    with Batch(counter) as batch:
        given = batch.array(4, 5)
        given[...] = rows(counter, np.full((4, 5), 5))
        assert batch.lanes(given).first_fail[:, 0].tolist() == [2] * 4
        assert batch.lanes(given[1:3]).first_fail[:, 0].tolist() == [2] * 2


def test_what_was_observed_stays_when_further_calls_are_made(counter: BatchBuild) -> None:
    with Batch(counter) as batch:
        first = batch.run(rows(counter, [1] * 9), observe=True)
        for _ in range(20):
            batch.run(rows(counter, [3] * 9), observe=True)
    assert column(counter, first.observed, "y") == list(range(9))


def test_no_lane_is_no_verdict(counter: BatchBuild) -> None:
    with Batch(counter) as batch:
        assert batch.lanes(rows(counter, np.zeros((0, 3), int))).verdict is Verdict.UNKNOWN
        assert batch.lanes(rows(counter, np.zeros((2, 0), int))).first_fail.tolist() == [[-1], [-1]]


def test_thirty_two_thousand_lanes_run_in_one_call(counter: BatchBuild) -> None:
    with Batch(counter) as batch:
        lanes = batch.lanes(rows(counter, np.full((32_768, 3), 5)))
    assert (lanes.first_fail == 2).all() and len(lanes.first_fail) == 32_768


def test_a_row_of_another_shape_is_refused(counter: BatchBuild) -> None:
    with Batch(counter) as batch, pytest.raises(InputError) as error:
        batch.lanes(np.zeros((3, 2), np.int64))
    assert error.value.sentence == (
        "dut_harness: stimulus is int64[3, 2]; it is uint32[lanes, ticks, 2]; Layout.pack makes such rows."
    )
    with Batch(counter) as batch, pytest.raises(InputError) as error:
        batch.lanes(rows(counter, np.zeros((3, 2), int)), lengths=np.array([1, 2, 3]))
    assert error.value.sentence == "dut_harness: lengths is int64[3]; it holds 3 integers from 0 to 2."


START = """
  logic [7:0] never_written;
  always_ff @(posedge clk) if (rst && a == 8'd1) never_written <= 8'd0;
  assign y = never_written;
  assign bad = 1'b0;
"""


def test_start_values_come_from_the_seed(shared: Path) -> None:
    build = built(around(START, shared / "start"), shared)
    some = rows(build, [0, 0])

    def start(batch: Batch, seed: int) -> int:
        return column(build, batch.run(some, observe=True, seed=seed).observed, "y")[0]

    with Batch(build) as one, Batch(build) as other:
        drawn = [start(one, seed) for seed in range(1, 9)]
        assert drawn == [start(other, seed) for seed in range(1, 9)]
    assert len(set(drawn)) > 4


def test_a_seed_of_zero_is_a_seed_like_others(shared: Path) -> None:
    build = built(around(START, shared / "start"), shared)
    some = rows(build, [0, 0])
    drawn = []
    for _ in range(3):
        with Batch(build) as batch:
            drawn += [column(build, batch.run(some, observe=True, seed=seed).observed, "y") for seed in (0, 2**40)]
    assert drawn[2:] == 2 * drawn[:2]


KEPT = """
  logic [7:0] kept;                     // reset leaves it alone
  always_ff @(posedge clk) if (!rst) kept <= a;
  assign y = kept;
  assign bad = 1'b0;
"""


def test_a_lane_begins_reset_and_not_restarted_unless_told(shared: Path) -> None:
    build = built(around(KEPT, shared / "kept"), shared)
    some = rows(build, np.full((3, 2), 99))
    with Batch(build) as batch:
        at_first = column(build, batch.run(rows(build, [0]), observe=True).observed, "y")[0]
        reset = batch.lanes(some, observe=True)
        fresh = batch.lanes(some, observe=True, fresh=True)
    assert column(build, reset.observed, "y") == [[0, 99], [99, 99], [99, 99]]
    assert column(build, fresh.observed, "y") == [[at_first, 99]] * 3


WIDE = """
  logic [129:0] sum;
  always_ff @(posedge clk) sum <= rst ? 130'd0 : sum + a;
  assign y = sum;
  assign bad = sum[129];
"""


def test_ports_may_have_more_than_64_bits(shared: Path) -> None:
    build = built(around(WIDE, shared / "wide", width=130), shared)
    values = np.array([1 << 128, (1 << 128) - 1, 1, 5], object)
    with Batch(build) as batch:
        run = batch.run(rows(build, values), observe=True)
    assert column(build, run.observed, "y") == [0, 1 << 128, (1 << 129) - 1, 1 << 129]
    assert column(build, run.observed, "a") == values.tolist()
    assert run.first_fail.tolist() == [3]


TWO_CLOCKS = """
  logic [7:0] fast, slow;
  always_ff @(posedge clk) fast <= rst ? 8'd0 : fast + 8'd1;
  always_ff @(negedge other) slow <= rst ? 8'd0 : slow + fast;
  assign y = slow;
  assign bad = 1'b0;
"""


def test_clocks_take_turns_from_the_first_row_of_reset_on(shared: Path) -> None:
    clocks = (Clock(name="clk"), Clock(name="other", edge=Edge.FALLING))
    build = built(around(TWO_CLOCKS, shared / "two", clocks=clocks), shared)
    with Batch(build) as batch:
        run = batch.run(rows(build, [0] * 8), observe=True)
    assert column(build, run.observed, "y") == [0, 0, 1, 1, 3, 3, 6, 6]


BOTH_EDGES = """
  logic [7:0] up, down;
  always_ff @(posedge clk) up <= a;
  always_ff @(negedge clk) down <= a;   // sees the row of its own tick
  assign y = down;
  assign bad = up != down && up != a && !rst;
"""


def test_the_inactive_edge_comes_before_the_next_row(shared: Path) -> None:
    build = built(around(BOTH_EDGES, shared / "both"), shared)
    with Batch(build) as batch:
        run = batch.run(rows(build, [1, 2, 3, 4]), observe=True)
    assert column(build, run.observed, "y") == [0, 1, 2, 3]
    assert run.first_fail.tolist() == [-1]


COMBINATIONAL_CLOCK = """
  logic [7:0] held;
  always_latch if (clk) held = a;       // closes with the row of its own tick
  assign y = held;
  assign bad = 1'b0;
"""


def test_a_latch_on_the_clock_closes_before_the_next_row(shared: Path) -> None:
    build = built(around(COMBINATIONAL_CLOCK, shared / "latch"), shared)
    with Batch(build) as batch:
        run = batch.run(rows(build, [1, 2, 3, 4]), observe=True)
    assert column(build, run.observed, "y") == [0, 1, 2, 3]


NAMES = """
  logic [7:0] q;
  always_ff @(posedge my__clk) q <= rst ? 8'd0 : a;
  assign y = q;
  assign bad = 1'b0;
"""


def test_names_that_c_takes_otherwise_are_found(shared: Path) -> None:
    build = built(around(NAMES, shared / "names", clocks=(Clock(name="my__clk"),)), shared)
    with Batch(build) as batch:
        run = batch.run(rows(build, [1, 2, 3]), observe=True)
    assert column(build, run.observed, "y") == [0, 1, 2]


def test_the_same_harness_is_built_once(counter: BatchBuild, shared: Path) -> None:
    again = built(around(COUNTER, shared / "counter"), shared)
    assert again.build.reused and again.library == counter.library
    assert not built(around(COUNTER.replace("10", "11"), shared / "other"), shared).build.reused


def with_covers(harness: Harness, count: int) -> Harness:
    """Return a harness that shows in ``covers`` which values ``y`` has: bit n for the value n."""
    bits = " ".join(f"assign covers[{bit}] = obs_y == 8'd{bit};" for bit in range(count))
    text = harness.files["dut_harness.sv"].replace("output wire seen_told", f"output wire seen_told, {COVERED}", 1)
    text = text.replace("COUNT", str(count - 1)).replace("  dut dut", f"  {bits}\n  dut dut", 1)
    return replace(harness, files={"dut_harness.sv": text}, covers=tuple(f"y:{bit}" for bit in range(count)))


COVERED = "output wire [COUNT:0] covers"


def test_hits_are_the_points_of_the_sampled_ticks_of_each_lane(shared: Path) -> None:
    build = built(with_covers(around(COUNTER, shared / "covered"), 40), shared)
    with Batch(build) as batch:
        lanes = batch.lanes(
            rows(build, [[1, 2, 30, 0, 0, 9], [0, 39, 1, 0, 0, 0]]), hits=True, lengths=np.array([4, 6]), observe=True
        )
        ticks = batch.hit_ticks(rows(build, [1, 2, 30, 0, 0, 9]))
        plain = batch.lanes(rows(build, [[1, 2]]))
    assert lanes.hits is not None and lanes.hits.dtype == np.uint32
    assert lanes.hits.tolist() == [[1 | 1 << 1 | 1 << 3, 1 << 1], [1, 1 << 7]]
    assert {point: tick for point, tick in enumerate(ticks.tolist()) if tick >= 0} == {0: 0, 1: 1, 3: 2, 33: 3}
    assert plain.hits is None and plain.hit_ticks is None


def test_a_run_with_a_fault_hits_nothing(shared: Path) -> None:
    body = "  always_ff @(posedge clk) y <= rst ? 8'd0 : y + a;\n  integer n;\n"
    body += "  always @(posedge clk) if (y == 8'd3) while (1) n = n + 1;\n"
    build = built(with_covers(around(body + "  assign bad = n[0];", shared / "hung"), 8), shared)
    with Batch(build, timeout=1.0) as batch:
        assert batch.hit_ticks(rows(build, [1, 1, 1, 1])).tolist() == [-1] * 8
        lanes = batch.lanes(rows(build, [[1, 1], [3, 1]]), hits=True)
    assert lanes.fault is not None and lanes.hits is not None
    assert lanes.hits.tolist() == [[3], [0]]


def test_a_harness_without_points_has_no_hits(counter: BatchBuild) -> None:
    with Batch(counter) as batch:
        lanes = batch.lanes(rows(counter, [[1, 2]]), hits=True)
        ticks = batch.hit_ticks(rows(counter, [1, 2]))
    assert lanes.hits is not None
    assert (lanes.hits.shape, ticks.shape) == ((1, 0), (0,))
