"""Candidates about single signals and sums: constants, bounds, one-hot codes, few values, equalities, differences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, permutations

import numpy as np

from verif.property.mining.candidate import Candidate, Kind, Watched, number
from verif.property.mining.table import Table, Values

FEW = 6
"""A register with so many values or fewer may have no others."""
_MOST_RELATED = 40
"""Registers between which differences are looked for."""
_SAMPLE = 64
_DENSE = 4
_FEWEST_BITS = 2


def about_values(table: Table) -> Iterator[Candidate]:
    """Yield what each signal's values have in common; nothing is said about inputs."""
    for signal in table.signals:
        if signal.role == "input":
            continue
        distinct = table.distinct[signal.path]
        if distinct.size == 1:
            yield _of(Kind.CONSTANT, f"{{0}} == {number(int(distinct[0]), signal.width)}", signal)
        elif signal.width >= _FEWEST_BITS:
            yield from _codes(signal, distinct.tolist())
            yield from _bounds(signal, distinct.tolist())


def _codes(signal: Watched, distinct: Sequence[int]) -> Iterator[Candidate]:
    ones = {value.bit_count() for value in distinct}
    if ones == {1}:
        yield _of(Kind.ONEHOT, "$onehot({0})", signal)
    elif ones == {0, 1} and len(distinct) > 2:
        yield _of(Kind.ONEHOT, "$onehot0({0})", signal)
    if len(distinct) <= FEW and len(distinct) < 1 << signal.width:
        either = " || ".join(f"{{0}} == {number(value, signal.width)}" for value in distinct)
        yield _of(Kind.VALUES, either, signal)


def is_dense(distinct: Sequence[int]) -> bool:
    """Return whether values look like those of a counter: most between the smallest and the largest were seen."""
    return len(distinct) * _DENSE > distinct[-1] - distinct[0]


def _bounds(signal: Watched, distinct: Sequence[int]) -> Iterator[Candidate]:
    if not is_dense(distinct):
        return
    if distinct[-1] < (1 << signal.width) - 1:
        yield _of(Kind.BOUND, f"{{0}} <= {number(distinct[-1], signal.width)}", signal)
    if distinct[0] > 0:
        yield _of(Kind.BOUND, f"{{0}} >= {number(distinct[0], signal.width)}", signal)


def about_equals(table: Table) -> Iterator[Candidate]:
    """Yield pairs of signals with the same value in every cycle; of bits also those that are opposites."""
    by_values: dict[bytes, list[Watched]] = {}
    for signal in table.signals:
        if table.distinct[signal.path].size > 1:
            by_values.setdefault(table.seen(signal).tobytes(), []).append(signal)
    for group in by_values.values():
        first = min(group, key=_rank)
        for other in group:
            if other is not first and (first.role, other.role) != ("input", "input"):
                yield _of(Kind.EQUAL, "{0} == {1}", first, other)
    bits = [signal for signal in table.signals if signal.width == 1 and table.distinct[signal.path].size > 1]
    for signal in bits:
        opposite = by_values.get((1 - table.seen(signal)).tobytes(), [])
        if opposite and _rank(signal) < _rank(opposite[0]) and (signal.role, opposite[0].role) != ("input", "input"):
            yield _of(Kind.EQUAL, "{0} != {1}", signal, opposite[0])


def about_differences(table: Table) -> Iterator[Candidate]:
    """Yield three numbers of which one is the sum of the others, in as many bits as the narrowest has."""
    chosen = [s for s in table.signals if s.role != "input" and s.width > 1 and table.distinct[s.path].size > FEW // 2]
    chosen = sorted(chosen, key=_rank)[:_MOST_RELATED]
    seen = {signal.path: table.seen(signal) for signal in chosen}
    length = min((len(values) for values in seen.values()), default=0)
    sample = np.unique(np.linspace(0, max(0, length - 1), _SAMPLE).astype(np.int64))
    few = {path: values[sample] for path, values in seen.items()}
    for three in combinations(chosen, 3):
        mask = np.uint64((1 << min(signal.width for signal in three)) - 1)
        for result, left, right in permutations(three):
            if all(_is_difference(values, result, left, right, mask) for values in (few, seen)):
                yield _difference(result, left, right)
                break


def _is_difference(
    values: Mapping[str, Values], result: Watched, left: Watched, right: Watched, mask: np.uint64
) -> bool:
    found = values[left.path] - values[right.path] - values[result.path]
    return not (found & mask).any()


def _difference(result: Watched, left: Watched, right: Watched) -> Candidate:
    signals = (result, left, right)
    width = min(signal.width for signal in signals)
    texts = [f"{{{n}}}{'' if s.width == width else f'[{width - 1}:0]'}" for n, s in enumerate(signals)]
    return _of(Kind.DIFFERENCE, f"{texts[0]} == {texts[1]} - {texts[2]}", *signals)


def _rank(signal: Watched) -> tuple[bool, int, int, str]:
    """Order signals: the design's first, outputs first, then short names."""
    return (not signal.own, ("output", "register", "input").index(signal.role), len(signal.path), signal.path)


def _of(kind: Kind, holds: str, *signals: Watched) -> Candidate:
    return Candidate(kind=kind, signals=signals, holds=holds)
