"""Laws of replaying a failure."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.benches import FAILING, PASSING, bench
from verif.campaign.benches.options import RunOptions
from verif.campaign.runs.failure import find
from verif.campaign.runs.regression import run_bench
from verif.campaign.runs.replay import replay
from verif.errors import InputError
from verif.sim.process import Processes
from verif.verdict import Verdict
from verif.workspace import Workspace

DRAWING = """
@cocotb.test()
async def test_draws(dut):
    await Timer(1, "ns")
    raise AssertionError(f"{random.random()} {int(dut.WIDTH.value)} {cocotb.plusargs['mode']}")
"""

NEEDS_THE_FIRST = """
TOUCHED = []

@cocotb.test()
async def test_first(dut):
    await Timer(1, "ns")
    TOUCHED.append(1)

@cocotb.test()
async def test_second(dut):
    await Timer(1, "ns")
    assert not TOUCHED
"""


def test_replay_is_exactly_that_failure(tmp_path: Path, workspace: Workspace) -> None:
    wide = {"name": "wide", "parameters": {"WIDTH": "9"}}
    folder = bench(tmp_path / "bench", PASSING, DRAWING, configs=({"name": "narrow"}, wide))
    options = RunOptions(configs=("wide",), seeds=(77,), plusargs=("+mode=fast",))
    (failed,) = run_bench(folder, options).failures
    done = replay(find(workspace, failed.replay), workspace, Processes())
    assert done.rerun.message == failed.message
    assert failed.message.endswith(" 9 fast")
    assert (done.rerun.verdict, done.rerun.reproduced, done.notes) == (Verdict.FAIL, True, ())
    assert done.rerun.waves is not None


def test_test_that_fails_only_after_others_is_replayed_after_them(tmp_path: Path, workspace: Workspace) -> None:
    folder = bench(tmp_path / "bench", NEEDS_THE_FIRST)
    (failed,) = run_bench(folder).failures
    done = replay(find(workspace, failed.replay), workspace, Processes())
    assert (done.rerun.verdict, done.rerun.alone) == (Verdict.FAIL, False)
    assert done.notes == ("it fails only after the tests before it, so the waves show those too",)


def test_replay_says_when_the_rtl_or_the_bench_changed(tmp_path: Path, workspace: Workspace) -> None:
    folder = bench(tmp_path / "bench", FAILING)
    (failed,) = run_bench(folder).failures
    (folder / "step.svh").write_text("`define STEP 2\n")
    (folder / "test_counter.py").write_text((folder / "test_counter.py").read_text().replace("raise", "dut == "))
    done = replay(find(workspace, failed.replay), workspace, Processes())
    assert done.notes == (
        "the RTL has changed since this failure was recorded, so this is not exactly that run",
        "the bench's Python files have changed since this failure was recorded",
        "it was FAIL when it was recorded and is PASS now",
    )


def test_same_failure_has_the_same_id_in_another_checkout(tmp_path: Path, workspace: Workspace) -> None:
    identities = {run_bench(bench(tmp_path / place, FAILING)).failures[0].replay for place in ("one", "two")}
    assert len(identities) == 1


def test_unknown_id_says_what_to_take(tmp_path: Path, workspace: Workspace) -> None:
    with pytest.raises(InputError) as error:
        find(workspace, "0123456789")
    assert error.value.sentence == (
        f"{workspace.root}: no failure '0123456789' is known; take an id that 'posedge run' printed in this "
        "repository, the JUnit file that it wrote, or BENCH:ID for a stored regression."
    )
