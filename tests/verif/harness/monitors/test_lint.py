"""Every monitor, as harnesses instantiate it, is clean in Icarus, Verilator, slang and Yosys."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support import lint
from tests.support.monitors import Bench
from tests.verif.harness.monitors.test_models_agree import CASES as MODELS
from tests.verif.harness.monitors.test_rules_agree import CASES as RULES
from tests.verif.harness.monitors.test_stated_agree import CASES as STATED
from verif.design.model import PortRole
from verif.harness.monitors import MonitorUse

CASES = [*(bench for bench, _ in RULES.values()), *MODELS.values(), *STATED.values()]


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


def test_every_module_of_the_package_is_used_here(files: list[list[Path]]) -> None:
    import verif.harness.monitors.hdl as package

    kept = {path.name for path in Path(package.__path__[0]).glob("*.sv")}
    assert kept == {module.name for _, module in files} - {"check_stated_y.sv"}
