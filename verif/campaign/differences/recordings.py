"""The inputs of a recorded run, from a dump of waves (VCD or FST), cycle by cycle."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from verif.design.model import Clock, Design, Direction, Edge, Port
from verif.errors import InputError
from verif.stimulus.rows import Stimulus

MOST = 100_000
"""Cycles that are played at most."""
_UNKNOWN = str.maketrans("xXzZuUwW-", "000000000")
Changes = tuple[Sequence[int], Sequence[str]]
"""Times and what the bits are from there on."""


def recorded_inputs(path: Path, design: Design) -> Stimulus:
    """Return the inputs of ``design`` just before each active edge in the dump, X as 0.

    The scope is the first that has all inputs. InputError PE924 where the dump can't be read or has no such scope.
    """
    columns = _columns(path, design)
    edges = sorted((time, clock.name) for clock in design.clocks for time in _edges(columns[clock.name], clock))
    if not design.clocks:
        edges = [(time + 1, "") for time in sorted({time for times, _ in columns.values() for time in times})]
    inputs = [port for port in _inputs(design) if port.name not in {clock.name for clock in design.clocks}]
    rows = [
        (
            *(int(clock.name == name) for clock in design.clocks),
            *(_before(columns[port.name], time, port.width) for port in inputs),
        )
        for time, name in edges[:MOST]
    ]
    names = (*(clock.name for clock in design.clocks), *(port.name for port in inputs))
    return Stimulus(ports=names, rows=tuple(rows))


def _columns(path: Path, design: Design) -> Mapping[str, Changes]:
    import pywellen

    try:
        variables = list(pywellen.Waveform(str(path)).all_vars())
    except Exception as why:  # pywellen raises bare exceptions of its own
        raise InputError("PE924", f"the recording can't be read: {why}", where=str(path)) from None
    scopes: dict[str, dict[str, Any]] = {}
    for variable in variables:
        scope = str(variable.full_name).rpartition(".")[0]
        scopes.setdefault(scope, {})[str(variable.name).partition("[")[0].strip()] = variable
    names = [port.name for port in _inputs(design)]
    fitting = [scope for scope, found in scopes.items() if all(name in found for name in names)]
    if not fitting:
        raise InputError(
            "PE924",
            f"the recording has no scope with all inputs of {design.top}: {', '.join(names[:6])}",
            where=str(path),
            hint="record the ports of the design",
        )
    (scope, *_) = sorted(fitting, key=lambda name: (name.count("."), name))
    return {name: _changes(scopes[scope][name]) for name in names}


def _changes(variable: Any) -> Changes:
    changes = list(variable.tv)
    return [int(time) for time, _ in changes], [_bits(value) for _, value in changes]


def _bits(value: Any) -> str:
    return f"{value:b}" if isinstance(value, int) else str(value)


def _edges(changes: Changes, clock: Clock) -> list[int]:
    """Return the times of the active edges."""
    before, after = ("0", "1") if clock.edge is Edge.RISING else ("1", "0")
    times, values = changes
    return [times[n] for n in range(1, len(times)) if values[n - 1][-1:] == before and values[n][-1:] == after]


def _before(changes: Changes, time: int, width: int) -> int:
    times, values = changes
    place = bisect_left(times, time) - 1
    bits = values[place] if place >= 0 else "0"
    return int(bits.translate(_UNKNOWN), 2) & ((1 << width) - 1)


def _inputs(design: Design) -> list[Port]:
    return [port for port in design.ports if port.direction is Direction.INPUT]
