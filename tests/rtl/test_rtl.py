"""The designs of ``rtl/``: clean, as specified on paper, and broken on purpose where they say so."""

from __future__ import annotations

import difflib
import importlib
import re
import shutil
from pathlib import Path

import pytest

from tests.support import lint
from tests.support.differential import Comparison, compare
from tests.support.rtl import RTL, Kept, kept_designs
from verif.bench.library.select import choose_oracles
from verif.design.frontend import read_design
from verif.design.sources import resolve_sources
from verif.plan.spec import read_specification

DESIGNS = kept_designs()
BUG_WARNINGS = ("DECLFILENAME", "UNUSED", "PROCASSINIT")
"""Verilator's style warnings that a broken copy may earn: its file name, and what the bug left idle or unset."""
TICKS = 12_000
FIRST_RESET = 20
"""Ticks after which the first reset is over."""
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
OTHER_PARAMETERS = [
    ("sync_fifo", "DEPTH=2 WIDTH=1"),
    ("async_fifo", "DEPTH=4 WIDTH=33"),
    ("alu", "WIDTH=32"),
    ("arbiter", "N=5"),
    ("priority_encoder", "WIDTH=5"),
    ("gray_counter", "WIDTH=2"),
    ("uart_tx", "PARITY=0 STOP_BITS=2 DATA_BITS=5"),
    ("uart_rx", "PARITY=2 CLKS_PER_BIT=5 DATA_BITS=9"),
    ("divider", "WIDTH=5"),
    ("sequence_detector", "COUNT_WIDTH=1"),
    ("pwm", "WIDTH=1"),
    ("spi_master", "HALF_PERIOD=3 DATA_BITS=2"),
    ("apb_timer", "WIDTH=31 PRESCALE_WIDTH=1"),
    ("wishbone_ram", "ADDR_WIDTH=2"),
    ("skid_buffer", "DATA_WIDTH=1"),
]
each_design = pytest.mark.parametrize("kept", DESIGNS, ids=lambda kept: kept.name)


def test_rtl_holds_one_design_of_each_kind() -> None:
    assert {kept.name for kept in DESIGNS} == KINDS
    assert all(kept.name == kept.manifest.top == kept.manifest.kind == kept.design.top for kept in DESIGNS)


@each_design
def test_design_is_clean_under_icarus_verilator_and_slang(kept: Kept) -> None:
    assert lint.icarus(kept.source) == ""
    assert lint.verilator(kept.source) == ""
    assert lint.slang(kept.source) == []


@pytest.mark.parametrize(("name", "values"), OTHER_PARAMETERS, ids=lambda value: str(value))
def test_design_is_clean_with_other_parameters(name: str, values: str) -> None:
    source = Kept(name).source
    assert lint.icarus(source, parameters=values.split(), top=name) == ""
    assert lint.verilator(source, parameters=values.split()) == ""


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
def test_every_bug_is_observable_and_breaks_the_specification(kept: Kept, tmp_path: Path) -> None:
    seen = compare(kept.directory, [kept.source, *kept.bugs], tmp_path, ticks=TICKS)
    assert kept.name not in seen.differences, "the good design differs from itself"
    assert seen.unknown == (), "outputs of the good design are unknown after reset"
    assert [bug.stem for bug in kept.bugs if bug.stem not in seen.differences] == []
    predicted = predictions(kept, seen)
    assert departures(seen, predicted) == [], "the good design does not do what its specification says"
    for bug in kept.bugs:
        cared = [d for d in seen.differences[bug.stem] if predicted[d.tick].get(d.port) is not None]
        assert cared, f"{bug.name} differs only where the specification leaves the outputs open"


def predictions(kept: Kept, seen: Comparison) -> list[dict[str, int | None]]:
    """What the reference model, written from spec.md alone, predicts for the inputs of ``seen``."""
    chosen = choose_oracles(kept.design, read_specification(kept.directory / "spec.md")).model
    assert chosen is not None
    library = importlib.import_module(chosen.snippet.module)
    model = eval(f"{chosen.snippet.class_name}({chosen.snippet.arguments})", vars(library))
    model.reset()
    return [model.step(row) for row in seen.rows]


def departures(seen: Comparison, predicted: list[dict[str, int | None]]) -> list[tuple[int, str]]:
    """Ticks and ports, after the first reset, at which the good design and the model disagree."""
    return [
        (tick, port)
        for tick, outputs in enumerate(predicted)
        for port, value in outputs.items()
        if tick >= FIRST_RESET and value is not None and seen.rows[tick][port] != value
    ]


def test_comparison_tells_an_output_that_stays_unknown(tmp_path: Path) -> None:
    kept = Kept("gray_counter")
    unset = re.sub(r"^ +gray +<= .*;$", "", kept.source.read_text(encoding="utf-8"), flags=re.MULTILINE)
    (tmp_path / kept.source.name).write_text(unset, encoding="utf-8")
    shutil.copy(kept.directory / "design.toml", tmp_path)
    assert compare(tmp_path, [], tmp_path, ticks=100).unknown == ("gray",)


def test_departures_name_tick_and_port_where_a_design_breaks_its_specification(tmp_path: Path) -> None:
    kept = Kept("lfsr")
    seen = compare(kept.directory, [], tmp_path, ticks=100)
    seen.rows[40]["bit_out"] = 1 - (seen.rows[40]["bit_out"] or 0)
    assert departures(seen, predictions(kept, seen)) == [(40, "bit_out")]


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
