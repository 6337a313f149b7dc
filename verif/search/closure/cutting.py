"""Witnesses: from the corpus to few, short stimuli that together hit all that it hits."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from verif.errors import InputError
from verif.search.closure.choosing import NEVER, cheapest
from verif.search.closure.corpus import Corpus, Rows
from verif.search.closure.pieces import Piece, pieces_of, table_of
from verif.search.closure.sure import FEW, FREELY, MANY, STARTS, free_ticks, sure_ticks
from verif.search.engine import Engine, Stimulus
from verif.search.shrink import Stage, shrink
from verif.search.shrink_trial import Judge

WORK, LEAST_WORK, WORK_IN_ALL = 1 << 20, 1 << 17, 1 << 22
"""Rows that cutting one witness may cost, about, at most and at least, and cutting all of them."""
FEWEST_TRIES, MOST_TRIES = 200, 2_000
EACH = 32
"""Rows that one more witness is worth: it is a test more to run and a file more to keep."""
SHORT = 64
"""Rows up to which a set is short enough: pieces are not looked at."""
MOST_ROUNDS = 6
"""How often others are chosen in place of those that hit less from many starts; then whole stimuli are."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Witness:
    """A stimulus that hits some points; no other of the set needs to."""

    rows: Rows
    by: str
    """Who found what it was cut from."""
    ticks: Mapping[str, int]
    """All that it hits, to the row in which it first does."""
    needed_for: tuple[str, ...]
    """What no other witness is there for."""


def cut_witnesses(
    engine: Engine,
    corpus: Corpus,
    points: Collection[str],
    *,
    seed: int,
    folder: Path,
    starts: Sequence[int | None] = STARTS[:1],
) -> tuple[Witness, ...]:
    """Return few rows that hit all ``points``, each of which some stimulus of the corpus hits.

    ``folder`` is for the shrinker, ``starts`` are the seeds of start values that are tried at each cut; in the end
    each must hit from many. The same arguments give the same witnesses.
    """
    pieces = pieces_of(corpus)
    shrinking = _Shrinking(engine=engine, seed=seed, folder=folder, starts=starts)
    whole = _without_redundant(shrinking.all_of(_wholes(engine, pieces, points, starts), set(points)), points)
    if sum(len(one.rows) for one in whole) <= SHORT:
        return whole
    cut = _without_redundant(shrinking.all_of(_chosen(engine, pieces, points, starts), set(points)), points)
    return min(whole, cut, key=lambda found: sum(EACH + len(one.rows) for one in found))


Choice = tuple[Piece, frozenset[str]]
"""A stimulus, and what it hits that no later one of the list is to hit."""


def _wholes(
    engine: Engine, pieces: Sequence[Piece], points: Collection[str], starts: Sequence[int | None]
) -> list[Choice]:
    """Return few whole stimuli that hit all points, short ones first: so long ones need to hit least."""
    names, left = sorted(points), set(points)
    known = [piece for piece in pieces if piece.whole]
    if not known or not names:
        return []
    hits = [frozenset(piece.good.points) & left for piece in known]
    table = np.array([[0 if name in hit else NEVER for name in names] for hit in hits], np.int32)
    chosen = sorted(cheapest(table, each=1), key=lambda number: (len(known[number].rows), number))
    return [
        (known[number], hits[number] - frozenset().union(*(hits[n] for n in chosen[:at])))
        for at, number in enumerate(chosen)
    ]


def _chosen(
    engine: Engine, pieces: Sequence[Piece], points: Collection[str], starts: Sequence[int | None]
) -> list[Choice]:
    """Return pieces that hit all points in few rows, long ones first: they need to hit only what short ones don't."""
    names = sorted(points)
    if not pieces or not names:
        return []
    table = table_of(engine, pieces, names, starts[: len(FEW)])
    ends = np.array([len(piece.rows) - 1 if piece.whole else NEVER for piece in pieces], np.int32)
    for turn in range(MOST_ROUNDS + 1):
        if turn == MOST_ROUNDS:
            table = np.where(table == NEVER, NEVER, ends[:, np.newaxis])
        chosen = cheapest(table, each=EACH + engine.harness.reset_ticks)
        cut = {number: replace(pieces[number], rows=pieces[number].rows[:length]) for number, length in chosen.items()}
        lost = {number: _unsure(engine, piece, names, table[number]) for number, piece in cut.items()}
        if not any(places.any() for places in lost.values()):
            break
        for number, places in lost.items():
            table[number, places] = ends[number]
    order = sorted(chosen, key=lambda number: (-chosen[number], number))
    hits = [_names(names, table[number] < chosen[number]) for number in order]
    return [(cut[number], hits[at] - frozenset().union(*hits[at + 1 :])) for at, number in enumerate(order)]


def _unsure(engine: Engine, piece: Piece, names: Sequence[str], ticks: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    """Return which of the points that a piece should hit it doesn't hit from many starts; a whole stimulus does."""
    said = ticks < len(piece.rows)
    if piece.whole:
        return np.zeros(len(names), np.bool_)
    sure = hit_ticks(engine, piece.rows, MANY)
    return said & np.array([name not in sure for name in names], np.bool_)


def _names(names: Sequence[str], flags: npt.NDArray[np.bool_]) -> frozenset[str]:
    return frozenset(name for name, flag in zip(names, flags, strict=True) if flag)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shrinking:
    """Cuts stimuli to what their points need."""

    engine: Engine
    seed: int
    folder: Path
    starts: Sequence[int | None]

    def all_of(self, chosen: Sequence[Choice], left: set[str]) -> list[Witness]:
        """Return a witness for each choice that hits what no one before it happens to hit."""
        work = max(LEAST_WORK, min(WORK, WORK_IN_ALL // max(1, len(chosen))))
        found = []
        for piece, hits in chosen:
            if needed := sorted(left & hits):
                found.append(self._cut(piece, needed, work))
                left -= set(found[-1].ticks)
        return found

    def _cut(self, piece: Piece, needed: Sequence[str], work: int) -> Witness:
        """Return a piece without what its points don't need; whole where they show only then from many starts."""
        engine = self.engine
        places = [engine.harness.covers.index(name) for name in needed]
        for some in dict.fromkeys((tuple(self.starts), STARTS)):
            rows = self._shrunk(piece.rows, places, some, work)
            ticks = shown_ticks(engine, rows, needed)
            if set(needed) <= set(ticks):
                return Witness(rows=rows, by=piece.good.by, ticks=ticks, needed_for=tuple(needed))
        ticks, many = hit_ticks(engine, piece.rows, STARTS), shown_ticks(engine, piece.rows, needed)
        ticks = {name: tick for name, tick in ticks.items() if name in many or name in needed} | many
        end = 1 + max(ticks.get(name, len(piece.rows) - 1) for name in needed)
        ticks = {name: tick for name, tick in ticks.items() if tick < end}
        return Witness(rows=piece.rows[:end], by=piece.good.by, ticks=ticks, needed_for=tuple(needed))

    def _shrunk(self, rows: Rows, places: Sequence[int], starts: Sequence[int | None], work: int) -> Rows:
        tries = max(FEWEST_TRIES, min(MOST_TRIES, work // max(1, len(rows) * len(starts))))
        together = sure_ticks(self.engine, rows[np.newaxis], starts)[0]
        steady = [place for place in places if together[place] >= 0]
        try:
            shrunk = shrink(
                _judge(self.engine, steady, [place for place in places if place not in steady], starts),
                self.engine.harness,
                rows,
                seed=self.seed,
                database=self.folder,
                budget_examples=tries,
                stages=(Stage.POLISH,),
            )
        except InputError:
            return rows
        cut: Rows = shrunk.stimulus[: shrunk.fail_cycle + 1]
        return cut


def hit_ticks(engine: Engine, rows: Rows, starts: Sequence[int | None] = STARTS[:1]) -> dict[str, int]:
    """Return what rows alone hit from all starts, on new models, to the first row in which all of them do."""
    return _named(engine, sure_ticks(engine, rows[np.newaxis], starts)[0])


def shown_ticks(engine: Engine, rows: Rows, needed: Collection[str]) -> dict[str, int]:
    """Return what rows hit from many starts; points ``needed`` may show in different rows."""
    together = hit_ticks(engine, rows, MANY)
    left = [engine.harness.covers.index(name) for name in needed if name not in together]
    return together | (_named(engine, free_ticks(engine, rows[np.newaxis], FREELY, left)[0]) if left else {})


def _named(engine: Engine, ticks: npt.NDArray[np.int32]) -> dict[str, int]:
    return {engine.harness.covers[n]: int(ticks[n]) for n in np.flatnonzero(ticks >= 0)}


def _judge(engine: Engine, steady: Sequence[int], loose: Sequence[int], starts: Sequence[int | None]) -> Judge:
    """Return what tells in which row the last of some points is hit, -1 where one never is.

    Those of ``steady`` must be hit by all starts together.
    """

    def judge(stimulus: Stimulus, lengths: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        ticks = sure_ticks(engine, stimulus, starts, lengths=lengths, needed=steady)[:, steady]
        if loose:
            freely = free_ticks(engine, stimulus, starts, loose, lengths=lengths, all_of_them=True)[:, loose]
            ticks = np.concatenate((ticks, freely), axis=1)
        return np.where((ticks >= 0).all(axis=1), ticks.max(axis=1), -1).astype(np.int32)

    return judge


def _without_redundant(found: Sequence[Witness], points: Collection[str]) -> tuple[Witness, ...]:
    """Drop witnesses whose points others hit too, long ones first."""
    kept = list(found)
    for witness in sorted(found, key=lambda one: -len(one.rows)):
        others = {name for other in kept if other is not witness for name in other.ticks}
        if set(points) & set(witness.ticks) <= others:
            kept.remove(witness)
    return tuple(kept)
