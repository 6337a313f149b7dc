"""The baseline plan of every design of ``rtl/`` and of the packaged cores."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.rtl import RTL
from tests.support.tools import package_folder
from verif.design.frontend import read_design
from verif.design.model import Design
from verif.design.sources import resolve_sources
from verif.errors import PosedgeError
from verif.plan.baseline import baseline_plan, undriven
from verif.plan.files import troubles
from verif.plan.play import play

NAMES = sorted(path.parent.name for path in RTL.glob("*/design.toml"))

EXPECTED = {
    "apb_timer": {"ApbMaster"},
    "arbiter": {"Requester", "Bits"},
    "async_fifo": {"FifoPush", "FifoPop"},
    "axi_lite_regs": {"AxiLiteMaster", "Values"},
    "divider": {"Operation"},
    "pwm": {"Configuration", "Bits"},
    "skid_buffer": {"StreamSource", "StreamSink"},
    "spi_master": {"Operation", "SpiSubordinate"},
    "sync_fifo": {"FifoPush", "FifoPop"},
    "uart_rx": {"UartLine"},
    "uart_tx": {"StreamSource"},
    "wishbone_ram": {"WishboneMaster"},
}


def sound(design: Design) -> None:
    plan = baseline_plan(design)
    assert undriven(plan, design) == []
    assert list(troubles(plan)) == []
    outputs = dict.fromkeys((port.name for port in design.outputs), 0)
    shortest = min(plan.points, key=lambda point: sum(phase.cycles for phase in point.phases))
    stimulus = play(plan, shortest, seed=1, step=lambda i: outputs, clocks=design.clocks, resets=design.resets)
    for port in design.data_inputs:
        assert max(stimulus.column(port.name)) < 1 << port.width, port.name


@pytest.mark.parametrize("name", NAMES)
def test_rtl_design_gets_a_sound_plan(name: str) -> None:
    design = read_design(resolve_sources([RTL / name / "design.toml"]))
    sound(design)
    if name in EXPECTED:
        assert {driver.kind for driver in baseline_plan(design).drivers} == EXPECTED[name]


def packaged(package: str, pattern: str) -> list[Path]:
    return sorted((package_folder(package) / "verilog").glob(pattern))


@pytest.mark.parametrize(
    ("package", "pattern"), [("pythondata_cpu_serv", "rtl/*.v"), ("pythondata_cpu_picorv32", "picorv32.v")]
)
def test_every_module_of_a_packaged_core_gets_a_sound_plan(package: str, pattern: str) -> None:
    files = packaged(package, pattern)
    tops = [top for file in files for top in re.findall(r"^\s*module\s+(\w+)", file.read_text(encoding="utf-8"), re.M)]
    planned = 0
    for top in tops:
        try:
            design = read_design(resolve_sources(files, top=top))
        except PosedgeError:
            continue  # what the front end can't take is its own tests' matter
        sound(design)
        planned += 1
    assert planned >= len(tops) - 2
