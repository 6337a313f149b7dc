"""Compare mutants as lanes with mutants in the batch engine, before lanes judge alone."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256

import numpy as np

from verif.lanes.stirring import stirred
from verif.mutation.builds import MutantBuilds
from verif.mutation.crowd import Crowd, Played
from verif.sim.batch.layout import Rows

COMPARED = 63
COMPARED_TICKS = 256
_SEED = 1


def trusted(builds: MutantBuilds) -> MutantBuilds:
    """Return ``builds`` without lanes, and with the reason, where they don't do what the batch engine does.

    The original, the forced fail and a sample of the mutants are compared on stirred stimulus, once a build: on one
    alone, and on two that share words of lanes.
    """
    if builds.lanes is None:
        return builds
    note = builds.lanes.build.directory / f"mutants_{sha256(builds.batch.build.key.encode()).hexdigest()[:12]}.json"
    if not note.is_file():
        note.write_text(json.dumps({"difference": difference(builds)}), encoding="utf-8")
    found = str(json.loads(note.read_text(encoding="utf-8"))["difference"])
    return replace(builds, lanes=None, reason=found) if found else builds


def difference(builds: MutantBuilds, *, count: int = COMPARED, ticks: int = COMPARED_TICKS) -> str:
    """Return how lanes differ from the batch engine, in a sentence; empty where they don't."""
    rows = stirred(builds.harness, 2, ticks, _SEED)
    forced = builds.schemata.forced
    numbers = sorted({*np.linspace(1, forced, min(count, forced), dtype=int).tolist(), forced})
    with builds.open() as lanes, builds.open(lanes=False) as batch:
        alone = lanes.play(rows[0], numbers), batch.play(rows[0], numbers)
        shared = lanes.play_all(list(rows), numbers), batch.play_all(list(rows), numbers)
        pruned = _pruned(lanes, list(rows), sorted(builds.in_lanes))
    pairs = (alone, *zip(*shared, strict=True))
    return pruned or next(filter(None, (_difference(builds, numbers, *pair) for pair in pairs)), "")


def _pruned(lanes: Crowd, stimuli: list[Rows], numbers: list[int]) -> str:
    """Return what is wrong with the mutants that don't seem to matter, in a sentence."""
    matters = lanes.matters(stimuli, numbers, stop=False, always=True)
    if matters is None:
        return ""
    ways = (lanes.play_all(stimuli, numbers, stop=False, touched=True, matters=known) for known in (None, matters))
    for one, two in zip(*ways, strict=True):
        pairs = ((one.differs, two.differs), (one.first_fail, two.first_fail), (one.touched, two.touched))
        if not all(np.array_equal(*pair) for pair in pairs):
            return "Lanes are not used: a mutant matters where the probe says that it does not."
    return ""


def _difference(builds: MutantBuilds, numbers: list[int], ours: Played, theirs: Played) -> str:
    if ours.faults:
        return f"Lanes are not used: {next(iter(ours.faults.values())).sentence}"
    forced = builds.schemata.forced
    judged = [place for place, number in enumerate(numbers) if number not in theirs.faults]
    pairs = ((ours.differs, theirs.differs), (ours.first_fail, theirs.first_fail))
    wrong = sorted({int(place) for one, two in pairs for place in np.argwhere(one[judged] != two[judged])[:, 0]})
    if (ours.original != theirs.original).any():
        return "Lanes are not used: the original fails in another tick in them than in the batch engine."
    if wrong:
        number = numbers[judged[wrong[0]]]
        name = "the forced fail" if number == forced else builds.order[number - 1].id
        return f"Lanes are not used: {name} does something else in them than in the batch engine."
    return ""
