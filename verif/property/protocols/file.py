"""The file of properties that is drafted for a design: its recognised protocols in SystemVerilog assertions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

from verif.design.identifiers import is_plain
from verif.design.model import Design
from verif.design.protocols import USED_FROM
from verif.property.protocols.axi import lite, stream
from verif.property.protocols.buses import apb, wishbone
from verif.property.protocols.local import arbiter, fifo
from verif.property.protocols.model import Chapter, Drafted, Interface, clock_event, label, reset_condition

_WIDTH = 110
PROTOCOLS: Mapping[str, Callable[[Interface], Chapter | None]] = {
    "axi_stream": stream,
    "axi4_lite": lite,
    "apb": apb,
    "wishbone": wishbone,
    "fifo": fifo,
    "request_grant": arbiter,
}
"""Protocol to what makes its properties."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftedFile:
    """A file of properties as it is drafted."""

    text: str
    properties: tuple[Drafted, ...]

    def named(self, name: str) -> Drafted | None:
        """Return the property with a label."""
        return next((one for one in self.properties if one.name == name), None)


def props_file_name(dut: str) -> str:
    """Return the name of the file with a design's properties."""
    return f"{dut}_props.sv"


def drafted_file(design: Design, dut: str, checked: Mapping[str, Sequence[str]] | None = None) -> DraftedFile | None:
    """Return the properties of the protocols that ``design`` speaks; None where there are none to write.

    ``dut`` is what the design is called; ``checked`` tells which requirements of the specification each rule checks.
    """
    chapters = [_distinct(chapter) for chapter in _chapters(design)]
    properties = tuple(one for chapter in chapters for one in chapter.properties)
    if not properties or not all(is_plain(port) for one in properties for port in one.ports):
        return None
    return DraftedFile(text=_text(design, dut, chapters, checked or {}), properties=properties)


def _chapters(design: Design) -> Iterator[Chapter]:
    for match in design.protocols:
        several = len(design.clocks) != 1 and match.protocol != "fifo"
        if match.protocol not in PROTOCOLS or match.confidence < USED_FROM or several or not design.clocks:
            continue
        chapter = PROTOCOLS[match.protocol](Interface(design, match))
        if chapter is not None:
            yield chapter


def _distinct(chapter: Chapter) -> Chapter:
    """Return a chapter; labels come from ports, which no two interfaces share."""
    names = [one.name for one in chapter.properties]
    assert len(set(names)) == len(names), names
    return chapter


def _text(design: Design, dut: str, chapters: Sequence[Chapter], checked: Mapping[str, Sequence[str]]) -> str:
    module = label(dut, "props")
    ports = _ports(design, chapters)
    wide = [port for port in ports if design.port(port).width > 1]
    parameters = [f"  parameter int {_parameter(port)} = {design.port(port).width}" for port in wide]
    header = f"module {module} #(\n{_listed(parameters)}\n) (" if wide else f"module {module} ("
    declared = [f"  input logic {_range(port) if port in wide else ''}{port}" for port in ports]
    lines = [*_introduction(dut), header, _listed(declared), ");", *_defaults(design)]
    for chapter in chapters:
        lines += _chapter(design, chapter, checked)
    given = ", ".join(f".{_parameter(port)}($bits({port}))" for port in wide)
    bound = f"bind {design.top} {module} {f'#({given}) ' if wide else ''}props (.*);"
    return "\n".join([*lines, "endmodule", "", bound, ""])


def _introduction(dut: str) -> list[str]:
    told = (
        f"Properties of {dut}, from the protocols at its ports. Assertions are what it owes, assumptions what its "
        "partners owe. Yours to edit: 'posedge search' judges by what is written here, except where a rule or the "
        "reference model of the bench judges the same. Any simulator that knows bind takes the file as it is."
    )
    return [*(f"// {line}" for line in wrap(told, _WIDTH)), ""]


def _defaults(design: Design) -> list[str]:
    lines = []
    if len(design.clocks) == 1:
        lines.append(f"  default clocking {clock_event(design, design.clocks[0].name)}; endclocking")
    if reset := reset_condition(design):
        lines.append(f"  default disable iff ({reset});")
    return lines


def _chapter(design: Design, chapter: Chapter, checked: Mapping[str, Sequence[str]]) -> list[str]:
    lines = ["", *(f"  // {line}" for line in wrap(f"{chapter.heading}.", _WIDTH))]
    if chapter.code:
        lines += ["", chapter.code]
    for one in chapter.properties:
        requirements = checked.get(one.rule, ()) if one.rule else ()
        told = f"{one.title} Checks {', '.join(requirements)}." if requirements else one.title
        clock = f"{clock_event(design, one.clock)} " if one.clock else ""
        lines += ["", *(f"  // {line}" for line in wrap(told, _WIDTH))]
        lines.append(f"  {one.name}: {one.directive} property ({clock}{one.text});")
    return lines


def _ports(design: Design, chapters: Sequence[Chapter]) -> list[str]:
    """Return clocks, resets and the ports that are read, in the order of the design."""
    read = {port for chapter in chapters for one in chapter.properties for port in one.ports}
    clocks = {one.clock for chapter in chapters for one in chapter.properties} - {""}
    read |= clocks or {clock.name for clock in design.clocks}
    read |= {reset.name for reset in design.resets}
    return [port.name for port in design.ports if port.name in read]


def _parameter(port: str) -> str:
    return f"{port.upper()}_BITS"


def _range(port: str) -> str:
    return f"[{_parameter(port)}-1:0] "


def _listed(lines: Sequence[str]) -> str:
    return ",\n".join(lines)
