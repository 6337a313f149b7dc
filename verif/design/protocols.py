"""Recognise protocols by the names *and* shapes of ports: one engine over the table of ``protocol_table``.

A port's name is split into words. Words that spell a signal are taken out; what is left in front and behind names the
interface, direction marks (``i_``, ``_o``, ``_in``) apart. Ports with the same rest form a group, which is a match when
one side's directions fit all its signals, a required set is complete and the widths fit. The reasons are the evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from verif.design.model import Direction, Port, PortRole, ProtocolMatch
from verif.design.names import words_of
from verif.design.protocol_table import INITIATOR, PROTOCOLS, SINGLE_BIT, TARGET, Protocol, Signal

USED_FROM = 0.5
"""Confidence from which a match is acted on."""

_DIRECTION_WORDS = ("i", "o", "in", "out", "input", "output")
_MAX_WORDS = 2
"""Words that a spelling has at most."""
_NOT_FIFO = ("lifo", "stack")
_CHANNEL = re.compile(r"(w|r|s|m|c|p|src|dst)(valid|ready|data|last)")
_AXI = re.compile("a[wr]valid", re.IGNORECASE)
_CLOCKS = ("wr_clk", "rd_clk")

_Rest = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A port that may be a signal of a protocol."""

    port: Port
    signal: Signal
    rank: int
    """Position of the spelling in the table; 0 is the usual one."""


_Group = dict[str, list[_Candidate]]
"""Canonical signal to the ports that may be it."""


def recognise(ports: Sequence[Port], top: str = "") -> tuple[tuple[ProtocolMatch, ...], tuple[str, ...]]:
    """Return the protocols that ``ports`` speak, in the order of the ports, and remarks on near misses."""
    matches: list[ProtocolMatch] = []
    notes: list[str] = []
    taken: set[str] = set()
    usable = [port for port in ports if port.flat and port.role is not PortRole.RESET]
    for protocol in PROTOCOLS:
        if protocol.name == "fifo" and any(word in top.lower() for word in _NOT_FIFO):
            continue
        found = [match for rest, group in _groups(protocol, usable) for match in _match(protocol, rest, group, notes)]
        for match in sorted(found, key=lambda m: (-m.confidence, -len(m.signals), m.name)):
            own = {port for signal, port in match.signals.items() if signal not in _CLOCKS}
            if not own & taken:
                taken |= own
                matches.append(match)
    order = {port.name: index for index, port in enumerate(ports)}
    matches.sort(key=lambda match: min(order[port] for port in match.signals.values()))
    return tuple(_distinct(matches)), tuple(dict.fromkeys(notes))


def _distinct(matches: Sequence[ProtocolMatch]) -> list[ProtocolMatch]:
    """Give matches of the same name their role as a suffix, then a number."""
    found: list[ProtocolMatch] = []
    names = [match.name for match in matches]
    for match in matches:
        name = match.name if names.count(match.name) == 1 else f"{match.name}_{match.role}"
        taken = {other.name for other in found}
        number = next(n for n in range(1, len(matches) + 2) if (name if n == 1 else f"{name}{n}") not in taken)
        found.append(replace(match, name=name if number == 1 else f"{name}{number}"))
    return found


def _groups(protocol: Protocol, ports: Iterable[Port]) -> list[tuple[_Rest, _Group]]:
    """Sort ports into groups of the same rest."""
    spelled = {tuple(s.split("_")): (signal, rank) for signal, rank, s in _spellings(protocol)}
    shared = _shared_spellings(protocol)
    channels = protocol.name == "ready_valid" and not any(_AXI.search(port.name) for port in ports)
    forbidden = {tuple(s.split("_")) for s in protocol.forbidden}
    groups: dict[_Rest, _Group] = {}
    spoiled: set[_Rest] = set()
    for port in ports:
        for words, rest in _splits(port.name, channels=channels):
            if words in forbidden:
                spoiled.add(rest)
            for signal, rank in shared.get(words, [spelled[words]] if words in spelled else []):
                if (port.role is PortRole.CLOCK) == (signal.name in _CLOCKS):
                    groups.setdefault(rest, {}).setdefault(signal.name, []).append(_Candidate(port, signal, rank))
    return [(rest, group) for rest, group in groups.items() if rest not in spoiled]


def _spellings(protocol: Protocol) -> Iterator[tuple[Signal, int, str]]:
    for signal in protocol.signals:
        for rank, spelling in enumerate(signal.spellings):
            yield signal, rank, spelling


def _shared_spellings(protocol: Protocol) -> dict[tuple[str, ...], list[tuple[Signal, int]]]:
    """Return the spellings that several signals share; then the port's direction decides."""
    table: dict[tuple[str, ...], list[tuple[Signal, int]]] = {}
    for signal, rank, spelling in _spellings(protocol):
        table.setdefault(tuple(spelling.split("_")), []).append((signal, rank))
    return {words: found for words, found in table.items() if len(found) > 1}


def _splits(name: str, *, channels: bool) -> Iterator[tuple[tuple[str, ...], _Rest]]:
    """Yield every way to take one or two neighbouring words out of a name, with the rest before and behind.

    With ``channels`` ``wvalid`` is read as ``w valid`` too.
    """
    words = _words(name)
    plain = _without_direction(words)
    versions = [tuple(words), tuple(plain)]
    if channels:
        versions.append(tuple(part for word in plain for part in _channel(word)))
    for version in dict.fromkeys(versions):
        for start in range(len(version)):
            for end in range(start + 1, min(start + _MAX_WORDS, len(version)) + 1):
                before = tuple(_without_direction(version[:start]))
                behind = tuple(_without_direction(version[end:]))
                yield version[start:end], (before, behind)


def _without_direction(words: Sequence[str]) -> list[str]:
    """Return ``words`` without a direction mark at either end."""
    found = list(words)
    if found and found[-1] in _DIRECTION_WORDS:
        found.pop()
    if found and found[0] in _DIRECTION_WORDS:
        found.pop(0)
    return found


def _words(name: str) -> list[str]:
    """Split a name, also ``datain``."""
    words = words_of(name)
    return _unglued(words[0]) if len(words) == 1 else words


def _unglued(word: str) -> list[str]:
    """``datain`` -> ``data in``."""
    for mark in ("in", "out"):
        if word.endswith(mark) and word[: -len(mark)] in ("data", "valid", "ready", "req", "gnt"):
            return [word[: -len(mark)], mark]
    return [word]


def _channel(word: str) -> tuple[str, ...]:
    """``wvalid`` -> ``w valid``."""
    match = _CHANNEL.fullmatch(word)
    return (match[1], match[2]) if match else (word,)


def _match(protocol: Protocol, rest: _Rest, group: _Group, notes: list[str]) -> Iterator[ProtocolMatch]:
    """Yield the matches of a group: at most one for each side of the protocol."""
    for side in (TARGET,) if protocol.only_target else (TARGET, INITIATOR):
        chosen = _assign(group, side)
        complete = [names for names in protocol.required if all(name in chosen for name in names)]
        if not complete or _contradicted(protocol, group, chosen):
            continue
        evidence = _evidence(protocol, chosen, side)
        trouble = _trouble(protocol, chosen)
        if trouble:
            notes.append(f"not {protocol.name}: {trouble}")
            continue
        yield ProtocolMatch(
            protocol=protocol.name,
            role=_role(protocol, chosen, side),
            name=_name(protocol, chosen, rest),
            signals={s.name: chosen[s.name].port.name for s in protocol.signals if s.name in chosen},
            evidence=tuple(evidence),
            confidence=_confidence(protocol, chosen),
        )


def _assign(group: _Group, side: str) -> dict[str, _Candidate]:
    """Choose a port of the right direction for each signal; each port serves once."""
    chosen: dict[str, _Candidate] = {}
    used: set[str] = set()
    fitting = [
        candidate
        for candidates in group.values()
        for candidate in candidates
        if candidate.port.direction is _direction(candidate.signal, side)
    ]
    for candidate in sorted(fitting, key=lambda c: (c.rank, c.port.name)):
        if candidate.signal.name not in chosen and candidate.port.name not in used:
            chosen[candidate.signal.name] = candidate
            used.add(candidate.port.name)
    return chosen


def _contradicted(protocol: Protocol, group: _Group, chosen: Mapping[str, _Candidate]) -> bool:
    """Whether a signal that the protocol may require is there under its usual name, but driven by the wrong side."""
    required = {name for names in protocol.required for name in names}
    return any(
        name not in chosen and any(candidate.rank == 0 for candidate in candidates)
        for name, candidates in group.items()
        if name in required
    )


def _direction(signal: Signal, side: str) -> Direction:
    """Return a signal's direction at the design that is on ``side``."""
    return Direction.OUTPUT if signal.driver == side else Direction.INPUT


def _trouble(protocol: Protocol, chosen: dict[str, _Candidate]) -> str:
    """Say which width doesn't fit; optional signals that don't fit are dropped instead."""
    for name, candidate in list(chosen.items()):
        width = 1 if name in SINGLE_BIT else candidate.signal.width
        if width is not None and candidate.port.width != width:
            if any(name in names for names in protocol.required):
                return f"{candidate.port.name} is {candidate.port.width} bits wide, {name} has {width}"
            del chosen[name]
    for one, other in protocol.equal_widths:
        if one in chosen and other in chosen and chosen[one].port.width != chosen[other].port.width:
            a, b = chosen[one].port, chosen[other].port
            return f"{a.name} and {b.name} differ in width ({a.width} and {b.width})"
    for strobe, data in protocol.byte_lanes:
        if strobe in chosen and data in chosen and chosen[strobe].port.width * 8 != chosen[data].port.width:
            del chosen[strobe]
    return ""


def _evidence(protocol: Protocol, chosen: Mapping[str, _Candidate], side: str) -> list[str]:
    drives = [c.port.name for c in chosen.values() if c.port.direction is Direction.OUTPUT]
    takes = [c.port.name for c in chosen.values() if c.port.direction is Direction.INPUT]
    lines = [f"the design drives {', '.join(drives)} and takes {', '.join(takes)}, as the {side} does"]
    for one, other in protocol.equal_widths:
        if one in chosen and other in chosen:
            lines.append(
                f"{chosen[one].port.name} and {chosen[other].port.name} are {chosen[one].port.width} bits wide"
            )
    missing = [name for name in protocol.expected if name not in chosen]
    if missing:
        lines.append(f"no port for {', '.join(missing)}")
    return lines


def _confidence(protocol: Protocol, chosen: Mapping[str, _Candidate]) -> float:
    """From ``base`` to 1 with the share of expected signals; unusual spellings cost a little."""
    present = sum(name in chosen for name in protocol.expected) / len(protocol.expected)
    required = min(len(names) for names in protocol.required) / len(protocol.expected)
    share = (present - min(required, 0.99)) / (1 - min(required, 0.99))
    odd = sum(candidate.rank > 0 for candidate in chosen.values())
    value = protocol.base + (1 - protocol.base) * max(0.0, share) - 0.02 * odd
    return round(min(1.0, max(0.05, value)), 2)


def _role(protocol: Protocol, chosen: Mapping[str, _Candidate], side: str) -> str:
    if protocol.name == "request_grant" and side == TARGET and chosen["req"].port.width > 1:
        return "arbiter"
    return protocol.target_role if side == TARGET else protocol.initiator_role


def _name(protocol: Protocol, chosen: Mapping[str, _Candidate], rest: _Rest) -> str:
    """Return what the ports' names have in common in front, else behind, else around the signals."""
    names = [_words(candidate.port.name) for name, candidate in chosen.items() if name not in _CLOCKS]
    bare = [_without_direction(words) for words in names]
    front = _common(names) or _common(bare)
    behind = _common([words[::-1] for words in names]) or _common([words[::-1] for words in bare])
    return "_".join(front or behind[::-1] or (*rest[0], *rest[1])) or protocol.name


def _common(names: Sequence[Sequence[str]]) -> list[str]:
    """Return the words that all names begin with, without taking any name whole."""
    found: list[str] = []
    for column in zip(*(words[:-1] for words in names), strict=False):
        if len(set(column)) > 1:
            break
        found.append(column[0])
    return found
