"""Witnesses: from the corpus to few, short stimuli that together hit all that it hits."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from verif.errors import InputError
from verif.search.closure.corpus import Corpus, Good, Rows
from verif.search.closure.sure import FREELY, MANY, STARTS, free_ticks, sure_ticks
from verif.search.engine import Engine, Stimulus
from verif.search.shrink import Stage, shrink
from verif.search.shrink_trial import Judge

WORK = 1 << 20
"""Rows that cutting one witness may cost, about; long stimuli get fewer tries."""
FEWEST_TRIES, MOST_TRIES = 200, 2_000

Smallest = Callable[[Mapping[str, frozenset[str]]], Sequence[str]]
"""Takes what each stimulus hits; returns few of them that hit all."""


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
    smallest: Smallest,
    *,
    seed: int,
    folder: Path,
    starts: Sequence[int | None] = STARTS[:1],
) -> tuple[Witness, ...]:
    """Return a small set of short stimuli that hit all ``points``, each of which some stimulus of the corpus hits.

    ``folder`` is for the shrinker, ``starts`` are the seeds of start values that are tried at each cut; in the end
    each must hit from many. The same arguments give the same witnesses.
    """
    left = set(points)
    found: list[Witness] = []
    for good, needed in _assigned(corpus, left, smallest):
        missing = [name for name in needed if name in left]
        if not missing:
            continue
        witness = _cut(engine, good, missing, seed=seed, folder=folder, starts=starts)
        left -= set(witness.ticks)
        found.append(witness)
    return _without_redundant(found, points)


def _assigned(corpus: Corpus, points: Collection[str], smallest: Smallest) -> Iterator[tuple[Good, tuple[str, ...]]]:
    """Yield the chosen stimuli, short ones first, each with all that it hits: so long ones need to hit least."""
    hits = {good.digest: frozenset(good.points) & frozenset(points) for good in corpus}
    chosen = [corpus[digest] for digest in smallest({digest: ids for digest, ids in hits.items() if ids})]
    for good in sorted(chosen, key=lambda good: (len(good.rows), good.digest)):
        yield good, tuple(sorted(hits[good.digest]))


def _cut(
    engine: Engine, good: Good, needed: Sequence[str], *, seed: int, folder: Path, starts: Sequence[int | None]
) -> Witness:
    """Return the stimulus without what its points don't need; whole where they show only then from many starts."""
    places = [engine.harness.covers.index(name) for name in needed]
    for some in dict.fromkeys((tuple(starts), STARTS)):
        rows = _shrunk(engine, good.rows, places, seed=seed, folder=folder, starts=some)
        ticks = shown_ticks(engine, rows, needed)
        if set(needed) <= set(ticks):
            return Witness(rows=rows, by=good.by, ticks=ticks, needed_for=tuple(needed))
    ticks, many = hit_ticks(engine, good.rows, STARTS), shown_ticks(engine, good.rows, needed)
    ticks = {name: tick for name, tick in ticks.items() if name in many or name in needed} | many
    return Witness(rows=good.rows, by=good.by, ticks=ticks, needed_for=tuple(needed))


def _shrunk(
    engine: Engine, rows: Rows, places: Sequence[int], *, seed: int, folder: Path, starts: Sequence[int | None]
) -> Rows:
    tries = max(FEWEST_TRIES, min(MOST_TRIES, WORK // max(1, len(rows) * len(starts))))
    together = sure_ticks(engine, rows[np.newaxis], starts)[0]
    steady = [place for place in places if together[place] >= 0]
    try:
        shrunk = shrink(
            _judge(engine, steady, [place for place in places if place not in steady], starts),
            engine.harness,
            rows,
            seed=seed,
            database=folder,
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
