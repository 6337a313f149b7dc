"""Random properties and traces, and simulators that play a trace on the monitors of many properties at once."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.support.property_traces import (
    Bits,
    Bool,
    Delayed,
    Held,
    Implied,
    Prop,
    Repeated,
    Seq,
    Sometime,
    Trace,
    Verdicts,
    lengths,
)
from tests.support.tools import need
from verif.design.model import Clock, Design, Direction, Port, PortRole, SourceSet
from verif.harness.model import Field, FieldKind, Harness, Observed
from verif.property import PropertyMonitor, monitors, read_properties
from verif.sim.batch import Batch, build_batch
from verif.workspace import Workspace

WIDTHS = {"rst": 1, "stop": 1, "a": 1, "b": 1, "c": 1, "d": 4}
"""Columns of a trace, the highest bits of a row first; ``rst`` is the monitors' own."""
ROW = sum(WIDTHS.values())
LONGEST = 12
"""Cycles of the longest random sequence."""

HEAD = """
module random_props (input logic clk, input logic stop, input logic a, b, c, input logic [3:0] d);
  default clocking @(posedge clk); endclocking
"""


def past(values: NDArray[np.int64], cycles: int = 1) -> NDArray[np.int64]:
    """Return the values of so many cycles before; 0 before the first."""
    return np.concatenate([np.zeros(cycles, values.dtype), values[:-cycles]])


def _ones(values: NDArray[np.int64]) -> NDArray[np.int64]:
    return sum((values >> bit) & 1 for bit in range(4))  # type: ignore[return-value]


def _plain(name: str) -> Bool:
    return Bool(name, lambda trace: trace[name] != 0)


def negated(one: Bool) -> Bool:
    return Bool(f"!({one.text})", lambda trace: ~one.value(trace))


def both(one: Bool, other: Bool) -> Bool:
    return Bool(f"({one.text} && {other.text})", lambda trace: one.value(trace) & other.value(trace))


def either(one: Bool, other: Bool) -> Bool:
    return Bool(f"({one.text} || {other.text})", lambda trace: one.value(trace) | other.value(trace))


def _changes(name: str, function: str) -> Bool:
    def value(trace: Trace) -> Bits:
        now, before = trace[name], past(trace[name])
        match function:
            case "$rose":
                return (now & 1 == 1) & (before & 1 == 0)
            case "$fell":
                return (now & 1 == 0) & (before & 1 == 1)
            case "$stable":
                return now == before
        return now != before

    return Bool(f"{function}({name})", value)


def _number(text: str, value: Callable[[NDArray[np.int64]], Bits]) -> Bool:
    return Bool(text, lambda trace: value(trace["d"]))


def _past(name: str, cycles: int) -> Bool:
    return Bool(f"$past({name}, {cycles})", lambda trace: past(trace[name], cycles) != 0)


_NAMES = st.sampled_from(["a", "b", "c"])
LEAVES = st.one_of(
    _NAMES.map(_plain),
    _NAMES.map(_plain),
    st.builds(
        _changes, st.sampled_from(["a", "b", "c", "d"]), st.sampled_from(["$rose", "$fell", "$stable", "$changed"])
    ),
    st.builds(_past, st.sampled_from(["a", "b", "d"]), st.integers(1, 3)),
    st.sampled_from(
        [
            _number("d == 4'd3", lambda d: d == 3),
            _number("d[2]", lambda d: d & 4 != 0),
            _number("d > $past(d)", lambda d: d > past(d)),
            _number("$onehot(d)", lambda d: _ones(d) == 1),
            _number("$onehot0(d[2:1])", lambda d: _ones(d & 6) <= 1),
            _number("$countones(d) >= 2", lambda d: _ones(d) >= 2),
            _number("$isunknown(d)", lambda d: d < 0),
            _number("$stable(d[0] ^ d[3])", lambda d: (d ^ d >> 3) & 1 == past((d ^ d >> 3) & 1)),
            _number("d + 4'd1", lambda d: (d + 1) % 16 != 0),
            _number("$past(d + $past(d)) == 4'd0", lambda d: past((d + past(d)) % 16) == 0),
        ]
    ),
)
BOOLEANS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(inner.map(negated), st.builds(either, inner, inner), st.builds(both, inner, inner)),
    max_leaves=3,
)
LIKELY = st.one_of(st.builds(either, LEAVES, LEAVES), BOOLEANS)
"""Booleans that are true more often than not, so that long sequences match, too."""


def _ranged(make: Callable[[int, int], Seq], most: int) -> st.SearchStrategy[Seq]:
    return st.tuples(st.integers(0, most), st.integers(0, most)).map(lambda ends: make(min(ends), max(ends)))


@st.composite
def _larger(draw: st.DrawFn, inner: st.SearchStrategy[Seq]) -> Seq:
    low, more = draw(st.integers(0, 3)), draw(st.integers(0, 2))
    match draw(st.integers(0, 4)):
        case 0:
            return Repeated(draw(inner), low, max(low + more, 1))
        case 1:
            return Held(draw(LIKELY), draw(inner))
        case 2:
            return Delayed(None, low, low + more, draw(inner))
    return Delayed(draw(inner), low, low + more, draw(inner))


def _usable(seq: Seq) -> bool:
    found = lengths(seq)
    return bool(found) and 0 not in found and max(found) <= LONGEST


SEQUENCES: st.SearchStrategy[Seq] = st.recursive(LIKELY, _larger, max_leaves=4).filter(_usable)
_CONSEQUENTS = st.one_of(
    SEQUENCES,
    SEQUENCES,
    st.builds(lambda low, more, seq: Sometime(low, low + more, seq), st.integers(0, 3), st.integers(0, 3), SEQUENCES),
)
PROPERTIES: st.SearchStrategy[Prop] = st.one_of(
    _CONSEQUENTS,
    st.builds(Implied, SEQUENCES, st.booleans(), _CONSEQUENTS),
    st.builds(Implied, SEQUENCES, st.booleans(), _CONSEQUENTS),
    st.builds(Implied, SEQUENCES, st.booleans(), st.builds(Implied, LIKELY, st.booleans(), _CONSEQUENTS)),
)


def random_trace(cycles: int, seed: int) -> dict[str, NDArray[np.int64]]:
    """Return a trace whose bits keep their value for some cycles, some of them often 1; reset first."""
    rng = np.random.default_rng(seed)
    trace = {}
    for name, width in WIDTHS.items():
        rare = name in ("rst", "stop")
        ones = 0.02 if rare else 0.6
        fresh = rng.random((cycles, width)) < (1.0 if rare else 0.5)
        drawn = rng.random((cycles, width)) < ones
        source = np.maximum.accumulate(np.where(fresh, np.arange(cycles)[:, None], 0), axis=0)
        held = np.take_along_axis(drawn, source, axis=0)
        trace[name] = (held * (1 << np.arange(width))).sum(axis=1).astype(np.int64)
    trace["rst"][:2] = 1
    return trace


def write_file(properties: Sequence[Prop], disabled: Sequence[bool], path: Path) -> Path:
    """Write the properties; those in ``disabled`` are given up by ``stop``."""
    lines = []
    for number, (prop, stops) in enumerate(zip(properties, disabled, strict=True)):
        lines.append(f"  r{number}: assert property ({'disable iff (stop) ' if stops else ''}{prop.text});\n")
    path.write_text(HEAD + "".join(lines) + "endmodule\n", encoding="utf-8")
    return path


def made(properties: Sequence[Prop], disabled: Sequence[bool], directory: Path) -> tuple[PropertyMonitor, ...]:
    """Return the monitors of the properties, by way of a file."""
    return monitors(read_properties(write_file(properties, disabled, directory / "random_props.sv")))


def top(uses: Sequence[PropertyMonitor]) -> str:
    """Return a module with all the monitors: rows in, three bits a monitor out, the first monitor's lowest."""
    lines = [f"module monitors_top (input wire clk, input wire [{ROW - 1}:0] stim_row,"]
    lines.append(f"    output wire [{3 * len(uses) - 1}:0] obs_verdicts);")
    lines += [f"wire [{width - 1}:0] {name};" if width > 1 else f"wire {name};" for name, width in WIDTHS.items()]
    lines.append(f"assign {{{', '.join(WIDTHS)}}} = stim_row;")
    for number, use in enumerate(uses):
        ports = ", ".join(f".{port}({what})" for port, what in use.connections.items())
        place = 3 * number
        outputs = f".fail(obs_verdicts[{place}]), .covered(obs_verdicts[{place + 1}]), .seen(obs_verdicts[{place + 2}])"
        lines.append(f"{use.module} m{number} ({ports}, .rst(rst), {outputs});")
    return "\n".join([*lines, "endmodule", ""])


def rows_of(trace: Trace) -> NDArray[np.int64]:
    """Return the rows of a trace as numbers."""
    rows = np.zeros(len(trace["a"]), np.int64)
    for name, width in WIDTHS.items():
        rows = rows << width | trace[name]
    return rows


def play_in_icarus(uses: Sequence[PropertyMonitor], trace: Trace, directory: Path) -> list[Verdicts]:
    """Return what the monitors say in each cycle."""
    rows = rows_of(trace)
    (directory / "rows.hex").write_text("\n".join(f"{row:x}" for row in rows), encoding="utf-8")
    play = f"""
module play;
  reg clk = 0;
  reg [{ROW - 1}:0] rows [0:{len(rows) - 1}];
  reg [{ROW - 1}:0] row;
  wire [{3 * len(uses) - 1}:0] verdicts;
  integer cycle;
  monitors_top top (.clk(clk), .stim_row(row), .obs_verdicts(verdicts));
  initial begin
    $readmemh("rows.hex", rows);
    for (cycle = 0; cycle < {len(rows)}; cycle = cycle + 1) begin
      row = rows[cycle];
      #2 $display("%b", verdicts);
      clk = 1;
      #2 clk = 0;
    end
  end
endmodule
"""
    text = "".join(use.text for use in uses) + top(uses) + play
    (directory / "play.sv").write_text(text, encoding="utf-8")
    subprocess.run([need("iverilog"), "-g2012", "-o", "play", "play.sv"], cwd=directory, check=True)
    done = subprocess.run([need("vvp"), "-n", "play"], cwd=directory, check=True, capture_output=True, text=True)
    bits = np.array([[digit == "1" for digit in reversed(line)] for line in done.stdout.split()])
    assert set(done.stdout) <= {"0", "1", "\n"}
    return _split(bits, len(uses))


def play_in_batch(uses: Sequence[PropertyMonitor], trace: Trace, workspace: Workspace) -> list[Verdicts]:
    """Return what the monitors say in each cycle, from the batch engine."""
    rows = rows_of(trace).astype(np.uint32)[:, None]
    with Batch(build_batch(_harness(uses), workspace=workspace), timeout=300) as batch:
        run = batch.run(rows, observe=True)
    observed = run.observed
    assert observed is not None
    bits = (observed[:, :, None] >> np.arange(32, dtype=np.uint32)) & 1
    return _split(bits.reshape(len(rows), -1).astype(bool), len(uses))


def _harness(uses: Sequence[PropertyMonitor]) -> Harness:
    ports = (
        Port(name="clk", direction=Direction.INPUT, width=1, role=PortRole.CLOCK),
        Port(name="verdicts", direction=Direction.OUTPUT, width=3 * len(uses)),
    )
    return Harness(
        top="monitors_top",
        design=Design(top="none", sources=SourceSet(files=()), ports=ports, clocks=(Clock(name="clk"),), resets=()),
        files={**{f"{use.module}.sv": use.text for use in uses}, "monitors_top.sv": top(uses)},
        stimulus=(Field(name="stim_row", width=ROW, kind=FieldKind.DATA),),
        observed=(Observed(name="obs_verdicts", port="verdicts", width=3 * len(uses), direction=Direction.OUTPUT),),
        monitors=(),
        schedule=("clk",),
        reset_ticks=0,
    )


def _split(bits: Bits, count: int) -> list[Verdicts]:
    return [Verdicts(bits[:, 3 * one], bits[:, 3 * one + 1], bits[:, 3 * one + 2]) for one in range(count)]
