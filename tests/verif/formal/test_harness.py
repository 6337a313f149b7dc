from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.drafts import rtl_source
from verif.errors import Unsupported
from verif.formal.bmc import Bounded, Status
from verif.formal.harness import check_monitor, failing_rows
from verif.harness.assemble import assemble
from verif.harness.model import Harness
from verif.sim.process import Processes


def harness(name: str, bug: str = "") -> Harness:
    """The harness of the good design, around one of its bugs where it is named."""
    source = rtl_source(name)
    assembled = assemble(source.design, source.plan, source.oracles)
    return replace(assembled, design=rtl_source(name, bug).design) if bug else assembled


def check(subject: Harness, folder: Path, depth: int) -> Bounded:
    return check_monitor(subject, subject.monitors[0], folder, depth=depth, processes=Processes())


def test_shortest_failure_of_a_bug_is_found(tmp_path: Path) -> None:
    subject = harness("sync_fifo", "level_counts_both_as_write")
    found = check(subject, tmp_path, 6)
    rows = failing_rows(subject, found)
    names = [field.name for field in subject.stimulus]
    assert (found.status, found.step, len(rows)) == (Status.FAILED, 4, 3)
    assert [dict(zip(names, row, strict=True))["stim_rst_rst_n"] for row in rows[:2]] == [0, 0]


@pytest.mark.parametrize("name", ["sync_fifo", "alu", "arbiter"])
def test_good_design_never_fails(tmp_path: Path, name: str) -> None:
    subject = harness(name)
    found = check(subject, tmp_path, 3)
    assert (found.status, found.bound) == (Status.BOUNDED, subject.reset_ticks + 3)


def test_several_clocks_are_not_taken(tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match=r"^a bounded check takes one clock, and async_fifo has wr_clk, rd_clk\.$"):
        check(harness("async_fifo"), tmp_path, 3)
