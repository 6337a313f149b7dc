"""Which rule stands for which cell, and what each is connected to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from verif.errors import Unsupported
from verif.lanes.fourstate.rails import Net, Nets, extended, knowns, values

Connections = dict[str, list[Net]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """A cell of the netlist with two bits for each."""

    kind: str
    parameters: Mapping[str, int | str]
    connections: Connections


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A cell of Yosys' JSON."""

    name: str
    kind: str
    parameters: Mapping[str, Any]
    connections: Mapping[str, Nets]
    fresh: Callable[[int], list[Net]] = field(repr=False)
    """Makes new nets."""

    def number(self, key: str) -> int:
        """Return a parameter as a number."""
        return int(self.parameters[key], 2)

    def flag(self, key: str) -> bool:
        """Return whether a parameter is set; one that isn't there is not."""
        return key in self.parameters and self.number(key) == 1

    def both(self, port: str, nets: Nets | None = None) -> Connections:
        """Return a port's values and known bits, as ``port`` and ``portK``."""
        nets = self.connections[port] if nets is None else nets
        return {port: values(nets), f"{port}K": knowns(nets)}

    def native(self, kind: str = "", changed: Mapping[str, int] | None = None, **nets: list[Net]) -> Made:
        """Return the two-state cell on the values, with other ``nets`` where they are given."""
        mine = {port: values(bits) for port, bits in self.connections.items()}
        return Made(
            kind=kind or self.kind, parameters={**self.parameters, **(changed or {})}, connections={**mine, **nets}
        )


def doubled(cell: Cell) -> Iterator[Made]:
    """Give the cells that stand for a combinational cell; Unsupported PE825 for one without a rule."""
    make = _MAKERS.get(cell.kind)
    if make is None:
        raise Unsupported(
            "PE825", f"four states have no rule for {cell.kind.strip('$')}, which {cell.name.lstrip('$')} is"
        )
    yield from make(cell)


def _bitwise(cell: Cell) -> Iterator[Made]:
    width = len(cell.connections["Y"])
    signed = cell.flag("A_SIGNED") and (cell.flag("B_SIGNED") or "B" not in cell.connections)
    operands: Connections = {}
    for port in cell.connections.keys() - {"Y"}:
        operands |= cell.both(port, extended(cell.connections[port], width, signed=signed))
    yield Made(kind=f"rule_{cell.kind[1:]}", parameters={"WIDTH": width}, connections={**operands, **cell.both("Y")})


def _passed(cell: Cell) -> Iterator[Made]:
    """Give buffers: the value as it is, for what has no sense of its own."""
    width = len(cell.connections["Y"])
    nets = extended(cell.connections["A"], width, signed=cell.flag("A_SIGNED"))
    for side in (values, knowns):
        yield Made(
            kind="$pos",
            parameters={"A_SIGNED": 0, "A_WIDTH": width, "Y_WIDTH": width},
            connections={"A": side(nets), "Y": side(cell.connections["Y"])},
        )


def _reduced(kind: str, negated: bool = False) -> Callable[[Cell], Iterator[Made]]:
    def make(cell: Cell) -> Iterator[Made]:
        nets = cell.connections["A"]
        first, *rest = cell.connections["Y"]
        result: Nets = cell.fresh(1) if negated else [first]
        yield Made(
            kind=f"rule_{kind}",
            parameters={"WIDTH": len(nets)},
            connections={**cell.both("A"), **cell.both("Y", result)},
        )
        if negated:
            yield _not(cell, result, first)
        yield from _zeros(cell, rest)

    return make


def _logical(kind: str) -> Callable[[Cell], Iterator[Made]]:
    def make(cell: Cell) -> Iterator[Made]:
        first, *rest = cell.connections["Y"]
        operands: Connections = {}
        for port in "AB":
            nets = cell.connections[port]
            whole = cell.fresh(1)
            operands |= cell.both(port, whole)
            yield Made(
                kind="rule_reduce_or",
                parameters={"WIDTH": len(nets)},
                connections={**cell.both("A", nets), **cell.both("Y", whole)},
            )
        yield Made(kind=f"rule_{kind}", parameters={"WIDTH": 1}, connections={**operands, **cell.both("Y", [first])})
        yield from _zeros(cell, rest)

    return make


def _compared(kind: str, negated: bool = False) -> Callable[[Cell], Iterator[Made]]:
    def make(cell: Cell) -> Iterator[Made]:
        width = max(len(cell.connections["A"]), len(cell.connections["B"]))
        signed = cell.flag("A_SIGNED") and cell.flag("B_SIGNED")
        a, b = (extended(cell.connections[port], width, signed=signed) for port in "AB")
        parameters: dict[str, int | str] = {"WIDTH": width}
        if kind == "eqx":
            unknown = ["1" if {x, y} & {"x", "z"} else "0" for x, y in zip(a, b, strict=True)]
            parameters["UNKNOWN"] = "".join(reversed(unknown))
        first, *rest = cell.connections["Y"]
        result: Nets = cell.fresh(1) if negated else [first]
        yield Made(
            kind=f"rule_{kind}",
            parameters=parameters,
            connections={**cell.both("A", a), **cell.both("B", b), **cell.both("Y", result)},
        )
        if negated:
            yield _not(cell, result, first)
        yield from _zeros(cell, rest)

    return make


def _chosen(cell: Cell) -> Iterator[Made]:
    """Give the rule of the cell's own name: multiplexers of all kinds."""
    connections: Connections = {}
    for port in cell.connections:
        connections |= cell.both(port)
    numbers = {key: cell.number(key) for key in ("WIDTH", "S_WIDTH") if key in cell.parameters and cell.kind != "$mux"}
    width = {"WIDTH": cell.number("WIDTH")}
    yield Made(kind=f"rule_{cell.kind[1:]}", parameters=width | numbers, connections=connections)


def _arithmetic(cell: Cell) -> Iterator[Made]:
    yield cell.native()
    a = cell.connections["A"]
    b = cell.connections.get("B", ["0"])
    y = knowns(cell.connections["Y"])
    widths = {"A_WIDTH": len(a), "B_WIDTH": len(b), "Y_WIDTH": len(y)}
    divided = cell.kind in _DIVISIONS
    connections: Connections = {"AK": knowns(a), "BK": knowns(b), "YK": y}
    if divided:
        connections["B"] = values(b)
    yield Made(kind="rule_divided" if divided else "rule_all", parameters=widths, connections=connections)


def _ordered(cell: Cell) -> Iterator[Made]:
    """Give comparisons by size: one bit is told, the others are 0."""
    yield cell.native()
    first, *rest = cell.connections["Y"]
    a, b = cell.connections["A"], cell.connections["B"]
    yield Made(
        kind="rule_all",
        parameters={"A_WIDTH": len(a), "B_WIDTH": len(b), "Y_WIDTH": 1},
        connections={"AK": knowns(a), "BK": knowns(b), "YK": knowns([first])},
    )
    for net in rest:
        yield _one(knowns([net]))


def _shifted(cell: Cell) -> Iterator[Made]:
    """Shift what is unknown along; what a part-select reads beyond its word is unknown too."""
    a, b, y = (cell.connections[port] for port in "ABY")
    beyond = cell.kind == "$shiftx"
    kind = "$shift" if beyond else cell.kind
    yield cell.native(kind)
    moved, turned = cell.fresh(len(y)), cell.fresh(len(a))
    unknown = values(turned)
    yield Made(
        kind="$not",
        parameters={"A_SIGNED": 0, "A_WIDTH": len(a), "Y_WIDTH": len(a)},
        connections={"A": knowns(a), "Y": unknown},
    )
    source = knowns(a) if beyond else unknown
    yield cell.native(kind, {"A_SIGNED": 0} if beyond else None, A=source, Y=values(moved))
    shifted = values(moved)
    if beyond:
        shifted = values(cell.fresh(len(y)))
        yield Made(
            kind="$not",
            parameters={"A_SIGNED": 0, "A_WIDTH": len(y), "Y_WIDTH": len(y)},
            connections={"A": values(moved), "Y": shifted},
        )
    yield Made(
        kind="rule_shifted",
        parameters={"B_WIDTH": len(b), "Y_WIDTH": len(y)},
        connections={"SHIFTED": shifted, "BK": knowns(b), "YK": knowns(y)},
    )


def _not(cell: Cell, nets: Nets, result: Net) -> Made:
    return Made(
        kind="rule_not", parameters={"WIDTH": 1}, connections={**cell.both("A", nets), **cell.both("Y", [result])}
    )


def _zeros(cell: Cell, nets: Nets) -> Iterator[Made]:
    """Give the upper bits of a one-bit result."""
    for net in nets:
        yield _constant(values([net]), "0")
        yield _one(knowns([net]))


def _one(nets: list[Net]) -> Made:
    return _constant(nets, "1")


def _constant(nets: list[Net], level: str) -> Made:
    return Made(
        kind="$pos", parameters={"A_SIGNED": 0, "A_WIDTH": 1, "Y_WIDTH": 1}, connections={"A": [level], "Y": nets}
    )


_DIVISIONS = ("$div", "$mod", "$divfloor", "$modfloor")
_MAKERS: Mapping[str, Callable[[Cell], Iterator[Made]]] = {
    **dict.fromkeys(("$not", "$and", "$or", "$xor", "$xnor"), _bitwise),
    **dict.fromkeys(("$pos", "$buf"), _passed),
    **dict.fromkeys(("$reduce_or", "$reduce_bool"), _reduced("reduce_or")),
    "$reduce_and": _reduced("reduce_and"),
    "$reduce_xor": _reduced("reduce_xor"),
    "$reduce_xnor": _reduced("reduce_xor", negated=True),
    "$logic_not": _reduced("reduce_or", negated=True),
    "$logic_and": _logical("and"),
    "$logic_or": _logical("or"),
    "$eq": _compared("eq"),
    "$ne": _compared("eq", negated=True),
    "$eqx": _compared("eqx"),
    "$nex": _compared("eqx", negated=True),
    **dict.fromkeys(("$mux", "$bwmux", "$pmux", "$bmux", "$demux"), _chosen),
    **dict.fromkeys(("$add", "$sub", "$mul", "$neg", "$pow", *_DIVISIONS), _arithmetic),
    **dict.fromkeys(("$lt", "$le", "$gt", "$ge"), _ordered),
    **dict.fromkeys(("$shl", "$shr", "$sshl", "$sshr", "$shift", "$shiftx"), _shifted),
}
