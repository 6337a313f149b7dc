"""Phase plans of many lanes at once: the plan's own test points, their phases mixed anew, and random ones.

What finds bugs is the strategy: modes that last, rates at their extremes, lengths of every scale. A lane is one of

- a test point as planned, its phases in order, lengthened or cut;
- phases of any points, one after the other;
- random phases, in which about half of the knobs keep one setting for the whole lane.

In each, single settings may be turned at random and resets may come between phases.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from verif.harness.knobs import FREE, RATES, Codes, Knobs, Pool
from verif.search.dice import Dice
from verif.stimulus.generate import Stretch

MOST_PHASES = 32
SHORTEST_MEAN = 12
"""With fewer cycles than this for each phase on the average a lane gets fewer phases."""
_KINDS = np.array([0, 0, 1, 1, 2, 2, 2, 2], np.uint8)
"""Point, mixed, random: drawn evenly from here."""
_TURNS = np.array([0, 0, 26, 77], np.uint8)
"""How many of 256 settings of a lane are turned at random."""
_RESETS = np.array([0, 0, 0, 0, 0, 24, 48, 128], np.uint8)
"""Before how many of 256 phases of a lane comes a reset."""
_SCALES = np.array([1, 2, 4, 8, 16, 32], np.int64)
"""Sixteenths of the plan's usual phase."""


@dataclass(frozen=True, slots=True)
class PhaseBlock:
    """The phase plans of some lanes, all with the same number of ticks."""

    knobs: Knobs
    lengths: npt.NDArray[np.int64]
    """[lanes, phases]: ticks, 0 for phases that are cut off; each lane's sum is ``ticks``."""
    codes: Codes
    """[lanes, phases, knobs]"""
    resets: npt.NDArray[np.bool_]
    """[lanes, phases]: whether the phase begins with a reset."""
    ticks: int

    @property
    def lanes(self) -> int:
        """How many lanes there are."""
        return len(self.lengths)

    def per_tick(self, name: str) -> Codes:
        """Return one knob's codes in every tick, lane after lane."""
        return np.repeat(self.codes[:, :, self.knobs.place(name)].ravel(), self.lengths.ravel())

    def starts(self) -> npt.NDArray[np.int64]:
        """Return where each phase starts, [lanes, phases], counted over all lanes."""
        ends = np.cumsum(self.lengths, axis=1) + np.arange(self.lanes, dtype=np.int64)[:, None] * self.ticks
        return np.asarray(ends - self.lengths)

    def stretches(self, lane: int) -> tuple[Stretch, ...]:
        """Return one lane's phases."""
        return tuple(
            Stretch(
                cycles=int(self.lengths[lane, phase]),
                settings=self.knobs.settings(self.codes[lane, phase]),
                reset_before=bool(self.resets[lane, phase]),
            )
            for phase in np.flatnonzero(self.lengths[lane])
        )


def draw_phases(
    dice: Dice, knobs: Knobs, pool: Pool, *, lanes: int, ticks: int, as_planned: int = 0, resets: bool = True
) -> PhaseBlock:
    """Return phase plans; the first ``as_planned`` lanes are the plan's points as they are, in order."""
    phases = int(min(MOST_PHASES, max(4, ticks // SHORTEST_MEAN)))
    kinds = _KINDS[dice.small(len(_KINDS), lanes)]
    kinds[:as_planned] = 0
    chosen = _chosen_phases(dice, pool, kinds, phases, as_planned)
    codes = pool.codes[chosen]
    random_lanes = kinds == 2
    codes[random_lanes] = _random_codes(dice, knobs, int(random_lanes.sum()), phases)
    _turn(dice, knobs, codes, as_planned)
    _fill_free(dice, knobs, codes)
    lengths = _lengths(dice, pool, chosen, random_lanes, as_planned)
    reset = (pool.resets[chosen] & (kinds == 0)[:, None]) | _random_resets(dice, lanes, phases, as_planned)
    reset[:, 0] = False
    return PhaseBlock(
        knobs=knobs,
        lengths=_fitted(lengths, ticks),
        codes=codes,
        resets=reset if resets else reset & False,
        ticks=ticks,
    )


def _chosen_phases(
    dice: Dice, pool: Pool, kinds: npt.NDArray[np.uint8], phases: int, as_planned: int
) -> npt.NDArray[np.int64]:
    """Return which phase of the pool each phase of a lane is; random lanes get one too."""
    lanes = len(kinds)
    point = dice.below(len(pool.starts), lanes)
    offset = dice.below(1 << 16, lanes) * (dice.bytes(lanes) & 1)
    point[:as_planned] = np.arange(as_planned) % len(pool.starts)
    offset[:as_planned] = 0
    count = pool.counts[point][:, None]
    in_order = pool.starts[point][:, None] + (offset[:, None] + np.arange(phases)) % count
    anyhow = dice.below(len(pool.cycles), lanes * phases).reshape(lanes, phases)
    return np.where((kinds == 0)[:, None], in_order, anyhow)


def _random_codes(dice: Dice, knobs: Knobs, lanes: int, phases: int) -> Codes:
    """Return random settings: rates often at an end, half of all knobs constant in a lane."""
    codes = np.empty((lanes, phases, len(knobs)), np.uint8)
    for number, (knob, size) in enumerate(zip(knobs.knobs, knobs.sizes, strict=True)):
        drawn = dice.small(size, lanes * phases)
        which = dice.small(8, lanes * phases)
        if knob.kind == "rate":
            drawn = np.where(which < 2, 0, np.where(which < 4, RATES - 1, drawn))
        default = knobs.code(knob, knob.default)
        drawn = np.where(which == 7, default, drawn).astype(np.uint8).reshape(lanes, phases)
        constant = (dice.bytes(lanes) < 128)[:, None]
        codes[:, :, number] = np.where(constant, drawn[:, :1], drawn)
    return codes


def _turn(dice: Dice, knobs: Knobs, codes: Codes, as_planned: int) -> None:
    """Turn some knobs of some lanes at random."""
    lanes, phases, _ = codes.shape
    often = _TURNS[dice.small(len(_TURNS), lanes)]
    often[:as_planned] = 0
    for number, size in enumerate(knobs.sizes):
        turned = dice.bytes(lanes * phases).reshape(lanes, phases) < often[:, None]
        drawn = dice.small(size, lanes * phases).reshape(lanes, phases)
        np.copyto(codes[:, :, number], drawn, where=turned)


def _fill_free(dice: Dice, knobs: Knobs, codes: Codes) -> None:
    """Draw what the plan leaves open."""
    lanes, phases, _ = codes.shape
    for number in range(knobs.planned, len(knobs)):
        drawn = dice.small(knobs.sizes[number], lanes * phases).reshape(lanes, phases)
        np.copyto(codes[:, :, number], drawn, where=codes[:, :, number] == FREE)


def _lengths(
    dice: Dice,
    pool: Pool,
    chosen: npt.NDArray[np.int64],
    random_lanes: npt.NDArray[np.bool_],
    as_planned: int,
) -> npt.NDArray[np.int64]:
    """Return wanted lengths: the pool's, in some lanes divided; of every scale in random lanes."""
    lanes, phases = chosen.shape
    usual = int(np.sort(pool.cycles)[len(pool.cycles) * 3 // 4])
    divisor = np.array([1, 1, 2, 4], np.int64)[dice.small(4, lanes)]
    divisor[:as_planned] = 1
    planned = np.maximum(1, pool.cycles[chosen] // divisor[:, None])
    scale = _SCALES[dice.small(len(_SCALES), lanes * phases)].reshape(lanes, phases)
    same = _SCALES[dice.small(len(_SCALES), lanes)][:, None]
    scale = np.where((dice.bytes(lanes) < 128)[:, None], same, scale)
    jitter = 192 + dice.small(128, lanes * phases).astype(np.int64).reshape(lanes, phases)
    anyhow = np.maximum(2, usual * scale * jitter // (16 * 256))
    return np.asarray(np.where(random_lanes[:, None], anyhow, planned), np.int64)


def _fitted(lengths: npt.NDArray[np.int64], ticks: int) -> npt.NDArray[np.int64]:
    """Cut each lane after ``ticks``; the last phase lasts until then."""
    ends = np.minimum(np.cumsum(lengths, axis=1), ticks)
    ends[:, -1] = ticks
    fitted: npt.NDArray[np.int64] = np.diff(ends, axis=1, prepend=0)
    return fitted


def _random_resets(dice: Dice, lanes: int, phases: int, as_planned: int) -> npt.NDArray[np.bool_]:
    often = _RESETS[dice.small(len(_RESETS), lanes)]
    often[:as_planned] = 0
    return np.asarray(dice.bytes(lanes * phases).reshape(lanes, phases) < often[:, None])
