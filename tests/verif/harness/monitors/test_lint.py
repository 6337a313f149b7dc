"""Every monitor, as harnesses instantiate it, is clean in Icarus, Verilator, slang and Yosys."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support import lint
from tests.support.monitors import Bench, ports_design, with_rule
from tests.verif.harness.monitors.test_models_agree import CASES as MODELS
from tests.verif.harness.monitors.test_models_agree import case
from tests.verif.harness.monitors.test_rules_agree import CASES as RULES
from tests.verif.harness.monitors.test_stated_agree import CASES as STATED
from verif.design.model import PortRole
from verif.harness.monitors import MonitorUse

CRC_REST = {"reflect_in": True, "reflect_out": True, "final_xor": 0}
NARROW_AND_WIDE = [
    with_rule(ports_design({"r": 1}, {"g": 1}), "grant", "GrantRule", req="r", gnt="g", clock="clk", reset=None),
    with_rule(
        ports_design({"ready": 1}, {"valid": 1, "data": 130}),
        "valid_stable",
        "ValidStableRule",
        valid="valid",
        ready="ready",
        payload=["data"],
        clock="clk",
        reset=None,
    ),
    with_rule(ports_design({}, {"y": 1}), "known", "KnownRule", outputs=["y"]),
    with_rule(ports_design({}, {"y": 200}), "known", "KnownRule", outputs=["y"]),
    case("counter", "CounterModel", {}, {"count": 1}, modulo=2),
    case("counter", "CounterModel", {"en": 1}, {"count": 64}, modulo=1 << 64),
    case("gray_counter", "GrayCounterModel", {"en": 1}, {"gray": 2, "wrap": 1}, width=2),
    case("lfsr", "LfsrModel", {"en": 1}, {"state": 64}, width=64, taps=[63, 61], start=1),
    case("crc", "CrcModel", {"data": 1}, {"crc": 2}, width=2, data_width=1, polynomial=1, initial=0, **CRC_REST),
    case("crc", "CrcModel", {"data": 64}, {"crc": 64}, width=64, data_width=64, polynomial=27, initial=0, **CRC_REST),
    case("pwm", "PwmModel", {"period": 1, "duty": 1}, {"pwm_out": 1}),
    case("priority_encoder", "PriorityEncoderModel", {"lines": 1}, {"index": 1}, False, highest_wins=True, idle=0),
    case("priority_encoder", "PriorityEncoderModel", {"lines": 80}, {"index": 7}, False, highest_wins=True, idle=0),
    case("sequence_detector", "SequenceDetectorModel", {"din": 1}, {"detected": 1}, sequence="1"),
    case("comparator", "ComparatorModel", {"a": 1, "b": 1}, {"less": 1}, False),
    case("adder", "AdderModel", {"a": 1, "b": 1}, {"sum": 1}, False, base=2),
    case("adder", "AdderModel", {"a": 100, "b": 100}, {"sum": 100}, False, base=1 << 100),
    case(
        "spi_master", "SpiMasterModel", {"start": 1, "tx_data": 2, "miso": 1}, {"sclk": 1}, data_bits=2, half_period=1
    ),
    case("multiplier", "MultiplierModel", {"a": 33, "b": 33}, {"product": 66}, width=66, latency=1),
]
"""The checkers whose widths come from the design, at their limits."""
CASES = [*(bench for bench, _ in RULES.values()), *MODELS.values(), *STATED.values(), *NARROW_AND_WIDE]


def wrapper(name: str, bench: Bench, use: MonitorUse) -> str:
    """Return a module that holds one instance, with the nets that it looks at as inputs."""
    clocks = [port.name for port in bench.design.ports if port.role is PortRole.CLOCK]
    looked = " ".join(use.connections.values())
    ports = {port.name: port.width for port in bench.design.ports if re.search(rf"\bobs_{port.name}\b", looked)}
    inputs = [f"input logic [{width - 1}:0] obs_{port}" for port, width in ports.items()]
    inputs += [f"input logic {clock}" for clock in clocks if re.search(rf"\b{clock}\b", looked)]
    head = ",\n".join([*inputs, "input logic rst", "output logic fail", "output logic seen"])
    instance = use.instance("u_monitor", rst="rst", fail="fail", seen="seen")
    return f"`default_nettype none\nmodule {name} (\n{head}\n);\n{instance}\nendmodule\n`default_nettype wire\n"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[list[Path]]:
    """For each case its wrapper and its module."""
    folder = tmp_path_factory.mktemp("monitors")
    found = []
    for number, bench in enumerate(CASES):
        for use in bench.uses:
            module, top = folder / f"{number}" / f"{use.module}.sv", folder / f"case_{number}.sv"
            module.parent.mkdir()
            module.write_text(use.text)
            top.write_text(wrapper(f"case_{number}", bench, use))
            found.append([top, module])
    return found


def test_monitors_compile_on_icarus_without_a_word(files: list[list[Path]]) -> None:
    assert [said for top, module in files if (said := lint.icarus(top, module))] == []


def test_monitors_are_clean_in_verilator(files: list[list[Path]]) -> None:
    assert [said for top, module in files if (said := lint.verilator(top, module))] == []


def test_monitors_are_clean_in_slang(files: list[list[Path]]) -> None:
    assert [(module.name, said) for top, module in files if (said := lint.slang(top, module))] == []


def test_monitors_are_read_by_yosys(files: list[list[Path]]) -> None:
    joined = []
    for top, module in files:
        joined.append(top.with_name(f"{top.stem}_whole.sv"))
        joined[-1].write_text(top.read_text() + module.read_text())
    assert lint.yosys(*joined) == ""


def test_every_narrow_and_every_wide_checker_is_there() -> None:
    assert [len(bench.uses) for bench in NARROW_AND_WIDE] == [1] * len(NARROW_AND_WIDE)


def test_every_module_of_the_package_is_used_here(files: list[list[Path]]) -> None:
    import verif.harness.monitors.hdl as package

    kept = {path.name for path in Path(package.__path__[0]).glob("*.sv")}
    assert kept == {module.name for _, module in files} - {"check_stated_y.sv"}
