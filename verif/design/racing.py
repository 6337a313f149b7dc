"""Outputs that change by blocking assignments at a clock's edge: who reads them at that edge may see either value.

Simulators may run the reader before or after the writer (IEEE 1800-2017, 4.8). A bench samples before the edge and
doesn't mind; hardware around the design that is clocked by the same edge does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyslang import ast

from verif.design.clocked import clocked_block
from verif.design.cones import Graph, add_block, add_member, reachable
from verif.design.expressions import assignments_in, symbols_in, targets_of
from verif.design.scope import Scope, Scopes

_E = ast.ExpressionKind
_K = ast.SymbolKind
_OUT = (ast.ArgumentDirection.Out, ast.ArgumentDirection.InOut)
_IN = (ast.ArgumentDirection.In, ast.ArgumentDirection.InOut)


@dataclass(frozen=True, slots=True)
class _Output:
    """What an output port depends on without a register in between."""

    inputs: tuple[str, ...]
    racing: bool
    """Whether a blocking assignment at an edge is among it."""


class Racing:
    """Looks at module bodies, each once."""

    def __init__(self, scopes: Scopes) -> None:
        self._scopes = scopes
        self._known: dict[Any, dict[str, _Output]] = {}

    def outputs(self, instance: Any) -> dict[str, bool]:
        """Return the racing outputs of ``instance``, and of each whether it holds still from edge to edge.

        One that depends on an input directly doesn't.
        """
        return {name: not found.inputs for name, found in self._of(instance).items() if found.racing}

    def _of(self, instance: Any) -> dict[str, _Output]:
        scope = self._scopes.of(instance)
        if scope.body not in self._known:
            self._known[scope.body] = {}  # a recursive instance adds nothing
            self._known[scope.body] = self._survey(scope)
        return self._known[scope.body]

    def _survey(self, scope: Scope) -> dict[str, _Output]:
        graph: Graph = {}
        racing: set[Any] = set()
        for member in scope.members:
            clocked = clocked_block(member) if member.kind == _K.ProceduralBlock else None
            if clocked is not None:
                racing |= _written_at_once(clocked)
            elif member.kind == _K.ProceduralBlock:
                add_block(member, graph)
            elif member.kind == _K.Instance:
                self._add_instance(member, graph, racing)
            else:
                add_member(member, graph)
        return _outputs(scope, graph, racing)

    def _add_instance(self, instance: Any, graph: Graph, racing: set[Any]) -> None:
        if not instance.isModule:
            return
        connections = {c.port.name: c.expression for c in instance.portConnections if c.expression is not None}
        for name, output in self._of(instance).items():
            expression = connections.get(name)
            if expression is None:
                continue
            sources = [s for port in output.inputs if port in connections for s in symbols_in(connections[port])]
            for target in targets_of(expression.left if expression.kind == _E.Assignment else expression):
                graph.setdefault(target, set()).update(sources)
                racing |= {target} if output.racing else set()


def _written_at_once(clocked: Any) -> set[Any]:
    """Return the registers that a clocked block writes by blocking assignments."""
    blocking = (a for a in assignments_in(clocked.statement) if not a.isNonBlocking)
    return {target for assignment in blocking for target in targets_of(assignment.left)} & set(clocked.registers)


def _outputs(scope: Scope, graph: Graph, racing: set[Any]) -> dict[str, _Output]:
    ports = [port for port in scope.body.portList if port.kind == _K.Port and port.internalSymbol is not None]
    inputs = {port.internalSymbol: port.name for port in ports if port.direction in _IN}
    found = {}
    for port in ports:
        if port.direction in _OUT:
            reached = reachable(port.internalSymbol, graph)
            direct = tuple(name for symbol, name in inputs.items() if symbol in reached)
            found[port.name] = _Output(direct, bool(reached & racing))
    return found
