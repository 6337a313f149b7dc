"""A harness with a second copy of the design: the same inputs, and a coverage point for each output that differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from verif.design.copying import Copy, copy_of
from verif.design.identifiers import reference
from verif.design.model import Design, Direction, Port
from verif.errors import InputError
from verif.harness.around import Shown, around_text, inside_name, names_around, top_name
from verif.harness.assemble import has_timescale
from verif.harness.model import Harness, SameStart
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


def twin(harness: Harness, other: Design, *, ties: Mapping[str, int] | None = None) -> Harness:
    """Return ``harness`` with ``other`` beside its design; ``twin_of`` tells more."""
    return twin_of(harness, other, ties=ties).harness


def twin_of(
    harness: Harness,
    other: Design,
    *,
    compared: Sequence[str] | None = None,
    ties: Mapping[str, int] | None = None,
) -> Twin:
    """Return a harness in which ``other`` gets the inputs of the design; the same arguments give the same bytes.

    Transactors and monitors see the outputs of the first design only. The covers are ``differs:<port>``: 1 in the
    sampled tick in which a bit of that output is defined in both designs and not the same. ``compared`` are the
    outputs to look at; without it all are, and both designs must have the same ports, else InputError PE941. ``ties``
    are values of inputs that only ``other`` has. Inputs that only the first has go nowhere in ``other``; ports that go
    both ways stay open.

    In proofs, registers and memories of the same name that nothing initialises start equal (``same_start``). Simulate
    with the seed None: both start at 0 then. InputError and Unsupported where slang can't read ``other``.
    """
    given = dict(ties or {})
    if compared is None:
        _refuse_differences(harness.design, other, given)
        compared = [each.port for each in harness.observed if each.direction is Direction.OUTPUT]
    texts = [*_texts(harness.design), *(text.encode() for text in harness.files.values())]
    copy = copy_of(other, beside=texts)
    return _Maker(harness, other, copy, tuple(compared), given).run()


def port_differences(first: Design, second: Design) -> Iterator[str]:
    """Yield how the ports of two designs differ, a sentence each; order and names of types don't matter."""
    ones, others = ({port.name: port for port in design.ports} for design in (first, second))
    for name in [*ones, *(name for name in others if name not in ones)]:
        one, two = ones.get(name), others.get(name)
        if one is None or two is None:
            there = one or two
            assert there is not None
            yield f"{there.direction.value} {name} is only in the {'second' if one is None else 'first'}"
        elif one.direction is not two.direction:
            yield f"{name} is an {one.direction.value} in the first and an {two.direction.value} in the second"
        elif one.width != two.width:
            yield f"{name} has {one.width} bits in the first and {two.width} in the second"


def _refuse_differences(first: Design, second: Design, ties: Mapping[str, int]) -> None:
    found = [each for each in port_differences(first, second) if each.split()[1] not in ties]
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
    ties: Mapping[str, int]

    def run(self) -> Twin:
        """Return the harness of both."""
        harness, names = self.harness, names_around(self.harness)
        inside, instance = names.take(inside_name(harness)), names.take(TWIN)
        shown = {port.name: names.take(f"twin_{port.name}") for port in self.other.outputs}
        observed = {port.port: port.name for port in harness.observed}
        points = [
            Shown(id=f"{DIFFERS}{port}", expression=f"|({observed[port]} ^ {shown[port]})") for port in self.compared
        ]
        top = top_name(harness, [*_words(self.copy)], ending="twins")
        title = f"The harness {harness.top} and the design a second time"
        text = around_text(harness, top, points, title=title, lines=self._instance(instance, observed, shown))
        start = SameStart(first=f"{inside}.{_DUT}", second=instance, ending=self.copy.ending, names=self.copy.names)
        made = replace(
            harness,
            top=top,
            files={**self._copied(), **harness.files, f"{top}.sv": text},
            covers=tuple(point.id for point in points),
            same_start=start,
        )
        return Twin(harness=made, first=start.first, second=instance, copy=self.copy, shown=shown)

    def _copied(self) -> dict[str, str]:
        scale = "`timescale 1ns/1ps\n" if has_timescale(self.harness.design) or has_timescale(self.other) else ""
        return {name: f"{scale}`default_nettype wire\n{text}" for name, text in self.copy.files.items()}

    def _instance(self, instance: str, observed: Mapping[str, str], shown: Mapping[str, str]) -> Iterator[str]:
        for port in self.other.outputs:
            yield f"wire {vector(port.width)}{shown[port.name]};"
        given = [f".{self._called(name)}({value})" for name, value in self.other.sources.parameters.items()]
        parameters = f" #({', '.join(given)})" if given else ""
        clocks = {clock.name for clock in self.harness.clocks}
        nets = {**observed, **{name: name for name in clocks}, **shown}
        yield f"{self._called(self.other.top)}{parameters} {instance} ("
        ports = [self._connected(port, nets) for port in self.other.ports]
        yield from (f"    {each}{',' if number < len(ports) - 1 else ''}" for number, each in enumerate(ports))
        yield ");"
        yield ""

    def _connected(self, port: Port, nets: Mapping[str, str]) -> str:
        net = "" if port.direction is Direction.INOUT else nets.get(port.name, "")
        if port.direction is Direction.INPUT and port.name in self.ties:
            net = f"{port.width}'d{self.ties[port.name]}"
        return f".{self._called(port.name)}({net})"

    def _called(self, name: str) -> str:
        return reference(self.copy.renamed(name))


def _texts(design: Design) -> Iterator[bytes]:
    yield from (file.read_bytes() for file in design.sources.files if file.is_file())


def _words(copy: Copy) -> Iterator[str]:
    yield from (copy.renamed(name) for name in copy.names)
