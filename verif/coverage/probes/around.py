"""The module around a harness that shows its coverage points at one more output."""

from __future__ import annotations

import re
from collections.abc import Sequence

from verif.coverage.probes.model import Probe
from verif.harness.model import COVERS, Harness
from verif.harness.names import Names, vector

INSIDE = "harness"
"""What the harness is called in the module around it, where no port has that name."""

_MODULE = re.compile(r"^\s*(?:module|interface|package|program)\s+(\w+)", re.MULTILINE)
_TIMESCALE = "`timescale 1ns/1ps"


def inside_name(harness: Harness) -> str:
    """Return the name of the harness's instance in the module around it."""
    names = Names([*(name for _, name, _ in _ports(harness)), COVERS])
    return names.take(INSIDE)


def top_name(harness: Harness, taken: Sequence[str] = ()) -> str:
    """Return the name of the module around a harness."""
    modules = [name for text in harness.files.values() for name in _MODULE.findall(text)]
    return Names([*modules, *taken, harness.top]).take(f"{harness.top.removesuffix('_harness')}_probes")


def around_text(harness: Harness, top: str, probes: Sequence[Probe]) -> str:
    """Return the text of the module ``top``: all ports of the harness, and ``covers``."""
    ports = list(_ports(harness))
    declared = [f"{direction} wire {vector(width)}{name}" for direction, name, width in ports]
    declared.append(f"output wire {vector(len(probes))}{COVERS}")
    lines = [
        f"// The harness {harness.top} and its coverage points: bit n of {COVERS} is 1 in the sampled tick in which",
        "// point n is hit.",
        *([_TIMESCALE] if any(_TIMESCALE in text for text in harness.files.values()) else []),
        "`default_nettype none",
        "",
        f"module {top} (",
        *_listed(declared),
        ");",
        "",
        f"    {harness.top} {inside_name(harness)} (",
        *_listed([f"    .{name}({name})" for _, name, _ in ports]),
        "    );",
        "",
        *_assigned(probes),
        "endmodule",
        "",
        "`default_nettype wire",
    ]
    return "\n".join(lines) + "\n"


def _assigned(probes: Sequence[Probe]) -> list[str]:
    bits = [COVERS] if len(probes) == 1 else [f"{COVERS}[{bit}]" for bit in range(len(probes))]
    return [f"    assign {bits[bit]} = {probe.expression};  // {probe.point.id}" for bit, probe in enumerate(probes)]


def _ports(harness: Harness) -> list[tuple[str, str, int]]:
    return [
        *(("input", clock.name, 1) for clock in harness.clocks),
        *(("input", field.name, field.width) for field in harness.stimulus),
        *(("output", port.name, port.width) for port in harness.observed),
        *(("output", name, 1) for monitor in harness.monitors for name in (monitor.fail, monitor.seen)),
    ]


def _listed(lines: Sequence[str]) -> list[str]:
    return [f"    {line}{',' if index < len(lines) - 1 else ''}" for index, line in enumerate(lines)]
