"""Laws of stored regressions: they fail on the bug and pass on the good design, on both simulators."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.benches import PASSING, bench
from tests.support.drafts import text_source
from tests.support.regressions import (
    bug,
    drafted,
    one_side_reset,
    overfilled,
    overlapping,
    reset_again,
    stored,
    written,
)
from verif.bench.stored import Stored
from verif.campaign.benches.options import RunOptions
from verif.campaign.regressions.replay import Replayed, find_regression, replay_stored
from verif.errors import InputError
from verif.sim.process import Processes
from verif.verdict import Verdict
from verif.workspace import Workspace

WIDE = """
module wide(input clk, input rst, input [99:0] d, output reg [99:0] q);
  always @(posedge clk) if (rst) q <= 0; else q <= ~d;
endmodule
"""
TOP_BIT = 1 << 99


def replayed(folder: Path, identity: str, workspace: Workspace, **options: object) -> tuple[Replayed, ...]:
    regression = find_regression(f"{folder}:{identity}")
    assert regression is not None
    return replay_stored(regression, RunOptions(**options), workspace, Processes())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("design", "broken", "regression", "message"),
    [
        (
            "sync_fifo",
            "full_one_late",
            overfilled(),
            r"SPEC sync-fifo-model: cycle 18: full is 0x0, expected 0x1 \(.*R7",
        ),
        ("sequence_detector", "no_overlap", overlapping(), r"SPEC sequence-detector-model: cycle 9: detected is 0x0"),
        ("async_fifo", "reset_misses_read_pointer", reset_again(), r"SPEC async-fifo-model: cycle \d+: empty is 0x0"),
    ],
    ids=["one clock", "state machine", "two clocks, reset in mid-run"],
)
def test_regression_passes_on_the_design_and_fails_on_the_bug_on_both_simulators(
    tmp_path: Path, workspace: Workspace, design: str, broken: str, regression: Stored, message: str
) -> None:
    folder = drafted(tmp_path / "tb", design, regression)
    good = replayed(folder, regression.id, workspace)
    bad = replayed(folder, regression.id, workspace, sources=(bug(design, broken),))
    assert [(one.simulator, one.verdict) for one in good] == [("icarus", Verdict.PASS), ("verilator", Verdict.PASS)]
    assert [(one.simulator, one.verdict) for one in bad] == [("icarus", Verdict.FAIL), ("verilator", Verdict.FAIL)]
    assert all(re.match(message, one.message) for one in bad), [one.message for one in bad]
    assert bad[0].message == bad[1].message
    assert all(one.waves and one.trace and one.seed == 7 for one in bad)


def test_reset_of_one_side_alone_is_nobodys_failure(tmp_path: Path, workspace: Workspace) -> None:
    regression = one_side_reset()
    folder = drafted(tmp_path / "tb", "async_fifo", regression)
    shown = replayed(folder, regression.id, workspace)
    assert [(one.simulator, one.verdict) for one in shown] == [("icarus", Verdict.PASS), ("verilator", Verdict.PASS)]


def test_wide_ports_are_driven_and_compared_whole(tmp_path: Path, workspace: Workspace) -> None:
    rows = ((1, 0), (1, 0), (0, TOP_BIT), (0, 0))
    full = (1 << 100) - 1
    kept = Stored(
        id="wide", inputs=("rst", "d"), rows=rows, outputs=("q",), expected=((None,), (0,), (0,), (full ^ TOP_BIT,))
    )
    lost = Stored(id="lost", inputs=("rst", "d"), rows=rows, outputs=("q",), expected=((None,), (0,), (0,), (full,)))
    folder = written(tmp_path / "tb", text_source(tmp_path, WIDE), kept, lost)
    assert [one.verdict for one in replayed(folder, "wide", workspace, simulators=("icarus",))] == [Verdict.PASS]
    (other,) = replayed(folder, "lost", workspace, simulators=("icarus",))
    assert other.message == f"RECORDED recorded-q: cycle 3: q is {hex(full ^ TOP_BIT)}, recorded {hex(full)}"


def test_failure_of_another_check_is_said_to_be_one(tmp_path: Path, workspace: Workspace) -> None:
    regression = stored("fifo-flags", overfilled().inputs, overfilled().rows)
    folder = drafted(tmp_path / "tb", "sync_fifo", regression)
    broken = {"sources": (bug("sync_fifo", "full_one_late"),), "simulators": ("icarus",)}
    (done,) = replayed(folder, "fifo-flags", workspace, **broken)
    assert done.message.startswith("SPEC sync-fifo-model: cycle 18")
    assert done.notes == ("it was saved for the check fifo-flags, and another one fails first",)


def test_simulator_that_refuses_the_design_does_not_hide_the_other(tmp_path: Path, workspace: Workspace) -> None:
    folder = drafted(tmp_path / "tb", "sync_fifo", overfilled())
    other = tmp_path / "sync_fifo.sv"
    other.write_text("module sync_fifo(input clk, rst_n, wr_en, rd_en); break_this endmodule\n")
    done = replayed(folder, "sync-fifo-model", workspace, sources=(other,), simulators=("icarus",))
    assert [(one.verdict, one.ran) for one in done] == [(Verdict.UNSUPPORTED, False)]
    assert "sync_fifo.sv:1" in done[0].message


def test_stimulus_that_no_file_holds_is_told_with_those_that_there_are(tmp_path: Path) -> None:
    folder = drafted(tmp_path / "tb", "sync_fifo", overfilled())
    with pytest.raises(InputError) as error:
        find_regression(f"{folder}:nothing")
    assert error.value.sentence == (
        f"{folder}: the bench has no regression 'nothing'; there are sync-fifo-model; 'posedge search' and 'posedge "
        "draft' save the failures that they find."
    )


def test_file_outside_of_a_bench_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "loose.json"
    file.write_text(overfilled().text())
    with pytest.raises(InputError, match=r"PE422|not in a bench's folder of regressions") as error:
        find_regression(str(file))
    assert error.value.code == "PE422"


def test_file_that_is_no_stimulus_is_refused(tmp_path: Path) -> None:
    folder = drafted(tmp_path / "tb", "sync_fifo", overfilled())
    file = folder / "regressions" / "odd.json"
    file.write_text('{"schema": 1}')
    with pytest.raises(InputError, match="not a stored stimulus: KeyError"):
        find_regression(str(file))


def test_what_names_no_bench_is_left_to_others(tmp_path: Path) -> None:
    assert find_regression("0123456789") is None
    assert find_regression(f"{tmp_path}:0123456789") is None
    assert find_regression(str(tmp_path / "results.xml")) is None


def test_bench_that_replays_no_regressions_says_so(tmp_path: Path, workspace: Workspace) -> None:
    folder = bench(tmp_path / "tb", PASSING)
    (folder / "regressions").mkdir()
    (folder / "regressions" / "sync-fifo-model.json").write_text(stored("a", ("b",), ((0,),)).text())
    with pytest.raises(InputError, match=r"the bench has no test 'test_regressions/file=sync-fifo-model'"):
        replayed(folder, "sync-fifo-model", workspace)
