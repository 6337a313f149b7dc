"""The text of a harness's top module: header with the port map, ports, wiring, the design's instance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import wrap

from verif.design.identifiers import reference
from verif.design.model import Design
from verif.harness.model import Field, Harness, Observed
from verif.harness.names import vector

_WIDTH = 100
_TIMESCALE = "`timescale 1ns/1ps"
_SEVERAL_MODULES = "// verilator lint_off DECLFILENAME"
_BOTH_RESETS = "// verilator lint_off SYNCASYNCNET"
"""What the design resets asynchronously resets transactors and monitors with their clock."""
_CYCLE = (
    "Each tick takes one row of stimulus: the stim_ inputs change away from any edge, everything settles, all outputs "
    "are sampled just before the active edge of the tick's clock, then that edge and the inactive one come. Any "
    "stimulus is legal: the harness makes moves out of it that the design's protocols allow."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """What stands between the ports and the end of the top module."""

    before: tuple[str, ...]
    """Declarations, assignments and instances that stand before the design's, without indentation."""
    connections: tuple[tuple[str, str], ...]
    """Port of the design to the net that it is connected to."""
    after: tuple[str, ...]
    """The same that stand behind it."""


def top_text(harness: Harness, body: Body, dut: str, modules: Sequence[str], beside: Sequence[str]) -> str:
    """Return the file of the top module.

    ``modules`` are the texts of modules that follow it, ``beside`` names files that must be compiled with it.
    """
    ports = [
        *(_port("input", clock.name, 1) for clock in harness.clocks),
        *(_port("input", field.name, field.width) for field in harness.stimulus),
        *(_port("output", port.name, port.width) for port in harness.observed),
        *(_port("output", name, 1) for monitor in harness.monitors for name in (monitor.fail, monitor.seen)),
    ]
    lines = [
        *_header(harness, dut, beside),
        *([_SEVERAL_MODULES] if modules else []),
        *([_BOTH_RESETS] if any(reset.asynchronous for reset in harness.resets) else []),
        "`default_nettype none",
        "",
        f"module {harness.top} (",
        *_listed(ports),
        ");",
        "",
        *_inside(body.before),
        *_instance(harness.design, body.connections),
        "",
        *_inside(body.after),
        "endmodule",
        "",
        "`default_nettype wire",
    ]
    return _file(lines, modules)


def modules_text(title: str, modules: Sequence[str]) -> str:
    """Return a file of modules."""
    return _file([f"// {title}", _SEVERAL_MODULES], modules)


def with_timescale(text: str) -> str:
    """Return a file's text with a time scale behind its header, as all files need where one has it."""
    return text.replace("`default_nettype none", f"{_TIMESCALE}\n`default_nettype none", 1)


def _file(lines: Sequence[str], modules: Sequence[str]) -> str:
    return "\n".join([*lines, *(f"\n{text.rstrip()}" for text in modules)]) + "\n"


def _inside(lines: Sequence[str]) -> list[str]:
    """Return lines of a module's body, with an empty one behind them; none where there are none."""
    return [*(f"    {line}".rstrip() for line in lines), ""] if lines else []


def _header(harness: Harness, dut: str, beside: Sequence[str]) -> list[str]:
    files = ["the design's sources", *beside, "this file"]
    told = [
        f"Harness of {dut}: the design, what feeds it and what watches it, as one synthesizable module.",
        f"Compile {', '.join(files[:-1])} and {files[-1]}; the top is {harness.top}.",
        "",
        *wrap(_CYCLE, _WIDTH),
        "",
        *_timing(harness),
        "",
        "Stimulus port, a row in this order (name, bits, value at rest, meaning):",
        *_table((f.name, str(f.width), _value(f), f.meaning) for f in harness.stimulus),
        "",
        "Observed, in this order (name, bits, port of the design):",
        *_table((o.name, str(o.width), _seen(o)) for o in harness.observed),
    ]
    if harness.monitors:
        told += [
            "",
            "Monitors, a fail_ and a seen_ output each (id, where the rule comes from, the rule):",
            *_table((m.id, m.oracle.value, m.title) for m in harness.monitors),
        ]
    return [f"// {line}".rstrip() for line in told]


def _timing(harness: Harness) -> list[str]:
    if not harness.schedule:
        return ["The design has no clock: a tick ends when everything has settled."]
    edges = {clock.name: f"the {clock.edge.value} edge of {clock.name}" for clock in harness.clocks}
    if len(edges) == 1:
        told = [f"Each tick ends with {edges[harness.schedule[0]]}."]
    else:
        order = f"Active edges: {', '.join(edges.values())}. They come in this order, over and over:"
        told = wrap(f"{order} {', '.join(harness.schedule)}.", _WIDTH)
    if harness.resets:
        names = ", ".join(field.name for field in harness.stimulus if field.kind == "reset")
        ticks = "a tick" if harness.reset_ticks == 1 else f"{harness.reset_ticks} ticks"
        told += wrap(f"A run begins with {ticks} with {names} at 1 and all else at rest.", _WIDTH)
    return told


def _value(field: Field) -> str:
    return f"{field.default:#x}" if field.default > 9 else str(field.default)


def _seen(port: Observed) -> str:
    return f"{port.direction.value} {port.port}"


def _table(rows: Iterable[Sequence[str]]) -> list[str]:
    """Return rows with their columns aligned, the last one free."""
    found = list(rows)
    if not found:
        return ["  none"]
    widths = [max(len(row[column]) for row in found) for column in range(len(found[0]) - 1)]
    return ["  " + "  ".join([*(c.ljust(w) for c, w in zip(row, widths, strict=False)), row[-1]]) for row in found]


def _port(direction: str, name: str, width: int) -> str:
    return f"{direction} wire {vector(width)}{name}"


def _listed(lines: Sequence[str]) -> list[str]:
    return [f"    {line}{',' if index < len(lines) - 1 else ''}" for index, line in enumerate(lines)]


def _instance(design: Design, connections: Sequence[tuple[str, str]]) -> list[str]:
    overrides = design.sources.parameters
    given = [f".{reference(name)}({value})" for name, value in overrides.items()]
    parameters = f" #({', '.join(given)})" if given else ""
    ports = [f"    .{reference(port)}({net})" for port, net in connections]
    return [f"    {reference(design.top)}{parameters} dut (", *_listed(ports), "    );"]
