"""The designs of ``rtl/``: clean, as specified on paper, and broken on purpose where they say so."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pytest

from tests.support import lint
from tests.support.differential import compare
from tests.support.rtl import RTL, Kept, kept_designs
from verif.design.frontend import read_design
from verif.design.sources import resolve_sources

DESIGNS = kept_designs()
BUG_WARNINGS = ("DECLFILENAME", "UNUSED", "PROCASSINIT")
"""Verilator's style warnings that a broken copy may earn: its file name, and what the bug left idle or unset."""
TICKS = 12_000
KINDS = {
    "alu",
    "priority_encoder",
    "gray_counter",
    "lfsr",
    "crc32",
    "divider",
    "sequence_detector",
    "pwm",
    "sync_fifo",
    "async_fifo",
    "skid_buffer",
    "arbiter",
    "uart_tx",
    "uart_rx",
    "spi_master",
    "apb_timer",
    "axi_lite_regs",
    "wishbone_ram",
}
PROTOCOLS = {
    "apb_timer": [("apb", "target")],
    "arbiter": [("request_grant", "arbiter")],
    "async_fifo": [("fifo", "fifo")],
    "axi_lite_regs": [("axi4_lite", "target")],
    "skid_buffer": [("axi_stream", "sink"), ("axi_stream", "source")],
    "sync_fifo": [("fifo", "fifo")],
    "uart_tx": [("ready_valid", "sink")],
    "wishbone_ram": [("wishbone", "target")],
}
each_design = pytest.mark.parametrize("kept", DESIGNS, ids=lambda kept: kept.name)


def test_rtl_holds_one_design_of_each_kind() -> None:
    assert {kept.name for kept in DESIGNS} == KINDS
    assert all(kept.name == kept.manifest.top == kept.manifest.kind == kept.design.top for kept in DESIGNS)


@each_design
def test_design_is_clean_under_icarus_verilator_and_slang(kept: Kept) -> None:
    assert lint.icarus(kept.source) == ""
    assert lint.verilator(kept.source) == ""
    assert lint.slang(kept.source) == []


@each_design
def test_bugs_compile_under_icarus_verilator_and_slang(kept: Kept) -> None:
    for bug in kept.bugs:
        assert lint.icarus(bug) == ""
        assert lint.slang(bug) == []
        assert lint.verilator(bug, allow=BUG_WARNINGS) == ""


def test_designs_are_clean_under_yosys() -> None:
    assert lint.yosys(*(kept.source for kept in DESIGNS)) == ""


def test_bugs_compile_under_yosys() -> None:
    said = lint.yosys(*(bug for kept in DESIGNS for bug in kept.bugs))
    assert [line for line in said.splitlines() if "asynchronous load value missing" not in line] == []


def test_lint_tells_what_is_wrong(tmp_path: Path) -> None:
    bad = tmp_path / "bad.sv"
    bad.write_text("module bad(input logic [3:0] a, output logic [7:0] y);\n  assign y = b;\nendmodule\n")
    assert "Unable to bind wire/reg/memory `b'" in lint.icarus(bad)
    assert "Can't find definition of variable: 'b'" in lint.verilator(bad)
    assert lint.slang(bad) == ["use of undeclared identifier 'b'"]
    assert "yosys stopped after" in lint.yosys(bad)


def test_lint_tells_warnings(tmp_path: Path) -> None:
    loose = tmp_path / "loose.sv"
    loose.write_text("module loose(input logic [3:0] a, output logic [7:0] y);\n  assign y = y & a;\nendmodule\n")
    assert "Operator AND expects 8 bits" in lint.verilator(loose)
    assert len(lint.slang(loose)) == 1
    assert "found logic loop" in lint.yosys(loose)


@each_design
def test_every_bug_is_observable_at_the_ports(kept: Kept, tmp_path: Path) -> None:
    seen = compare(kept.directory, [kept.source, *kept.bugs], tmp_path, ticks=TICKS)
    assert kept.name not in seen.differences, "the good design differs from itself"
    assert seen.unknown == (), "outputs of the good design are unknown after reset"
    assert [bug.stem for bug in kept.bugs if bug.stem not in seen.differences] == []


@each_design
def test_manifest_lists_the_bugs_of_the_folder(kept: Kept) -> None:
    assert kept.manifest.files == (kept.source,)
    assert sorted(bug.file for bug in kept.manifest.bugs) == list(kept.bugs)
    assert len(kept.bugs) >= 3


@each_design
def test_bug_breaks_a_requirement_and_says_so_in_its_header(kept: Kept) -> None:
    for bug in kept.manifest.bugs:
        assert bug.breaks in kept.requirements
        header = bug.file.read_text(encoding="utf-8").splitlines()[0]
        assert header == f"// Bug, breaks {bug.breaks}: {bug.what}"


@each_design
def test_bug_is_a_small_change_with_the_same_interface(kept: Kept) -> None:
    good = kept.source.read_text(encoding="utf-8").splitlines()
    for bug in kept.bugs:
        changed = [
            line for line in difflib.ndiff(good, bug.read_text(encoding="utf-8").splitlines()) if line[0] in "+-"
        ]
        assert 2 <= len(changed) <= 20, bug.name
        design = read_design(resolve_sources([bug], top=kept.name))
        assert [(p.name, p.direction, p.width) for p in design.ports] == [
            (p.name, p.direction, p.width) for p in kept.design.ports
        ]


@each_design
def test_manifest_states_the_clocks_and_resets_that_the_rtl_has(kept: Kept) -> None:
    plain = read_design(resolve_sources([kept.source]))
    assert [(c.name, c.edge) for c in kept.manifest.clocks] == [(c.name, c.edge) for c in plain.clocks]
    assert [(r.name, r.active_high, r.asynchronous) for r in kept.manifest.resets] == [
        (r.name, r.active_high, r.asynchronous) for r in plain.resets
    ]


@each_design
def test_protocol_is_recognised_from_the_module_alone(kept: Kept) -> None:
    plain = read_design(resolve_sources([kept.source]))
    assert [(match.protocol, match.role) for match in plain.protocols] == PROTOCOLS.get(kept.name, [])


@each_design
def test_spec_numbers_its_requirements(kept: Kept) -> None:
    assert kept.requirements == [f"R{number + 1}" for number in range(len(kept.requirements))]
    assert 5 <= len(kept.requirements) <= 12


@each_design
def test_spec_lists_the_ports_of_the_module(kept: Kept) -> None:
    values = {p.name: int(p.value) for p in kept.design.parameters if p.value.isdigit()}
    listed = [(name, direction, str(values.get(width, width))) for name, direction, width, *_ in kept.table("Ports")]
    assert listed == [(p.name, p.direction.value, str(p.width)) for p in kept.design.ports]


@each_design
def test_spec_lists_the_parameters_and_their_defaults(kept: Kept) -> None:
    code = re.findall(r"^ {4}parameter (?:logic \[\d+:0\] )?(\w+) = ([^,/\n]+)", kept.source.read_text(), re.MULTILINE)
    listed = [(name, default) for name, default, *_ in kept.table("Parameters")]
    assert listed == [(name, re.sub(r"^\d+'h", "0x", default.strip())) for name, default in code]


@each_design
def test_module_forbids_implicit_nets(kept: Kept) -> None:
    lines = kept.source.read_text(encoding="utf-8").splitlines()
    assert lines.index("`default_nettype none") < lines.index(next(line for line in lines if line.startswith("module")))
    assert lines[-1] == "`default_nettype wire"


def test_readme_lists_every_design_and_its_bugs() -> None:
    rows = re.findall(r"^\| \[(\w+)\]\(\w+/spec\.md\) \|.*\| (\d+) \|$", (RTL / "README.md").read_text(), re.MULTILINE)
    assert [(name, int(count)) for name, count in rows] == [(kept.name, len(kept.bugs)) for kept in DESIGNS]
