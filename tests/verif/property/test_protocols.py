"""The library of protocol properties: each fails on traces that break its rule, and on no others."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.support.rtl import RTL, Kept
from tests.support.tools import need
from verif.design.frontend import read_design
from verif.design.model import Design, SourceSet
from verif.property import Directive, bound_properties, monitors
from verif.property.protocols import DraftedFile, drafted_file

GOLDEN = Path(__file__).parents[2] / "golden" / "properties"
UPDATE = os.environ.get("POSEDGE_UPDATE_GOLDEN") == "1"

SHELLS = {
    "stream": """module stream (input logic clk, rst_n, sel, output logic m_tvalid, input logic m_tready,
  output logic [7:0] m_tdata, output logic [1:0] m_tkeep, output logic [1:0] m_tstrb); endmodule""",
    "steady": """module steady (input logic clk, rst_n, output logic m_tvalid, input logic m_tready,
  output logic [15:0] m_tdata, output logic [1:0] m_tkeep, m_tstrb, output logic m_tlast); endmodule""",
    "sink": """module sink (input logic clk, rst_n, input logic s_tvalid, output logic s_tready,
  input logic [7:0] s_tdata); endmodule""",
    "lite": """module lite (input logic aclk, aresetn,
  input logic [3:0] awaddr, input logic awvalid, output logic awready,
  input logic [31:0] wdata, input logic [3:0] wstrb, input logic wvalid, output logic wready,
  output logic [1:0] bresp, output logic bvalid, input logic bready, input logic [3:0] araddr, input logic arvalid,
  output logic arready, output logic [31:0] rdata, output logic [1:0] rresp, output logic rvalid, input logic rready);
endmodule""",
    "apb": """module apb (input logic pclk, presetn, input logic psel, penable, pwrite, input logic [7:0] paddr,
  input logic [31:0] pwdata, output logic [31:0] prdata, output logic pready); endmodule""",
    "bus": """module bus (input logic clk, rst, input logic wb_cyc, wb_stb, wb_we, input logic [3:0] wb_adr,
  input logic [31:0] wb_dat_w, output logic [31:0] wb_dat_r, output logic wb_ack, output logic wb_err); endmodule""",
    "pipe": """module pipe (input logic clk, rst, input logic wb_cyc, wb_stb, wb_we, input logic [3:0] wb_adr,
  input logic [31:0] wb_dat_w, output logic [31:0] wb_dat_r, output logic wb_ack, output logic wb_stall); endmodule""",
    "fifo": """module fifo (input logic clk, rst_n, input logic wr_en, input logic [7:0] wr_data, output logic full,
  input logic rd_en, output logic [7:0] rd_data, output logic empty); endmodule""",
    "arb": """module arb (input logic clk, rst_n, input logic [3:0] req, output logic [3:0] gnt); endmodule""",
}
"""Designs of nothing but ports; a trace is their inside."""


def shell(name: str, directory: Path) -> Design:
    path = directory / f"{name}.sv"
    path.write_text(SHELLS[name] + "\n", encoding="utf-8")
    return read_design(SourceSet(files=(path,), top=name))


def drafted(design: Design) -> DraftedFile:
    found = drafted_file(design, design.top)
    assert found is not None
    return found


Trace = Mapping[str, Sequence[object]]
"""Port to its values; shorter ones keep their last, others are 0. A string is bits with x."""


def failing(name: str, trace: Trace, directory: Path) -> dict[str, list[int]]:
    """Return the cycles in which each assertion and assumption fails, after two cycles of reset."""
    design = shell(name, directory)
    file = drafted(design)
    (props,) = bound_properties(directory / "props.sv", design.sources, file.text)
    uses = [use for use in monitors(props) if use.property.directive is not Directive.COVER]
    clock = design.clocks[0].name
    cycles = max(len(values) for values in trace.values())
    lines = [f"module play; reg {clock} = 0; reg in_reset = 1;"]
    for port in design.ports:
        if port.name != clock:
            lines.append(f"  reg [{port.width - 1}:0] {port.name} = 0;")
    for use in uses:
        ports = ", ".join(f".{port}({wiring})" for port, wiring in use.connections.items())
        lines.append(f"  wire f_{use.property.name}; {use.module} m_{use.property.name} ({ports}, .rst(in_reset),")
        lines.append(f"    .fail(f_{use.property.name}), .covered(), .seen());")
    lines.append("  initial begin")
    for reset in design.resets:
        lines.append(f"    {reset.name} = {int(reset.active_high)};")
    lines.append(f"    repeat (2) begin #2 {clock} = 1; #2 {clock} = 0; end in_reset = 0;")
    for reset in design.resets:
        lines.append(f"    {reset.name} = {int(not reset.active_high)};")
    for cycle in range(cycles):
        for port, values in trace.items():
            value = values[min(cycle, len(values) - 1)]
            lines.append(f"    {port} = {value if isinstance(value, int) else chr(39) + 'b' + str(value)};")
        lines.append("    #2")
        lines += [f'    if (f_{use.property.name}) $display("{use.property.name} {cycle}");' for use in uses]
        lines.append(f"    {clock} = 1; #2 {clock} = 0;")
    lines.append("  end\nendmodule\n")
    texts = dict.fromkeys(text for use in uses for text in (use.code, use.text) if text)
    (directory / "play.sv").write_text("".join(texts) + "\n".join(lines), encoding="utf-8")
    subprocess.run([need("iverilog"), "-g2012", "-o", "play", "play.sv"], cwd=directory, check=True)
    done = subprocess.run([need("vvp"), "-n", "play"], cwd=directory, check=True, capture_output=True, text=True)
    found: dict[str, list[int]] = {}
    for label, cycle in (line.split() for line in done.stdout.splitlines()):
        found.setdefault(label, []).append(int(cycle))
    return found


STREAM = {"m_tvalid": [1, 1, 1, 0], "m_tready": [0, 0, 1, 0], "m_tdata": [5, 5, 5, 0], "m_tkeep": [3], "m_tstrb": [1]}
LITE = {
    "awvalid": [1, 0, 0, 0, 0],
    "awready": [1],
    "wvalid": [0, 1, 0, 0, 0],
    "wready": [1],
    "bvalid": [0, 0, 1, 1, 0],
    "bready": [0, 0, 0, 1, 0],
    "arvalid": [1, 0, 0],
    "arready": [1],
    "rvalid": [0, 1, 0],
    "rready": [1],
}
APB = {
    "psel": [1, 1, 1, 1, 1, 0],
    "penable": [0, 1, 1, 0, 1, 0],
    "pready": [0, 0, 1, 0, 1, 0],
    "paddr": [4, 4, 4, 8, 8, 0],
}
BUS = {"wb_cyc": [1, 1, 1, 0], "wb_stb": [1, 1, 0, 0], "wb_ack": [0, 1, 0, 0], "wb_adr": [3, 3, 0, 0]}
PIPE = {"wb_cyc": [1], "wb_stb": [1, 1, 1, 0], "wb_stall": [1, 0, 0, 0], "wb_adr": [3, 3, 4, 0], "wb_ack": [0, 0, 1, 1]}
FIFO = {
    "wr_en": [1, 1, 0, 0, 0],
    "full": [0, 0, 1, 0, 0],
    "rd_en": [0, 0, 1, 1, 0],
    "empty": [1, 0, 0, 0, 1],
}
ARB = {"req": [5, 4, 4, 0], "gnt": [1, 4, 4, 4]}

GOOD = {
    "stream": STREAM,
    "steady": STREAM,
    "lite": LITE,
    "apb": APB,
    "bus": BUS,
    "pipe": PIPE,
    "fifo": FIFO,
    "arb": ARB,
}


@pytest.mark.parametrize("name", GOOD)
def test_a_trace_that_keeps_the_protocol_breaks_no_property(name: str, tmp_path: Path) -> None:
    assert failing(name, GOOD[name], tmp_path) == {}


BAD = {
    "valid falls": ("steady", {**STREAM, "m_tvalid": [1, 0, 0]}, {"m_tvalid_stable": [1]}),
    "the payload moves": ("steady", {**STREAM, "m_tdata": [5, 6, 6, 0]}, {"m_tvalid_stable": [1]}),
    "the payload moves with a side input": ("stream", {**STREAM, "sel": [0, 1], "m_tdata": [5, 6, 6, 0]}, {}),
    "the payload moves beside a side input": ("stream", {**STREAM, "m_tdata": [5, 6, 6, 0]}, {"m_tvalid_stable": [1]}),
    "a strobe without its byte": (
        "steady",
        {**STREAM, "m_tkeep": [1], "m_tstrb": [3]},
        {"m_tstrb_within_m_tkeep": [0, 1, 2]},
    ),
    "an offer to a sink falls": ("sink", {"s_tvalid": [1, 0]}, {"s_tvalid_stable": [1]}),
    "a write response without data": ("lite", {**LITE, "wvalid": [0]}, {"bvalid_answers": [2, 3]}),
    "a write response twice": (
        "lite",
        {**LITE, "bvalid": [0, 0, 1, 1, 1], "bready": [0, 0, 0, 1, 1]},
        {"bvalid_answers": [4]},
    ),
    "a read response before its request": (
        "lite",
        {**LITE, "arvalid": [0, 1, 0], "rvalid": [1, 0, 1, 0]},
        {"rvalid_answers": [0]},
    ),
    "a write response falls": ("lite", {**LITE, "bvalid": [0, 0, 1, 0, 0]}, {"bvalid_stable": [3]}),
    "read data moves": (
        "lite",
        {**LITE, "rvalid": [0, 1, 1, 0], "rready": [0, 0, 1], "rdata": [0, 7, 8, 0]},
        {"rvalid_stable": [2]},
    ),
    "exclusive okay": (
        "lite",
        {**LITE, "bresp": [0, 0, 1, 1], "rresp": [1]},
        {"bresp_legal": [2, 3], "rresp_legal": [1]},
    ),
    "a write address moves": (
        "lite",
        {**LITE, "awvalid": [1, 1, 0], "awready": [0, 1], "awaddr": [1, 2]},
        {"awvalid_stable": [1]},
    ),
    "write data falls": ("lite", {**LITE, "wready": [1, 0, 1], "bvalid": [0]}, {"wvalid_stable": [2]}),
    "a read address falls": ("lite", {**LITE, "arready": [0], "rvalid": [0]}, {"arvalid_stable": [1]}),
    "no setup": ("apb", {**APB, "penable": [1, 1, 1, 0, 1, 0]}, {"psel_setup": [0]}),
    "no access after setup": ("apb", {**APB, "penable": [0, 0, 1, 0, 1, 0]}, {"psel_access_follows": [1]}),
    "an access given up": (
        "apb",
        {"psel": [1, 1, 0, 0], "penable": [0, 1, 0, 0], "pready": [0], "paddr": [4]},
        {"psel_held": [2]},
    ),
    "an access that does not end": (
        "apb",
        {"psel": [1, 1, 0], "penable": [0, 1, 1, 0], "pready": [0, 1, 0]},
        {"penable_falls": [2]},
    ),
    "an address that moves": ("apb", {**APB, "paddr": [4, 4, 5, 8, 8, 0]}, {"psel_stable": [2]}),
    "write data that moves": ("apb", {**APB, "pwrite": [1], "pwdata": [1, 2, 2, 2]}, {"pwdata_stable": [1]}),
    "an unknown ready": ("apb", {**APB, "pready": [0, "x", 1, 0, 1, 0]}, {"pready_known": [1]}),
    "an answer to nobody": ("bus", {**BUS, "wb_ack": [0, 1, 0, 1]}, {"wb_ack_answers": [3]}),
    "two answers": ("bus", {**BUS, "wb_err": [0, 1, 0]}, {"wb_ack_alone": [1]}),
    "a strobe given up": ("bus", {**BUS, "wb_stb": [1, 0, 0]}, {"wb_stb_held": [1]}),
    "a stalled request that moves": ("pipe", {**PIPE, "wb_adr": [3, 4, 4]}, {"wb_stb_held": [1]}),
    "full and empty": ("fifo", {**FIFO, "empty": [1, 0, 1, 0, 1]}, {"full_not_empty": [2]}),
    "drained and not empty": ("fifo", {**FIFO, "empty": [1, 0, 0, 0, 0]}, {"empty_when_drained": [4]}),
    "full falls by itself": ("fifo", {**FIFO, "full": [0, 0, 1, 0, 0], "rd_en": [0, 0, 0, 1, 1]}, {"full_stays": [3]}),
    "two grants": ("arb", {**ARB, "gnt": [5, 4]}, {"gnt_alone": [0]}),
    "a grant to nobody": ("arb", {**ARB, "gnt": [1, 4, 4, 4, 4]}, {"gnt_requested": [4]}),
}


@pytest.mark.parametrize("what", BAD)
def test_a_trace_that_breaks_a_rule_breaks_its_property_and_no_other(what: str, tmp_path: Path) -> None:
    name, trace, expected = BAD[what]
    assert failing(name, trace, tmp_path) == expected


def test_every_property_of_the_library_has_a_trace_that_it_must_fail(tmp_path: Path) -> None:
    wanted = {
        (name, one.name)
        for name in SHELLS
        for one in drafted(shell(name, tmp_path)).properties
        if one.directive is not Directive.COVER
    }
    broken = {(name, label) for name, _, labels in BAD.values() for label in labels}
    rules = {label for _, label in wanted}
    assert rules == {label for _, label in broken}


DESIGNS = ("apb_timer", "arbiter", "async_fifo", "axi_lite_regs", "skid_buffer", "sync_fifo", "wishbone_ram")


@pytest.mark.parametrize("name", DESIGNS)
def test_drafted_file_is_the_golden_one_and_is_read_back(name: str, tmp_path: Path) -> None:
    design = Kept(name).design
    text = drafted(design).text
    file = GOLDEN / f"{name}_props.sv"
    if UPDATE:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")
    (bound,) = bound_properties(tmp_path / file.name, design.sources, text)
    assert [one.name for one in bound.properties] == [one.name for one in drafted(design).properties]


def test_designs_without_a_protocol_have_no_file() -> None:
    names = sorted(folder.name for folder in RTL.iterdir() if folder.is_dir())
    assert [name for name in names if drafted_file(Kept(name).design, name)] == sorted(DESIGNS)
