"""Which stimuli become tests: few and short ones that together tell all mutants apart that any of them does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from verif.campaign.mutants.result import Difference
from verif.campaign.mutants.runs import Stillborn
from verif.campaign.mutants.showing import ENOUGH, STARTS, Runner, differing, failing, packed
from verif.mutation.model import Mutant
from verif.search.closure.choosing import NEVER, cheapest

EACH = 16
"""What one more test costs, in rows."""
_ROUNDS = 48
"""Looks at all ways to make one test shorter."""
_AT_ONCE = 64
"""Of them so many are looked at together."""

Row = tuple[int, ...]
Stimulus = tuple[Row, ...]
Ticks = npt.NDArray[np.int32]
"""Of each stimulus the row in which it tells a mutant apart, or ``NEVER``."""


def fewest(runner: Runner, differences: Mapping[Mutant, Difference]) -> dict[Mutant, Difference]:
    """Return for each mutant a stimulus that tells it apart; many of them share one, cut and thinned out.

    What a check notices goes on doing so: such mutants share no stimulus with those whose outputs must be compared.
    """
    found: dict[Mutant, Difference] = {}
    for noticed in (True, False):
        members = {mutant: each for mutant, each in differences.items() if bool(each.check) is noticed}
        found |= _Cover(runner, members, noticed).differences() if members else {}
    return {mutant: found[mutant] for mutant in differences}


@dataclass(frozen=True)
class _Cover:
    runner: Runner
    members: Mapping[Mutant, Difference]
    noticed: bool
    """Whether a check must fail; else an output must differ, whatever registers start with."""

    def differences(self) -> dict[Mutant, Difference]:
        """Return a stimulus of the chosen ones for each member, its own where none shows it."""
        stimuli = list(dict.fromkeys(each.rows for each in self.members.values()))
        table = np.stack([self._ticks(mutant, stimuli) for mutant in self.members], axis=1)
        found = dict(self.members)
        for number, (members, length) in _shares(table, cheapest(table, each=EACH)).items():
            mutants = [mutant for place, mutant in enumerate(self.members) if place in members]
            rows = self._thinned(stimuli[number][:length], mutants)
            for mutant in mutants:
                found[mutant] = self._as_test(mutant, rows)
        return found

    def _as_test(self, mutant: Mutant, rows: Stimulus) -> Difference:
        """Return the difference of a mutant with other rows, and what fails there."""
        known = self.members[mutant]
        if not self.noticed:
            return replace(known, rows=rows)
        first = failing(self.runner, mutant, packed(self.runner.harness, rows))[0]
        check, oracle = (first[1].id, first[1].oracle) if first else (known.check, known.oracle)
        return replace(known, rows=rows, check=check, oracle=oracle)

    def _ticks(self, mutant: Mutant, stimuli: Sequence[Stimulus]) -> Ticks:
        """Return when each stimulus tells a mutant apart."""
        harness = self.runner.harness
        longest = max(map(len, stimuli))
        rest = (tuple(field.default for field in harness.stimulus),)
        lanes = np.concatenate([packed(harness, each + rest * (longest - len(each))) for each in stimuli])
        try:
            ticks = self._noticed(mutant, lanes) if self.noticed else self._seen(mutant, lanes)
        except Stillborn:
            return np.full(len(stimuli), NEVER, np.int32)
        lengths = np.array([len(each) for each in stimuli])
        return np.where(ticks < lengths, ticks, NEVER).astype(np.int32)

    def _noticed(self, mutant: Mutant, lanes: npt.NDArray[np.uint32]) -> Ticks:
        return np.array([first[0] if first else NEVER for first in failing(self.runner, mutant, lanes)], np.int32)

    def _seen(self, mutant: Mutant, lanes: npt.NDArray[np.uint32]) -> Ticks:
        """Return the row by which outputs differ with all start values but for one at most."""
        ticks = np.full((len(STARTS), len(lanes)), NEVER, np.int32)
        for place, seed in enumerate(STARTS):
            one, other = (self.runner.lanes(each, lanes, observe=True, seed=seed) for each in (None, mutant))
            if one.fault or other.fault or one.observed is None or other.observed is None:
                continue
            for lane, pair in enumerate(zip(one.observed, other.observed, strict=True)):
                found = differing(self.runner.harness, *pair)
                ticks[place, lane] = found[0] if found else NEVER
        seen = (ticks != NEVER).sum(axis=0) >= ENOUGH
        latest = np.where(ticks == NEVER, -1, ticks).max(axis=0)
        return np.where(seen, latest, NEVER).astype(np.int32)

    def _thinned(self, rows: Stimulus, mutants: Sequence[Mutant]) -> Stimulus:
        """Return a stimulus without what the mutants don't need: rows first, then values."""
        rest = tuple(field.default for field in self.runner.harness.stimulus)
        rounds = _ROUNDS
        for ways in (_without_rows, _without_values):
            size = len(rows)
            while size > 0 and rounds > 0:
                rounds -= 1
                shorter = self._first(list(ways(rows, rest, size)), mutants)
                rows, size = (shorter, min(size, len(shorter))) if shorter else (rows, size // 2)
        return rows

    def _first(self, candidates: Sequence[Stimulus], mutants: Sequence[Mutant]) -> Stimulus | None:
        """Return the first candidate, cut to its end, that tells all mutants apart."""
        for start in range(0, len(candidates), _AT_ONCE):
            left = dict.fromkeys(range(start, min(start + _AT_ONCE, len(candidates))), 0)
            for mutant in mutants:
                ticks = self._ticks(mutant, [candidates[number] for number in left]) if left else ()
                seen = zip(list(left.items()), ticks, strict=True)
                left = {number: max(last, int(tick)) for (number, last), tick in seen if tick != NEVER}
            for number, last in left.items():
                return candidates[number][: last + 1]
        return None


def _shares(table: npt.NDArray[np.int32], chosen: Mapping[int, int]) -> dict[int, tuple[frozenset[int], int]]:
    """Return which columns each chosen row of a table is for, and its length: each column where it is seen first."""
    shares: dict[int, set[int]] = {}
    for column in range(table.shape[1]):
        showing = [(int(table[number, column]), number) for number in chosen if table[number, column] < chosen[number]]
        if showing:
            shares.setdefault(min(showing)[1], set()).add(column)
    return {number: (frozenset(columns), chosen[number]) for number, columns in shares.items()}


def _without_rows(rows: Stimulus, rest: Row, size: int) -> Iterator[Stimulus]:
    """Yield a stimulus without ``size`` of its rows."""
    for start in range(0, len(rows), size):
        shorter = rows[:start] + rows[start + size :]
        if shorter:
            yield shorter


def _without_values(rows: Stimulus, rest: Row, size: int) -> Iterator[Stimulus]:
    """Yield a stimulus in which a field rests for ``size`` rows."""
    for start in range(0, len(rows), size):
        part = rows[start : start + size]
        for place, value in enumerate(rest):
            if any(row[place] != value for row in part):
                resting = tuple((*row[:place], value, *row[place + 1 :]) for row in part)
                yield rows[:start] + resting + rows[start + size :]
