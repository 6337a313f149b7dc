"""What the designer states in design.toml wins over what was recognised."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import replace

from verif.design.manifest import ClockEntry, DesignManifest, ResetEntry
from verif.design.model import Clock, Design, Edge, Port, PortRole, ProtocolMatch, Reset
from verif.design.names import active_low_name
from verif.design.ports import with_roles
from verif.design.source_file import display
from verif.errors import InputError

_STATED = "stated in design.toml"


def apply_manifest(design: Design, manifest: DesignManifest) -> Design:
    """Return ``design`` with the statements of ``manifest``; InputError PE118 where it names what isn't there."""
    _check_ports(design, manifest)
    clocks = _clocks(design, manifest)
    resets = _resets(design, manifest, clocks)
    return replace(
        design,
        clocks=clocks,
        resets=resets,
        ports=with_roles(design.ports, clocks, resets),
        protocols=_protocols(design.protocols, manifest.protocols),
        kind=manifest.kind,
        facts=dict(manifest.facts),
    )


def _check_ports(design: Design, manifest: DesignManifest) -> None:
    names = [port.name for port in design.ports]
    stated = [
        *((f"clock {entry.name}", entry.name) for entry in manifest.clocks),
        *((f"reset {entry.name}", entry.name) for entry in manifest.resets),
        *((f"ports.{name}", name) for name in manifest.roles),
        *((f"protocol {m.name}, signal {key}", port) for m in manifest.protocols for key, port in m.signals.items()),
    ]
    for key, name in stated:
        if name.partition(".")[0] not in names:
            close = difflib.get_close_matches(name, names, n=1)
            hint = f"did you mean {close[0]}" if close else ""
            what = f"{key}: {design.top} has no port {name}"
            raise InputError("PE118", what, where=display(manifest.path), hint=hint)


def _clocks(design: Design, manifest: DesignManifest) -> tuple[Clock, ...]:
    found = {clock.name: clock for clock in design.clocks}
    for entry in manifest.clocks:
        found[entry.name] = _clock(entry, found.get(entry.name))
    for name, role in manifest.roles.items():
        if role is PortRole.CLOCK:
            found.setdefault(name, Clock(name=name, evidence=_STATED, plain=False))
        else:
            found.pop(name, None)
    return tuple(found[name] for name in _order(found, design.ports))


def _clock(entry: ClockEntry, found: Clock | None) -> Clock:
    base = found or Clock(name=entry.name)
    edge = entry.edge if entry.edge is not None else base.edge
    as_found = found is not None and edge is base.edge
    evidence = base.evidence if as_found else _STATED
    plain = base.plain and as_found
    return replace(base, edge=edge or Edge.RISING, ratio=entry.ratio or base.ratio, evidence=evidence, plain=plain)


def _resets(design: Design, manifest: DesignManifest, clocks: Sequence[Clock]) -> tuple[Reset, ...]:
    found = {reset.name: reset for reset in design.resets}
    only = clocks[0].name if len(clocks) == 1 else None
    for entry in manifest.resets:
        found[entry.name] = _reset(entry, found.get(entry.name), only)
    for name, role in manifest.roles.items():
        if role is PortRole.RESET:
            found.setdefault(name, _reset(ResetEntry(name=name), None, only))
        else:
            found.pop(name, None)
    clock_names = {clock.name for clock in clocks}
    return tuple(found[name] for name in _order(found, design.ports) if name not in clock_names)


def _reset(entry: ResetEntry, found: Reset | None, only_clock: str | None) -> Reset:
    base = found or Reset(
        name=entry.name,
        active_high=not active_low_name(entry.name),
        asynchronous=False,
        clock=only_clock,
        evidence=_STATED,
    )
    return replace(
        base,
        active_high=base.active_high if entry.active_high is None else entry.active_high,
        asynchronous=base.asynchronous if entry.asynchronous is None else entry.asynchronous,
        clock=entry.clock or base.clock,
        cycles=entry.cycles or base.cycles,
    )


def _protocols(found: Iterable[ProtocolMatch], stated: Sequence[ProtocolMatch]) -> tuple[ProtocolMatch, ...]:
    """Return the stated matches and those found ones that share no port with them."""
    taken = {port for match in stated for port in match.signals.values()}
    return (*stated, *(match for match in found if not taken & set(match.signals.values())))


def _order(names: Iterable[str], ports: Sequence[Port]) -> list[str]:
    order = {port.name: index for index, port in enumerate(ports)}
    return sorted(names, key=lambda name: (order.get(name.partition(".")[0], len(order)), name))
