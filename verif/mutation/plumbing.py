"""Bring the selector to every module that holds a mutant: one more input port of each, connected down from the top."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from pyslang import ast, syntax

from verif.design.edits import Edits
from verif.design.elaboration import Elaborated
from verif.design.texts import Texts
from verif.mutation.typed import Span, elaborated, nodes, span_of

_K = syntax.SyntaxKind


@dataclass(slots=True)
class _Module:
    """A module and where it is instantiated."""

    name: str
    node: Any
    instances: dict[Span, tuple[Any, Span]] = field(default_factory=dict)
    """HierarchicalInstance nodes of it, each with the module that it stands in."""


@dataclass(slots=True)
class Plumbing:
    """The modules of a design, and the edits that give them the selector."""

    texts: Texts
    top: Span
    modules: dict[Span, _Module]

    @classmethod
    def of(cls, design: Elaborated, texts: Texts) -> Plumbing:
        """Look at the instances below the top."""
        top = design.top.definition
        modules = {span_of(top.syntax): _Module(top.name, top.syntax)}

        def take(node: Any) -> Any:
            if not elaborated(node):
                return ast.VisitAction.Skip
            if isinstance(node, ast.InstanceSymbol) and node.isModule and node.syntax is not None:
                place = span_of(node.definition.syntax)
                module = modules.setdefault(place, _Module(node.definition.name, node.definition.syntax))
                if node.syntax.kind == _K.HierarchicalInstance:
                    around = node.syntax
                    while around.kind != _K.ModuleDeclaration and around.parent is not None:
                        around = around.parent
                    module.instances.setdefault(span_of(node.syntax), (node.syntax, span_of(around)))
            return ast.VisitAction.Advance

        design.top.visit(take)
        return cls(texts, span_of(top.syntax), modules)

    def unreachable(self) -> dict[str, str]:
        """Return the modules that the selector can't be brought to, and why, a sentence each."""
        closed: dict[Span, str] = {}
        for place, module in self.modules.items():
            why = "" if place == self.top else self._closed_instance(module)
            if why or not self._open_header(module):
                closed[place] = why or "its ports come from a macro or an included file"
        changed = True
        while changed:
            changed = False
            for place, module in self.modules.items():
                parents = {around for _, around in module.instances.values()}
                if place not in closed and parents & set(closed):
                    closed[place] = "a module round it can't be given the selector"
                    changed = True
        return {self.modules[place].name: why for place, why in closed.items()}

    def instances(self, name: str) -> Iterator[tuple[Any, Any]]:
        """Yield the HierarchicalInstance nodes of a module, each with the module round it."""
        for module in self.modules.values():
            if module.name == name:
                yield from ((instance, self.modules[around].node) for instance, around in module.instances.values())

    def connect(
        self, names: set[str], selector: str, width: int, *, top: str | None = None, having: Collection[str] = ()
    ) -> None:
        """Give the modules called ``names``, and those round them, a port for the selector.

        ``top`` is what the top module declares in place of a port; None for a port. Modules in ``having`` have it.
        """
        wanted = {place for place, module in self.modules.items() if module.name in names}
        waiting = list(wanted)
        while waiting:
            for _, around in self.modules[waiting.pop()].instances.values():
                if around not in wanted:
                    wanted.add(around)
                    waiting.append(around)
        for place in wanted:
            module = self.modules[place]
            if place == self.top and top is not None:
                self._declare(module, top)
            elif module.name not in having:
                self._port(module, selector, width)
            for instance, _ in module.instances.values():
                self._connection(instance, selector)

    def _edits(self, token: Any) -> Edits:
        text = self.texts.of(token)
        assert text is not None
        return text.edits

    def _closed_instance(self, module: _Module) -> str:
        if not module.instances:
            return "its instance is not a plain one"
        for instance, _ in module.instances.values():
            if self.texts.of(instance.closeParen) is None:
                return "an instance of it comes from a macro or an included file"
            if any(node.kind == _K.OrderedPortConnection for node in nodes(instance.connections)):
                given = sum(1 for _ in nodes(instance.connections))
                if given != _declared_ports(module.node):
                    return "an instance of it leaves ports out"
        return ""

    def _open_header(self, module: _Module) -> bool:
        header = module.node.header
        last = header.semi if header.ports is None else header.ports.getLastToken()
        return self.texts.of(last) is not None and self.texts.of(header.semi) is not None

    def _port(self, module: _Module, selector: str, width: int) -> None:
        header = module.node.header
        declared = f"input wire [{width - 1}:0] {selector}"
        if header.ports is None:
            semi = header.semi
            self._insert(semi, f" ({declared})")
            return
        close = header.ports.getLastToken()
        comma = ", " if _declared_ports(module.node) else ""
        if header.ports.kind == _K.AnsiPortList:
            self._insert(close, f"{comma}{declared}")
            return
        self._insert(close, f"{comma}{selector}")
        self._declare(module, f"{declared};")

    def _declare(self, module: _Module, text: str) -> None:
        semi = module.node.header.semi
        self._edits(semi).insert(self.texts.end(semi), f" {text} ", opening=True, depth=0)

    def _connection(self, instance: Any, selector: str) -> None:
        present = list(_present(instance))
        ordered = any(node.kind == _K.OrderedPortConnection for node in present)
        text = selector if ordered else f".{selector}({selector})"
        self._insert(instance.closeParen, f"{', ' if present else ''}{text}")

    def _insert(self, token: Any, text: str) -> None:
        self._edits(token).insert(self.texts.start(token), text, opening=True, depth=0)


def _present(instance: Any) -> Iterator[Any]:
    """Yield the connections of an instance; ``()`` has none."""
    listed = list(nodes(instance.connections))
    if len(listed) == 1 and listed[0].kind == _K.EmptyPortConnection:
        return
    yield from listed


def _declared_ports(module: Any) -> int:
    ports = module.header.ports
    if ports is None or ports.kind not in (_K.AnsiPortList, _K.NonAnsiPortList):
        return 0
    listed = [node for node in nodes(ports.ports) if node.kind != _K.EmptyNonAnsiPort]
    return len(listed)
