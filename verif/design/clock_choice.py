"""Decide which ports are clocks and resets, with the evidence for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

from verif.design.clocking import Clocking, ClockUse, ResetUse
from verif.design.model import Clock, Direction, Edge, Port, Reset
from verif.design.names import active_low_name, looks_like_clear, looks_like_clock, looks_like_reset
from verif.design.scope import Path
from verif.errors import InputError

Place = Callable[[Any], tuple[str, int]]
"""Turns a source location into file and line."""


@dataclass(slots=True)
class Clocks:
    """The decision and remarks on it."""

    clocks: list[Clock] = field(default_factory=list)
    resets: list[Reset] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def choose_clocks(
    clocking: Clocking, ports: Sequence[Port], place: Place, *, known: Iterable[str] = (), idle: Collection[str] = ()
) -> Clocks:
    """Return the clocks and resets among ``ports``.

    ``known`` names clocks that the manifest gives, ``idle`` inputs that nothing depends on. InputError PE110 where
    there are registers and no clock at all.
    """
    chosen = Clocks()
    one_bit = {port.name: port for port in ports if port.width == 1 and port.direction is not Direction.OUTPUT}
    uses = _clock_uses(clocking, one_bit, chosen.notes)
    chosen.clocks = [_clock(name, uses[name], place, chosen.notes) for name in _in_port_order(uses, ports)]
    if clocking.latches or clocking.lost_clocks:
        chosen.clocks = [replace(clock, plain=False) for clock in chosen.clocks]
    if not chosen.clocks:
        chosen.clocks = _named_clocks(clocking, one_bit, idle)
    if not chosen.clocks and not tuple(known):
        _require_clock(clocking, ports, place, chosen.notes)
    _note_lost(clocking, chosen, place)
    names = [*known, *(clock.name for clock in chosen.clocks)]
    chosen.resets = _resets(clocking, one_bit, names, place, chosen.notes)
    return chosen


def _clock_uses(clocking: Clocking, one_bit: Mapping[str, Port], notes: list[str]) -> dict[str, list[ClockUse]]:
    """Group the uses by port; what isn't direct needs the support of the port's name or of direct uses."""
    direct = {use.origin.port for use in clocking.clocks if use.origin.path is Path.DIRECT}
    uses: dict[str, list[ClockUse]] = {}
    for use in clocking.clocks:
        port = use.origin.port
        believable = port in direct or looks_like_clock(port) or _only_origin(use, clocking.clocks)
        if believable and (port in one_bit or "." in port):
            uses.setdefault(port, []).append(use)
    for port, found in uses.items():
        notes += _derived_notes(port, found)
    return uses


def _only_origin(use: ClockUse, uses: Sequence[ClockUse]) -> bool:
    """Whether no other port could be the clock of the same block."""
    return all(other.origin.port == use.origin.port for other in uses if other.place == use.place)


def _derived_notes(port: str, uses: Sequence[ClockUse]) -> list[str]:
    words = {Path.GATED: "gated", Path.DIVIDED: "divided", Path.BLACK_BOX: "taken"}
    kinds = dict.fromkeys((use.origin.path, use.origin.via) for use in uses if use.origin.path is not Path.DIRECT)
    notes = [f"{port} also reaches registers {words[path]} through {via}" for path, via in kinds]
    if len({use.falling for use in uses if use.origin.path is Path.DIRECT}) > 1:
        notes.append(f"registers use both edges of {port}")
    return notes


def _clock(name: str, uses: Sequence[ClockUse], place: Place, notes: list[str]) -> Clock:
    plain = [use for use in uses if use.origin.path is Path.DIRECT] or list(uses)
    count: Counter[bool] = Counter()
    for use in plain:
        count[use.falling] += use.registers
    falling = count[True] > count[False]
    best = next(use for use in plain if use.falling == falling)
    file, line = place(best.place)
    registers = sum(use.registers for use in uses)
    if not looks_like_clock(name):
        notes.append(f"{name} clocks registers, though it isn't named like a clock")
    edge = Edge.FALLING if falling else Edge.RISING
    evidence = f"clocks {registers} register(s), first at {PurePath(file).name}:{line}"
    direct = all(use.origin.path is Path.DIRECT and use.falling == falling for use in uses)
    return Clock(name=name, edge=edge, evidence=evidence, plain=direct)


def _named_clocks(clocking: Clocking, one_bit: Iterable[str], idle: Collection[str]) -> list[Clock]:
    """Trust names where the registers are in black boxes, or where a parameter setting leaves none to clock."""
    if clocking.black_boxes and not clocking.lost_clocks:
        why, names = "by its name; the registers are in black boxes", list(one_bit)
    elif clocking.blocks == 0:
        why, names = "by its name; nothing uses it", [name for name in one_bit if name in idle]
    else:
        return []
    return [Clock(name=name, evidence=why, plain=False) for name in names if looks_like_clock(name)]


def _in_port_order(names: Iterable[str], ports: Sequence[Port]) -> list[str]:
    order = {port.name: index for index, port in enumerate(ports)}
    return sorted(names, key=lambda name: (order.get(name.partition(".")[0], len(order)), name))


def _require_clock(clocking: Clocking, ports: Sequence[Port], place: Place, notes: list[str]) -> None:
    """Raise InputError PE110 for registers without a clock, unless a flat wrapper will bring the clock to light."""
    wrapped = [port.name for port in ports if not port.flat]
    hidden = [use.origin.port for use in clocking.clocks if use.origin.port in wrapped]
    if hidden:
        notes.append(f"the clock lies inside {hidden[0]}; the flat wrapper gives it a port of its own")
    elif any(port.direction is not Direction.OUTPUT for port in ports):
        _refuse_clockless(clocking, place)


def _refuse_clockless(clocking: Clocking, place: Place) -> None:
    lost = [(f"the registers' clock {signal} leads to no input port", where) for signal, where in clocking.lost_clocks]
    lost += [
        (f"the registers' clock comes from {use.origin.port}, which is not one bit wide or only feeds logic", use.place)
        for use in clocking.clocks
    ]
    if lost:
        file, line = place(lost[0][1])
        hint = 'name the clock port in a design.toml ([[clock]] name = "..."), or choose a module below with --top'
        raise InputError("PE110", lost[0][0], where=f"{file}:{line}", hint=hint)


def _note_lost(clocking: Clocking, chosen: Clocks, place: Place) -> None:
    if clocking.lost_clocks:
        signal, location = clocking.lost_clocks[0]
        file, line = place(location)
        more = len(clocking.lost_clocks) - 1
        others = f", and {more} more like it" if more else ""
        chosen.notes.append(f"the clock {signal} at {file}:{line} leads to no port{others}")
    if clocking.latches:
        chosen.notes.append(f"{clocking.latches} always_latch block(s)")


def _resets(
    clocking: Clocking, one_bit: Mapping[str, Port], clocks: Sequence[str], place: Place, notes: list[str]
) -> list[Reset]:
    by_port: dict[str, list[ResetUse]] = {}
    for use in clocking.resets:
        port = use.origin.port
        if (port in one_bit or "." in port) and port not in clocks:
            by_port.setdefault(port, []).append(use)
    accepted = {port: uses for port, uses in by_port.items() if _is_reset(port, uses)}
    if not accepted:
        accepted = {
            port: uses for port, uses in by_port.items() if looks_like_clear(port) and _clears_all(uses, clocking)
        }
    found = {port: _reset(port, uses, place, notes) for port, uses in accepted.items()}
    if clocks:
        named = [n for n, p in one_bit.items() if n not in clocks and n not in found and p.direction is Direction.INPUT]
        found |= {name: _named_reset(name, clocks) for name in named if looks_like_reset(name)}
    return [found[port] for port in sorted(found, key=list(one_bit).index) if port in one_bit] + [
        found[port] for port in found if port not in one_bit
    ]


def _is_reset(port: str, uses: Sequence[ResetUse]) -> bool:
    return looks_like_reset(port) or any(use.asynchronous and use.origin.path is Path.DIRECT for use in uses)


def _clears_all(uses: Sequence[ResetUse], clocking: Clocking) -> bool:
    return len(uses) == clocking.blocks and all(use.complete for use in uses)


def _reset(port: str, uses: Sequence[ResetUse], place: Place, notes: list[str]) -> Reset:
    votes = Counter[bool]()
    for use in uses:
        votes[use.active_high] += use.registers
    active_high = votes[True] > votes[False] or (votes[True] == votes[False] and not active_low_name(port))
    if active_high == active_low_name(port) and looks_like_reset(port):
        level = "high" if active_high else "low"
        notes.append(f"{port} is active {level} by its use, though its name says otherwise")
    kinds = {use.asynchronous for use in uses}
    if len(kinds) > 1:
        notes.append(f"{port} resets some registers asynchronously and some synchronously")
    best = next((use for use in uses if use.active_high == active_high), uses[0])
    file, line = place(best.place)
    clocks = {clock for use in uses for clock in use.clocks}
    registers = sum(use.registers for use in uses)
    return Reset(
        name=port,
        active_high=active_high,
        asynchronous=True in kinds,
        clock=clocks.pop() if len(clocks) == 1 else None,
        evidence=f"sets {registers} register(s) to constants, first at {PurePath(file).name}:{line}",
    )


def _named_reset(name: str, clocks: Sequence[str]) -> Reset:
    return Reset(
        name=name,
        active_high=not active_low_name(name),
        asynchronous=False,
        clock=clocks[0] if len(clocks) == 1 else None,
        evidence="by its name only",
    )
