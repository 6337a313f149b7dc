"""Twelve small blocks for ``benchmarks/generate.py``: what is asked, and golden RTL that decides."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """A task with its golden module."""

    name: str
    task: str
    golden: str
    families: tuple[str, ...]
    """Names of the shipped examples that are of the block's family, left out for the honest figure."""


def _clocked(ports: str, body: str) -> str:
    return f"module top (input clk, input rst, {ports});\n  always @(posedge clk)\n{body}endmodule\n"


BLOCKS = (
    Block(
        name="mux2",
        task="2-to-1 multiplexer: y is b when sel is 1, otherwise a.",
        golden="module top (input [7:0] a, input [7:0] b, input sel, output [7:0] y);\n"
        "  assign y = sel ? b : a;\nendmodule\n",
        families=("multiplexer",),
    ),
    Block(
        name="up_counter",
        task="4-bit up counter q with enable en: q goes up by 1 on each clock while en is high.",
        golden=_clocked("input en, output reg [3:0] q", "    if (rst) q <= 0;\n    else if (en) q <= q + 1;\n"),
        families=("up counter", "modulo counter"),
    ),
    Block(
        name="down_counter",
        task="Down counter: q goes down by 1 on each clock while en is high.",
        golden=_clocked("input en, output reg [3:0] q", "    if (rst) q <= 0;\n    else if (en) q <= q - 1;\n"),
        families=("up counter", "modulo counter"),
    ),
    Block(
        name="parity",
        task="y is the XOR of all bits of a.",
        golden="module top (input [7:0] a, output y);\n  assign y = ^a;\nendmodule\n",
        families=("reduction",),
    ),
    Block(
        name="equal",
        task="Equality comparator: y is 1 when a equals b.",
        golden="module top (input [3:0] a, input [3:0] b, output y);\n  assign y = a == b;\nendmodule\n",
        families=("comparator",),
    ),
    Block(
        name="greater",
        task="Comparator: y is 1 when a is greater than b.",
        golden="module top (input [3:0] a, input [3:0] b, output y);\n  assign y = a > b;\nendmodule\n",
        families=("comparator",),
    ),
    Block(
        name="gray",
        task="Binary to Gray code: y is a XOR a shifted right by 1.",
        golden="module top (input [3:0] a, output [3:0] y);\n  assign y = a ^ (a >> 1);\nendmodule\n",
        families=("shifter",),
    ),
    Block(
        name="load_register",
        task="8-bit register q that loads d when en is high.",
        golden=_clocked(
            "input en, input [7:0] d, output reg [7:0] q", "    if (rst) q <= 0;\n    else if (en) q <= d;\n"
        ),
        families=("hold register",),
    ),
    Block(
        name="accumulator",
        task="Accumulator: add d to q when en is high.",
        golden=_clocked(
            "input en, input [7:0] d, output reg [7:0] q", "    if (rst) q <= 0;\n    else if (en) q <= q + d;\n"
        ),
        families=("accumulator",),
    ),
    Block(
        name="toggle",
        task="Toggle flip-flop: q inverts on each clock while en is high.",
        golden=_clocked("input en, output reg q", "    if (rst) q <= 0;\n    else if (en) q <= ~q;\n"),
        families=("toggle",),
    ),
    Block(
        name="rising_edge",
        task="Rising edge detector: p is high for one cycle after d goes from 0 to 1; r keeps the old d.",
        golden="module top (input clk, input rst, input d, output reg p);\n  reg r;\n  always @(posedge clk)\n"
        "    if (rst) begin p <= 0; r <= 0; end\n    else begin p <= d & ~r; r <= d; end\nendmodule\n",
        families=("edge detector", "sequence"),
    ),
    Block(
        name="shift_left",
        task="4-bit shift register: on each clock q moves left by one and bit 0 takes d.",
        golden=_clocked("input d, output reg [3:0] q", "    if (rst) q <= 0;\n    else q <= {q[2:0], d};\n"),
        families=("shift register",),
    ),
)
