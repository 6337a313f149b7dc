"""Random expressions over three words of four bits, rewritten: some rewrites change nothing, some do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

WIDTH = 4
_MASK = (1 << WIDTH) - 1
Values = Mapping[str, int]

_BINARY: dict[str, Callable[[int, int], int]] = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "&": lambda x, y: x & y,
    "|": lambda x, y: x | y,
    "^": lambda x, y: x ^ y,
}
_COMPARING: dict[str, Callable[[int, int], int]] = {
    "==": lambda x, y: int(x == y),
    "!=": lambda x, y: int(x != y),
    "<": lambda x, y: int(x < y),
    ">=": lambda x, y: int(x >= y),
    "&&": lambda x, y: int(bool(x and y)),
    "||": lambda x, y: int(bool(x or y)),
}


@dataclass(frozen=True, slots=True)
class Node:
    """An operator with its operands, a name or a number; every node is a word of ``WIDTH`` bits."""

    kind: str
    parts: tuple[Node, ...] = ()

    def value(self, values: Values) -> int:
        """Return what it is, worked out here and not by any tool."""
        if not self.parts:
            return values[self.kind] if self.kind in values else int(self.kind)
        first, *rest = (part.value(values) for part in self.parts)
        if self.kind == "?":
            return rest[0] if first else rest[1]
        if self.kind == "~":
            return ~first & _MASK
        if self.kind == "!":
            return int(not first)
        table = _BINARY if self.kind in _BINARY else _COMPARING
        return table[self.kind](first, rest[0]) & _MASK

    def text(self) -> str:
        """Return it in Verilog; what has one bit is made a word, so that contexts of other widths change nothing."""
        if not self.parts:
            return f"{WIDTH}'d{self.kind}" if self.kind.isdigit() else self.kind
        first, *rest = (part.text() for part in self.parts)
        if self.kind == "?":
            return f"({first} ? {rest[0]} : {rest[1]})"
        if self.kind == "~":
            return f"(~{first})"
        if self.kind == "!":
            return f"{{{WIDTH - 1}'b0, !{first}}}"
        said = f"{first} {self.kind} {rest[0]}"
        return f"({said})" if self.kind in _BINARY else f"{{{WIDTH - 1}'b0, {said}}}"

    def places(self) -> Iterator[tuple[int, ...]]:
        """Yield the way to each node."""
        yield ()
        for number, part in enumerate(self.parts):
            yield from ((number, *place) for place in part.places())

    def at(self, place: Sequence[int]) -> Node:
        """Return the node at the end of a way."""
        return self.parts[place[0]].at(place[1:]) if place else self

    def changed(self, place: Sequence[int], new: Node) -> Node:
        """Return the expression with another node at the end of a way."""
        if not place:
            return new
        parts = list(self.parts)
        parts[place[0]] = parts[place[0]].changed(place[1:], new)
        return Node(self.kind, tuple(parts))


def _not(node: Node) -> Node:
    return Node("~", (node,))


def _same(node: Node) -> Iterator[Node]:
    """Yield nodes that mean what ``node`` does."""
    yield _not(_not(node))
    yield Node("+", (node, Node("0")))
    if node.kind in ("&", "|", "+", "*", "^"):
        yield Node(node.kind, node.parts[::-1])
    if node.kind == "&":
        yield _not(Node("|", tuple(map(_not, node.parts))))
    if node.kind == "|":
        yield _not(Node("&", tuple(map(_not, node.parts))))
    if node.kind == "^":
        yield Node("-", (Node("|", node.parts), Node("&", node.parts)))
    if node.kind == "-":
        yield Node("+", (node.parts[0], Node("+", (_not(node.parts[1]), Node("1")))))
    if node.kind == "<":
        yield Node("!", (Node(">=", node.parts),))
    if node.kind == "==":
        yield Node("!", (Node("^", node.parts),))
    if node.kind == "?":
        yield Node("?", (Node("!", node.parts[:1]), node.parts[2], node.parts[1]))


def _other(node: Node) -> Iterator[Node]:
    """Yield nodes that most often mean something else."""
    yield _not(node)
    yield Node("+", (node, Node("1")))
    for table in (_BINARY, _COMPARING):
        if node.kind in table:
            yield from (Node(kind, node.parts) for kind in table if kind != node.kind)
    if node.kind == "?":
        yield Node("?", (node.parts[0], node.parts[2], node.parts[1]))
        yield node.parts[1]


def expressions(names: Sequence[str]) -> st.SearchStrategy[Node]:
    """Return expressions over ``names``."""
    leaves = st.sampled_from([*names, *names, "1", "7", str(_MASK)]).map(Node)

    def grown(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        two = st.tuples(inner, inner)
        return st.one_of(
            st.builds(Node, st.sampled_from([*_BINARY, *_COMPARING]), two),
            st.builds(Node, st.sampled_from(["~", "!"]), st.tuples(inner)),
            st.builds(Node, st.just("?"), st.tuples(inner, inner, inner)),
        )

    return st.recursive(leaves, grown, max_leaves=8).filter(lambda node: bool(node.parts))


@st.composite
def rewrites(draw: st.DrawFn, names: Sequence[str]) -> tuple[Node, Node]:
    """Draw an expression and what became of it in one to three steps, at most one of which changes what it means."""
    before = after = draw(expressions(names))
    harmless = draw(st.integers(0, 2))
    for step in range(harmless + draw(st.integers(0 if harmless else 1, 1))):
        place = draw(st.sampled_from(list(after.places())))
        found = list((_same if step < harmless else _other)(after.at(place)))
        after = after.changed(place, draw(st.sampled_from(found)))
    return before, after
