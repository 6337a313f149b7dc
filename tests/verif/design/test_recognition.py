"""What is recognised from the RTL alone: about ``rtl/`` what it is known to be, about packaged cores what they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.tools import package_folder
from verif.design.frontend import read_design
from verif.design.manifest import read_manifest
from verif.design.sources import resolve_sources

_ROOT = Path(__file__).resolve().parents[3]
_MANIFESTS = sorted((_ROOT / "rtl").glob("*/design.toml"))

_PROTOCOLS = {
    "apb_timer": {("apb", "target")},
    "arbiter": {("request_grant", "arbiter")},
    "async_fifo": {("fifo", "fifo")},
    "axi_lite_regs": {("axi4_lite", "target")},
    "skid_buffer": {("axi_stream", "sink"), ("axi_stream", "source")},
    "sync_fifo": {("fifo", "fifo")},
    "uart_tx": {("ready_valid", "sink")},
    "wishbone_ram": {("wishbone", "target")},
}
"""The designs of ``rtl/`` that speak a protocol; the others must not seem to."""


@pytest.mark.parametrize("path", _MANIFESTS, ids=lambda path: path.parent.name)
def test_clocks_and_resets_of_our_designs_are_found_without_the_manifest(path: Path) -> None:
    manifest = read_manifest(path)
    design = read_design(resolve_sources(manifest.files, top=manifest.top))
    assert {clock.name for clock in design.clocks} == {entry.name for entry in manifest.clocks}
    stated = {(r.name, r.active_high, r.asynchronous) for r in manifest.resets}
    assert {(r.name, r.active_high, r.asynchronous) for r in design.resets} == stated


@pytest.mark.parametrize("path", _MANIFESTS, ids=lambda path: path.parent.name)
def test_protocols_of_our_designs_are_found_without_the_manifest(path: Path) -> None:
    manifest = read_manifest(path)
    design = read_design(resolve_sources(manifest.files, top=manifest.top))
    assert {(match.protocol, match.role) for match in design.protocols} == _PROTOCOLS.get(path.parent.name, set())


def _package(name: str) -> Path:
    return package_folder(f"pythondata_cpu_{name}")


def test_picorv32_is_recognised() -> None:
    design = read_design(resolve_sources([_package("picorv32") / "verilog/picorv32.v"], top="picorv32_wb"))
    assert [clock.name for clock in design.clocks] == ["wb_clk_i"]
    assert [(r.name, r.active_high, r.asynchronous) for r in design.resets] == [("wb_rst_i", True, False)]
    assert [(m.protocol, m.role, m.name) for m in design.protocols] == [
        ("wishbone", "initiator", "wbm"),
        ("ready_valid", "source", "pcpi"),
    ]
    machines = {fsm.register: fsm for fsm in design.fsms}
    assert len(machines["picorv32_core.cpu_state"].states) == 8
    assert machines["picorv32_core.cpu_state"].initial == "cpu_state_fetch"


def test_serv_is_recognised_from_its_directory() -> None:
    design = read_design(resolve_sources([_package("serv") / "verilog/rtl"], top="serv_rf_top"))
    assert [clock.name for clock in design.clocks] == ["clk"]
    assert [reset.name for reset in design.resets] == ["i_rst"]
    assert {match.name for match in design.protocols} == {"ibus", "dbus"}


def test_ibex_is_recognised_from_its_directory() -> None:
    design = read_design(resolve_sources([_package("ibex") / "system_verilog"], top="ibex_top"))
    assert [clock.name for clock in design.clocks] == ["clk_i"]
    assert {reset.name for reset in design.resets} == {"rst_ni", "scan_rst_ni"}
    assert [(match.protocol, match.name) for match in design.protocols] == [
        ("request_grant", "instr"),
        ("request_grant", "data"),
    ]
    controller = next(f for f in design.fsms if f.register == "u_ibex_core.id_stage_i.controller_i.ctrl_fsm_cs")
    assert (len(controller.states), controller.initial) == (10, "RESET")
