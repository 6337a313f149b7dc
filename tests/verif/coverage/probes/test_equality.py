"""The first law of instrumented copies: they act exactly as their originals, for every tool that takes those."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.support.drafts import rtl_source
from tests.support.harness_runs import any_rows, play, written
from tests.support.harnesses import harness_of
from tests.support.probes import random_rows
from tests.support.rtl import kept_designs
from tests.support.tools import need, package_folder
from verif.coverage.probes import ProbedHarness, with_probes
from verif.design.frontend import read_design
from verif.design.sources import resolve_sources
from verif.design.wrapper import flat_wrapper, wrapped_sources
from verif.errors import PosedgeError
from verif.formal.yosys import read_command, run_yosys
from verif.harness import assemble
from verif.harness.model import Harness
from verif.plan.model import Testplan
from verif.sim.batch import Batch, build_batch
from verif.sim.content import search_path
from verif.sim.process import Processes
from verif.workspace import Workspace

TICKS, LANES = 300, 12
FAST = ("async_fifo", "divider", "gray_counter", "sequence_detector", "uart_tx")
ZERO = ("--x-initial", "0", "--x-assign", "0")
"""Registers without a reset draw their start values in an order that any change of the sources changes."""
CORES = {
    "serv_rf_top": ("pythondata_cpu_serv", "verilog/rtl/*.v"),
    "serv_synth_wrapper": ("pythondata_cpu_serv", "verilog/rtl/*.v"),
    "picorv32": ("pythondata_cpu_picorv32", "verilog/picorv32.v"),
    "picorv32_wb": ("pythondata_cpu_picorv32", "verilog/picorv32.v"),
    "ibex_decoder": ("pythondata_cpu_ibex", "system_verilog/rtl/ibex_[!t]*.sv"),
    "ibex_load_store_unit": ("pythondata_cpu_ibex", "system_verilog/rtl/ibex_[!t]*.sv"),
    "ibex_alu": ("pythondata_cpu_ibex", "system_verilog/rtl/ibex_[!t]*.sv"),
}
"""Top of public RTL to the package that holds it, and its files there."""
EMPTY = Testplan(dut="dut", drivers=(), points=())


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("equality") / "sim_builds")


def check_batch(plain: Harness, probed: ProbedHarness, workspace: Workspace, *, lanes: int = LANES) -> None:
    """Both harnesses must sample the same for random rows."""
    harnesses = (plain, probed.harness)
    builds = [build_batch(harness, workspace=workspace, extra_args=ZERO) for harness in harnesses]
    rows = np.stack([random_rows(builds[0], TICKS, seed) for seed in range(lanes)])
    seen = []
    for build in builds:
        with Batch(build) as batch:
            seen.append(batch.lanes(rows, observe=True, hits=True, fresh=True))
    one, other = seen
    assert one.fault is None and other.fault is None
    assert one.observed is not None and other.observed is not None
    assert (one.observed == other.observed).all()
    assert (one.first_fail == other.first_fail).all() and (one.seen == other.seen).all()
    assert other.hits is not None and other.hits.any()


@pytest.mark.parametrize(
    "name", [pytest.param(k.name, marks=() if k.name in FAST else pytest.mark.slow) for k in kept_designs()]
)
def test_an_instrumented_copy_acts_as_the_original(name: str, workspace: Workspace) -> None:
    source = rtl_source(name)
    plain = assemble(source.design, source.plan, source.oracles)
    probed = with_probes(plain, source.plan, workspace=workspace)
    assert any(point.file for point in probed.points)
    check_batch(plain, probed, workspace)


def test_it_does_in_icarus_with_unknown_bits_too(workspace: Workspace, tmp_path: Path) -> None:
    need("iverilog")
    plain = harness_of(rtl_source("sync_fifo").design)
    probed = with_probes(plain, EMPTY, workspace=workspace)
    rows = list(any_rows(plain, 300, seed=5))
    assert play(probed.harness, rows, tmp_path / "probed") == play(plain, rows, tmp_path / "plain")


def test_statements_of_every_kind_stay_what_they_are(workspace: Workspace) -> None:
    source = Path(__file__).with_name("odd.sv")
    plain = harness_of(read_design(resolve_sources([source], top="odd")))
    probed = with_probes(plain, EMPTY, workspace=workspace)
    assert len(probed.points) == 57
    check_batch(plain, probed, workspace)


@pytest.mark.slow
@pytest.mark.parametrize("top", CORES)
def test_public_cores_stay_what_they_are_in_every_tool(top: str, workspace: Workspace, tmp_path: Path) -> None:
    plain = _core(top, tmp_path)
    probed = with_probes(plain, EMPTY, workspace=workspace)
    assert len(probed.points) > 50
    assert not [note for note in probed.notes if note.startswith("Branches and state machines")]
    tools = [(_icarus(h, tmp_path / h.top), _slang(h, tmp_path / h.top)) for h in (plain, probed.harness)]
    assert tools[0] == tools[1]
    assert "ibex" in top or tools[0] == (True, True)
    check_batch(plain, probed, workspace, lanes=4)


def _core(top: str, folder: Path) -> Harness:
    package, pattern = CORES[top]
    root = package_folder(package)
    files: Sequence[Path] = sorted(root.glob(pattern))
    options: dict[str, Sequence[str | Path]] = {}
    if "ibex" in package:
        library = root / "system_verilog" / "vendor" / "lowrisc_ip" / "ip" / "prim" / "rtl"
        files = [root / "system_verilog" / "rtl" / "ibex_pkg.sv", root / "system_verilog" / "rtl" / f"{top}.sv"]
        options = {"include_dirs": [library, library.parents[2] / "dv" / "sv" / "dv_utils"], "defines": ["SYNTHESIS"]}
    design = read_design(resolve_sources(files, top=top, **options))
    wrapper = flat_wrapper(design)
    if wrapper:
        file = folder / f"{wrapper.module}.sv"
        file.write_text(wrapper.text)
        design = read_design(wrapped_sources(design, wrapper, file))
    return harness_of(design)


def _icarus(harness: Harness, folder: Path) -> bool:
    """Whether Icarus takes a harness."""
    sources = harness.design.sources
    command = [need("iverilog"), "-g2012", "-s", harness.top, "-o", str(folder / "out")]
    command += [f"-I{path}" for path in search_path(sources)] + [f"-D{name}" for name in sources.defines]
    files = [str(file) for file in written(harness, folder)]
    return subprocess.run([*command, *files], capture_output=True, check=False).returncode == 0


def _slang(harness: Harness, folder: Path) -> bool:
    """Whether ``read_slang`` takes a harness."""
    sources = harness.design.sources
    files = tuple(written(harness, folder))
    whole = type(sources)(files=files, include_dirs=search_path(sources), defines=sources.defines)
    try:
        run_yosys([read_command(whole, harness.top), "proc"], folder, processes=Processes())
    except PosedgeError:
        return False
    return True
