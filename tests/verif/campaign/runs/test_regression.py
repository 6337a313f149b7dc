"""Laws of the regression; the fake simulator stands in where a real one would only cost time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.benches import BREAKING, FAILING, PASSING, bench
from tests.support.tools import need
from verif.campaign.benches.options import RunOptions, WavePolicy, draw_seeds
from verif.campaign.runs.outcome import WHOLE_RUN, BuildResult, Regression
from verif.campaign.runs.regression import run_bench, run_benches
from verif.errors import InputError, ToolError
from verif.sim.process import Processes
from verif.verdict import Oracle, Verdict
from verif.workspace import Workspace

COVERING = """
@cocotb.test()
async def test_covers(dut):
    import json
    await Timer(1, "ns")
    bins = {"level": {"empty": 1, "full": cocotb.RANDOM_SEED % 2, "never": 0}}
    if "BENCH_COVERAGE" in os.environ:
        with open(os.environ["BENCH_COVERAGE"], "a") as file:
            print(json.dumps({"test": "test_covers", "seed": 1, "bins": bins}), file=file)
"""

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path, workspace: Workspace) -> Make:
    """Write a bench of these tests for the fake simulator, in a workspace of the test's own."""
    return lambda *tests, **keys: bench(tmp_path / "bench", *tests, **keys)


def test_regression_has_every_test_of_every_configuration_simulator_and_seed_in_order(make: Make) -> None:
    two = ({"name": "narrow"}, {"name": "wide", "parameters": {"WIDTH": "9"}})
    result = run_bench(make(PASSING, FAILING, configs=two), RunOptions(seeds=(4, 9), jobs=3))
    assert [(test.config, test.seed, test.name) for test in result.tests] == [
        (config, seed, name)
        for config in ("narrow", "wide")
        for seed in (4, 9)
        for name in ("test_passes", "test_fails")
    ]


def test_regression_is_the_same_whatever_the_number_of_jobs(make: Make) -> None:
    folder = make(PASSING, FAILING, BREAKING, configs=({"name": "a"}, {"name": "b"}))
    told = [
        [(test.name, test.config, test.verdict, test.message, test.replay) for test in run_bench(folder, options).tests]
        for options in (RunOptions(seeds=(1, 2)), RunOptions(seeds=(1, 2), jobs=4))
    ]
    assert told[0] == told[1]


def test_verdict_is_the_worst_of_the_tests(make: Make) -> None:
    assert run_bench(make(PASSING)).verdict is Verdict.PASS
    assert run_bench(make(PASSING, FAILING)).verdict is Verdict.FAIL
    assert run_bench(make(PASSING, FAILING, BREAKING)).verdict is Verdict.ERROR


def test_failing_check_names_its_oracle(make: Make) -> None:
    (test,) = run_bench(make(FAILING)).tests
    assert test.oracle is Oracle.SPEC
    assert test.as_json()["replay"] == f"posedge replay {test.replay}"


def test_second_run_of_an_unchanged_bench_builds_nothing(make: Make) -> None:
    folder = make(PASSING)
    assert [build.reused for build in run_bench(folder).builds] == [False]
    assert [build.reused for build in run_bench(folder).builds] == [True]
    (folder / "step.svh").write_text("`define STEP 2\n")
    assert [build.reused for build in run_bench(folder).builds] == [False]


def test_glob_chooses_tests_by_name(make: Make) -> None:
    folder = make(PASSING, FAILING)
    assert [test.name for test in run_bench(folder, RunOptions(tests="test_p*")).tests] == ["test_passes"]


def test_glob_that_matches_nothing_is_told(make: Make) -> None:
    folder = make(PASSING)
    with pytest.raises(InputError) as error:
        run_bench(folder, RunOptions(tests="full"))
    assert error.value.sentence == (
        f"{folder}: no test matches 'full'; the glob is compared with test names, as in 'test_full*'."
    )


def test_unknown_configuration_names_those_that_there_are(make: Make) -> None:
    folder = make(PASSING, configs=({"name": "narrow"}, {"name": "wide"}))
    with pytest.raises(InputError) as error:
        run_bench(folder, RunOptions(configs=("deep",)))
    assert error.value.sentence == f"{folder}: no configuration is called 'deep'; there are narrow, wide."


def test_missing_source_is_told_by_name(make: Make) -> None:
    folder = make(PASSING)
    (folder / "counter.sv").unlink()
    with pytest.raises(InputError) as error:
        run_bench(folder)
    assert error.value.sentence == (
        f"{folder / 'counter.sv'}: a source of the bench is missing; "
        "put it back, or correct the sources in the bench's bench.toml."
    )


def test_bench_without_a_test_is_unknown(make: Make) -> None:
    result = run_bench(make("nothing = True\n"))
    assert result.verdict is Verdict.UNKNOWN
    assert [(test.name, test.message) for test in result.tests] == [
        (WHOLE_RUN, "the test modules contain no cocotb test")
    ]


def test_module_that_fails_to_import_is_an_error_that_can_be_replayed(make: Make) -> None:
    (test,) = run_bench(make("import absent_package\n")).tests
    assert (test.name, test.verdict) == (WHOLE_RUN, Verdict.ERROR)
    assert "No module named 'absent_package'" in test.message
    assert test.replay


def test_rtl_that_no_simulator_takes_is_unsupported_with_its_place(make: Make) -> None:
    folder = make(PASSING)
    (folder / "counter.sv").write_text("module counter (input wire clk;\nendmodule\n")
    result = run_bench(folder)
    assert result.verdict is Verdict.UNSUPPORTED
    assert result.builds[0].reason == f"{folder / 'counter.sv'}:2: the fake simulator finds brackets that don't match."


def test_simulator_that_cannot_compile_doesnt_fail_the_others(make: Make) -> None:
    passed = run_bench(make(PASSING))
    refused = BuildResult(simulator="icarus", config="default", verdict=Verdict.UNSUPPORTED, reason="x.sv:1: no.")
    assert replace(passed, builds=(*passed.builds, refused)).verdict is Verdict.PASS
    assert replace(passed, tests=(), builds=(refused,)).verdict is Verdict.UNSUPPORTED


def test_no_simulator_at_all_is_a_tool_error(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolError) as error:
        run_bench(make(PASSING, simulators=("icarus", "verilator")))
    assert error.value.sentence == (
        "no simulator to run on: iverilog and g++ not found; install with 'apt install iverilog' and "
        "'apt install g++'; 'posedge doctor' checks all tools."
    )


def test_absent_simulator_is_told_and_doesnt_fail_the_run(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    folder = make(PASSING, simulators=("icarus", "fake"))
    result = run_bench(folder)
    assert result.verdict is Verdict.PASS
    assert result.builds[-1].reason == "iverilog is not installed; install it with 'apt install iverilog'"
    with pytest.raises(ToolError):
        run_bench(folder, RunOptions(simulators=("icarus",)))


def test_other_sources_take_the_place_of_files_that_define_the_same_modules(make: Make, tmp_path: Path) -> None:
    folder = make(PASSING)
    broken = tmp_path / "broken.sv"
    broken.write_text("module counter (input wire clk;\nendmodule\n")
    result = run_bench(folder, RunOptions(sources=(broken,)))
    assert result.builds[0].reason.startswith(f"{broken}:2: ")
    assert result.sources == (broken,)


def test_other_sources_must_define_what_they_replace(make: Make, tmp_path: Path) -> None:
    other = tmp_path / "other.sv"
    other.write_text("module timer (input wire clk);\nendmodule\n")
    with pytest.raises(InputError) as refusal:
        run_bench(make(PASSING), RunOptions(sources=(other,)))
    assert refusal.value.sentence == (
        f"{other}: defines no module of the bench, whose top is counter; "
        "name the files that stand in for the bench's own."
    )


def test_include_beside_the_replaced_source_is_still_found(make: Make, tmp_path: Path) -> None:
    need("iverilog")
    folder = make(PASSING, simulators=("icarus",))
    other = tmp_path / "other" / "copy.sv"
    other.parent.mkdir()
    other.write_text((folder / "counter.sv").read_text())
    assert run_bench(folder, RunOptions(sources=(other,))).verdict is Verdict.PASS


def test_functional_coverage_is_merged_over_seeds(make: Make) -> None:
    result = run_bench(make(COVERING, PASSING), RunOptions(seeds=(1, 2), coverage=True, jobs=2))
    assert result.functional is not None
    assert result.functional.points["level"] == {"empty": 2, "full": 1, "never": 0}
    assert str(result.functional.bins) == "2/3"
    again = run_bench(result.bench, RunOptions(seeds=(1, 2), coverage=True))
    assert again.functional == result.functional


def test_waves_of_a_failing_test_come_from_running_it_alone_again(make: Make) -> None:
    result = run_bench(make(PASSING, FAILING), RunOptions(waves=WavePolicy.FAIL))
    passed, failed = result.tests
    assert passed.waves is None
    assert failed.waves is not None
    assert "test_passes" not in failed.waves.with_name("run.log").read_text()


def test_data_files_are_found_in_the_run_folder(make: Make) -> None:
    reads = PASSING.replace("await Timer(5", 'assert open("mem.hex").read() == "00"\n    await Timer(5')
    folder = make(reads, data=["mem.hex"])
    (folder / "mem.hex").write_text("00")
    assert run_bench(folder).verdict is Verdict.PASS


def test_several_benches_share_one_pool(tmp_path: Path, workspace: Workspace) -> None:
    places = [bench(tmp_path / "one", PASSING), bench(tmp_path / "two", FAILING)]
    told: list[tuple[int, int]] = []
    results = run_benches(places, RunOptions(jobs=2), progress=lambda done, total, _: told.append((done, total)))
    assert [result.verdict for result in results] == [Verdict.PASS, Verdict.FAIL]
    assert told == [(1, 2), (2, 2)]


def test_interrupt_ends_every_program(make: Make) -> None:
    hangs = """
@cocotb.test()
async def test_hangs(dut):
    open("started", "w").close()
    subprocess.run([sys.executable, "-c", "import time; time.sleep(600)"])
"""
    folder, processes = make(hangs), Processes()
    waiter = threading.Thread(target=_stop_when_started, args=(Workspace.locate().root, processes))
    waiter.start()
    with pytest.raises(KeyboardInterrupt):
        run_bench(folder, RunOptions(seeds=(1, 2, 3), jobs=2), processes=processes)
    waiter.join()


def _stop_when_started(root: Path, processes: Processes) -> None:
    while not list(root.glob("benches/*/runs/*/started")):
        time.sleep(0.02)
    processes.stop()


def test_drawn_seeds_repeat_and_differ() -> None:
    assert draw_seeds(1, 5) == draw_seeds(1, 5)
    assert draw_seeds(1, 5)[:3] == draw_seeds(1, 3)
    assert draw_seeds(1, 1) == (1,)
    assert len(set(draw_seeds(7, 50))) == 50


def test_regression_without_anything_is_unknown() -> None:
    empty = Regression(bench=Path("bench"), top="top", seeds=(1,), tests=(), builds=())
    assert empty.verdict is Verdict.UNKNOWN
