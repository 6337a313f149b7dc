"""What a protocol gives to a file of properties: assertions, assumptions, covers, and the registers that they read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from verif.design.model import Design, Edge, ProtocolMatch
from verif.property.ir import Directive


@dataclass(frozen=True, kw_only=True, slots=True)
class Drafted:
    """A property of a protocol in the words of one design."""

    name: str
    """Its label."""
    directive: Directive
    text: str
    """The property, its clock and ``disable iff`` apart."""
    title: str
    """The rule in one sentence."""
    ports: tuple[str, ...]
    """Ports of the design that it reads, modelling code included."""
    clock: str = ""
    """The clock, where the design has several."""
    rule: str = ""
    """Id of the rule of the oracle library that judges the same; empty where none does."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Chapter:
    """The properties of one interface."""

    heading: str
    """The interface and where its rules are published."""
    properties: tuple[Drafted, ...]
    code: str = ""
    """Modelling code that they read."""


@dataclass(frozen=True, slots=True)
class Interface:
    """A recognised interface of a design, as its protocol's properties see it."""

    design: Design
    match: ProtocolMatch

    @property
    def drives(self) -> bool:
        """Whether the design is the side that asks or sends."""
        return self.match.role in ("source", "initiator")

    def has(self, *signals: str) -> bool:
        """Return whether the design has all of these signals."""
        return all(signal in self.match.signals for signal in signals)

    def __getitem__(self, signal: str) -> str:
        return self.match.signals[signal]

    def get(self, *signals: str) -> list[str]:
        """Return the ports of those of ``signals`` that there are."""
        return [self.match.signals[signal] for signal in signals if signal in self.match.signals]

    def width(self, signal: str) -> int:
        """Return a signal's width."""
        return self.design.port(self.match.signals[signal]).width

    @property
    def side_inputs(self) -> list[str]:
        """Data inputs that belong to no recognised interface: selects, flushes, gains."""
        known = {port for match in self.design.protocols for port in match.signals.values()}
        return [port.name for port in self.design.data_inputs if port.name not in known]

    def obliges(self, by_design: bool) -> Directive:
        """Return how an obligation is written: the design's own is asserted, its partner's is assumed."""
        return Directive.ASSERT if by_design else Directive.ASSUME


def label(*words: str) -> str:
    """Return a label of some words."""
    return re.sub(r"\W+|_+", "_", "_".join(words).lower()).strip("_")


def slug(name: str) -> str:
    """Return a port's name as it stands in the ids of rules."""
    return re.sub(r"\W+|_+", "-", name.lower()).strip("-")


def stable(ports: Iterable[str]) -> str:
    """Return that ports keep their values."""
    return " && ".join(f"$stable({port})" for port in ports)


def reset_condition(design: Design) -> str:
    """Return the expression that is true in reset; empty without a reset."""
    return " || ".join(f"{'' if reset.active_high else '!'}{reset.name}" for reset in design.resets)


def clock_event(design: Design, name: str) -> str:
    """Return the active edge of a clock as an event."""
    clock = next(clock for clock in design.clocks if clock.name == name)
    return f"@({'posedge' if clock.edge is Edge.RISING else 'negedge'} {name})"


def stands(interface: Interface, valid: str, ready: str, payload: Iterable[str], *, by_design: bool) -> Drafted:
    """Return that an offer and its payload stand until it is taken; ``valid`` and the others are ports.

    Where inputs beside the interface may change what a design offers, it is judged only while they don't.
    """
    sides = interface.side_inputs if by_design and interface.match.protocol == "axi_stream" else []
    ports = list(payload)
    then = " && ".join([valid, *([stable(ports)] if ports else [])])
    told = "it and its payload stand" if ports else "it stays 1"
    waits = f"{valid} && !{ready}"
    text = f"{waits} ##1 {stable(sides)} |-> {then}" if sides else f"{waits} |=> {then}"
    return Drafted(
        name=label(valid, "stable"),
        directive=interface.obliges(by_design),
        text=text,
        title=f"Once {valid} is 1, {told} until {ready} is 1.",
        ports=(valid, ready, *ports, *sides),
        rule=f"{slug(valid)}-stable",
    )


def covers(ports: Mapping[str, tuple[str, str]], read: Iterable[str], clock: str = "") -> tuple[Drafted, ...]:
    """Return cover properties: label to sequence and title; all read some of ``read``."""
    named = list(read)
    return tuple(
        Drafted(
            name=name,
            directive=Directive.COVER,
            text=text,
            title=title,
            ports=tuple(port for port in named if re.search(rf"\b{re.escape(port)}\b", text)),
            clock=clock,
        )
        for name, (text, title) in ports.items()
    )


def counter(interface: Interface, name: str, up: str, down: str) -> str:
    """Return a counter that the design's resets clear."""
    design = interface.design
    event, reset = clock_event(design, design.clocks[0].name), reset_condition(design)
    step = f"{name} <= {name} + {{15'd0, {up}}} - {{15'd0, {down} && ({name} != 0 || ({up}))}};"
    head = f"  logic [15:0] {name};\n  initial {name} = 16'd0;\n  always {event}"
    return f"{head}\n    if ({reset}) {name} <= 16'd0;\n    else {step}" if reset else f"{head} {step}"
