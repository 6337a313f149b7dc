"""Properties as monitors of a harness: asserts and assumes judge, covers show a point."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from verif.design.identifiers import reference
from verif.design.model import Design, Edge
from verif.errors import InputError
from verif.harness.model import Cover, Monitor
from verif.harness.monitors.use import MonitorUse
from verif.property import Directive, Property, PropertyFile, PropertyMonitor, Reference, Wiring, monitor
from verif.verdict import Oracle

INSTANCE = "dut"
"""What harnesses call the design."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgedProperty:
    """A property to be judged, and where it comes from."""

    file: PropertyFile
    prop: Property
    oracle: Oracle
    title: str = ""
    """The rule in a sentence; the property itself where it is empty."""
    requirements: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Its label, with the instance in front where the file isn't bound to the top; letters, digits and ``_``."""
        return re.sub(r"\W+", "_", f"{self.file.within}.{self.prop.name}" if self.file.within else self.prop.name)


@dataclass(frozen=True, kw_only=True, slots=True)
class PropertyUse:
    """A property with the hardware that judges it in a harness."""

    use: MonitorUse
    """Its monitor's ``fail`` and ``seen`` are proposals for port names."""
    cover: Cover | None
    """For a ``cover property``; its ``net`` is a proposal."""

    def instance(self, name: str, *, rst: str, **outputs: str) -> str:
        """Return the text of an instance; ``outputs`` are nets for the outputs that its module has."""
        return self.use.instance(name, rst=rst, **outputs)


def property_uses(
    design: Design,
    nets: Mapping[str, str],
    properties: Sequence[JudgedProperty],
    outputs: Sequence[str] = ("fail", "seen"),
) -> Iterator[PropertyUse]:
    """Yield the hardware of properties; ``nets`` maps ports of the design to nets of the harness.

    Those that judge have ``outputs``, covers have ``covered``.

    InputError PE257 for one whose clock is none of the design's; Unsupported PE253 for one that takes too many cycles.
    """
    for one in properties:
        held = _is_held(design, one)
        is_cover = one.prop.directive is Directive.COVER
        made = monitor(one.prop, one.file, held=held, outputs=("covered",) if is_cover else outputs)
        prefix = re.sub(r"\W+", "_", f"{one.file.module}_{one.file.within}_").rstrip("_")
        yield PropertyUse(use=_use(made, one, prefix, nets), cover=_cover(one))


def _is_held(design: Design, one: JudgedProperty) -> bool:
    """Whether edges that don't sample the property come between those that do: its verdict is held until the next."""
    path = one.file.connections[one.prop.clock.name].single
    clock = next((clock for clock in design.clocks if clock.name == path), None)
    if clock is None:
        names = ", ".join(known.name for known in design.clocks)
        raise InputError(
            "PE257",
            f"the clock {one.prop.clock.name} of the property {one.prop.name} is no clock of the design",
            where=str(one.prop.place),
            allowed=f"its clocks are {names}" if names else "it has none",
        )
    return len(design.clocks) > 1 or one.prop.rising != (clock.edge is Edge.RISING)


def _use(made: PropertyMonitor, one: JudgedProperty, prefix: str, nets: Mapping[str, str]) -> MonitorUse:
    def net(name: Reference) -> str:
        return nets.get(name.path) or ".".join([INSTANCE, *map(_reference, name.path.split("."))])

    module, code = f"{prefix}_{one.prop.name}", f"{prefix}_code"
    renamed = {made.module: module, **({made.code_module: code} if made.code_module else {})}
    assumed = one.prop.directive is Directive.ASSUME
    place = one.prop.place
    return MonitorUse(
        monitor=Monitor(
            id=one.id,
            oracle=one.oracle,
            title=one.title or " ".join(str(one.prop.body).split()),
            fail=f"{'illegal' if assumed else 'fail'}_{one.id}",
            seen=f"seen_{one.id}",
            requirements=one.requirements,
            ports=_ports(made.connections, nets),
            assumption=assumed,
            place=f"{place.file}:{place.line}",
        ),
        module=module,
        text=_with_names(made.text, renamed),
        shared=_with_names(made.code, renamed),
        shared_module=code if made.code else "",
        connections={port: wiring.text(net) for port, wiring in made.connections.items()},
    )


def _cover(one: JudgedProperty) -> Cover | None:
    if one.prop.directive is not Directive.COVER:
        return None
    place = one.prop.place
    title = one.title or " ".join(str(one.prop.body).split())
    return Cover(id=f"cover:{one.id}", title=title, net=f"covered_{one.id}", file=place.file, line=place.line)


def _ports(connections: Mapping[str, Wiring], nets: Mapping[str, str]) -> tuple[str, ...]:
    paths = [one.path for port, wiring in connections.items() if port != "clk" for one in wiring.references]
    return tuple(path for path in dict.fromkeys(paths) if path in nets)


def _reference(name: str) -> str:
    """Return a part of a hierarchical name, the index of a generate block's or array's element behind it."""
    plain, bracket, index = name.partition("[")
    return f"{reference(plain)}{bracket}{index}"


def _with_names(text: str, names: Mapping[str, str]) -> str:
    for name, new in names.items():
        text = re.sub(rf"\b{name}\b(?= \(| code \()", new, text)
    return text
