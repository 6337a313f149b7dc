"""From sequences to automata: what reads a sequence cycle by cycle.

The rules are those of IEEE 1800-2017, annex F.5: concatenation ``##1``, fusion ``##0``, and booleans as letters.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from verif.property.ir import Boolean, Delay, Repeat, Sequence, Throughout

MOST_EDGES = 20_000
"""Transitions of an automaton; more would take longer to compile than to look at."""

Guard = frozenset[Boolean]
"""Booleans that must all be true in a cycle; none: any cycle will do."""

ANY: Guard = frozenset()
_START = 0


class TooLarge(Exception):
    """The automaton would have more than ``MOST_EDGES`` transitions."""


@dataclass(frozen=True, order=False, slots=True)
class Edge:
    """One cycle of a match."""

    source: int
    guard: Guard
    target: int


@dataclass(frozen=True, slots=True)
class Automaton:
    """An automaton without loops. It starts in state 0, into which no edge leads."""

    states: int
    edges: tuple[Edge, ...]
    final: frozenset[int]

    def __post_init__(self) -> None:
        if len(self.edges) > MOST_EDGES:
            raise TooLarge

    @property
    def empty(self) -> bool:
        """Whether it matches no cycle at all."""
        return _START in self.final

    def levels(self) -> list[frozenset[int]]:
        """Return the states in which it can be after 0, 1, 2, ... cycles."""
        found = [frozenset({_START})]
        while found[-1]:
            found.append(frozenset(edge.target for edge in self.edges if edge.source in found[-1]))
        return found[:-1]


def automaton(sequence: Sequence) -> Automaton:
    """Return an automaton that matches what ``sequence`` does; TooLarge where it gets too large."""
    return _trimmed(_built(sequence))


def longest(sequence: Sequence) -> int:
    """Return the number of cycles of the longest match."""
    match sequence:
        case Boolean():
            return 1
        case Repeat():
            return sequence.high * longest(sequence.operand)
        case Throughout():
            return longest(sequence.operand)
        case Delay():
            first = longest(sequence.first) if sequence.first else 1
            return first + sequence.high - 1 + longest(sequence.then)


def _built(sequence: Sequence) -> Automaton:
    match sequence:
        case Boolean():
            return _letter(frozenset({sequence}))
        case Repeat():
            return _repeated(_trimmed(_built(sequence.operand)), sequence.low, sequence.high)
        case Throughout():
            inner = _built(sequence.operand)
            edges = tuple(Edge(e.source, e.guard | {sequence.condition}, e.target) for e in inner.edges)
            return Automaton(inner.states, edges, inner.final)
        case Delay():
            return _delayed(sequence)


def _delayed(sequence: Delay) -> Automaton:
    then = _trimmed(_built(sequence.then))
    if sequence.first is None:
        return _joined(_repeated(_letter(ANY), sequence.low, sequence.high), then)
    first = _trimmed(_built(sequence.first))
    parts = [_fused(first, then)] if sequence.low == 0 else []
    if sequence.high > 0:
        between = _repeated(_letter(ANY), max(sequence.low - 1, 0), sequence.high - 1)
        parts.append(_joined(first, _joined(between, then)))
    return _either(parts)


def _letter(guard: Guard) -> Automaton:
    return Automaton(2, (Edge(0, guard, 1),), frozenset({1}))


def _moved(edges: Iterable[Edge], by: int) -> tuple[Edge, ...]:
    """Renumber all states but the start, whose edges are left out."""
    return tuple(Edge(e.source + by, e.guard, e.target + by) for e in edges if e.source != _START)


def _joined(first: Automaton, then: Automaton) -> Automaton:
    """``first ##1 then``."""
    by = first.states - 1
    starts = [edge for edge in then.edges if edge.source == _START]
    links = tuple(Edge(end, e.guard, e.target + by) for end, e in product(sorted(first.final), starts))
    final = frozenset(state + by for state in then.final if state != _START)
    final |= first.final if then.empty else frozenset()
    return Automaton(by + then.states, (*first.edges, *links, *_moved(then.edges, by)), final)


def _fused(first: Automaton, then: Automaton) -> Automaton:
    """``first ##0 then``: the last cycle of the one is the first of the other."""
    by = first.states - 1
    ends = [edge for edge in first.edges if edge.target in first.final]
    starts = [edge for edge in then.edges if edge.source == _START]
    links = tuple(Edge(e.source, e.guard | s.guard, s.target + by) for e, s in product(ends, starts))
    final = frozenset(state + by for state in then.final if state != _START)
    return Automaton(by + then.states, (*first.edges, *links, *_moved(then.edges, by)), final)


def _either(parts: list[Automaton]) -> Automaton:
    states, edges, final = 1, list[Edge](), set[int]()
    for part in parts:
        by = states - 1
        edges += [Edge(e.source + by if e.source else _START, e.guard, e.target + by) for e in part.edges]
        final |= {state + by if state else _START for state in part.final}
        states = by + part.states
    return Automaton(states, tuple(edges), frozenset(final))


def _repeated(operand: Automaton, low: int, high: int) -> Automaton:
    """``operand[*low:high]``, the optional ones nested at the end."""
    whole = Automaton(1, (), frozenset({_START}))
    for _ in range(high - low):
        more = _joined(operand, whole)
        whole = _trimmed(Automaton(more.states, more.edges, more.final | {_START}))
    for _ in range(low):
        whole = _trimmed(_joined(operand, whole))
    return whole


def _trimmed(whole: Automaton) -> Automaton:
    """Drop states that lead nowhere, and make one of states from which the same follows."""
    useful = _states_towards(whole, whole.final) & _states_from(whole)
    leaving: dict[int, list[Edge]] = {}
    for edge in whole.edges:
        if edge.target in useful:
            leaving.setdefault(edge.source, []).append(edge)
    classes: dict[object, int] = {}
    names: dict[int, int] = {}
    for state in _last_first(whole):
        if state not in useful or state == _START:
            continue
        follows = frozenset((edge.guard, names[edge.target]) for edge in leaving.get(state, ()))
        names[state] = classes.setdefault((follows, state in whole.final), len(classes) + 1)
    names[_START] = _START
    edges = dict.fromkeys(
        Edge(names[e.source], e.guard, names[e.target])
        for e in whole.edges
        if e.target in useful and (e.source in useful or e.source == _START)
    )
    final = frozenset(names[state] for state in whole.final if state in useful or state == _START)
    return Automaton(len(classes) + 1, tuple(edges), final)


def _states_from(whole: Automaton) -> set[int]:
    reached, new = {_START}, {_START}
    while new:
        new = {edge.target for edge in whole.edges if edge.source in new} - reached
        reached |= new
    return reached


def _states_towards(whole: Automaton, goals: Iterable[int]) -> set[int]:
    reached = set(goals)
    new = set(reached)
    while new:
        new = {edge.source for edge in whole.edges if edge.target in new} - reached
        reached |= new
    return reached


def _last_first(whole: Automaton) -> list[int]:
    """Return the states so that each comes after all that it leads to."""
    follows: dict[int, list[int]] = {}
    for edge in whole.edges:
        follows.setdefault(edge.source, []).append(edge.target)
    done: dict[int, None] = {}
    stack = [(_START, iter(follows.get(_START, ())))]
    entered = {_START}
    while stack:
        state, rest = stack[-1]
        following = next((one for one in rest if one not in entered), None)
        if following is None:
            done[state] = None
            stack.pop()
        else:
            entered.add(following)
            stack.append((following, iter(follows.get(following, ()))))
    return list(done)
