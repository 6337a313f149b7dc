"""A design told to people and to programs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from verif.design.model import Clock, Design, Fsm, Instance, Port, PortRole, ProtocolMatch, Reset
from verif.design.source_file import display

_MAX_PORTS = 60
"""Ports that the text lists one by one."""
_MAX_INSTANCES = 40
_MAX_NAMES = 12
_COLUMNS = 118


def as_data(design: Design) -> dict[str, Any]:
    """Return ``design`` as plain data with the keys of ``inspect --json``."""
    return {
        "top": design.top,
        "kind": design.kind,
        "ports": [_port_data(port) for port in design.ports],
        "parameters": [{"name": p.name, "value": p.value, "local": p.local} for p in design.parameters],
        "clocks": [
            {"name": c.name, "edge": str(c.edge), "ratio": c.ratio, "evidence": c.evidence} for c in design.clocks
        ],
        "resets": [_reset_data(reset) for reset in design.resets],
        "protocols": [_protocol_data(match) for match in design.protocols],
        "fsms": [_fsm_data(fsm) for fsm in design.fsms],
        "hierarchy": _instance_data(design.hierarchy) if design.hierarchy else None,
        "cones": {output: list(inputs) for output, inputs in design.cones.items()},
        "facts": dict(design.facts),
        "files": [str(path) for path in design.sources.files],
        "notes": list(design.notes),
    }


def _port_data(port: Port) -> dict[str, Any]:
    return {
        "name": port.name,
        "direction": str(port.direction),
        "width": port.width,
        "signed": port.signed,
        "type": port.type,
        "role": str(port.role),
        "flat": port.flat,
    }


def _reset_data(reset: Reset) -> dict[str, Any]:
    return {
        "name": reset.name,
        "active_high": reset.active_high,
        "asynchronous": reset.asynchronous,
        "clock": reset.clock,
        "cycles": reset.cycles,
        "evidence": reset.evidence,
    }


def _protocol_data(match: ProtocolMatch) -> dict[str, Any]:
    return {
        "protocol": match.protocol,
        "role": match.role,
        "name": match.name,
        "signals": dict(match.signals),
        "confidence": match.confidence,
        "evidence": list(match.evidence),
    }


def _fsm_data(fsm: Fsm) -> dict[str, Any]:
    return {
        "register": fsm.register,
        "states": dict(fsm.states),
        "arcs": [list(arc) for arc in fsm.arcs],
        "initial": fsm.initial,
        "found_by": fsm.found_by,
    }


def _instance_data(instance: Instance) -> dict[str, Any]:
    return {
        "name": instance.name,
        "module": instance.module,
        "file": instance.file,
        "line": instance.line,
        "children": [_instance_data(child) for child in instance.children],
    }


def as_text(design: Design) -> str:
    """Return ``design`` as compact text."""
    return "\n".join(_lines(design))


def _lines(design: Design) -> Iterator[str]:
    kind = f", kind {design.kind}" if design.kind else ""
    files = ", ".join(display(path) for path in design.sources.files[:3])
    more = f" and {len(design.sources.files) - 3} more" if len(design.sources.files) > 3 else ""
    yield f"{design.top}{kind}  ({files}{more})"
    yield from _section("parameters", [f"{p.name} = {p.value}" for p in design.parameters if not p.local])
    yield from _section("clocks", [_clock_text(clock) for clock in design.clocks] or ["none: combinational"])
    yield from _section("resets", [_reset_text(reset) for reset in design.resets])
    yield from _section("ports", _port_lines(design.ports))
    yield from _section("protocols", [line for match in design.protocols for line in _protocol_lines(match)])
    yield from _section("FSMs", [line for fsm in design.fsms for line in _fsm_lines(fsm)])
    yield from _section(f"cones (found by {design.cones_by})", _cone_lines(design))
    if design.hierarchy and design.hierarchy.children:
        yield from _section("hierarchy", _cut(list(_tree(design.hierarchy, "")), _MAX_INSTANCES, "instances"))
    yield from _section("notes", design.notes)


def _section(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield title
        for line in lines:
            yield from _wrapped(line)


def _wrapped(line: str) -> list[str]:
    """Indent a line and break it where it is too long, with what follows indented further."""
    text = line.lstrip()
    indent = " " * (2 + len(line) - len(text))
    if len(indent + text) <= _COLUMNS:
        return [indent + text]
    return textwrap.wrap(
        text,
        _COLUMNS,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _cut(lines: list[str], limit: int, what: str) -> list[str]:
    return lines if len(lines) <= limit else [*lines[:limit], f"... {len(lines) - limit} more {what} (--json has all)"]


def _clock_text(clock: Clock) -> str:
    ratio = f", period {clock.ratio} ticks" if clock.ratio != 1 else ""
    return f"{clock.name}: {clock.edge} edge{ratio}  [{clock.evidence}]"


def _reset_text(reset: Reset) -> str:
    level = "high" if reset.active_high else "low"
    kind = "asynchronous" if reset.asynchronous else "synchronous"
    of = f" of {reset.clock}" if reset.clock else ""
    return f"{reset.name}: active {level}, {kind}{of}  [{reset.evidence}]"


def _port_lines(ports: Sequence[Port]) -> list[str]:
    width = max((len(port.name) for port in ports[:_MAX_PORTS]), default=0)
    return _cut([_port_text(port, width) for port in ports], _MAX_PORTS, "ports")


def _port_text(port: Port, width: int) -> str:
    role = f"  {port.role}" if port.role is not PortRole.DATA else ""
    return f"{port.direction:<6} {port.name:<{width}}  {port.type}{role}".rstrip()


def _protocol_lines(match: ProtocolMatch) -> list[str]:
    sure = "" if match.confidence >= 0.5 else " (weak: shown only)"
    signals = ", ".join(f"{key}={port}" for key, port in match.signals.items())
    return [
        f"{match.name}: {match.protocol}, {match.role}, confidence {match.confidence:.2f}{sure}",
        f"  {signals}",
        *(f"  because {line}" for line in match.evidence),
    ]


def _fsm_lines(fsm: Fsm) -> list[str]:
    states = ", ".join(f"{name}={value}" for name, value in fsm.states.items())
    start = f", starts in {fsm.initial}" if fsm.initial else ""
    targets: dict[str, list[str]] = {}
    for source, target in fsm.arcs:
        targets.setdefault(source, []).append(target)
    return [
        f"{fsm.register}: {len(fsm.states)} states{start} (found by {fsm.found_by})",
        f"  {states}",
        *(f"  {source} -> {', '.join(found)}" for source, found in targets.items()),
    ]


def _cone_lines(design: Design) -> list[str]:
    """One line for all outputs with the same cone."""
    by_cone: dict[tuple[str, ...], list[str]] = {}
    for output, inputs in design.cones.items():
        by_cone.setdefault(tuple(inputs), []).append(output)
    everything = tuple(port.name for port in design.data_inputs)
    return [f"{_names(outputs)} <- {_cone_text(inputs, everything)}" for inputs, outputs in by_cone.items()]


def _cone_text(inputs: tuple[str, ...], everything: tuple[str, ...]) -> str:
    if inputs == everything and len(inputs) > 1:
        return "all data inputs"
    return _names(inputs) or "no data input"


def _names(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MAX_NAMES])
    return f"{shown} and {len(names) - _MAX_NAMES} more" if len(names) > _MAX_NAMES else shown


def _tree(instance: Instance, indent: str) -> Iterator[str]:
    yield f"{indent}{instance.name} ({instance.module})" if indent else instance.module
    for child in instance.children:
        yield from _tree(child, indent + "  ")
