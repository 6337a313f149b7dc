"""Closing a bench on real RTL."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.adopted import adopted_fifo
from tests.support.regressions import drafted, specified
from verif.bench.manifest import read_manifest, write_manifest
from verif.campaign.benches.engines import EngineChoice
from verif.campaign.benches.options import RunOptions
from verif.campaign.benches.run import bench_runs
from verif.campaign.closure.closing import CloseOptions, close_bench
from verif.campaign.closure.replay import Instrumented, replay_covers
from verif.campaign.closure.result import CloseResult
from verif.coverage.probes import design_digest
from verif.design.frontend import read_design
from verif.errors import InputError
from verif.search.closure.closer import Closer
from verif.verdict import PointStatus, Verdict
from verif.workspace import Workspace


def options(**changes: object) -> CloseOptions:
    given = {"seconds": None, "examples": 400, "depth": 4, "replay": False, "solver": "none"} | changes
    return CloseOptions(**given)  # type: ignore[arg-type]


def statuses(result: CloseResult) -> dict[str, PointStatus]:
    return {one.point.id: one.status for one in result.coverage.points}


@pytest.fixture
def detector(tmp_path: Path) -> Path:
    return specified(tmp_path / "tb", "sequence_detector")


def test_witnesses_hit_every_point_that_is_hit_and_replace_those_of_former_calls(
    detector: Path, workspace: Workspace
) -> None:
    regressions = detector / "regressions"
    regressions.mkdir(exist_ok=True)
    (regressions / "cover_mine.json").write_text('{"id": "cover_mine", "inputs": [], "rows": []}', encoding="utf-8")
    first = close_bench(detector, options(), workspace=workspace)
    again = close_bench(detector, options(seed=2, fresh=True), workspace=workspace)
    for result in (first, again):
        hit = {name for name, status in statuses(result).items() if status is PointStatus.HIT}
        assert hit
        assert hit == {name for one in result.witnesses for name in one.points}
        assert all(one.witness for one in result.coverage.points if one.status is PointStatus.HIT)
    files = {file.name for file in regressions.glob("*.json")}
    assert files == {*(one.file.name for one in again.witnesses), "cover_mine.json"}


def test_closure_speaks_of_the_design_of_which_regressions_speak(detector: Path, workspace: Workspace) -> None:
    result = close_bench(detector, options(examples=10), workspace=workspace)
    run = bench_runs(detector, RunOptions())[0]
    assert result.coverage.designs == {design_digest(read_design(run.sources))}


def test_same_work_gives_the_same_result(detector: Path, workspace: Workspace) -> None:
    once = close_bench(detector, options(), workspace=workspace)
    texts = {one.file.name: one.file.read_bytes() for one in once.witnesses}
    again = close_bench(detector, options(fresh=True), workspace=workspace)
    assert once.coverage == again.coverage
    assert texts == {one.file.name: one.file.read_bytes() for one in again.witnesses}
    assert (once.examples, once.cycles, once.proposers) == (again.examples, again.cycles, again.proposers)


def test_lanes_take_their_turns_and_the_same_work_gives_the_same_result(detector: Path, workspace: Workspace) -> None:
    wanted = options(engine=EngineChoice.LANES, examples=20_000)
    once, again = (close_bench(detector, replace(wanted, fresh=True), workspace=workspace) for _ in range(2))
    assert next(arm.turns for arm in once.proposers if arm.name == "lanes") > 0
    assert 0 < once.lane_cycles <= once.cycles
    assert once.examples == 20_000
    assert once.coverage == again.coverage
    assert (once.examples, once.cycles, once.proposers) == (again.examples, again.cycles, again.proposers)


def test_with_batch_no_lanes_propose(detector: Path, workspace: Workspace) -> None:
    result = close_bench(detector, options(engine=EngineChoice.BATCH, examples=100), workspace=workspace)
    assert "lanes" not in {arm.name for arm in result.proposers}


def test_call_goes_on_where_an_interrupt_left_it(tmp_path: Path, workspace: Workspace) -> None:
    def interrupt(closer: Closer | None, text: str) -> None:
        if closer and text == "hypothesis":
            raise KeyboardInterrupt

    bench = specified(tmp_path / "tb", "lfsr")
    begun = close_bench(bench, options(examples=3000), workspace=workspace, progress=interrupt)
    assert begun.interrupted
    ended = close_bench(bench, options(examples=3000), workspace=workspace)
    whole = close_bench(bench, options(examples=3000, fresh=True), workspace=workspace)
    assert (ended.resumed, whole.resumed) == (True, False)
    assert ended.coverage == whole.coverage
    assert (ended.examples, ended.cycles, ended.proposers) == (whole.examples, whole.cycles, whole.proposers)


def test_call_goes_on_where_a_signal_in_the_middle_of_lanes_left_it(tmp_path: Path, workspace: Workspace) -> None:
    watching: list[threading.Thread] = []

    def after_a_job(closer: Closer) -> None:
        before = closer.runner.effort.lane_cycles
        while closer.runner.effort.lane_cycles == before:
            time.sleep(0.001)
        os.kill(os.getpid(), signal.SIGINT)

    def interrupt(closer: Closer | None, text: str) -> None:
        if closer and text == "lanes" and not watching:
            watching.append(threading.Thread(target=after_a_job, args=(closer,), daemon=True))
            watching[0].start()

    bench, work = specified(tmp_path / "tb", "lfsr"), options(examples=30_000, engine=EngineChoice.LANES)
    begun = close_bench(bench, work, workspace=workspace, progress=interrupt)
    assert watching and begun.interrupted
    ended = close_bench(bench, work, workspace=workspace)
    whole = close_bench(bench, replace(work, fresh=True), workspace=workspace)
    assert ended.examples == 30_000 and "lanes" in {arm.name for arm in ended.proposers}
    assert ended.coverage == whole.coverage
    assert (ended.examples, ended.cycles, ended.proposers) == (whole.examples, whole.cycles, whole.proposers)


def test_points_that_are_waived_are_counted_apart(detector: Path, workspace: Workspace) -> None:
    manifest = read_manifest(detector)
    entry = {"id": "bin:*", "reason": "not ours", "who": "me"}
    changed = type(manifest).model_validate({**manifest.model_dump(), "waiver": [entry]})
    write_manifest(changed, detector)
    result = close_bench(detector, options(examples=1), workspace=workspace)
    bins = [one for one in result.coverage.points if one.point.id.startswith("bin:")]
    assert bins
    assert all(one.waiver is not None and one.waiver.reason == "not ours" for one in bins)
    assert result.coverage.counts.waived == sum(one.status is PointStatus.UNKNOWN for one in bins)


def test_only_takes_a_part_of_the_points_and_says_which_there_are(detector: Path, workspace: Workspace) -> None:
    result = close_bench(detector, options(only="bin:*"), workspace=workspace)
    assert {one.point.id.partition(":")[0] for one in result.coverage.points} == {"bin"}
    with pytest.raises(InputError, match=r"no coverage point matches 'nothing'; there are \d+, as "):
        close_bench(detector, options(only="nothing"), workspace=workspace)


def test_unknown_solver_is_refused(detector: Path, workspace: Workspace) -> None:
    with pytest.raises(InputError, match="there is no solver guess"):
        close_bench(detector, options(solver="guess"), workspace=workspace)


def test_what_cannot_be_hit_is_proven_with_the_depth(tmp_path: Path, workspace: Workspace) -> None:
    bench = specified(tmp_path / "tb", "lfsr")
    result = close_bench(bench, options(solver="yices", depth=8), workspace=workspace)
    (proven,) = [one for one in result.coverage.points if one.status is PointStatus.UNREACHABLE]
    assert (proven.point.id, proven.method) == ("bin:state.zero", "induction")
    assert proven.bound is not None
    assert result.cycles >= 1_000_000
    assert not result.trouble


@pytest.mark.slow
def test_witnesses_replay_in_cocotb_on_both_simulators(detector: Path, workspace: Workspace) -> None:
    result = close_bench(detector, options(replay=True), workspace=workspace)
    assert result.witnesses
    for witness in result.witnesses:
        told = {one.simulator: (one.verdict, one.missing) for one in witness.replayed}
        assert told == {"icarus": (Verdict.PASS, ()), "verilator": (Verdict.PASS, ())}


def test_witness_without_a_judge_records_what_it_saw(tmp_path: Path, workspace: Workspace) -> None:
    bench = drafted(tmp_path / "tb", "gray_counter")
    result = close_bench(bench, options(replay=True, simulators=("icarus",)), workspace=workspace)
    for witness in result.witnesses:
        data = json.loads(witness.file.read_text(encoding="utf-8"))
        assert witness.judged_by in ("bench", "RECORDED")
        assert ("expected" in data) == (witness.judged_by == "RECORDED")
        assert [one.verdict for one in witness.replayed] == [Verdict.PASS]


def test_point_that_does_not_show_in_cocotb_fails_its_witness(detector: Path, workspace: Workspace) -> None:
    from verif.campaign.benches.options import RunOptions
    from verif.campaign.benches.run import bench_runs
    from verif.plan.files import read_plan
    from verif.sim.process import Processes

    result = close_bench(detector, options(), workspace=workspace)
    run = bench_runs(detector, RunOptions())[0]
    shown = Instrumented(sources=run.sources, signal="", ids=(), plan=read_plan(detector / "testplan.yaml"))
    name = result.witnesses[0].id
    replayed = replay_covers(
        run,
        {name: ("bin:nowhere.at_all",)},
        shown,
        simulators=("icarus",),
        workspace=workspace,
        processes=Processes(),
    )
    (one,) = replayed[name]
    assert (one.verdict, one.message) == (Verdict.FAIL, "bin:nowhere.at_all did not show")


PROPERTIES = """module sequence_detector_props (input logic clk, rst_n, din_valid, din);
  default clocking @(posedge clk); endclocking
  default disable iff (!rst_n);
{lines}
endmodule
bind sequence_detector sequence_detector_props props (.*);
"""


def assume(bench: Path, *conditions: str) -> None:
    """Write assumptions into the bench."""
    lines = [f"  a{number}: assume property ({condition});" for number, condition in enumerate(conditions)]
    text = PROPERTIES.format(lines="\n".join(lines))
    (bench / "sequence_detector_props.sv").write_text(text, encoding="utf-8")


def test_what_needs_a_broken_assumption_is_not_hit(detector: Path, workspace: Workspace) -> None:
    assume(detector, "!din_valid")
    result = close_bench(detector, options(solver="yices", depth=6), workspace=workspace)
    found = statuses(result)
    assert PointStatus.HIT not in {status for name, status in found.items() if "->" in name}
    assert found["bin:din_valid.low"] is PointStatus.HIT
    assert not result.trouble


def test_assumptions_that_contradict_one_another_prove_nothing(detector: Path, workspace: Workspace) -> None:
    assume(detector, "din_valid", "!din_valid")
    result = close_bench(detector, options(solver="yices", depth=6), workspace=workspace)
    assert PointStatus.UNREACHABLE not in statuses(result).values()
    ((verdict, sentence),) = result.trouble
    assert verdict is Verdict.ERROR
    assert sentence.startswith("the assumptions contradict one another: no run meets them once the reset is over; ")


@pytest.mark.slow
def test_adopted_bench_is_closed_in_the_design_it_drives_and_its_witnesses_replay(
    tmp_path: Path, workspace: Workspace
) -> None:
    folder = adopted_fifo(tmp_path / "tb")
    result = close_bench(folder, options(replay=True, simulators=("icarus",)), workspace=workspace)
    assert result.coverage.counts.hit > 40
    assert [one.file.parent for one in result.witnesses] == [folder / "regressions"] * len(result.witnesses)
    assert {one.verdict for one in result.witnesses} == {Verdict.PASS}
