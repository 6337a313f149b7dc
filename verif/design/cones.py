"""Cones of influence out of the elaborated design: which data inputs each output depends on, registers included."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pyslang import ast

from verif.design.clocked import clocked_block
from verif.design.expressions import statements_of, symbols_in, targets_of
from verif.design.model import Design, PortRole
from verif.design.scope import Scope, Scopes

_E = ast.ExpressionKind
_S = ast.StatementKind
_K = ast.SymbolKind
_OUT = (ast.ArgumentDirection.Out, ast.ArgumentDirection.InOut)
_IN = (ast.ArgumentDirection.In, ast.ArgumentDirection.InOut)

Graph = dict[Any, set[Any]]
"""Signal to the signals that its drivers read."""


class Cones:
    """Computes the cones of module bodies, each once."""

    def __init__(self, scopes: Scopes) -> None:
        self._scopes = scopes
        self._known: dict[Any, dict[str, tuple[str, ...]]] = {}

    def of(self, instance: Any) -> dict[str, tuple[str, ...]]:
        """Return for each output port of ``instance`` the input ports in its cone, in port order."""
        scope = self._scopes.of(instance)
        if scope.body not in self._known:
            self._known[scope.body] = {}  # a recursive instance adds nothing
            self._known[scope.body] = _ports_reached(scope, self._graph(scope))
        return self._known[scope.body]

    def _graph(self, scope: Scope) -> Graph:
        graph: Graph = {}
        for member in scope.members:
            if member.kind == _K.ProceduralBlock:
                add_block(member, graph)
            elif member.kind == _K.Instance:
                self._add_instance(member, graph)
            else:
                add_member(member, graph)
        return graph

    def _add_instance(self, instance: Any, graph: Graph) -> None:
        connections = {c.port.name: c.expression for c in instance.portConnections if c.expression is not None}
        if not instance.isModule:
            return
        for output, inputs in self.of(instance).items():
            expression = connections.get(output)
            if expression is None:
                continue
            sources = [s for name in inputs if name in connections for s in symbols_in(connections[name])]
            for target in targets_of(expression.left if expression.kind == _E.Assignment else expression):
                graph.setdefault(target, set()).update(sources)


def data_cones(cones: Mapping[str, Iterable[str]], design: Design) -> dict[str, tuple[str, ...]]:
    """Return ``cones`` without clocks and resets, which reach everything."""
    data = {port.name for port in design.ports if port.role is PortRole.DATA}
    return {output: tuple(name for name in inputs if name in data) for output, inputs in cones.items()}


def _ports_reached(scope: Scope, graph: Graph) -> dict[str, tuple[str, ...]]:
    ports = [port for port in scope.body.portList if port.kind == _K.Port and port.internalSymbol is not None]
    inputs = {port.internalSymbol: port.name for port in ports if port.direction in _IN}
    found = {}
    for port in ports:
        if port.direction in _OUT:
            reached = reachable(port.internalSymbol, graph)
            own = port.internalSymbol
            found[port.name] = tuple(name for symbol, name in inputs.items() if symbol in reached and symbol != own)
    return found


def reachable(start: Any, graph: Graph) -> set[Any]:
    """Return ``start`` and all that it depends on."""
    seen = {start}
    queue = [start]
    while queue:
        for symbol in graph.get(queue.pop(), ()):
            if symbol not in seen:
                seen.add(symbol)
                queue.append(symbol)
    return seen


def add_member(member: Any, graph: Graph) -> None:
    """Add a continuous assignment, a net's initialiser, a gate or a black box; other members add nothing."""
    kind = member.kind
    if kind == _K.ContinuousAssign and member.assignment.kind == _E.Assignment:
        _add_assignment(member.assignment, (), graph)
    elif kind == _K.Net and member.initializer is not None:
        graph.setdefault(member, set()).update(symbols_in(member.initializer))
    elif kind == _K.UninstantiatedDef:
        _add_black_box(member, graph)
    elif kind == _K.PrimitiveInstance:
        _add_gate(member, graph)


def add_block(block: Any, graph: Graph) -> None:
    """Add the assignments of a procedural block."""
    if block.procedureKind in (ast.ProceduralBlockKind.Initial, ast.ProceduralBlockKind.Final):
        return
    clocked = clocked_block(block)
    if clocked is None:
        _add_statement(block.body, (), graph)
        return
    events = [s for event in (*clocked.clock_events, *clocked.async_events) for s in symbols_in(event.expr)]
    _add_statement(clocked.statement, tuple(events), graph)


def _add_statement(statement: Any, control: tuple[Any, ...], graph: Graph) -> None:
    """Add the assignments below ``statement``; ``control`` holds the symbols that decide whether it runs."""
    for inner in statements_of(statement):
        kind = inner.kind
        if kind == _S.Conditional:
            deeper = (*control, *(s for c in inner.conditions for s in symbols_in(c.expr)))
            for branch in (inner.ifTrue, inner.ifFalse):
                if branch is not None:
                    _add_statement(branch, deeper, graph)
        elif kind == _S.Case:
            _add_case(inner, control, graph)
        elif kind == _S.Timed:
            _add_statement(inner.stmt, control, graph)
        elif kind == _S.ExpressionStatement:
            _add_expression(inner.expr, control, graph)
        elif hasattr(inner, "body"):
            header = [s for e in _loop_header(inner) for s in symbols_in(e)]
            _add_statement(inner.body, (*control, *header), graph)


def _add_case(statement: Any, control: tuple[Any, ...], graph: Graph) -> None:
    labels = [s for item in statement.items for e in item.expressions for s in symbols_in(e)]
    deeper = (*control, *symbols_in(statement.expr), *labels)
    branches = [item.stmt for item in statement.items]
    for branch in (*branches, statement.defaultCase):
        if branch is not None:
            _add_statement(branch, deeper, graph)


def _loop_header(statement: Any) -> list[Any]:
    found = [getattr(statement, name, None) for name in ("stopExpr", "cond", "count")]
    return [expression for expression in found if expression is not None]


def _add_expression(expression: Any, control: tuple[Any, ...], graph: Graph) -> None:
    if expression.kind == _E.Assignment:
        _add_assignment(expression, control, graph)
    elif expression.kind == _E.Call:
        symbols = symbols_in(expression)
        for symbol in symbols:
            graph.setdefault(symbol, set()).update((*symbols, *control))


def _add_assignment(assignment: Any, control: Iterable[Any], graph: Graph) -> None:
    sources = [*symbols_in(assignment.right), *control]
    targets = targets_of(assignment.left)
    sources += [symbol for symbol in symbols_in(assignment.left) if symbol not in targets]
    for target in targets:
        graph.setdefault(target, set()).update(sources)


def _add_black_box(instance: Any, graph: Graph) -> None:
    """Nothing is known of it: each connection may depend on all."""
    expressions = [e for e in (getattr(c, "expr", None) for c in instance.portConnections) if e is not None]
    everything = {symbol for expression in expressions for symbol in symbols_in(expression)}
    for expression in expressions:
        for target in targets_of(expression):
            graph.setdefault(target, set()).update(everything)


def _add_gate(gate: Any, graph: Graph) -> None:
    first, *others = gate.portConnections
    sources = {symbol for expression in others for symbol in symbols_in(expression)}
    for target in targets_of(first.left if first.kind == _E.Assignment else first):
        graph.setdefault(target, set()).update(sources)
