"""The instance tree with areas, and which of its nodes become blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from verif.floorplan.cells import CellLibrary, memory_size
from verif.floorplan.synthesis import Netlist

MEMORY = "$mem_v2"
SHARE = 1 / 12
"""A block above this part of the whole area is opened up, if its own parts are worth it."""
WORTH = 0.2
"""Opening a block must set at least this part of its area apart."""
CRUMB = 0.004
"""Blocks below this part of the whole area are merged into the logic around them."""
MOST = 120
"""Blocks at which opening stops."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Macro:
    """A memory: placed as a hard block."""

    path: str
    cell: str
    words: int
    width: int
    ports: int
    size: tuple[float, float]
    """Width and height in microns, by the model of ``cells``."""


@dataclass(kw_only=True, slots=True)
class Node:
    """An instance: its own logic, its memories, its children."""

    path: str
    """Instance path below the top; empty for the top."""
    module: str
    own: float = 0.0
    """Area of its own cells, without memories and children, in square microns."""
    macros: list[Macro] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    blackbox: bool = False

    @property
    def logic(self) -> float:
        """Area of all logic at and below this instance, without memories."""
        return self.own + sum(child.logic for child in self.children)

    def walk(self) -> Iterator[Node]:
        """Yield this instance and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


def instance_tree(netlist: Netlist, library: CellLibrary) -> Node:
    """Return the tree below the netlist's top, with areas summed cell by cell, so that each counts once."""
    return _node(netlist, library, netlist.top, "")


def _node(netlist: Netlist, library: CellLibrary, module: str, path: str) -> Node:
    content = netlist.modules[module]
    node = Node(path=path, module=module, blackbox=is_blackbox(content))
    for name, cell in content["cells"].items():
        kind = cell["type"]
        if kind == MEMORY:
            node.macros.append(_macro(name, cell, path, library))
        elif kind in netlist.modules:
            node.children.append(_node(netlist, library, kind, below(path, name)))
        elif kind.startswith("$") or kind in library.areas:
            node.own += library.area(kind)
        else:
            node.children.append(Node(path=below(path, name), module=kind, blackbox=True))
    return node


def below(path: str, name: str) -> str:
    """Return the path of instance ``name`` in ``path``."""
    return f"{path}.{name}" if path else name


def is_blackbox(content: dict[str, Any]) -> bool:
    """Whether a module of the netlist is a black box."""
    return bool(int(content.get("attributes", {}).get("blackbox", "0"), 2))


def _macro(name: str, cell: dict[str, Any], path: str, library: CellLibrary) -> Macro:
    words, width, reads, writes = (int(cell["parameters"][key], 2) for key in ("SIZE", "WIDTH", "RD_PORTS", "WR_PORTS"))
    ports = max(1, reads, writes)
    return Macro(
        path=below(path, name),
        cell=name,
        words=words,
        width=width,
        ports=ports,
        size=memory_size(words, width, ports, library.gate),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Cut:
    """Which block every instance's logic belongs to."""

    owner: dict[str, str]
    """Instance path to block name; instances below a block have the block's."""
    areas: dict[str, float]
    """Block to area of its logic."""
    groups: dict[str, str]
    """Block to the path of the instance that it is a part of."""
    macros: tuple[Macro, ...]
    boxes: tuple[Node, ...]
    """Black boxes, which need a size from elsewhere."""


def cut_tree(top: Node, depth: int | None = None) -> Cut:
    """Choose the blocks: instances at ``depth`` levels below the top, or by balance of size where it is None.

    By balance: starting at the top, the largest block is opened while it takes more than SHARE of the area and its
    children more than WORTH of it. The logic of an opened instance is a block of its own; blocks below CRUMB join it.
    """
    opened = _open_to(top, depth) if depth is not None else _open_by_size(top)
    cut = Cut(
        owner={},
        areas={},
        groups={},
        macros=tuple(macro for node in top.walk() for macro in node.macros),
        boxes=tuple(node for node in top.walk() if node.blackbox),
    )
    _assign(top, opened, cut, CRUMB * top.logic if depth is None else 0.0)
    return cut


def _open_to(top: Node, depth: int) -> set[str]:
    levels = {"": 0}
    for node in top.walk():
        for child in node.children:
            levels[child.path] = levels[node.path] + 1
    return {path for path, level in levels.items() if level < max(depth, 1)}


def _open_by_size(top: Node) -> set[str]:
    opened, leaves = {top.path}, list(top.children)
    while len(leaves) < MOST:
        worth = [n for n in leaves if n.logic > SHARE * top.logic and n.logic - n.own > WORTH * n.logic]
        if not worth:
            break
        largest = max(worth, key=lambda n: n.logic)
        opened.add(largest.path)
        leaves.remove(largest)
        leaves += largest.children
    return opened


def _assign(node: Node, opened: set[str], cut: Cut, crumb: float) -> None:
    """Give ``node``, which is open, and all below it their owners."""
    rest = below(node.path, "logic") if node.children else node.path or "logic"
    cut.owner[node.path] = rest
    cut.areas[rest] = cut.areas.get(rest, 0.0) + node.own
    cut.groups[rest] = node.path
    for child in node.children:
        if child.path in opened:
            _assign(child, opened, cut, crumb)
            continue
        name = rest if child.logic < crumb and not child.blackbox else child.path
        cut.areas[name] = cut.areas.get(name, 0.0) + child.logic
        cut.groups.setdefault(name, node.path)
        for inner in child.walk():
            cut.owner[inner.path] = inner.path if inner.blackbox else name
