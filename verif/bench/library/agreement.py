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

_GENERIC = {"en", "data", "in", "out", "i", "o", "n", "sig", "bus", "reg", "port"}
"""Parts of names that say little beside another one."""
_SHORT = {
    "en": "enable",
    "ena": "enable",
    "ce": "enable",
    "clr": "clear",
    "ld": "load",
    "wr": "writ",
    "we": "writ",
    "rd": "read",
    "re": "read",
    "din": "data",
    "dout": "data",
    "dat": "data",
    "cnt": "count",
    "addr": "addr",
    "sel": "select",
    "dir": "direction",
    "req": "request",
    "gnt": "grant",
    "inc": "increment",
    "dec": "decrement",
    "btn": "button",
    "vld": "valid",
    "rdy": "ready",
    "ack": "acknowledg",
    "val": "val",
    "rst": "reset",
    "clk": "clock",
    "idx": "index",
    "ovf": "overflow",
    "quot": "quotient",
    "rem": "remainder",
    "prod": "product",
    "diff": "differ",
    "cin": "carry",
    "cout": "carry",
    "in": "input",
    "out": "output",
}
"""Usual short forms in names of ports to how the words that they stand for begin."""


def disagreement(subject: Subject) -> str:
    """Return in one sentence where specification and ports contradict each other, empty where they agree.

    A table of ports must list ports of the design, with its widths where they can be computed; without such a table,
    the text must declare ports (``name [7:0]:``) with their widths, and name some data port at all.
    """
    if subject.specification is None:
        return ""
    tables = _port_tables(subject)
    found = [problem for table in tables for problem in _in_table(subject, table)]
    if not tables:
        found = [*_declared_otherwise(subject), *_none_named(subject)]
    return f"{found[0]}: the specification isn't about these ports, so nothing is judged by it" if found else ""


def unnamed_ports(subject: Subject) -> dict[str, str]:
    """Return the data ports that the specification doesn't name, each with a sentence about it.

    A table of ports names all of its ports, and no others. Without a table the text must hold the port's name or each
    part of it, spelled out or not (``wr_en``: "write enable"); an only port and the pins of a bus that the text names
    need no listing.
    """
    if subject.specification is None:
        return {}
    file = subject.specification.path.name
    if tables := _port_tables(subject):
        listed = {name.lower() for table in tables for row in table.rows for name in _names(row[0])}
        line = subject.specification.where(tables[0].line)
        return {
            p.name: f"{line} doesn't list the port {p.name!r}"
            for p in _data_ports(subject)
            if p.name.lower() not in listed
        }
    if len(_data_ports(subject)) == 1:
        return {}
    words = {word.lower() for word in re.findall(r"[A-Za-z_]\w*", subject.specification.text)}
    bus = _named_bus_ports(subject)
    ports = [port.name for port in _data_ports(subject) if port.name not in bus]
    return {name: f"{file} doesn't mention the port {name!r}" for name in ports if not _mentioned(name, words)}


def _mentioned(name: str, words: set[str]) -> bool:
    if {name.lower(), bare_name(name)} & words:
        return True
    parts = [part.lower() for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", bare_name(name)) if part]
    told = [part for part in parts if part not in _GENERIC] or parts
    return bool(told) and all(len(part) > 1 and _spelled_out(part, words) for part in told)


def _spelled_out(part: str, words: set[str]) -> bool:
    stem = _SHORT.get(part, part)
    return any(word.startswith(stem) for word in words) if len(stem) > 2 else part in words


def _port_tables(subject: Subject) -> list[Table]:
    return [table for table in subject.tables if _lists_ports(table)]


def _lists_ports(table: Table) -> bool:
    return table.column("port", "signal") == 0 and table.column("direction", "dir", "width") is not None


def _in_table(subject: Subject, table: Table) -> Iterator[str]:
    ports = {port.name.lower(): port for port in subject.design.ports}
    width = table.column("width", "bits")
    assert subject.specification is not None
    for row, line in zip(table.rows, table.row_lines, strict=True):
        for name in _names(row[0]):
            port = ports.get(name.lower())
            where = subject.specification.where(line)
            if port is None:
                yield f"{where} lists a port {name!r} that {subject.design.top} doesn't have"
            elif width is not None and (told := subject.expression(row[width])) not in (None, port.width):
                yield f"{where} makes {name} {told} bits wide, it has {port.width}"


def _names(cell: str) -> list[str]:
    """Return the port names of a table's cell; several are parted by commas or slashes, a range may follow."""
    return re.findall(r"(?:^|[,/]|\band\b)\s*([A-Za-z_]\w*)", re.sub(r"\[[^\]]*\]", "", cell))


def _none_named(subject: Subject) -> Iterator[str]:
    ports, unnamed = _data_ports(subject), unnamed_ports(subject)
    if ports and len(unnamed) == len(ports):
        more = f" and {len(unnamed) - 1} more" if len(unnamed) > 1 else ""
        yield f"{next(iter(unnamed.values()))}{more}"


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
