"""Ask whether a specification is about the design at hand: whether its ports exist and are as wide as it says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from verif.bench.library.subject import Subject, bare_name
from verif.design.model import Port, PortRole
from verif.plan.spec import Table

_BUSES = {
    "axi4_lite": r"\bAXI\d?-?\s?Lite\b",
    "axi_stream": r"\bAXI\d?-?\s?Stream\b",
    "apb": r"\bAPB\d?\b",
    "wishbone": r"\bWishbone\b",
}


def disagreement(subject: Subject) -> str:
    """Return in one sentence where specification and ports contradict each other, empty where they agree.

    A table of ports must list ports of the design, with its widths where they can be computed; without such a table,
    the text must name every data port that isn't a pin of a bus that it names, and where it declares one
    (``name [7:0]:``) with the port's width.
    """
    if subject.specification is None:
        return ""
    tables = [table for table in subject.tables if _lists_ports(table)]
    found = [problem for table in tables for problem in _in_table(subject, table)]
    if not tables:
        found = [*_unnamed(subject), *_declared_otherwise(subject)]
    return f"{found[0]}: the specification isn't about these ports, so nothing is judged by it" if found else ""


def _lists_ports(table: Table) -> bool:
    return table.column("port", "signal") == 0 and table.column("direction", "dir", "width") is not None


def _in_table(subject: Subject, table: Table) -> Iterator[str]:
    ports = {port.name.lower(): port for port in subject.design.ports}
    width = table.column("width", "bits")
    assert subject.specification is not None
    listed = set()
    for row, line in zip(table.rows, table.row_lines, strict=True):
        for name in _names(row[0]):
            listed.add(name.lower())
            port = ports.get(name.lower())
            where = subject.specification.where(line)
            if port is None:
                yield f"{where} lists a port {name!r} that {subject.design.top} doesn't have"
            elif width is not None and (told := subject.expression(row[width])) not in (None, port.width):
                yield f"{where} makes {name} {told} bits wide, it has {port.width}"
    for port in _data_ports(subject):
        if port.name.lower() not in listed:
            yield f"{subject.specification.where(table.line)} doesn't list the port {port.name!r}"


def _names(cell: str) -> list[str]:
    """Return the port names of a table's cell; several are parted by commas or slashes, a range may follow."""
    return re.findall(r"(?:^|[,/]|\band\b)\s*([A-Za-z_]\w*)", re.sub(r"\[[^\]]*\]", "", cell))


def _unnamed(subject: Subject) -> Iterator[str]:
    assert subject.specification is not None
    words = {word.lower() for word in re.findall(r"\w+", subject.specification.text)}
    bus = _named_bus_ports(subject)
    ports = [port.name for port in _data_ports(subject) if port.name not in bus]
    missing = [repr(name) for name in ports if not {name.lower(), bare_name(name)} & words]
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        yield f"{subject.specification.path.name} doesn't mention the port {missing[0]}{more}"


def _named_bus_ports(subject: Subject) -> set[str]:
    """Return the ports of the buses that the specification calls by their names: nobody lists those pins again."""
    named = {protocol for protocol, name in _BUSES.items() if subject.says(name)}
    return {port for match in subject.protocols(*named) for port in match.signals.values()}


def _declared_otherwise(subject: Subject) -> Iterator[str]:
    assert subject.specification is not None
    for port in _data_ports(subject):
        declared = re.search(rf"^\s*{port.name}\s*\[(\d+)\s*:\s*(\d+)\]\s*:", subject.specification.text, re.MULTILINE)
        if declared and (told := abs(int(declared[1]) - int(declared[2])) + 1) != port.width:
            yield f"{subject.specification.path.name} makes {port.name} {told} bits wide, it has {port.width}"


def _data_ports(subject: Subject) -> list[Port]:
    return [port for port in subject.design.ports if port.role is PortRole.DATA]
