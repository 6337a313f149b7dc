"""The interface that a specification describes: module name, ports with widths, clock and reset."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace

from verif.design.model import Clock, Design, Direction, Edge, Parameter, Port, PortRole, Reset, SourceSet
from verif.design.names import active_low_name, looks_like_clock, looks_like_reset
from verif.errors import InputError
from verif.plan.spec import Specification, Table

_DIRECTIONS = {"in": "input", "input": "input", "out": "output", "output": "output"}
_NAME = re.compile(r"^\s*(?:#+\s*)?module(?:\s+name)?\s*:?\s*\n?\s*`?([A-Za-z_]\w*)`?", re.IGNORECASE | re.MULTILINE)
_TITLE = re.compile(r"^`?([A-Za-z_]\w*)`?\s*(?::|$)")
_SECTION = re.compile(r"^\s*(?:#+\s*)?(input|output)s?(?:\s+ports?)?\s*:\s*$", re.IGNORECASE)
_ITEM = re.compile(
    r"^\s*(?:[-*+]\s*)?`?(?P<before>\[[^\]]*\]\s*)?(?P<name>[A-Za-z_]\w*)`?\s*`?(?P<after>\[[^\]]*\])?`?\s*(?::|$)"
)
_BITS = re.compile(r"\b(\d+)[- ]bits?\b", re.IGNORECASE)


def interface_of(specification: Specification) -> Design:
    """Return the module that ``specification`` describes, without RTL; InputError PE520 tells what it lacks.

    Ports come from a Markdown table with a port and a direction column, or from lists under ``Input ports:`` and
    ``Output ports:``. A width is a number or an expression over the defaults of a parameter table.
    """
    ports = [*_from_tables(specification), *_from_lists(specification)]
    where = str(specification.path)
    if not any(port.direction is Direction.OUTPUT for port in ports):
        raise InputError(
            "PE520",
            "the specification lists no output ports",
            where=where,
            allowed="a table with the columns Port, Direction and Width is read, or lists under 'Input ports:' and "
            "'Output ports:'",
            hint="or give a module header with --interface",
        )
    design = Design(
        top=_name(specification),
        sources=SourceSet(files=()),
        ports=tuple(_unique(ports)),
        parameters=tuple(Parameter(name=name, value=str(value)) for name, value in _parameters(specification).items()),
    )
    return with_named_clocks(design, specification.text)


def with_named_clocks(design: Design, text: str) -> Design:
    """Return ``design`` with the clock and reset that port names and ``text`` tell, where the RTL tells none."""
    if design.clocks:
        return design
    inputs = [port for port in design.ports if port.direction is Direction.INPUT and port.width == 1]
    clocks = [port.name for port in inputs if looks_like_clock(port.name)]
    resets = [port.name for port in inputs if looks_like_reset(port.name)] if clocks else []
    roles = dict.fromkeys(clocks, PortRole.CLOCK) | dict.fromkeys(resets, PortRole.RESET)
    falling = re.search(r"\b(?:falling|negative)[- ]edge", text, re.IGNORECASE)
    rising = re.search(r"\b(?:rising|positive)[- ]edge", text, re.IGNORECASE)
    edge = Edge.FALLING if falling and not rising else Edge.RISING
    return replace(
        design,
        ports=tuple(replace(port, role=roles.get(port.name, port.role)) for port in design.ports),
        clocks=tuple(Clock(name=name, edge=edge, evidence="name of the port") for name in clocks),
        resets=tuple(_reset(name, text) for name in resets),
    )


def _reset(name: str, text: str) -> Reset:
    low = active_low_name(name) or _together("active[- ]low", text)
    return Reset(
        name=name,
        active_high=not low,
        asynchronous=_together("asynchronous(?:ly)?", text),
        evidence="name of the port",
    )


def _together(word: str, text: str) -> bool:
    """Whether a sentence of ``text`` says ``word`` of a reset."""
    pattern = rf"\b{word}\b[^.\n]*\breset|\breset\b[^.\n]*\b{word}\b"
    return bool(re.search(pattern, text, re.IGNORECASE))


def _name(specification: Specification) -> str:
    for pattern, text in ((_NAME, specification.text), (_TITLE, specification.title)):
        if found := pattern.search(text):
            return found.group(1)
    raise InputError(
        "PE520",
        "the specification names no module",
        where=str(specification.path),
        allowed="the title 'NAME: what it is' or a line 'Module name: NAME' does",
        hint="or give a module header with --interface",
    )


def _from_tables(specification: Specification) -> Iterator[Port]:
    parameters = _parameters(specification)
    for table in specification.tables:
        name, direction = table.column("port", "signal", "name"), table.column("direction", "dir", "i/o")
        if name is None or direction is None:
            continue
        width = table.column("width", "bits", "size")
        for index, row in enumerate(table.rows):
            way = _DIRECTIONS.get(row[direction].lower())
            if way and re.fullmatch(r"[A-Za-z_]\w*", row[name]):
                line = table.row_lines[index] if table.row_lines else table.line
                bits = _width(row[width], parameters, specification.where(line)) if width is not None else 1
                yield Port(name=row[name], direction=Direction(way), width=bits)


def _parameters(specification: Specification) -> dict[str, int]:
    known: dict[str, int] = {}
    for table in specification.tables:
        name, default = table.column("parameter"), table.column("default", "value")
        if name is not None and default is not None:
            _parameters_in(table, name, default, known)
    return known


def _parameters_in(table: Table, name: int, default: int, known: dict[str, int]) -> None:
    """Add the table's parameters to ``known``; a default may be an expression over earlier ones."""
    for row in table.rows:
        with suppress(ValueError):
            known[row[name]] = _constant(row[default], known)


def _from_lists(specification: Specification) -> Iterator[Port]:
    direction = None
    for number, line in enumerate(specification.text.splitlines(), start=1):
        if section := _SECTION.match(line):
            direction = Direction(section.group(1).lower())
        elif direction and line.strip():
            item = _ITEM.match(line)
            if item is None or line.strip().endswith(":"):
                direction = None
                continue
            yield Port(
                name=item["name"], direction=direction, width=_listed_width(item, line, specification.where(number))
            )


def _listed_width(item: re.Match[str], line: str, where: str) -> int:
    if found := item["before"] or item["after"]:
        return _width(found, {}, where)
    bits = _BITS.search(line)
    return int(bits.group(1)) if bits else 1


def _width(text: str, parameters: Mapping[str, int], where: str) -> int:
    """Return the value of a width such as ``8``, ``WIDTH``, ``DEPTH + 1``, ``[7:0]`` or ``$clog2(DEPTH)``."""
    source = text.strip() or "1"
    if ranged := re.fullmatch(r"\[(.+):(.+)\]", source):
        source = f"({ranged[1]}) - ({ranged[2]}) + 1"
    try:
        value = _constant(source, parameters)
    except ValueError as error:
        raise InputError(
            "PE520",
            f"can't tell the width '{text}'",
            where=where,
            allowed="numbers and parameters with defaults are read",
            hint="give a module header with --interface",
        ) from error
    if value < 1:
        raise InputError("PE520", f"the width '{text}' is {value}", where=where)
    return value


def _constant(text: str, parameters: Mapping[str, int]) -> int:
    """Return the value of a constant expression; ValueError where it is none."""
    try:
        return _value(ast.parse(text.replace("$clog2", "clog2"), mode="eval").body, parameters)
    except (SyntaxError, ZeroDivisionError) as error:
        raise ValueError(str(error)) from error


def _value(node: ast.expr, parameters: Mapping[str, int]) -> int:
    match node:
        case ast.Constant(value=int(value)):
            return value
        case ast.Name(id=name) if name in parameters:
            return parameters[name]
        case ast.Call(func=ast.Name(id="clog2"), args=[argument]):
            return max(_value(argument, parameters) - 1, 0).bit_length()
        case ast.BinOp(left=left, op=operator, right=right):
            return _apply(operator, _value(left, parameters), _value(right, parameters))
    raise ValueError("not a constant expression")


def _apply(operator: ast.operator, left: int, right: int) -> int:
    match operator:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case ast.Div() | ast.FloorDiv():
            return left // right
    raise ValueError("not a constant expression")


def _unique(ports: list[Port]) -> list[Port]:
    """Keep the first mention of each port."""
    return list({port.name: port for port in reversed(ports)}.values())[::-1]
