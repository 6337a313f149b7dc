"""Goes through the modules of a design and collects their mutants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from pyslang import ast, syntax

from verif.design.clocked import ClockedBlock, clocked_block, reset_branches
from verif.design.elaboration import Elaborated
from verif.design.expressions import stripped, symbols_in
from verif.mutation.drafts import Drafts, Where
from verif.mutation.expressions import Expressions, plain
from verif.mutation.own_builds import generate_choice, parameters, swaps
from verif.mutation.statements import NONBLOCKING, Statements
from verif.mutation.typed import Typed, bare, nodes, span_of
from verif.mutation.typed import elaborated as is_elaborated

_K = syntax.SyntaxKind
_P = ast.ProceduralBlockKind
_S = ast.SymbolKind
_E = ast.ExpressionKind
_STEPS = (ast.BinaryOperator.Add, ast.BinaryOperator.Subtract)
_GENERATED = (_K.GenerateRegion, _K.GenerateBlock)


@dataclass(slots=True)
class Modules:
    """Adds the mutants of all modules below a top."""

    drafts: Drafts
    typed: Typed
    _done: set[tuple[int, int, int]] = field(default_factory=set)
    _blocks: dict[tuple[int, int, int], Any] = field(default_factory=dict)
    """Place of each process, to slang's symbol of one of its occurrences."""

    def run(self, elaborated: Elaborated) -> None:
        """Take everything below the top."""
        definitions: dict[tuple[int, int, int], Any] = {}

        def take(node: Any) -> Any:
            if not is_elaborated(node):
                return ast.VisitAction.Skip
            if isinstance(node, ast.ProceduralBlockSymbol):
                self._blocks.setdefault(span_of(node.syntax), node)
            elif isinstance(node, ast.InstanceSymbol) and node.isModule:
                definitions.setdefault(span_of(node.definition.syntax), node)
            return ast.VisitAction.Advance

        elaborated.top.visit(take)
        definitions.setdefault(span_of(elaborated.top.definition.syntax), elaborated.top)
        for instance in definitions.values():
            self._module(instance)

    def _module(self, instance: Any) -> None:
        node = instance.definition.syntax
        where = Where(module=instance.definition.name, counters=frozenset(_counters(instance.body)))
        parameters(node, self.drafts, self.typed, where)
        for member in node.members:
            self._member(member, where)

    def _member(self, node: Any, where: Where) -> None:
        kind = node.kind
        if kind in _GENERATED:
            for member in node.members:
                self._member(member, where)
        elif kind == _K.LoopGenerate:
            self._member(node.block, where)
        elif kind == _K.IfGenerate:
            generate_choice(node, self.drafts, where)
            self._member(node.block, where)
            if node.elseClause is not None:
                self._member(node.elseClause.clause, where)
        elif kind == _K.CaseGenerate:
            for item in node.items:
                self._member(item.clause, where)
        else:
            self._plain_member(node, where)

    def _plain_member(self, node: Any, where: Where) -> None:
        kind, expressions = node.kind, Expressions(self.drafts, self.typed)
        if kind == _K.ContinuousAssign:
            for assignment in nodes(node.assignments):
                self._value(assignment.right, where)
        elif kind == _K.NetDeclaration:
            for declarator in nodes(node.declarators):
                if declarator.initializer is not None:
                    self._value(declarator.initializer.expr, where)
        elif kind == _K.HierarchyInstantiation:
            self._connections(node, where)
        elif kind == _K.FunctionDeclaration:
            for item in node.items:
                if isinstance(item, syntax.StatementSyntax):
                    Statements(expressions, {}).take(item, where)
        elif isinstance(node, syntax.ProceduralBlockSyntax):
            self._process(node, where)

    def _value(self, node: Any, where: Where) -> None:
        expressions = Expressions(self.drafts, self.typed)
        Statements(expressions, {}).limit(node, where)
        expressions.take(node, where)

    def _connections(self, node: Any, where: Where) -> None:
        """Take what goes into instances."""
        for instance in nodes(node.instances):
            for connection in instance.connections:
                expression = plain(getattr(connection, "expr", None)) if _is_connection(connection) else None
                if expression is not None and not self.typed.is_driven(expression):
                    self._value(expression, where)

    def _process(self, node: Any, where: Where) -> None:
        block = self._blocks.get(span_of(node))
        if block is None or block.procedureKind in (_P.Initial, _P.Final):
            return
        clocked = clocked_block(block)
        body = node.statement
        if body.kind == _K.TimingControlStatement:
            body = body.statement
        elif clocked is not None or block.procedureKind == _P.Always:
            return
        if clocked is None:
            where = replace(where, combinational=block.procedureKind != _P.AlwaysLatch)
            made = Statements(Expressions(self.drafts, self.typed), {})
        else:
            where = replace(where, clocked=True, registers=tuple(_registers(block, clocked)))
            branches = {each.location.offset: each.asynchronous for each in reset_branches(clocked)}
            made = Statements(Expressions(self.drafts, self.typed), branches, _held(body, clocked))
        made.limit(body, where)
        made.take(body, where)
        swaps(body, self.drafts, where)


def _is_connection(node: Any) -> bool:
    return isinstance(node, syntax.PortConnectionSyntax)


def _registers(block: Any, clocked: ClockedBlock) -> Iterator[tuple[str, int]]:
    """Yield the registers of a process that only nonblocking assignments write, with their widths."""
    blocking: set[str] = set()

    def take(node: Any) -> None:
        if node.syntax is not None and node.syntax.kind != NONBLOCKING:
            blocking.update(symbol.name for symbol in symbols_in(node.left))

    block.body.visit(lookup_table={_E.Assignment: take})
    for symbol in clocked.registers:
        if symbol.type.isIntegral and symbol.name not in blocking:
            yield symbol.name, int(symbol.type.bitWidth)


def _held(body: Any, clocked: ClockedBlock) -> frozenset[int]:
    """Return the offsets of the ``if`` chain that tests asynchronous resets."""
    names = {symbol.name for event in clocked.async_events for symbol in symbols_in(event.expr)}
    found: set[int] = set()
    while body is not None and names:
        if body.kind == _K.SequentialBlockStatement:
            inner = [item for item in body.items if isinstance(item, syntax.StatementSyntax)]
            body = inner[0] if len(inner) == 1 else None
        elif body.kind == _K.ConditionalStatement and names & set(_identifiers(body.predicate)):
            found.add(body.sourceRange.start.offset)
            body = body.elseClause.clause if body.elseClause is not None else None
        else:
            body = None
    return frozenset(found)


def _identifiers(node: Any) -> Iterator[str]:
    if node.kind == _K.IdentifierName:
        yield str(node.identifier.valueText)
    for child in nodes(node):
        yield from _identifiers(child)


def _counters(body: Any) -> set[str]:
    """Return the registers of a module that are assigned themselves and a constant more or less."""
    found: set[str] = set()

    def take(node: Any) -> None:
        name = node.left.symbol.name if node.left.kind == _E.NamedValue else ""
        value = stripped(node.right)
        if name and value.kind == _E.BinaryOp and value.op in _STEPS:
            sides = [stripped(side).syntax for side in (value.left, value.right)]
            names = [str(bare(side)).strip() for side in sides]
            if name in names and any(other[:1].isdigit() or other[:1] == "'" for other in names):
                found.add(name)

    for member in body:
        if member.kind == _S.ProceduralBlock and clocked_block(member) is not None:
            member.body.visit(lookup_table={_E.Assignment: take})
    return found
