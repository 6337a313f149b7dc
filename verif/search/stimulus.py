"""Stimulus arrays for the harness: phase plans drawn, then every field's values in every tick.

A *block* is a fixed number of lanes of one length. Seed and block number decide everything in it, so any lane can be
made again. The lengths grow from block to block and start over: short lanes find shallow failures soon, long ones
reach deep states.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from verif.harness.knobs import RATES, free_name, knobs_of, pool_of
from verif.harness.model import Field, FieldKind, Harness
from verif.plan.model import Testplan
from verif.search import values as drawn
from verif.search.dice import Bytes, Dice
from verif.search.phases import PhaseBlock, draw_phases
from verif.search.seeds import Seeds
from verif.stimulus.drivers.base import Pace
from verif.stimulus.generate import Stretch

SHORTEST = 64
LONGEST = 16_384
ROWS = 1 << 15
"""Rows of a block, about."""
FEWEST_LANES = 8
MOST_LANES = 1024
_PHASES_STREAM = 1 << 20
_DRIVERS_STREAM = 1 << 21
_TAPES_STREAM = 1 << 22
"""Streams of random numbers beside those of the fields, which are numbered from 0."""
_HIGH = np.array([round(rate * 128 / (RATES - 1)) for rate in range(RATES)], np.uint8)
"""Rate to how many of 128 draws are 1."""
_SLOW = 64
"""Values that configure something change so many times less often than the knob says."""


@dataclass(frozen=True, slots=True)
class Block:
    """The stimulus of some lanes."""

    number: int
    stimulus: npt.NDArray[np.uint32]
    """[lanes, ticks, words]: the row layout of the harness."""
    phases: PhaseBlock
    order: tuple[int, ...] = ()
    """For each lane its lane of ``phases``, -1 where it is made of a recording; empty: they are the same."""

    @property
    def lanes(self) -> int:
        """How many lanes."""
        return len(self.stimulus)

    @property
    def ticks(self) -> int:
        """The length of each lane."""
        return self.phases.ticks

    def stretches(self, lane: int) -> tuple[Stretch, ...]:
        """Return one lane's phase plan; empty where it is made of a recording."""
        lane = self.order[lane] if self.order else lane
        return self.phases.stretches(lane) if lane >= 0 else ()


class StimulusMaker:
    """Makes blocks for one harness and plan."""

    def __init__(
        self, harness: Harness, plan: Testplan, *, seed: int, rows: int = ROWS, seeds: Seeds | None = None
    ) -> None:
        """With ``seeds`` some lanes of each block are made of recordings."""
        self.seeds = seeds
        self.harness = harness
        self.seed = seed
        self.knobs = knobs_of(harness, plan)
        self.pool = pool_of(plan, self.knobs)
        self._rows = rows
        self._kinds = {driver.name: driver.kind for driver in plan.drivers}
        self._tapes: dict[int, npt.NDArray[np.uint32]] = {}
        self._ladder = _ladder(int(self.pool.cycles.max()), int((self.pool.cycles).sum() // len(self.pool.starts)))

    @property
    def rungs(self) -> int:
        """How many lengths of lanes there are."""
        return len(self._ladder)

    @property
    def lengths(self) -> tuple[int, ...]:
        """The lengths of lanes, in order."""
        return self._ladder

    def shape(self, number: int) -> tuple[int, int]:
        """Return the lanes and ticks of block ``number``."""
        ticks = self._ladder[number % len(self._ladder)]
        return max(FEWEST_LANES, min(MOST_LANES, self._rows // ticks)), ticks

    def block(self, number: int) -> Block:
        """Return block ``number``; the first of each length begins with the plan's own points."""
        lanes, ticks = self.shape(number)
        seeded = -(-lanes // self.seeds.every) if self.seeds else 0
        lanes -= seeded
        phases = draw_phases(
            Dice(self.seed, number, _PHASES_STREAM),
            self.knobs,
            self.pool,
            lanes=lanes,
            ticks=ticks,
            as_planned=min(lanes, len(self.pool.starts)) if number < self.rungs else 0,
            resets=bool(self.harness.resets),
        )
        rows = self._rows_of(number, phases)
        if not self.seeds:
            return Block(number=number, stimulus=rows, phases=phases)
        recorded = self._recorded(self.seeds.lanes(number, number // self.rungs, seeded, ticks))
        return _mixed(number, recorded, rows, phases, self.seeds.every)

    def _recorded(self, rows: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
        """Let the fields of recorded lanes change after edges of their clocks only."""
        start = 0
        for field in self.harness.stimulus:
            rows[:, :, start : start + field.words] = self._paced(rows[:, :, start : start + field.words], field.clock)
            start += field.words
        return rows

    def _rows_of(self, number: int, phases: PhaseBlock) -> npt.NDArray[np.uint32]:
        lanes, ticks = phases.lanes, phases.ticks
        rows = np.empty((lanes, ticks, sum(field.words for field in self.harness.stimulus)), np.uint32)
        sheet = _Sheet(self, number, phases)
        start = 0
        for index, field in enumerate(self.harness.stimulus):
            values = sheet.field(index, field).reshape(lanes, ticks, field.words)
            rows[:, :, start : start + field.words] = self._paced(values, field.clock)
            start += field.words
        return rows

    def _paced(self, values: npt.NDArray[np.uint32], clock: str) -> npt.NDArray[np.uint32]:
        """Let values change only after active edges of ``clock``."""
        schedule = self.harness.schedule
        if not clock or len(set(schedule)) < 2:
            return values
        first = self.harness.reset_ticks
        source = [0]
        for tick in range(1, values.shape[1]):
            edge = schedule[(first + tick - 1) % len(schedule)]
            source.append(tick if edge == clock else source[-1])
        return values[:, source]

    def tape(self, width: int) -> npt.NDArray[np.uint32]:
        """Return mixed values of one width, made once; fields and blocks start in it anywhere."""
        if width not in self._tapes:
            longest = max(lanes * ticks for lanes, ticks in map(self.shape, range(self.rungs)))
            self._tapes[width] = drawn.mixed_tape(Dice(self.seed, width, _TAPES_STREAM), width, drawn.TAPE + longest)
        return self._tapes[width]

    def is_configuration(self, field: Field) -> bool:
        """Whether the field configures something and so stays for long."""
        return self._kinds.get(field.driver) == "Configuration"


def _mixed(
    number: int, recorded: npt.NDArray[np.uint32], rows: npt.NDArray[np.uint32], phases: PhaseBlock, every: int
) -> Block:
    """Return a block in which every so many lanes one is recorded, the first one too."""
    order = np.full(len(recorded) + len(rows), -1, np.int64)
    drawn = np.ones(len(order), np.bool_)
    drawn[::every] = False
    order[drawn] = np.arange(len(rows))
    stimulus = np.empty((len(order), *rows.shape[1:]), np.uint32)
    stimulus[drawn], stimulus[~drawn] = rows, recorded
    return Block(number=number, stimulus=stimulus, phases=phases, order=tuple(order.tolist()))


class _Sheet:
    """The fields' values over all ticks of one block, lane after lane."""

    def __init__(self, maker: StimulusMaker, number: int, phases: PhaseBlock) -> None:
        self.maker = maker
        self.phases = phases
        self.count = phases.lanes * phases.ticks
        self._number = number
        self._tick = np.tile(np.arange(phases.ticks, dtype=np.int64), phases.lanes)
        self._codes: dict[str, Bytes] = {}
        self._choices = {knob.name: knob.choices for knob in maker.knobs.knobs}
        fields = maker.harness.stimulus
        self._drivers = sorted({field.driver for field in fields if field.kind is FieldKind.DATA and field.driver})
        self._families = {
            name: max(f.width for f in fields if f.driver == name and f.kind is FieldKind.DATA)
            for name in self._drivers
            if sum(1 for f in fields if f.driver == name and f.kind is FieldKind.DATA) > 1
        }
        """Drivers with several data fields, and the widest of them: these may be related."""

    def field(self, index: int, field: Field) -> npt.NDArray[np.uint32]:
        """Return the field's values, [ticks, words] of all lanes."""
        dice = Dice(self.maker.seed, self._number, index)
        if field.kind is FieldKind.RESET:
            return self._reset().astype(np.uint32)[:, None]
        if field.kind is FieldKind.RATE:
            return self._bits(dice, field)
        if field.kind is FieldKind.DATA:
            values, fresh = self._data(dice, field)
        else:
            values, fresh = self._picked(dice, field), None
        return self._kept(dice, field, values, fresh)

    def _knob(self, name: str) -> Bytes:
        """Return a knob's codes in every tick."""
        if name not in self._codes:
            self._codes[name] = self.phases.per_tick(name)
        return self._codes[name]

    def _own(self, field: Field, name: str, what: str) -> str:
        return name if name in self._choices else free_name(field, what)

    def _reset(self) -> npt.NDArray[np.bool_]:
        """Return where resets are active: in the first ticks of phases that begin with one."""
        active = np.zeros(self.count, np.bool_)
        starts = self.phases.starts()[self.phases.resets & (self.phases.lengths > 0)]
        lane_end = (starts // self.phases.ticks + 1) * self.phases.ticks
        for offset in range(self.maker.harness.reset_ticks):
            active[np.minimum(starts + offset, lane_end - 1)] = True
        return active

    def _bits(self, dice: Dice, field: Field) -> npt.NDArray[np.uint32]:
        """Return bits that are 1 at a rate and in runs, each bit of a wide field on its own."""
        high = _HIGH[self._knob(self._own(field, field.rate, "rate"))]
        runs = self._own(field, field.runs, "runs")
        words = np.zeros((self.count, field.words), np.uint32)
        for bit in range(field.width):
            on = self._throws(dice, runs) < high
            words[:, bit // 32] |= on.astype(np.uint32) << np.uint32(bit % 32)
        return words

    def _throws(self, dice: Dice, runs: str) -> Bytes:
        """Return numbers of 0 to 127 that stay for as long as the runs knob says."""
        codes, throws = self._knob(runs), dice.bytes(self.count)
        for number, word in enumerate(self._choices[runs]):
            longest = Pace.LONGEST.get(word, 1)
            if longest > 1:
                np.copyto(throws, dice.held(longest, self.count), where=codes == number)
        return throws >> np.uint8(1)

    def _data(self, dice: Dice, field: Field) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.bool_] | None]:
        """Return values, and where they are fresh; None: everywhere."""
        name = self._own(field, field.style, "style")
        styles = drawn.style_table(self._choices[name])[self._knob(name)]
        related: npt.NDArray[np.bool_] | None = None
        if field.driver in self._families:
            shared = Dice(self.maker.seed, self._number, _DRIVERS_STREAM + self._drivers.index(field.driver))
            related = (styles == drawn.RELATED) | ((styles == drawn.MIXED) & (shared.bytes(self.count) < 51))
        values = drawn.styled(dice, styles, field.width, self._tick)
        if (mixed := styles == drawn.MIXED).any():
            tape, start = self.maker.tape(field.width), int(dice.below(drawn.TAPE, 1)[0])
            np.copyto(values, tape[start : start + self.count], where=mixed[:, None])
        if related is not None and (at := np.flatnonzero(related)).size:
            common = self._common(shared, self._families[field.driver])[at]
            values[at] = drawn.neighbours(dice, common, field.width)
        hold = styles == drawn.HOLD if related is None else (styles == drawn.HOLD) & ~related
        return values, ~hold if hold.any() else None

    def _common(self, shared: Dice, width: int) -> npt.NDArray[np.uint32]:
        """Return what the related fields of one driver have in common: even values and corners."""
        styles = np.where(shared.bytes(self.count) < 128, drawn.UNIFORM, drawn.CORNERS).astype(np.uint8)
        return drawn.styled(shared, styles, width, self._tick)

    def _picked(self, dice: Dice, field: Field) -> npt.NDArray[np.uint32]:
        ticks = self.phases.ticks
        if field.kind is FieldKind.ADDRESS:
            name = self._own(field, field.style, "style")
            codes, words = self._knob(name), self._choices[name]
            return drawn.addresses(dice, words, codes, field.width, field.choices, ticks)
        orders: Sequence[str] = self._choices.get(field.style, ("random",))
        codes = self._knob(field.style) if field.style in self._choices else np.zeros(self.count, np.uint8)
        if field.kind is FieldKind.MODE and len(orders) == len(field.choices):
            return drawn.table_of(field.choices, field.width)[codes]
        return drawn.choices(dice, orders, codes, field.width, field.choices, self._tick)

    def _kept(
        self,
        dice: Dice,
        field: Field,
        values: npt.NDArray[np.uint32],
        fresh: npt.NDArray[np.bool_] | None,
    ) -> npt.NDArray[np.uint32]:
        """Repeat values in the ticks in which the field takes no new one."""
        changes = self._changes(dice, field)
        if changes is not None:
            fresh = changes if fresh is None else fresh & changes
        if fresh is None:
            return values
        fresh[:: self.phases.ticks] = True
        return drawn.kept(values, fresh)

    def _changes(self, dice: Dice, field: Field) -> npt.NDArray[np.bool_] | None:
        """Return in which ticks the field may change; None: in all."""
        order = self._choices.get(field.style, ())
        held = self._knob(field.style) == order.index("hold") if "hold" in order else None
        if field.rate not in self._choices:
            return None if held is None or field.kind is FieldKind.DATA else ~held
        high = _HIGH[self._knob(field.rate)]
        changes = (dice.bytes(self.count) >> np.uint8(1)) < high
        if self.maker.is_configuration(field):
            changes &= dice.small(_SLOW, self.count) == 0
            starts = self.phases.starts()[self.phases.lengths > 0]
            changes[starts] |= high[starts] > 0
        if held is not None and field.kind is not FieldKind.DATA:
            changes &= ~held
        return changes


def _ladder(longest_phase: int, point: int) -> tuple[int, ...]:
    """Return the lengths of lanes, block by block; some of each, up to a few times the plan's longest point."""
    first = min(max(SHORTEST, point // 4), 512)
    last = min(LONGEST, max(4 * first, 2 * point, 2 * longest_phase))
    lengths = [first]
    while lengths[-1] < last:
        lengths.append(min(last, lengths[-1] * 2))
    return tuple(lengths)
