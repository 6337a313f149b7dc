"""Laws of taking over benches that others wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.benches import COUNTER, FAILING, HEAD, PASSING, design
from tests.support.tools import need
from verif.bench.adopt import Adopted, adopt
from verif.errors import InputError, PosedgeError
from verif.sim.sandbox import Sandbox

MAKEFILE = """
TOPLEVEL_LANG ?= verilog
SIM ?= icarus
PWD = $(shell pwd)
export PYTHONPATH := $(PWD)/model:$(PYTHONPATH)
export PARAM_WIDTH ?= 6
VERILOG_SOURCES = $(PWD)/counter.sv
VERILOG_INCLUDE_DIRS = $(PWD)
ifeq ($(SIM), icarus)
    PLUSARGS += -fst
    COMPILE_ARGS += -P $(COCOTB_TOPLEVEL).WIDTH=$(PARAM_WIDTH)
else ifeq ($(SIM), verilator)
    COMPILE_ARGS += -Wno-WIDTH -GWIDTH=$(PARAM_WIDTH)
endif
PLUSARGS += +mode=slow
COMPILE_ARGS += -DINCREMENT=2
include $(shell cocotb-config --makefiles)/Makefile.sim
COCOTB_TOPLEVEL := counter
COCOTB_TEST_MODULES := test_counter
COCOTB_HDL_TIMEPRECISION := 10ps
"""

RUNNER = """
from pathlib import Path
import pytest
from cocotb_tools.runner import get_runner

HERE = Path(__file__).resolve().parent

@pytest.mark.parametrize("width", [4, 8])
def test_counter_runner(width):
    runner = get_runner(os.getenv("SIM", "icarus"))
    runner.build(sources=[HERE / "counter.sv"], hdl_toplevel="counter", parameters={"WIDTH": width},
                 defines={"INCREMENT": 1}, includes=[HERE], timescale=("1ns", "1ps"), build_args=["-Wall"])
    runner.test(hdl_toplevel="counter", test_module="test_counter", extra_env={"WIDTH": str(width)},
                plusargs=["+mode=slow"], testcase="test_passes")
"""

COCOTB_TEST = """
from pathlib import Path
import pytest
import cocotb_test.simulator

HERE = Path(__file__).resolve().parent

@pytest.mark.parametrize("width", [4, 8])
def test_counter_old(request, width):
    cocotb_test.simulator.run(
        python_search=[str(HERE)], verilog_sources=[str(HERE / "counter.sv")], toplevel="counter",
        module="test_counter", parameters={"WIDTH": width}, extra_env={"PARAM_WIDTH": str(width)},
        sim_build=str(HERE / "sim_build" / request.node.name))
"""

SCRIPT = """
from pathlib import Path
from cocotb_tools.runner import get_runner

def main():
    runner = get_runner("verilator")
    runner.build(sources=[Path("counter.sv").resolve()], hdl_toplevel="counter")
    runner.test(hdl_toplevel="counter", test_module=["test_counter"])

if __name__ == "__main__":
    main()
"""

GENERATING = """
from pathlib import Path
from cocotb_tools.runner import get_runner

HERE = Path(__file__).resolve().parent

def test_wrapped():
    (HERE / "wrapped.v").write_text("module wrapped; endmodule\\n")
    runner = get_runner("icarus")
    runner.build(sources=[HERE / "wrapped.v"], hdl_toplevel="wrapped")
    runner.test(hdl_toplevel="wrapped", test_module="test_counter")
"""


def folder_with(folder: Path, **files: str) -> Path:
    """Write the counter and these files: ``test_counter`` becomes test_counter.py, ``Makefile`` stays."""
    design(folder)
    for name, text in files.items():
        (folder / (name if name == "Makefile" else f"{name}.py")).write_text(text)
    return folder


def adopted(place: Path, out: Path | None = None, top: str = "") -> tuple[Adopted, ...]:
    need("bwrap")
    return adopt(place, out, Sandbox.locate().read_only_prefix, top=top)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_makefile_means_what_make_says(tmp_path: Path) -> None:
    need("make")
    folder = folder_with(tmp_path, Makefile=MAKEFILE, test_counter=HEAD + PASSING)
    (folder / "mem.hex").write_text("00")
    (bench,) = adopted(folder / "Makefile")
    manifest = bench.manifest
    assert (manifest.top, manifest.test_modules) == ("counter", ("test_counter",))
    assert manifest.sources.files == ("counter.sv",)
    assert manifest.sources.include_dirs == (".",)
    assert manifest.python_path == (".", "model")
    assert manifest.simulators == ("icarus", "verilator")
    assert manifest.compile_args == {"verilator": ("-Wno-WIDTH",)}
    assert manifest.plusargs == ("+mode=slow",)
    assert manifest.timescale == "1ns/10ps"
    assert manifest.data == ("mem.hex",)
    (config,) = manifest.config
    assert (config.parameters, config.defines) == ({"WIDTH": "6"}, {"INCREMENT": "2"})
    assert config.env == {"PARAM_WIDTH": "6"}


def test_pytest_file_gives_a_configuration_for_each_parameter_set(tmp_path: Path) -> None:
    (bench,) = adopted(folder_with(tmp_path, test_counter=HEAD + RUNNER + PASSING) / "test_counter.py")
    manifest = bench.manifest
    assert [config.name for config in manifest.config] == ["4", "8"]
    assert [config.parameters for config in manifest.config] == [{"WIDTH": "4"}, {"WIDTH": "8"}]
    assert [config.env for config in manifest.config] == [{"WIDTH": "4"}, {"WIDTH": "8"}]
    assert manifest.config[0].defines == {"INCREMENT": "1"}
    assert manifest.compile_args == {"icarus": ("-Wall",)}
    assert (manifest.plusargs, manifest.test_filter) == (("+mode=slow",), r"\.(?:test_passes)$")
    assert (manifest.simulators, manifest.timescale) == (("icarus",), "1ns/1ps")


def test_cocotb_test_calls_are_understood_without_it_being_installed(tmp_path: Path) -> None:
    (bench,) = adopted(folder_with(tmp_path, test_counter=HEAD + COCOTB_TEST + PASSING))
    assert [config.parameters for config in bench.manifest.config] == [{"WIDTH": "4"}, {"WIDTH": "8"}]
    assert bench.manifest.config[1].env == {"PARAM_WIDTH": "8"}
    assert bench.manifest.python_path == (".",)


def test_script_is_run_as_a_script(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, test_counter=HEAD + FAILING, build=SCRIPT)
    (bench,) = adopted(folder / "build.py")
    assert (bench.manifest.top, bench.manifest.simulators) == ("counter", ("verilator",))
    assert bench.manifest.sources.files == ("counter.sv",)


def test_adopting_changes_nothing_in_the_folder(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, test_counter=HEAD + GENERATING + PASSING)
    before = contents(folder)
    adopted(folder, tmp_path / "out")
    assert contents(folder) == before


def test_source_that_the_flow_generates_is_kept_beside_the_manifest(tmp_path: Path) -> None:
    folder = folder_with(tmp_path / "bench", test_counter=HEAD + GENERATING + PASSING)
    (bench,) = adopted(folder, tmp_path / "out")
    assert bench.manifest.sources.files == ("generated/wrapped.v",)
    assert list(bench.generated.values()) == [b"module wrapped; endmodule\n"]


def test_calls_with_different_tops_are_different_benches(tmp_path: Path) -> None:
    two = RUNNER.replace('hdl_toplevel="counter"', 'hdl_toplevel=f"counter{width}"')
    folder = folder_with(tmp_path, test_counter=HEAD + two + PASSING)
    first, second = adopted(folder)
    assert (first.manifest.top, second.manifest.top) == ("counter4", "counter8")
    assert first.directory != second.directory
    assert [bench.manifest.top for bench in adopted(folder, top="counter8")] == ["counter8"]


def test_folder_of_benches_gives_all_of_them(tmp_path: Path) -> None:
    need("make")
    for name in ("one", "two"):
        folder_with(tmp_path / name, Makefile=MAKEFILE, test_counter=HEAD + PASSING)
    (tmp_path / "docs").mkdir()
    benches = adopted(tmp_path, tmp_path / "out")
    assert [bench.directory for bench in benches] == [tmp_path / "out" / "one", tmp_path / "out" / "two"]


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        (
            {},
            "{place}: no cocotb bench here; a Makefile that includes cocotb's Makefile.sim, or a Python file that "
            "calls a runner.",
        ),
        (
            {"test_counter": HEAD + RUNNER.replace("get_runner(os", "absent(); get_runner(os")},
            "{place}/test_counter.py: it starts no simulation that could be recorded: NameError: name 'absent' is not "
            "defined; calls of cocotb_tools.runner and cocotb_test.simulator.run are understood.",
        ),
        (
            {"Makefile": MAKEFILE.replace("verilog\n", "vhdl\n")},
            "{place}/Makefile:1: this bench is for VHDL, and only Verilog is taken.",
        ),
    ],
    ids=["nothing", "broken", "vhdl"],
)
def test_what_cannot_be_adopted_is_told(tmp_path: Path, files: dict[str, str], sentence: str) -> None:
    folder = folder_with(tmp_path, **files)
    with pytest.raises(PosedgeError) as error:
        adopted(folder)
    assert error.value.sentence == sentence.format(place=folder)


def test_makefile_that_make_refuses_is_told_in_its_words(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, Makefile=MAKEFILE + "$(error no licence)\n")
    with pytest.raises(InputError, match=r"make can't read this Makefile: .*no licence"):
        adopted(folder)


def test_simulator_that_the_makefile_skips_is_left_out(tmp_path: Path) -> None:
    need("make")
    skips = f"ifneq ($(SIM),icarus)\n{MAKEFILE}\nelse\nall:\nendif\n"
    (bench,) = adopted(folder_with(tmp_path, Makefile=skips, test_counter=HEAD + PASSING))
    assert bench.manifest.simulators == ("verilator",)


def test_shell_in_a_makefile_can_change_nothing(tmp_path: Path) -> None:
    need("make")
    folder = folder_with(tmp_path, Makefile="X := $(shell touch escaped)\n" + MAKEFILE, test_counter=HEAD + PASSING)
    adopted(folder)
    assert not (folder / "escaped").exists()
    assert (folder / "counter.sv").read_text() == COUNTER
