"""Hypothesis on a compiled design, by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from tests.support.drafts import rtl_source
from tests.support.harnesses import around
from verif.errors import InputError, ToolError
from verif.harness.assemble import assemble
from verif.search.lane import row_of
from verif.search.testing import Compiled, DesignMachine, Lane, phases, rows
from verif.sim.batch import Batch, build_batch
from verif.workspace import Workspace

Fifo = Callable[[str], Compiled]
SOURCE = rtl_source("sync_fifo")
HARNESS = assemble(SOURCE.design, SOURCE.plan, SOURCE.oracles)


@pytest.fixture(scope="module")
def fifo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fifo]:
    """The FIFO of rtl/, or one of its bugs by name, in the harness of the good one."""
    workspace = Workspace(tmp_path_factory.mktemp("builds"))
    known: dict[str, Compiled] = {}
    with ExitStack() as stack:

        def compiled(bug: str) -> Compiled:
            if bug not in known:
                design = rtl_source("sync_fifo", bug).design if bug else SOURCE.design
                build = build_batch(replace(HARNESS, design=design), workspace=workspace)
                known[bug] = Compiled(stack.enter_context(Batch(build)))
            return known[bug]

        yield compiled


class Traffic(DesignMachine):
    """Writes and reads, and what the level must be."""

    level = 0

    @rule(data=st.integers(0, 255))
    def write(self, data: int) -> None:
        self.look(push_offer=1, push_data=data)

    @rule()
    def read(self) -> None:
        self.look(pop_take=1)

    @rule()
    def exchange(self) -> None:
        self.look(push_offer=1, pop_take=1)

    def look(self, **asked: int) -> None:
        ports = self.tick(**asked)
        assert ports["level"] == self.level
        self.level += (ports["wr_en"] and not ports["full"]) - (ports["rd_en"] and not ports["empty"])


def quick(examples: int) -> settings:
    return settings(max_examples=examples, deadline=None, database=None, derandomize=True)


def test_phases_find_a_deep_bug_and_hypothesis_shrinks_it(fifo: Fifo) -> None:
    broken, failing = fifo("full_one_late"), []

    @quick(300)
    @given(phases(HARNESS))
    def property_of_any_traffic(lane: Lane) -> None:
        try:
            broken.check(lane)
        except AssertionError:
            failing.append(lane)
            raise

    with pytest.raises(AssertionError, match=r"^SPEC sync-fifo-model: cycle 16: ") as caught:
        property_of_any_traffic()
    assert repr(failing[-1]) == "Lane(17 x push_offer=1)"
    assert any("lane=Lane(17 x push_offer=1)" in note for note in caught.value.__notes__)


@pytest.mark.parametrize("strategy", [phases, rows])
def test_good_design_passes(fifo: Fifo, strategy: Callable[..., st.SearchStrategy[Lane]]) -> None:
    good, levels = fifo(""), []

    @quick(60)
    @given(strategy(HARNESS))
    def property_of_any_traffic(lane: Lane) -> None:
        levels.append(max(good.check(lane)["level"]))

    property_of_any_traffic()
    assert max(levels) > 0


def test_machine_passes_on_the_good_design(fifo: Fifo) -> None:
    run_state_machine_as_test(Traffic.on(fifo("")), settings=settings(quick(15), stateful_step_count=30))


def test_machine_fails_on_a_bug_and_shrinks(fifo: Fifo) -> None:
    with pytest.raises(AssertionError, match=r"^SPEC sync-fifo-model: cycle [23]: ") as caught:
        run_state_machine_as_test(Traffic.on(fifo("level_counts_both_as_write")), settings=quick(30))
    steps = next(note for note in caught.value.__notes__ if "state.exchange()" in note)
    assert steps.count("state.") <= 5


def test_tick_tells_the_ports_of_the_last_cycle(fifo: Fifo) -> None:
    operation = fifo("").operate()
    operation.tick(3, push_offer=1, push_data=0xA5)
    shown = operation.tick(pop_take=1)
    assert (shown["level"], shown["rd_data"], shown["rd_en"]) == (3, 0xA5, 1)
    assert operation.tick()["level"] == 2
    assert repr(operation.lane) == "Lane(3 x push_offer=1 push_data=0xa5, 1 x pop_take=1, 1 x nothing)"


def test_failures_are_told_with_oracle_check_and_cycle(fifo: Fifo) -> None:
    operation = fifo("full_one_late").operate()
    operation.tick(16, push_offer=1)
    with pytest.raises(AssertionError, match=r"^SPEC sync-fifo-model: cycle 16: .*as the reference model predicts\.$"):
        operation.tick()


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"push": 1}, "the stimulus has no 'push'; there are rst_rst_n, push_offer, push_over, "),
        ({"push_data": 256}, r"push_data can't be 256; it takes 0 to 0xff\."),
        ({"push_offer": -1}, r"push_offer can't be -1; it takes 0 to 0x1\."),
    ],
)
def test_wrong_names_and_values_are_told(fifo: Fifo, asked: dict[str, int], sentence: str) -> None:
    with pytest.raises(InputError, match=f"^{sentence}"):
        row_of(fifo("").shape, asked)


def test_resets_within_the_run_are_drawn_where_asked() -> None:
    def drawn(resets: bool) -> set[int]:
        found: set[int] = set()

        @quick(40)
        @given(phases(HARNESS, resets=resets))
        def collect(lane: Lane) -> None:
            found.update(lane.stimulus[:, 0].tolist())

        collect()
        return found

    assert (drawn(False), drawn(True)) == ({0}, {0, 1})


def test_design_that_hangs_is_an_error_and_no_pass(tmp_path: Path, workspace: Workspace) -> None:
    body = """
  int turns;
  always_ff @(posedge clk) begin
    if (a == 8'd255) while (1) turns = turns + 1;
    y <= turns[31] ? 8'd0 : a;
  end
  assign bad = 1'b0;"""
    harness = around(body, tmp_path)
    with Batch(build_batch(harness, workspace=workspace), timeout=2.0) as batch:
        operation = Compiled(batch).operate()
        operation.tick(a=7)
        assert operation.tick()["y"] == 7
        with pytest.raises(ToolError, match=r"^dut did not run to the end: "):
            operation.tick(a=255)
