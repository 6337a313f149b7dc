"""A module around a harness: the same ports, and coverage points at one more output."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from verif.harness.model import COVERS, Harness, Observed
from verif.harness.names import Names, vector

INSIDE = "harness"
"""What the harness is called in the module around it, where no port has that name."""

_MODULE = re.compile(r"^\s*(?:module|interface|package|program)\s+(\w+)", re.MULTILINE)
_TIMESCALE = "`timescale 1ns/1ps"


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A coverage point of the module around a harness."""

    id: str
    expression: str
    """One bit, in names of the module around the harness."""


def names_around(harness: Harness) -> Names:
    """Return the names that are free in the module around a harness."""
    return Names([*(name for _, name, _ in _ports(harness)), COVERS])


def inside_name(harness: Harness) -> str:
    """Return the name of the harness's instance in the module around it."""
    return names_around(harness).take(INSIDE)


def top_name(harness: Harness, taken: Sequence[str] = (), *, ending: str = "probes") -> str:
    """Return the name of the module around a harness."""
    modules = [name for text in harness.files.values() for name in _MODULE.findall(text)]
    return Names([*modules, *taken, harness.top]).take(f"{harness.top.removesuffix('_harness')}_{ending}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Watched:
    """One more output of the module around a harness."""

    port: Observed
    expression: str
    """Its value, in names of the module around the harness."""


def around_text(
    harness: Harness,
    top: str,
    points: Sequence[Shown],
    *,
    title: str,
    lines: Iterable[str] = (),
    watched: Sequence[Watched] = (),
) -> str:
    """Return the text of the module ``top``: all ports of the harness, ``covers``, and what is ``watched``.

    ``title`` begins its header, ``lines`` stand behind the harness's instance.
    """
    ports = list(_ports(harness))
    declared = [f"{direction} wire {vector(width)}{name}" for direction, name, width in ports]
    declared += [f"output wire {vector(each.port.width)}{each.port.name}" for each in watched]
    declared.append(f"output wire {vector(len(points))}{COVERS}")
    text = [
        f"// {title}: bit n of {COVERS} is 1 in the sampled tick in which",
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
        *(f"    {line}".rstrip() for line in lines),
        *(f"    assign {each.port.name} = {each.expression};" for each in watched),
        *_assigned(points),
        "endmodule",
        "",
        "`default_nettype wire",
    ]
    return "\n".join(text) + "\n"


def _assigned(points: Sequence[Shown]) -> list[str]:
    bits = [COVERS] if len(points) == 1 else [f"{COVERS}[{bit}]" for bit in range(len(points))]
    return [f"    assign {bits[bit]} = {point.expression};  // {point.id}" for bit, point in enumerate(points)]


def _ports(harness: Harness) -> list[tuple[str, str, int]]:
    return [
        *(("input", clock.name, 1) for clock in harness.clocks),
        *(("input", field.name, field.width) for field in harness.stimulus),
        *(("output", port.name, port.width) for port in harness.observed),
        *(("output", name, 1) for monitor in harness.monitors for name in (monitor.fail, monitor.seen)),
    ]


def _listed(lines: Sequence[str]) -> list[str]:
    return [f"    {line}{',' if index < len(lines) - 1 else ''}" for index, line in enumerate(lines)]
