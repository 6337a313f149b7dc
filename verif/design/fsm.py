"""Find finite state machines in elaborated bodies.

A state register is assigned in a clocked block, compared or cased with constants, and takes constants only: directly
(one process) or through a next-state signal that takes constants (two processes). Counters, whose next value is
computed, are none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from pyslang import ast

from verif.design.clocked import ClockedBlock, branch_tests, clocked_block
from verif.design.expressions import (
    assignments_in,
    constant_of,
    integer,
    is_constant,
    is_reference,
    statements_of,
    stripped,
    targets_of,
)
from verif.design.model import Fsm
from verif.design.names import looks_like_reset
from verif.design.scope import Scope, Scopes

_E = ast.ExpressionKind
_S = ast.StatementKind
_K = ast.SymbolKind
_B = ast.BinaryOperator
_EQUAL = (_B.Equality, _B.CaseEquality, _B.WildcardEquality)
_UNEQUAL = (_B.Inequality, _B.CaseInequality, _B.WildcardInequality)
_MAX_STATES = 128
_MAX_MACHINES = 100


@dataclass(frozen=True, slots=True)
class _In:
    """The states that are possible at a point: those in ``values``, or with ``but`` all others."""

    values: frozenset[int] = frozenset()
    but: bool = True

    def narrowed(self, values: Iterable[int], *, but: bool = False) -> _In:
        """Return the states that are also among (or, with ``but``, not among) ``values``."""
        given = frozenset(values)
        if not self.but:
            return _In(self.values - given if but else self.values & given, but=False)
        return _In(self.values | given, but=True) if but else _In(given - self.values, but=False)

    def among(self, states: Iterable[int]) -> list[int]:
        """Return the members of ``states`` that are possible."""
        return [state for state in states if (state in self.values) != self.but]


@dataclass(slots=True)
class _Machine:
    """A state machine in the making."""

    register: Any
    names: dict[int, str] = field(default_factory=dict)
    moves: list[tuple[_In, int]] = field(default_factory=list)
    initial: int | None = None
    computed: int = 0
    """Assignments whose value is neither constant nor the state itself."""
    compared: set[int] = field(default_factory=set)
    """Constants that the register is compared with."""


def find_fsms(top: Any, scopes: Scopes) -> tuple[Fsm, ...]:
    """Return the state machines below ``top``, named by their path from it."""
    known: dict[Any, tuple[Fsm, ...]] = {}
    found: list[Fsm] = []

    def visit(scope: Scope, path: str, depth: int) -> None:
        if scope.body not in known:
            known[scope.body] = _in_body(scope)
        found.extend(replace(fsm, register=path + fsm.register) for fsm in known[scope.body])
        if depth and len(found) < _MAX_MACHINES:
            for instance in scope.instances():
                visit(scope.scope_of(instance), f"{path}{scope.name_of(instance)}.", depth - 1)

    visit(scopes.of(top), "", 32)
    return tuple(found[:_MAX_MACHINES])


def _in_body(scope: Scope) -> tuple[Fsm, ...]:
    blocks = [member for member in scope.members if member.kind == _K.ProceduralBlock]
    clocked = [found for found in map(clocked_block, blocks) if found is not None]
    compared = _compared_symbols(scope)
    machines = []
    for register in dict.fromkeys(r for block in clocked for r in block.registers):
        if register in compared and _is_state_shaped(register):
            machine = _machine(register, scope, clocked)
            if machine is not None:
                machines.append(machine)
    return tuple(machines)


def _compared_symbols(scope: Scope) -> set[Any]:
    """Return what is cased or compared anywhere in the body."""
    found: set[Any] = set()

    def case(statement: Any) -> None:
        selector = stripped(statement.expr)
        if is_reference(selector):
            found.add(selector.symbol)

    def binary(expression: Any) -> None:
        if expression.op in (*_EQUAL, *_UNEQUAL):
            for side in (stripped(expression.left), stripped(expression.right)):
                if is_reference(side):
                    found.add(side.symbol)

    handlers = {_S.Case: case, _E.BinaryOp: binary}
    for node in _logic(scope):
        node.visit(lookup_table=handlers)
    return found


def _logic(scope: Scope) -> Iterator[Any]:
    """Yield the statements and expressions that the body's logic is made of."""
    for member in scope.members:
        if member.kind == _K.ProceduralBlock:
            yield member.body
        elif member.kind == _K.ContinuousAssign:
            yield member.assignment
        elif member.kind == _K.Net and member.initializer is not None:
            yield member.initializer


def _is_state_shaped(register: Any) -> bool:
    kind = register.type
    return bool(kind.isIntegral) and not kind.isStruct and (1 < kind.bitWidth <= 128 or kind.canonicalType.isEnum)


def _machine(register: Any, scope: Scope, clocked: list[ClockedBlock]) -> Fsm | None:
    machine = _Machine(register)
    _take_enum(register, machine)
    followed: list[Any] = []
    for block in clocked:
        if register in block.registers:
            walk = _Walk(machine, register, scope.body, block)
            walk.statement(block.statement, _In())
            followed += walk.followed
    for following in dict.fromkeys(followed):
        _walk_next_state(machine, following, scope)
    return _finished(machine, scope)


def _walk_next_state(machine: _Machine, symbol: Any, scope: Scope) -> None:
    """Follow the next-state signal into the logic that drives it."""
    driven = False
    for member in scope.members:
        walk = _Walk(machine, symbol, scope.body, None)
        if member.kind == _K.ProceduralBlock and clocked_block(member) is None:
            if any(symbol in targets_of(a.left) for a in assignments_in(member.body)):
                walk.statement(_untimed(member.body), _In())
                driven = True
        elif member.kind == _K.ContinuousAssign and _drives(member.assignment, symbol):
            walk.value(member.assignment.right, _In())
            driven = True
        elif member.kind == _K.Net and member == symbol and member.initializer is not None:
            walk.value(member.initializer, _In())
            driven = True
    machine.computed += not driven


def _drives(assignment: Any, symbol: Any) -> bool:
    return assignment.kind == _E.Assignment and symbol in targets_of(assignment.left)


def _untimed(statement: Any) -> Any:
    return statement.stmt if statement.kind == _S.Timed else statement


class _Walk:
    """Collects the moves of ``machine`` out of the assignments to ``target``."""

    def __init__(self, machine: _Machine, target: Any, scope: Any, block: ClockedBlock | None) -> None:
        self._machine = machine
        self._target = target
        self._scope = scope
        self._block = block
        self.followed: list[Any] = []

    def statement(self, statement: Any, states: _In) -> None:
        """Collect from ``statement``, which runs in ``states``."""
        for inner in statements_of(statement):
            kind = inner.kind
            if kind == _S.Conditional:
                self._conditional(inner, states)
            elif kind == _S.Case:
                self._case(inner, states)
            elif kind == _S.ExpressionStatement and inner.expr.kind == _E.Assignment:
                self._assignment(inner.expr, states)
            elif kind in (_S.ForLoop, _S.RepeatLoop, _S.WhileLoop):
                self.statement(inner.body, states)
            elif kind == _S.Timed:
                self.statement(inner.stmt, states)

    def value(self, expression: Any, states: _In) -> None:
        """Take ``expression`` as the next state in ``states``."""
        expression = stripped(expression)
        if expression.kind == _E.ConditionalOp:
            condition = expression.conditions[0].expr
            self.value(expression.left, self._when(condition, states, taken=True))
            self.value(expression.right, self._when(condition, states, taken=False))
        elif is_constant(expression):
            value = self._named(expression)
            if value is not None:
                self._machine.moves.append((states, value))
        elif is_reference(expression) and expression.symbol != self._machine.register:
            self._follow(expression.symbol)
        elif not is_reference(expression):
            self._machine.computed += 1

    def _follow(self, symbol: Any) -> None:
        """Note the signal that the register takes: it is the next state; one step is followed, no more."""
        if self._target == self._machine.register and symbol.kind in (_K.Variable, _K.Net):
            self.followed.append(symbol)
        else:
            self._machine.computed += 1

    def _assignment(self, assignment: Any, states: _In) -> None:
        left = stripped(assignment.left)
        if is_reference(left) and left.symbol == self._target:
            if assignment.isCompound:
                self._machine.computed += 1
            else:
                self.value(assignment.right, states)
        elif self._target in targets_of(left):
            self._machine.computed += 1

    def _conditional(self, statement: Any, states: _In) -> None:
        condition = statement.conditions[0].expr
        if self._is_reset(condition):
            self._reset(statement.ifTrue)
        elif is_constant(condition) and constant_of(condition, self._scope) == 0:
            pass
        else:
            self.statement(statement.ifTrue, self._when(condition, states, taken=True))
        if statement.ifFalse is not None:
            self.statement(statement.ifFalse, self._when(condition, states, taken=False))

    def _is_reset(self, condition: Any) -> bool:
        if self._block is None:
            return False
        return any(looks_like_reset(name) or controls for name, controls in branch_tests(condition, self._block))

    def _reset(self, statement: Any) -> None:
        for assignment in assignments_in(statement):
            left = stripped(assignment.left)
            if is_reference(left) and left.symbol == self._target:
                self._machine.initial = self._named(assignment.right)

    def _case(self, statement: Any, states: _In) -> None:
        selector = stripped(statement.expr)
        on_state = is_reference(selector) and selector.symbol == self._machine.register
        seen: set[int] = set()
        for item in statement.items:
            labels = self._labels(item, on_state=on_state, selector=selector)
            seen |= labels or set()
            self.statement(item.stmt, states if labels is None else states.narrowed(labels))
        if statement.defaultCase is not None:
            self.statement(statement.defaultCase, states.narrowed(seen, but=True) if on_state else states)

    def _labels(self, item: Any, *, on_state: bool, selector: Any) -> set[int] | None:
        """Return the states that an item stands for; None where it doesn't tell."""
        if on_state:
            values = {self._named(expression) for expression in item.expressions}
            found = {value for value in values if value is not None}
            self._machine.compared |= found
            return found
        if is_constant(selector):
            narrowed = [self._restriction(expression) for expression in item.expressions]
            if all(narrowing is not None and not narrowing[1] for narrowing in narrowed):
                return {value for narrowing in narrowed if narrowing for value in narrowing[0]}
        return None

    def _when(self, condition: Any, states: _In, *, taken: bool) -> _In:
        restriction = self._restriction(condition)
        if restriction is None:
            return self._conjunction(condition, states) if taken else states
        values, inverted = restriction
        return states.narrowed(values, but=inverted == taken)

    def _conjunction(self, condition: Any, states: _In) -> _In:
        """Narrow by each side of ``a && b``."""
        condition = stripped(condition)
        if condition.kind == _E.BinaryOp and condition.op in (_B.LogicalAnd, _B.BinaryAnd):
            for side in (condition.left, condition.right):
                states = self._when(side, states, taken=True)
        return states

    def _restriction(self, condition: Any) -> tuple[set[int], bool] | None:
        """Return the states that a condition is about and whether it excludes them; None where it is about more."""
        condition = stripped(condition)
        if condition.kind == _E.UnaryOp and condition.op == ast.UnaryOperator.LogicalNot:
            inner = self._restriction(condition.operand)
            return (inner[0], not inner[1]) if inner else None
        if condition.kind != _E.BinaryOp:
            return None
        if condition.op in (_B.LogicalOr, _B.BinaryOr):
            sides = [self._restriction(condition.left), self._restriction(condition.right)]
            plain = [side[0] for side in sides if side is not None and not side[1]]
            return (plain[0] | plain[1], False) if len(plain) == 2 else None
        if condition.op not in (*_EQUAL, *_UNEQUAL):
            return None
        for one, other in ((condition.left, condition.right), (condition.right, condition.left)):
            reference = stripped(one)
            if is_reference(reference) and reference.symbol == self._machine.register and is_constant(other):
                value = self._named(other)
                if value is not None:
                    self._machine.compared.add(value)
                    return {value}, condition.op in _UNEQUAL
        return None

    def _named(self, expression: Any) -> int | None:
        """Return a constant's value and remember the name that it is written with."""
        value = constant_of(expression, self._scope)
        if value is None:
            return None
        inner = stripped(expression)
        if is_reference(inner) and inner.symbol.kind in (_K.Parameter, _K.EnumValue):
            self._machine.names[value] = inner.symbol.name
        return value


def _take_enum(register: Any, machine: _Machine) -> None:
    kind = register.type.canonicalType
    if kind.isEnum:
        for member in kind:
            value = integer(member.value)
            if value is not None:
                machine.names.setdefault(value, member.name)


def _finished(machine: _Machine, scope: Scope) -> Fsm | None:
    """Return the machine where it is one: two states or more, a move that depends on the state, nothing computed."""
    reached = {value for _, value in machine.moves}
    if machine.initial is None:
        machine.initial = _initial_value(machine.register, scope)
    if machine.initial is not None:
        reached.add(machine.initial)
    moved_by_state = any(not states.but for states, _ in machine.moves)
    if machine.computed or len(reached) < 2 or not moved_by_state or not _named_enough(machine):
        return None
    values = sorted(reached | machine.compared | set(machine.names))
    if len(values) > _MAX_STATES:
        return None
    names = {value: machine.names.get(value, f"S{value}") for value in values}
    arcs = dict.fromkeys((names[a], names[b]) for states, b in machine.moves for a in states.among(values))
    return Fsm(
        register=_relative(machine.register, scope),
        states={name: value for value, name in names.items()},
        arcs=tuple(arcs),
        initial=None if machine.initial is None else names[machine.initial],
    )


def _named_enough(machine: _Machine) -> bool:
    """Without names, a register of constants is a machine only where it is cased with two of them or more."""
    return bool(machine.names) or len(machine.compared) > 1


def _initial_value(register: Any, scope: Scope) -> int | None:
    initializer = getattr(register, "initializer", None)
    return None if initializer is None else constant_of(initializer, scope.body)


def _relative(register: Any, scope: Scope) -> str:
    """Return the register's path inside its body, generate blocks included."""
    path: str = register.hierarchicalPath
    base: str = scope.body.hierarchicalPath
    return path.removeprefix(f"{base}.")
