"""A harness with a second copy of the design: the same inputs, and a coverage point for each output that differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from verif.design.copying import Copy, copy_of
from verif.design.identifiers import reference
from verif.design.model import Design, Direction, Port
from verif.errors import InputError
from verif.harness.around import Shown, Watched, around_text, inside_name, names_around, top_name
from verif.harness.assemble import has_timescale
from verif.harness.model import Harness, Observed, SameStart
from verif.harness.names import vector

DIFFERS = "differs:"
"""Begins the id of the coverage point that is hit where an output of the two designs differs."""
TWIN = "twin"
"""The second design's instance, where no port has that name."""
_DUT = "dut"


@dataclass(frozen=True, kw_only=True, slots=True)
class Twin:
    """A harness of two designs."""

    harness: Harness
    first: str
    """Where the harness's own design is, below the top: ``harness.dut``."""
    second: str
    """Where the other one is: ``twin``."""
    copy: Copy
    """What the other one calls its parts."""
    shown: Mapping[str, str]
    """Output of the other design to the net in the top that shows it."""
    watched: tuple[tuple[Observed, ...], tuple[Observed, ...]] = ((), ())
    """The further outputs that show registers of both, the first design's before the other's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Signal:
    """A register of a design that is watched."""

    path: str
    """Below the design's top."""
    width: int


def twin(harness: Harness, other: Design) -> Harness:
    """Return ``harness`` with ``other`` beside its design; ``twin_of`` tells more."""
    return twin_of(harness, other).harness


@dataclass(frozen=True, kw_only=True, slots=True)
class Pairing:
    """What belongs together in two designs; what isn't told has the same name in both."""

    ports: Mapping[str, str] = field(default_factory=dict)
    """Port of the first to that of the other."""
    starts: Mapping[str, str] = field(default_factory=dict)
    """Path of a register or memory of the first, below its top, to the one of the other that starts as it does."""
    ties: Mapping[str, int] = field(default_factory=dict)
    """Input that only the other has, to the value that it is held at."""
    boxes: tuple[str, ...] = ()
    """Modules that are black boxes in proofs."""
    aliases: tuple[str, ...] = ()
    """Ports that are no registers of both: registers that drive such a one do not start equal for that."""

    def port(self, name: str) -> str:
        """Return what the other design calls a port of the first."""
        return self.ports.get(name, name)


def twin_of(
    harness: Harness,
    other: Design,
    *,
    compared: Sequence[str] | None = None,
    pairing: Pairing | None = None,
    watch: tuple[Sequence[Signal], Sequence[Signal]] = ((), ()),
) -> Twin:
    """Return a harness in which ``other`` gets the inputs of the design; the same arguments give the same bytes.

    Transactors and monitors see the outputs of the first design only. The covers are ``differs:<port>``: 1 in the
    sampled tick in which a bit of that output is defined in both designs and not the same. ``compared`` are the
    outputs to look at, as the first calls them; without it all are, and both designs must have the same ports, else
    InputError PE941. Inputs that only the first has go nowhere in ``other``; ports that go both ways stay open.
    ``watch`` are registers of the first and of the other that further outputs show, by their paths below the tops.

    In proofs, registers and memories of the same name that nothing initialises start equal (``same_start``). Simulate
    with the seed None: both start at 0 then. InputError and Unsupported where slang can't read ``other``.
    """
    pairing = pairing or Pairing()
    if compared is None:
        _refuse_differences(harness.design, other, pairing)
        compared = [each.port for each in harness.observed if each.direction is Direction.OUTPUT]
    texts = [*_texts(harness.design), *(text.encode() for text in harness.files.values())]
    copy = copy_of(other, beside=texts)
    return _Maker(harness, other, copy, tuple(compared), pairing, watch).run()


@dataclass(frozen=True, kw_only=True, slots=True)
class PortDifference:
    """How a port differs in two designs."""

    name: str
    """As the first has it, or the second where only that does."""
    direction: Direction
    sentence: str


def port_differences(first: Design, second: Design, pairing: Pairing | None = None) -> Iterator[PortDifference]:
    """Yield how the ports of two designs differ; order and names of types don't matter, nor do inputs that are tied."""
    pairing = pairing or Pairing()
    ones = {pairing.port(port.name): port for port in first.ports}
    others = {port.name: port for port in second.ports}
    for name in [*ones, *(name for name in others if name not in ones)]:
        one, two = ones.get(name), others.get(name)
        there = one or two
        assert there is not None
        known = f"{there.direction.value} {there.name}"
        if two is None:
            yield PortDifference(name=there.name, direction=there.direction, sentence=f"{known} is only in the first")
        elif one is None:
            if name not in pairing.ties:
                yield PortDifference(name=name, direction=two.direction, sentence=f"{known} is only in the second")
        elif one.direction is not two.direction:
            said = f"{known} is an {two.direction.value} in the second"
            yield PortDifference(name=one.name, direction=one.direction, sentence=said)
        elif one.width != two.width:
            said = f"{known} has {one.width} bits in the first and {two.width} in the second"
            yield PortDifference(name=one.name, direction=one.direction, sentence=said)


def _refuse_differences(first: Design, second: Design, pairing: Pairing) -> None:
    found = [each.sentence for each in port_differences(first, second, pairing)]
    if found:
        raise InputError(
            "PE941",
            f"two designs with different ports don't fit into one harness: {'; '.join(found)}",
            where=second.top,
            hint="give both the same names, directions and widths",
        )


@dataclass(frozen=True, slots=True)
class _Maker:
    """The parts of one twin harness."""

    harness: Harness
    other: Design
    copy: Copy
    compared: tuple[str, ...]
    pairing: Pairing
    watch: tuple[Sequence[Signal], Sequence[Signal]]

    def run(self) -> Twin:
        """Return the harness of both."""
        harness, names = self.harness, names_around(self.harness)
        inside, instance = names.take(inside_name(harness)), names.take(TWIN)
        shown = {port.name: names.take(f"twin_{port.name}") for port in self.other.outputs}
        observed = {port.port: port.name for port in harness.observed}
        points = [
            Shown(id=f"{DIFFERS}{port}", expression=f"|({observed[port]} ^ {shown[self.pairing.port(port)]})")
            for port in self.compared
        ]
        first = f"{inside}.{_DUT}"
        watched = (
            [self._watched(names.take("watched"), each, f"{first}.{each.path}") for each in self.watch[0]],
            [
                self._watched(names.take("watched"), each, f"{instance}.{self.copy.path(each.path)}")
                for each in self.watch[1]
            ],
        )
        every = [*watched[0], *watched[1]]
        top = top_name(harness, [*_words(self.copy)], ending="twins")
        title = f"The harness {harness.top} and the design a second time"
        lines = self._instance(instance, observed, shown)
        text = around_text(harness, top, points, title=title, lines=lines, watched=every)
        start = SameStart(
            first=first,
            second=instance,
            ending=self.copy.ending,
            names=self.copy.names,
            pairs={one: self.copy.path(other) for one, other in self.pairing.starts.items()},
            boxes=self.pairing.boxes,
            aliases=self.pairing.aliases,
        )
        made = replace(
            harness,
            top=top,
            files={**self._copied(), **harness.files, f"{top}.sv": text},
            observed=(*harness.observed, *(each.port for each in every)),
            covers=tuple(point.id for point in points),
            same_start=start,
        )
        ones, others = (tuple(each.port for each in side) for side in watched)
        return Twin(harness=made, first=first, second=instance, copy=self.copy, shown=shown, watched=(ones, others))

    def _watched(self, name: str, signal: Signal, expression: str) -> Watched:
        port = Observed(name=name, port=name, width=signal.width, direction=Direction.OUTPUT)
        return Watched(port=port, expression=expression)

    def _copied(self) -> dict[str, str]:
        scale = "`timescale 1ns/1ps\n" if has_timescale(self.harness.design) or has_timescale(self.other) else ""
        return {name: f"{scale}`default_nettype wire\n{text}" for name, text in self.copy.files.items()}

    def _instance(self, instance: str, observed: Mapping[str, str], shown: Mapping[str, str]) -> Iterator[str]:
        for port in self.other.outputs:
            yield f"wire {vector(port.width)}{shown[port.name]};"
        given = [f".{self._called(name)}({value})" for name, value in self.other.sources.parameters.items()]
        parameters = f" #({', '.join(given)})" if given else ""
        clocks = {clock.name for clock in self.harness.clocks}
        driven = {**observed, **{name: name for name in clocks}}
        nets = {**{self.pairing.port(name): net for name, net in driven.items()}, **shown}
        yield f"{self._called(self.other.top)}{parameters} {instance} ("
        ports = [self._connected(port, nets) for port in self.other.ports]
        yield from (f"    {each}{',' if number < len(ports) - 1 else ''}" for number, each in enumerate(ports))
        yield ");"
        yield ""

    def _connected(self, port: Port, nets: Mapping[str, str]) -> str:
        net = "" if port.direction is Direction.INOUT else nets.get(port.name, "")
        if port.direction is Direction.INPUT and port.name in self.pairing.ties:
            net = f"{port.width}'d{self.pairing.ties[port.name]}"
        return f".{self._called(port.name)}({net})"

    def _called(self, name: str) -> str:
        return reference(self.copy.renamed(name))


def _texts(design: Design) -> Iterator[bytes]:
    yield from (file.read_bytes() for file in design.sources.files if file.is_file())


def _words(copy: Copy) -> Iterator[str]:
    yield from (copy.renamed(name) for name in copy.names)
