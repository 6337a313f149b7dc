"""What every simulator promises; a new backend is added to ``BACKENDS`` and must pass."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest
import pywellen

from tests.support.benches import BREAKING, COUNTER, FAILING, PASSING, design, module
from verif.design.model import SourceSet
from verif.errors import Unsupported
from verif.sim import toolchain
from verif.sim.process import Processes, Stopped
from verif.sim.registry import simulator
from verif.sim.seam import Build, BuildRequest, RunOutcome, RunRequest, Simulator, WaveFormat
from verif.verdict import Verdict
from verif.workspace import Workspace

BACKENDS = ("fake", "icarus", "verilator")


@pytest.fixture(scope="session")
def builds(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """One store of builds for all tests here: what is the same is compiled once."""
    return Workspace(tmp_path_factory.mktemp("sim_builds"))


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest, builds: Workspace) -> Simulator:
    found = simulator(request.param, workspace=builds)
    if not found.status().found:
        reason = f"{found.status().name} is not installed"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    return found


def built(
    backend: Simulator,
    folder: Path,
    *,
    waves: bool = False,
    wave_format: WaveFormat = WaveFormat.VCD,
    **sources: object,
) -> Build:
    everything = SourceSet(**{"files": design(folder), **sources})  # type: ignore[arg-type]
    return backend.build(BuildRequest(sources=everything, top="counter", waves=waves, wave_format=wave_format))


def ran(backend: Simulator, folder: Path, *tests: str, **request: object) -> RunOutcome:
    everything = {
        "build": request.pop("build", None) or built(backend, folder),
        "test_modules": (module(folder, *tests),),
        "python_path": (folder,),
        "seed": 7,
        "directory": folder / "run",
        **request,
    }
    return backend.run(RunRequest(**everything))  # type: ignore[arg-type]


def test_run_gives_each_test_its_verdict(backend: Simulator, tmp_path: Path) -> None:
    outcome = ran(backend, tmp_path, PASSING, FAILING, BREAKING)
    assert [(test.name, test.verdict) for test in outcome.tests] == [
        ("test_passes", Verdict.PASS),
        ("test_fails", Verdict.FAIL),
        ("test_breaks", Verdict.ERROR),
    ]
    assert outcome.tests[1].message.startswith("SPEC counter-model: cycle 3: count is 4, expected 3")
    assert outcome.tests[2].message == "ValueError: no such thing"
    assert {test.module for test in outcome.tests} == {"test_counter"}
    assert [test.sim_time_ns for test in outcome.tests] == [5, 2, 1]
    assert outcome.verdict is Verdict.ERROR


def test_run_of_passing_tests_passes(backend: Simulator, tmp_path: Path) -> None:
    outcome = ran(backend, tmp_path, PASSING)
    assert (outcome.verdict, outcome.problem) == (Verdict.PASS, "")
    assert outcome.log.is_file()


def test_filter_chooses_tests(backend: Simulator, tmp_path: Path) -> None:
    outcome = ran(backend, tmp_path, PASSING, FAILING, test_filter=r"\.test_passes$")
    assert [test.name for test in outcome.tests] == ["test_passes"]
    assert outcome.verdict is Verdict.PASS


def test_run_without_a_test_is_unknown(backend: Simulator, tmp_path: Path) -> None:
    filtered = ran(backend, tmp_path / "filtered", PASSING, test_filter="nothing_of_this_name")
    assert (filtered.verdict, filtered.tests, filtered.problem) == (Verdict.UNKNOWN, (), "no test ran")
    empty = ran(backend, tmp_path / "empty", "pass\n")
    assert (empty.verdict, empty.tests) == (Verdict.UNKNOWN, ())


def test_skipped_test_has_no_verdict(backend: Simulator, tmp_path: Path) -> None:
    outcome = ran(backend, tmp_path, PASSING, PASSING.replace("test()", "test(skip=True)").replace("_passes", "_later"))
    assert [test.name for test in outcome.tests] == ["test_passes"]
    assert outcome.skipped == ("test_later",)


def test_seed_decides_what_random_gives(backend: Simulator, tmp_path: Path) -> None:
    draw = """
@cocotb.test()
async def test_draws(dut):
    await Timer(1, "ns")
    raise AssertionError(str(random.random()))
"""
    build = built(backend, tmp_path)

    values = [ran(backend, tmp_path, draw, build=build, seed=seed).tests[0].message for seed in (1, 1, 2)]
    assert values[0] == values[1] != values[2]


def test_plusargs_and_environment_reach_the_tests(backend: Simulator, tmp_path: Path) -> None:
    check = """
@cocotb.test()
async def test_told(dut):
    await Timer(1, "ns")
    assert cocotb.plusargs["depth"] == "12"
    assert os.environ["BENCH_MOOD"] == "good"
"""
    told = ran(backend, tmp_path, check, plusargs=("+depth=12",), env={"BENCH_MOOD": "good"})
    assert told.verdict is Verdict.PASS
    assert ran(backend, tmp_path, check).verdict is Verdict.ERROR


def test_callers_environment_does_not_steer_the_run(
    backend: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"COCOTB_TEST_FILTER": "nothing", "COCOTB_RANDOM_SEED": "3", "WAVES": "1", "GUI": "1"}.items():
        monkeypatch.setenv(name, value)
    outcome = ran(backend, tmp_path, PASSING)
    assert (outcome.verdict, len(outcome.tests), outcome.waves) == (Verdict.PASS, 1, None)


def test_parameters_reach_the_design(backend: Simulator, tmp_path: Path) -> None:
    check = """
@cocotb.test()
async def test_width(dut):
    await Timer(1, "ns")
    assert int(dut.WIDTH.value) == 9
"""
    build = built(backend, tmp_path, parameters={"WIDTH": "9"})
    assert ran(backend, tmp_path, check, build=build).verdict is Verdict.PASS


def test_time_out_ends_the_whole_process_group(backend: Simulator, tmp_path: Path) -> None:
    hang = """
@cocotb.test()
async def test_hangs(dut):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    with open("child.pid", "w") as file:
        file.write(str(child.pid))
    child.wait()
"""
    outcome = ran(backend, tmp_path, PASSING, hang, timeout_seconds=6)
    assert outcome.verdict is Verdict.TIMEOUT
    assert [(test.name, test.verdict) for test in outcome.tests] == [
        ("test_passes", Verdict.PASS),
        ("test_hangs", Verdict.TIMEOUT),
    ]
    assert outcome.tests[1].message.startswith("time-out after ")
    assert not alive(int((tmp_path / "run" / "child.pid").read_text()))


def test_interrupt_ends_the_run(tmp_path: Path, backend: Simulator, builds: Workspace) -> None:
    hang = """
@cocotb.test()
async def test_hangs(dut):
    open("started", "w").close()
    subprocess.run([sys.executable, "-c", "import time; time.sleep(600)"])
"""
    processes = Processes()
    stopper = threading.Thread(target=_stop_when, args=(tmp_path / "run" / "started", processes))
    stopper.start()
    with pytest.raises(Stopped):
        ran(simulator(backend.name, workspace=builds, processes=processes), tmp_path, hang)
    stopper.join()


def _stop_when(file: Path, processes: Processes) -> None:
    while not file.exists():
        time.sleep(0.02)
    processes.stop()


def test_process_that_dies_is_an_error_of_the_test_that_ran(backend: Simulator, tmp_path: Path) -> None:
    dies = """
@cocotb.test()
async def test_dies(dut):
    os.kill(os.getpid(), 9)
"""
    outcome = ran(backend, tmp_path, PASSING, dies)
    assert outcome.verdict is Verdict.ERROR
    assert [(test.name, test.verdict) for test in outcome.tests] == [
        ("test_passes", Verdict.PASS),
        ("test_dies", Verdict.ERROR),
    ]
    assert "was ended by signal 9" in outcome.problem


def test_module_that_fails_to_import_is_an_error_that_names_the_cause(backend: Simulator, tmp_path: Path) -> None:
    outcome = ran(backend, tmp_path, "import no_such_package\n")
    assert (outcome.verdict, outcome.tests) == (Verdict.ERROR, ())
    assert outcome.problem == (
        "the test modules could not be loaded: ModuleNotFoundError: No module named 'no_such_package'"
    )


def test_syntax_error_is_unsupported_with_its_place(backend: Simulator, tmp_path: Path) -> None:
    files = design(tmp_path, text="module counter (input wire clk, output wire q;\n  assign q = clk;\nendmodule\n")
    with pytest.raises(Unsupported) as refusal:
        backend.build(BuildRequest(sources=SourceSet(files=files), top="counter"))
    assert refusal.value.where.startswith(f"{files[0]}:")
    assert int(refusal.value.where.rpartition(":")[2]) in (1, 2, 3)


def test_failed_build_leaves_nothing_that_could_be_reused(backend: Simulator, tmp_path: Path) -> None:
    files = design(tmp_path, text=COUNTER.replace("endmodule", ") endmodule"))
    for _ in range(2):
        with pytest.raises(Unsupported):
            backend.build(BuildRequest(sources=SourceSet(files=files), top="counter"))


def test_unchanged_content_is_not_built_again(backend: Simulator, tmp_path: Path) -> None:
    first = built(backend, tmp_path / "one")
    again = built(backend, tmp_path / "two")
    assert again.reused
    assert (again.key, again.directory) == (first.key, first.directory)


@pytest.mark.parametrize("change", ["source", "include", "define", "parameter"])
def test_changed_content_is_built_again(backend: Simulator, tmp_path: Path, change: str) -> None:
    before = built(backend, tmp_path)
    files = design(
        tmp_path,
        text=COUNTER.replace("count + ", "count +  ") if change == "source" else COUNTER,
        step="`define STEP 2\n" if change == "include" else "`define STEP 1\n",
    )
    sources = SourceSet(
        files=files,
        defines={"INCREMENT": "3"} if change == "define" else {},
        parameters={"WIDTH": "5"} if change == "parameter" else {},
    )
    after = backend.build(BuildRequest(sources=sources, top="counter"))
    assert after.key != before.key


def test_waves_are_written_where_asked(backend: Simulator, tmp_path: Path) -> None:
    build = built(backend, tmp_path, waves=True)
    outcome = ran(backend, tmp_path, PASSING, build=build, waves=tmp_path / "run" / "waves.vcd")
    assert outcome.waves == tmp_path / "run" / "waves.vcd"
    assert "$enddefinitions" in outcome.waves.read_text()


def test_waves_are_compressed_where_the_simulator_can(backend: Simulator, tmp_path: Path) -> None:
    build = built(backend, tmp_path, waves=True, wave_format=WaveFormat.FST)
    able = backend.name == "icarus" or (backend.name == "verilator" and toolchain.find("lz4") is not None)
    assert build.wave_format is (WaveFormat.FST if able else WaveFormat.VCD)
    file = tmp_path / "run" / f"waves.{build.wave_format}"
    outcome = ran(backend, tmp_path, PASSING, build=build, waves=file)
    assert outcome.waves == file
    assert file.read_bytes().startswith(b"$") is not able, "a VCD file begins with a keyword"
    widths = {v.full_name.split(".")[-1]: v.bitwidth for v in pywellen.Waveform(str(file)).all_vars()}
    assert backend.name == "fake" or widths["count"] == 4


def test_run_writes_nothing_beside_the_bench(backend: Simulator, tmp_path: Path) -> None:
    bench, elsewhere = tmp_path / "bench", tmp_path / "elsewhere"
    build = built(backend, bench)
    before = {"counter.sv", "step.svh", "test_counter.py"}
    ran(backend, bench, PASSING, build=build, directory=elsewhere)
    assert {path.name for path in bench.iterdir()} == before


def alive(pid: int) -> bool:
    """Tell whether a process runs; one that ended and waits for its parent doesn't."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
