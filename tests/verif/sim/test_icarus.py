"""What only the Icarus backend promises, and the faults of designs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.benches import PASSING, module
from tests.support.tools import need
from verif.design.model import SourceSet
from verif.errors import Unsupported
from verif.sim.registry import simulator
from verif.sim.seam import Build, BuildRequest, RunOutcome, RunRequest, Simulator
from verif.verdict import Verdict
from verif.workspace import Workspace


@pytest.fixture
def icarus(tmp_path: Path) -> Simulator:
    need("iverilog")
    return simulator("icarus", workspace=Workspace(tmp_path / "sim_builds"))


def built(backend: Simulator, folder: Path, text: str, **sources: tuple[str, ...]) -> Build:
    file = folder / "dut.sv"
    file.write_text(text)
    return backend.build(BuildRequest(sources=SourceSet(files=(file,), **sources), top="dut"))  # type: ignore[arg-type]


def ran(backend: Simulator, build: Build, folder: Path, timeout: float) -> RunOutcome:
    request = RunRequest(
        build=build,
        test_modules=(module(folder, PASSING),),
        python_path=(folder,),
        seed=1,
        directory=folder / "run",
        timeout_seconds=timeout,
    )
    return backend.run(request)


def test_endless_loop_at_time_zero_is_a_time_out(icarus: Simulator, tmp_path: Path) -> None:
    build = built(icarus, tmp_path, "module dut;\n  reg q;\n  initial forever q = 0;\nendmodule\n")
    outcome = ran(icarus, build, tmp_path, 3)
    assert outcome.verdict is Verdict.TIMEOUT
    assert outcome.problem.startswith("time-out after ")


def test_stop_in_the_design_ends_the_run(icarus: Simulator, tmp_path: Path) -> None:
    build = built(icarus, tmp_path, "module dut;\n  initial #2 $stop;\nendmodule\n")
    outcome = ran(icarus, build, tmp_path, 60)
    assert outcome.verdict is Verdict.ERROR
    assert outcome.tests[0].message.startswith("the simulation ended before the test did: ")


def test_missing_module_is_unsupported_unless_it_is_a_black_box(icarus: Simulator, tmp_path: Path) -> None:
    text = "module dut (input wire a);\n  absent u (.a(a));\nendmodule\n"
    with pytest.raises(Unsupported) as refusal:
        built(icarus, tmp_path, text)
    assert refusal.value.sentence == f"{tmp_path / 'dut.sv'}:2: Icarus can't compile this: Unknown module type: absent."
    assert built(icarus, tmp_path, text, blackboxes=("absent",)).reused is False


def test_refusal_without_a_place_tells_the_error_not_their_number(icarus: Simulator, tmp_path: Path) -> None:
    with pytest.raises(Unsupported) as refusal:
        built(icarus, tmp_path, "module other;\nendmodule\n")
    assert 'Unable to find the root module "dut"' in refusal.value.sentence


def test_vhdl_is_refused_with_its_place(icarus: Simulator, tmp_path: Path) -> None:
    file = tmp_path / "dut.vhd"
    file.write_text("entity dut is end;\n")
    with pytest.raises(Unsupported) as refusal:
        icarus.build(BuildRequest(sources=SourceSet(files=(file,)), top="dut"))
    assert refusal.value.sentence == f"{file}:1: VHDL is not taken, only Verilog and SystemVerilog."
