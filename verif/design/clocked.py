"""Clocked blocks: their clock and asynchronous control events, and the resets that their structure shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pyslang import ast

from verif.design.expressions import (
    assignments_in,
    constant_of,
    is_constant,
    is_reference,
    is_zero,
    statements_of,
    stripped,
    symbols_in,
    targets_of,
)
from verif.design.names import looks_like_reset

_E = ast.ExpressionKind
_S = ast.StatementKind
_T = ast.TimingControlKind
_B = ast.BinaryOperator
_NOT = (ast.UnaryOperator.BitwiseNot, ast.UnaryOperator.LogicalNot)
_ALWAYS = (ast.ProceduralBlockKind.Always, ast.ProceduralBlockKind.AlwaysFF)


@dataclass(frozen=True, slots=True)
class Test:
    """A condition that one signal alone makes true."""

    expr: Any
    active_high: bool


@dataclass(frozen=True, slots=True)
class ResetBranch:
    """A branch of a clocked block that assigns constants while one signal is active."""

    test: Test
    asynchronous: bool
    registers: int
    """How many registers it sets."""
    complete: bool
    """Whether it sets every register of the block."""
    location: Any


@dataclass(frozen=True, slots=True)
class ClockedBlock:
    """An ``always`` block that waits for edges."""

    block: Any
    statement: Any
    clock_events: tuple[Any, ...]
    """SignalEventControls of the clock; more than one where nothing tells which is the clock."""
    async_events: tuple[Any, ...]
    """Those of asynchronous set and reset."""
    registers: tuple[Any, ...]
    """The symbols that it assigns."""


def clocked_block(block: Any) -> ClockedBlock | None:
    """Return what is known of an ``always`` block that waits for an edge; None for other blocks."""
    if block.procedureKind not in _ALWAYS:
        return None
    timed = _timed(block.body)
    if timed is None:
        return None
    events = _edges(timed.timing)
    if not events:
        return None
    tests = [test for conditional in _conditionals(timed.stmt) for test in _chain_tests(conditional)]
    controls = tuple(event for event in events if _is_control(event, tests, len(events)))
    if len(controls) == len(events):
        controls = tuple(event for event in events if looks_like_reset(_event_name(event)))
    clocks = tuple(event for event in events if event not in controls)
    registers = dict.fromkeys(s for a in assignments_in(timed.stmt) for s in targets_of(a.left))
    loops = _loop_variables(timed.stmt)
    return ClockedBlock(
        block, timed.stmt, clocks or tuple(events), controls, tuple(s for s in registers if s.name not in loops)
    )


def reset_branches(clocked: ClockedBlock) -> list[ResetBranch]:
    """Return the branches of ``clocked`` that assign constants while a signal is active."""
    names = {symbol for event in clocked.async_events for symbol in symbols_in(event.expr)}
    found: list[ResetBranch] = []
    for statement in statements_of(clocked.statement):
        if statement.kind == _S.Conditional:
            found += _branches(statement, clocked, names)
        elif statement.kind == _S.ExpressionStatement:
            found += _selected(statement, clocked)
    return found


def _branches(conditional: Any, clocked: ClockedBlock, controls: set[Any]) -> Iterator[ResetBranch]:
    """Yield the if chain's first branch, and those of asynchronous set or reset that follow it."""
    current: Any = conditional
    first = True
    while current is not None and current.kind == _S.Conditional:
        tests = _tests(_condition(current))
        asynchronous = [t for t in tests if controls & set(symbols_in(t.expr))]
        for test in asynchronous or (tests if first else []):
            branch = _branch(test, bool(asynchronous), current.ifTrue, clocked)
            inverted = _branch(_opposite(test), bool(asynchronous), current.ifFalse, clocked)
            if branch is not None:
                yield branch
            elif inverted is not None and first and looks_like_reset(_name(test.expr)):
                yield inverted
        first = False
        current = _single(current.ifFalse)


def _branch(test: Test, asynchronous: bool, taken: Any, clocked: ClockedBlock) -> ResetBranch | None:
    if taken is None:
        return None
    assignments = _effective_assignments(taken, clocked.block)
    constant = [a for a in assignments if is_constant(a.right)]
    if not constant or (len(constant) < len(assignments) and not looks_like_reset(_name(test.expr))):
        return None
    written = {symbol for a in constant for symbol in targets_of(a.left)}
    complete = written >= set(clocked.registers)
    return ResetBranch(test, asynchronous, len(written), complete, taken.sourceRange.start)


def _selected(statement: Any, clocked: ClockedBlock) -> Iterator[ResetBranch]:
    """``q <= rst ? CONSTANT : d``."""
    assignment = statement.expr
    if assignment.kind != _E.Assignment or stripped(assignment.right).kind != _E.ConditionalOp:
        return
    choice = stripped(assignment.right)
    tests = _tests(_condition(choice))
    if len(tests) != 1:
        return
    complete = set(targets_of(assignment.left)) >= set(clocked.registers)
    for test, value in ((tests[0], choice.left), (_opposite(tests[0]), choice.right)):
        if is_constant(value):
            yield ResetBranch(test, False, 1, complete, statement.sourceRange.start)


def _effective_assignments(statement: Any, scope: Any) -> list[Any]:
    """Return the assignments of a branch; of inner ``if (CONSTANT)`` only the taken side, of loops only the body."""
    found: list[Any] = []
    for inner in statements_of(statement):
        if inner.kind == _S.Conditional and is_constant(_condition(inner)):
            value = constant_of(_condition(inner), scope)
            side = inner.ifTrue if value != 0 else inner.ifFalse
            found += _effective_assignments(side, scope) if side is not None else []
        elif inner.kind == _S.ForLoop:
            found += _effective_assignments(inner.body, scope)
        else:
            found += assignments_in(inner)
    return found


def _timed(statement: Any) -> Any:
    """Return the TimedStatement of ``always @(...) ...``, also where it is the first in a block."""
    if statement.kind == _S.Timed:
        return statement
    if statement.kind == _S.Block:
        return next((s for s in statements_of(statement)[:1] if s.kind == _S.Timed), None)
    return None


def _edges(timing: Any) -> list[Any]:
    """Return the events of a timing control that waits for edges; none where no event is an edge.

    ``@(posedge clk or rst)`` is meant as an asynchronous reset, so a reset may be without an edge.
    """
    events = list(timing.events) if timing.kind == _T.EventList else [timing]
    edges = (ast.EdgeKind.PosEdge, ast.EdgeKind.NegEdge, ast.EdgeKind.BothEdges)
    if not all(event.kind == _T.SignalEvent for event in events):
        return []
    sharp = [event for event in events if event.edge in edges]
    blunt = [event for event in events if event.edge not in edges]
    return events if sharp and all(looks_like_reset(_event_name(event)) for event in blunt) else []


def _is_control(event: Any, tests: list[Test], count: int) -> bool:
    """Whether an event of a list is asynchronous set or reset: the body tests its signal in the edge's sense."""
    if count == 1:
        return False
    symbols = set(symbols_in(event.expr))
    if any(symbols & set(symbols_in(test.expr)) for test in tests):
        return True
    return looks_like_reset(_event_name(event))


def _event_name(event: Any) -> str:
    return _name(event.expr)


def _name(expression: Any) -> str:
    names = [symbol.name for symbol in symbols_in(expression)]
    return names[0] if len(names) == 1 else ""


def _conditionals(statement: Any) -> list[Any]:
    return [s for s in statements_of(statement) if s.kind == _S.Conditional]


def _chain_tests(conditional: Any) -> Iterator[Test]:
    current: Any = conditional
    while current is not None and current.kind == _S.Conditional:
        yield from _tests(_condition(current))
        current = _single(current.ifFalse)


def _single(statement: Any) -> Any:
    """Return the only statement of a branch, out of its begin/end."""
    if statement is None:
        return None
    inner = statements_of(statement)
    return inner[0] if len(inner) == 1 else None


def _condition(node: Any) -> Any:
    return node.conditions[0].expr


def _tests(expression: Any) -> list[Test]:
    """Return the signals each of which alone makes ``expression`` true."""
    expression = stripped(expression)
    if is_reference(expression) or expression.kind in (_E.ElementSelect, _E.MemberAccess):
        return [Test(expression, True)]
    if expression.kind == _E.UnaryOp and expression.op in _NOT:
        inner = _tests(expression.operand)
        return [_opposite(test) for test in inner] if len(inner) == 1 else []
    if expression.kind == _E.BinaryOp:
        return _binary_tests(expression)
    return []


def _binary_tests(expression: Any) -> list[Test]:
    if expression.op in (_B.LogicalOr, _B.BinaryOr):
        return _tests(expression.left) + _tests(expression.right)
    if expression.op in (_B.Equality, _B.CaseEquality, _B.Inequality, _B.CaseInequality):
        zero = is_zero(expression.right)
        inner = _tests(expression.left) if zero is not None else []
        equal = expression.op in (_B.Equality, _B.CaseEquality)
        return [_opposite(t) for t in inner] if zero == equal else inner
    return []


def _opposite(test: Test) -> Test:
    return Test(test.expr, not test.active_high)


def _loop_variables(statement: Any) -> set[str]:
    """Return the names of ``for`` variables, which are no registers."""
    names: set[str] = set()

    def take(loop: Any) -> None:
        names.update(variable.name for variable in loop.loopVars)
        names.update(s.name for step in loop.steps for s in symbols_in(step))

    statement.visit(lookup_table={_S.ForLoop: take})
    return names


def branch_tests(condition: Any, clocked: ClockedBlock) -> list[tuple[str, bool]]:
    """Return the signals each of which alone makes ``condition`` true, and whether they are in the event list."""
    controls = {symbol for event in clocked.async_events for symbol in symbols_in(event.expr)}
    tests = _tests(condition)
    return [(_name(test.expr), bool(controls & set(symbols_in(test.expr)))) for test in tests]
