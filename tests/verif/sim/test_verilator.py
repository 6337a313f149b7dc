"""What only the Verilator backend promises."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.benches import PASSING, design, module
from verif.coverage.verilator_dat import Kind, read_coverage
from verif.design.model import SourceSet
from verif.sim.registry import simulator
from verif.sim.seam import Build, BuildRequest, RunOutcome, RunRequest, Simulator
from verif.sim.verilator import ALL_ONES, ALL_ZEROS
from verif.verdict import Verdict
from verif.workspace import Workspace

DELAYED = """
module delayed (input wire clk, output reg q);
  always @(posedge clk) q <= #3 ~q;
  initial q = 0;
endmodule
"""

UNRESET = """
module unreset (input wire clk, output reg [63:0] q);
  always @(posedge clk) q <= q;
endmodule
"""

CLOCK = """
from cocotb.clock import Clock

@cocotb.test()
async def test_clocked(dut):
    cocotb.start_soon(Clock(dut.clk, 10, "ns").start())
    await Timer(200, "ns")
    raise AssertionError(hex(int(dut.q.value)))
"""


@pytest.fixture
def verilator(tmp_path: Path) -> Simulator:
    backend = simulator("verilator", workspace=Workspace(tmp_path / "sim_builds"))
    if not backend.status().found:
        pytest.fail("no Verilator") if os.environ.get("CI") else pytest.skip("no Verilator")
    return backend


def built(backend: Simulator, folder: Path, name: str, text: str, **request: bool) -> Build:
    file = folder / f"{name}.sv"
    file.write_text(text)
    return backend.build(BuildRequest(sources=SourceSet(files=(file,)), top=name, **request))


def ran(
    backend: Simulator, build: Build, folder: Path, *tests: str, seed: int = 1, plusargs: tuple[str, ...] = ()
) -> RunOutcome:
    name = module(folder, *tests)
    request = RunRequest(
        build=build,
        test_modules=(name,),
        python_path=(folder,),
        seed=seed,
        plusargs=plusargs,
        directory=folder / f"run{seed}",
    )
    return backend.run(request)


def test_lint_warnings_dont_stop_a_build_and_are_kept(verilator: Simulator, tmp_path: Path) -> None:
    narrow = "module narrow (input wire [7:0] a, output wire [3:0] q);\n  assign q = a;\nendmodule\n"
    build = built(verilator, tmp_path, "narrow", narrow)
    assert any("WIDTHTRUNC" in warning and "narrow.sv:2" in warning for warning in build.warnings)
    again = built(verilator, tmp_path, "narrow", narrow)
    assert (again.reused, again.warnings) == (True, build.warnings)


def test_design_split_into_several_files_builds(verilator: Simulator, tmp_path: Path) -> None:
    file = design(tmp_path)[0]
    sources = SourceSet(files=(file,), include_dirs=(tmp_path,))
    request = BuildRequest(sources=sources, top="counter", extra_args=("--output-split", "1"))
    build = verilator.build(request)
    classes = (build.directory / "Vtop_classes.mk").read_text()
    assert "VM_PARALLEL_BUILDS = 1" in classes
    assert ran(verilator, build, tmp_path, PASSING).verdict is Verdict.PASS


def test_delays_in_rtl_are_simulated(verilator: Simulator, tmp_path: Path) -> None:
    build = built(verilator, tmp_path, "delayed", DELAYED)
    outcome = ran(verilator, build, tmp_path, CLOCK)
    assert outcome.tests[0].message in ("0x0", "0x1")


def test_register_without_reset_starts_at_what_the_seed_says(verilator: Simulator, tmp_path: Path) -> None:
    build = built(verilator, tmp_path, "unreset", UNRESET)
    values = [ran(verilator, build, tmp_path, CLOCK, seed=seed).tests[0].message for seed in (1, 1, 2)]
    assert values[0] == values[1] != values[2]
    low, high = (ran(verilator, build, tmp_path, CLOCK, plusargs=(start,)) for start in (ALL_ZEROS, ALL_ONES))
    assert (low.tests[0].message, high.tests[0].message) == ("0x0", hex(2**64 - 1))


def test_coverage_build_counts_lines_and_toggles(verilator: Simulator, tmp_path: Path) -> None:
    files = design(tmp_path)
    build = verilator.build(BuildRequest(sources=SourceSet(files=files), top="counter", coverage=True))
    outcome = ran(verilator, build, tmp_path, PASSING)
    assert outcome.coverage is not None
    code = read_coverage([outcome.coverage])
    assert code.ratio(Kind.TOGGLE).total == 2 * (1 + 1 + 4)
    assert code.ratio(Kind.LINE).total > 0


def test_runtime_library_is_compiled_once(
    verilator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSEDGE_CACHE", str(tmp_path / "cache"))
    built(verilator, tmp_path, "one", "module one (input wire a, output wire q); assign q = a; endmodule\n")
    (archive,) = (tmp_path / "cache").rglob("libverilated.a")
    written = archive.stat().st_mtime_ns
    second = built(verilator, tmp_path, "two", "module two (input wire a, output wire q); assign q = !a; endmodule\n")
    assert archive.stat().st_mtime_ns == written
    assert "verilated_vpi.cpp" not in second.directory.with_suffix(".log").read_text()


def test_unwritable_cache_folder_falls_back_to_the_workspace(
    verilator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("POSEDGE_CACHE", str(tmp_path / "file" / "cache"))
    build = built(verilator, tmp_path, "one", "module one (input wire a, output wire q); assign q = a; endmodule\n")
    assert ran(verilator, build, tmp_path, PASSING).verdict is Verdict.PASS
    assert list((tmp_path / "sim_builds").rglob("libverilated.a"))


def test_loop_that_never_settles_is_an_error_of_the_test(verilator: Simulator, tmp_path: Path) -> None:
    loop = "module loop (input wire a, output wire q);\n  wire n;\n  assign n = a & ~q;\n  assign q = n;\nendmodule\n"
    build = built(verilator, tmp_path, "loop", loop)
    drive = PASSING.replace("await Timer(5", "dut.a.value = 1\n    await Timer(5")
    outcome = ran(verilator, build, tmp_path, drive)
    assert outcome.verdict is Verdict.ERROR
    assert outcome.tests[0].message.startswith("the simulation ended before the test did: %Error-DIDNOTCONVERGE: ")
