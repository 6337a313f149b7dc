"""Small designs at random: registers, expressions of any width and signedness, branches, memories."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

_BINARY = ("+", "-", "*", "&", "|", "^", "~^", "<<", ">>", "<<<", ">>>")
_COMPARED = ("<", "<=", ">", ">=", "==", "!=", "&&", "||")
_UNARY = ("~", "-", "!", "&", "|", "^", "~&", "~|")
OUTPUT = 8
"""Bits of ``a`` that a block sees and of ``y`` that it drives."""
_TURNED = "{a[6:0], a[7]}"
"""No other operand is the same, so ``^`` with it is no constant 0: how far the X of a division by that goes is up to
the tool."""


@dataclass(frozen=True)
class Block:
    """One design: declarations and statements between ``slice_in`` and ``slice_out``, both of ``OUTPUT`` bits."""

    text: str

    def module(self, name: str) -> str:
        """Return it as a module."""
        return (
            f"module {name} (input wire clk, input wire rst, input wire [{OUTPUT - 1}:0] a,\n"
            f"  output wire [{OUTPUT - 1}:0] y);\n{self.text}\nendmodule\n"
        )


def design(blocks: list[Block]) -> tuple[str, str]:
    """Return the body of a ``dut`` that holds all blocks side by side, and the text of their modules."""
    body = ["  assign bad = 1'b0;"]
    for number in range(len(blocks)):
        span = f"[{OUTPUT * number} +: {OUTPUT}]"
        body.append(f"  block_{number} block_{number} (.clk(clk), .rst(rst), .a(a{span}), .y(y{span}));")
    return "\n".join(body), "".join(block.module(f"block_{number}") for number, block in enumerate(blocks))


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    """Draw a design."""
    names = {"a": OUTPUT}
    lines = []
    for number in range(draw(st.integers(1, 3))):
        width, signed = draw(st.integers(1, 12)), draw(st.booleans())
        names[f"r{number}"] = width
        lines.append(f"  reg {'signed ' if signed else ''}[{width - 1}:0] r{number};")
    registers = [name for name in names if name != "a"]
    if memory := draw(st.booleans()):
        words, width = draw(st.sampled_from((3, 4, 8, 16))), draw(st.integers(1, 12))
        lines.append(f"  reg [{width - 1}:0] m [0:{words - 1}];")
        lines.append(f"  wire [{width - 1}:0] kept = m[{{{draw(_expressions(names))}}} % {words}];")
        names["kept"] = width
    for number in range(draw(st.integers(0, 2))):
        width = draw(st.integers(1, 9))
        lines.append(f"  wire [{width - 1}:0] w{number} = {draw(_expressions(names))};")
        names[f"w{number}"] = width
    for name in registers:
        lines.append(draw(_process(name, names)))
    if memory:
        enable, index, value = (draw(_expressions(names)) for _ in range(3))
        lines.append(f"  always @(posedge clk) if ({enable}) m[{{{index}}} % {words}] <= {value};")
    lines.append(f"  assign y = {draw(_expressions(names, 3))};")
    return Block("\n".join(lines))


@st.composite
def _process(draw: st.DrawFn, register: str, names: dict[str, int]) -> str:
    asynchronous = draw(st.booleans())
    start = draw(st.integers(0, 7))
    then, other, guard, chosen = (draw(_expressions(names)) for _ in range(4))
    labels = draw(st.lists(st.integers(0, 7), min_size=1, max_size=3, unique=True))
    items = " ".join(f"3'd{label}: {register} <= {draw(_expressions(names, 1))};" for label in labels)
    # Where constants leave only the asynchronous assignment, read_slang loses the register.
    default = f" default: {register} <= {other};" if asynchronous or draw(st.booleans()) else ""
    wanted = draw(st.sampled_from(("case", "casez")))
    return (
        f"  always @(posedge clk{' or posedge rst' if asynchronous else ''})\n"
        f"    if (rst) {register} <= {start};\n"
        f"    else if ({guard}) begin\n"
        f"      {wanted} (3'({chosen})) {items}{default} endcase\n"
        f"    end else {register} <= {then};"
    )


@st.composite
def _expressions(draw: st.DrawFn, names: dict[str, int], depth: int = 2) -> str:
    kind = draw(st.integers(0, 9)) if depth else 0
    if kind <= 1:
        return draw(_leaves(names))

    def part() -> str:
        return draw(_expressions(names, depth - 1))

    if kind <= 4:
        return f"({part()} {draw(st.sampled_from(_BINARY))} {part()})"
    if kind == 5:
        return f"({part()} {draw(st.sampled_from(_COMPARED))} {part()})"
    if kind == 6:
        return f"({draw(st.sampled_from(_UNARY))} {part()})"
    if kind == 7:
        return f"({part()} ? {part()} : {part()})"
    if kind == 8:
        return f"{draw(st.sampled_from(('$signed', '$unsigned')))}({part()})"
    how = draw(st.integers(0, 2))
    if how == 0:
        return f"({part()} {draw(st.sampled_from(('/', '%')))} ({part()} ^ {_TURNED}))"
    return f"{{{part()}, {part()}}}" if how == 1 else f"{{{draw(st.integers(1, 3))}{{{part()}}}}}"


@st.composite
def _leaves(draw: st.DrawFn, names: dict[str, int]) -> str:
    if draw(st.integers(0, 3)) == 0:
        width = draw(st.integers(1, 9))
        literal = f"{width}'{draw(st.sampled_from(('d', 'sd')))}{draw(st.integers(0, (1 << width) - 1))}"
        return f"(-{literal})" if draw(st.booleans()) else literal
    name = draw(st.sampled_from(sorted(names)))
    width = names[name]
    how = draw(st.integers(0, 3))
    if how == 0 and width > 1:
        return f"{name}[{draw(st.integers(0, width - 1))}]"
    if how == 1 and width > 2:
        low = draw(st.integers(0, width - 2))
        return f"{name}[{draw(st.integers(low, width - 1))}:{low}]"
    if how == 2 and width in (2, 4, 8):
        return f"{name}[{draw(st.sampled_from([n for n in names if names[n] > 2]))}[{width.bit_length() - 2}:0]]"
    return name
