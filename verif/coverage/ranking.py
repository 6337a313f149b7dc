"""Which tests keep the coverage: the smallest set of them, and the order in which each adds most.

The smallest set is a set cover. Tests that alone hit a point are in it; of the rest, a test whose points another one
hits too, and a point that is hit wherever another one is, can't matter. What is left is searched by branch and bound,
up to an amount of work; where that isn't enough, the best set so far is told with the least number that any set needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

WORK = 2_000_000
"""Pairs of points, and of tests and points, that are looked at over all branches: about a second."""

_COMPARED = 300
"""Among more tests or points than this, pairs aren't compared: it takes longer than it helps."""

Masks = dict[str, int]
"""Test to the points that it hits, as bits."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranked:
    """A test in the order of gain."""

    test: str
    hits: int
    """Points that it hits."""
    gain: int
    """Points that no test before it hits."""
    covered: int
    """Points that it and all tests before it hit."""
    alone: int
    """Points that no other test hits at all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranking:
    """Tests ranked by what they add to coverage."""

    order: tuple[Ranked, ...]
    """Each test adds as many points as any of those after it could; equal ones by name."""
    smallest: tuple[str, ...]
    """A smallest set that hits all that all tests hit, by name."""
    at_least: int
    """No set with fewer tests does."""
    points: int
    """Points that the tests hit together."""

    @property
    def exact(self) -> bool:
        """Whether ``smallest`` is proven to be smallest."""
        return len(self.smallest) == self.at_least


def rank(tests: Mapping[str, frozenset[str]], *, work: int = WORK) -> Ranking:
    """Rank ``tests``, each with the ids of the points that it hits; the same answer on any machine."""
    ids = sorted(frozenset().union(*tests.values()))
    bit = {point: 1 << number for number, point in enumerate(ids)}
    masks = {test: sum(bit[point] for point in tests[test]) for test in sorted(tests)}
    smallest, at_least = _Cover(work).solve(masks)
    return Ranking(order=_order(masks), smallest=tuple(sorted(smallest)), at_least=at_least, points=len(ids))


def _order(masks: Masks) -> tuple[Ranked, ...]:
    alone = _alone(masks)
    left, covered, ranked = dict(masks), 0, []
    while left:
        test = max(left, key=lambda name: ((left[name] & ~covered).bit_count(), masks[name].bit_count()))
        gain = (left.pop(test) & ~covered).bit_count()
        covered |= masks[test]
        ranked.append(
            Ranked(
                test=test,
                hits=masks[test].bit_count(),
                gain=gain,
                covered=covered.bit_count(),
                alone=(masks[test] & alone).bit_count(),
            )
        )
    return tuple(ranked)


def _alone(masks: Masks) -> int:
    """Return the points that exactly one test hits."""
    once = twice = 0
    for mask in masks.values():
        twice |= once & mask
        once |= mask
    return once & ~twice


class _Cover:
    """Searches the smallest set of tests within an amount of work."""

    def __init__(self, work: int) -> None:
        self._work = work
        self._best: tuple[str, ...] = ()

    def solve(self, masks: Masks) -> tuple[tuple[str, ...], int]:
        """Return the best set found and the least size that any set has."""
        chosen, masks, points = _reduced(masks, _union(masks.values()))
        self._best = _greedy(masks, points)
        floor = _disjoint(masks, points)
        if floor < len(self._best):
            self._branch(masks, points, ())
        if self._work >= 0:
            floor = len(self._best)
        return (*chosen, *self._best), len(chosen) + floor

    def _branch(self, masks: Masks, points: int, taken: tuple[str, ...]) -> None:
        """Try each test that hits the point that fewest tests hit."""
        self._work -= 1 + points.bit_count() * (points.bit_count() + len(masks))
        if self._work < 0:
            return
        forced, masks, points = _reduced(masks, points)
        taken += forced
        if not points:
            if len(taken) < len(self._best):
                self._best = taken
            return
        if len(taken) + _disjoint(masks, points) >= len(self._best):
            return
        columns = _columns(masks, points)
        point = min(columns, key=lambda bit: (columns[bit].bit_count(), bit))
        hitting = sorted((t for t in masks if masks[t] & point), key=lambda t: (-masks[t].bit_count(), t))
        for test in hitting:
            self._branch(
                {t: m & ~masks[test] for t, m in masks.items() if t != test}, points & ~masks[test], (*taken, test)
            )
            masks = {t: m for t, m in masks.items() if t != test}


def _reduced(masks: Masks, points: int) -> tuple[tuple[str, ...], Masks, int]:
    """Take the tests that alone hit a point and drop what can't matter, until nothing changes."""
    taken: list[str] = []
    while points:
        alone = _alone(masks) & points
        forced = [test for test, mask in masks.items() if mask & alone]
        covered = _union(masks[test] for test in forced)
        taken += forced
        points &= ~covered
        rest = {t: m & points for t, m in masks.items() if t not in forced and m & points}
        rest = _undominated(rest)
        if not forced and rest == masks:
            kept = _needed_points(masks, points)
            if kept == points:
                break
            points, rest = kept, {t: m & kept for t, m in masks.items()}
        masks = rest
    return tuple(taken), masks, points


def _undominated(masks: Masks) -> Masks:
    """Drop each test whose points another test hits too; of equal ones the first by name stays."""
    if len(masks) > _COMPARED:
        return masks
    kept: Masks = {}
    for test, mask in sorted(masks.items(), key=lambda item: (-item[1].bit_count(), item[0])):
        if not any(mask & ~other == 0 for other in kept.values()):
            kept[test] = mask
    return {test: kept[test] for test in masks if test in kept}


def _needed_points(masks: Masks, points: int) -> int:
    """Drop each point that is hit by every test that hits another one: who hits the other hits it too."""
    columns = {column: bit for bit, column in reversed(_columns(masks, points).items())}
    kept: dict[int, int] = {}
    for column, bit in sorted(columns.items(), key=lambda item: (item[0].bit_count(), item[1])):
        if len(kept) > _COMPARED or not any(column & other == other for other in kept):
            kept[column] = bit
    return sum(kept.values())


def _columns(masks: Masks, points: int) -> dict[int, int]:
    """Return, for each point, the tests that hit it: bit n is the n-th test."""
    columns = dict.fromkeys(_bits(points), 0)
    for number, mask in enumerate(masks.values()):
        for bit in _bits(mask & points):
            columns[bit] |= 1 << number
    return columns


def _greedy(masks: Masks, points: int) -> tuple[str, ...]:
    taken: list[str] = []
    while points:
        test = max(masks, key=lambda name: (masks[name] & points).bit_count())
        taken.append(test)
        points &= ~masks[test]
    return tuple(taken)


def _disjoint(masks: Masks, points: int) -> int:
    """Return how many points no two of which any test hits together: each needs a test of its own."""
    listed = list(masks.values())
    near = {bit: _union(listed[n] for n in _numbers(column)) for bit, column in _columns(masks, points).items()}
    count, free = 0, points
    for bit in sorted(near, key=lambda bit: (near[bit].bit_count(), bit)):
        if bit & free:
            count += 1
            free &= ~near[bit]
    return count


def _union(masks: Iterable[int]) -> int:
    union = 0
    for mask in masks:
        union |= mask
    return union


def _bits(points: int) -> list[int]:
    return [1 << number for number in _numbers(points)]


def _numbers(mask: int) -> list[int]:
    return [number for number, digit in enumerate(reversed(f"{mask:b}")) if digit == "1"]
