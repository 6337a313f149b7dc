"""Stimulus drawn where it is used: phases with habits of their own in each lane, bit by bit for all lanes at once.

A lane begins a new phase, about every 64 ticks, with new habits: how often a bit is 1 and in runs of which length, in
which style values are. The same seed gives the same lanes in C and, by ``drawn_rows``, in Python.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from verif.harness.model import Field, FieldKind, Harness
from verif.lanes.packing import Packing
from verif.lanes.program import Drawing, Program, Value
from verif.sim.batch.layout import WORD_BITS, Layout, Rows

TURN = 16
"""Every so many ticks, a quarter of the lanes begin a new phase."""
GROUP = 64
"""Lanes that are drawn from one generator."""
_MOST_CHOICES = 64
_SMALL_BITS = 3
_STARTED = 0
"""Place in the state that is 1 from the first tick on."""


@dataclass
class Draft:
    """The programs that draw the stimulus of a harness."""

    harness: Harness
    packing: Packing
    turn: Program = field(default_factory=Program)
    """Runs before the ticks that begin a turn."""
    steps: dict[str, Program] = field(default_factory=dict)
    """What is drawn in a tick, by the clock whose edge came last; empty: no edge yet, or one clock: everything is."""
    places: int = 1
    """Words that are kept."""

    def __post_init__(self) -> None:
        turn = self.turn
        accepted = ~turn.state(_STARTED) | turn.seldom(2)
        begun = turn.state(_STARTED)
        turn.kept[_STARTED] = turn.ones()
        paced = sorted(set(self.harness.schedule)) if len(set(self.harness.schedule)) > 1 else []
        self.steps = {clock: Program() for clock in ("", *paced)}
        resetting = accepted & begun & turn.seldom(3)
        together = turn.random()
        for each in self.harness.stimulus:
            if each.kind is FieldKind.RESET:
                self._reset(each, resetting & (together | turn.random()))
            elif each.kind is FieldKind.RATE or each.width == 1:
                self._bits(each, accepted)
            else:
                self._values(each, accepted)

    def _kept(self, value: Value) -> int:
        """Keep a value of the turn; return its place."""
        self.places += 1
        self.turn.kept[self.places - 1] = value
        return self.places - 1

    def _habit(self, accepted: Value, value: Value) -> int:
        """Keep a value from the beginning of a phase on."""
        return self._kept(accepted.choose(value, self.turn.state(self.places)))

    def _programs(self, each: Field) -> list[Program]:
        """Return the programs of the ticks in which a field may change."""
        return [step for clock, step in self.steps.items() if not clock or not each.clock or clock == each.clock]

    def _reset(self, each: Field, active: Value) -> None:
        """Hold a reset for the ticks that a reset takes, from the beginning of the turn on."""
        chain = [self._kept(active) for _ in range(max(1, min(self.harness.reset_ticks, TURN)))]
        allowed = self._programs(each)
        for step in self.steps.values():
            if any(step is other for other in allowed):
                step.driven[self.packing.places[each.name]] = step.state(chain[0])
            for place, follower in pairwise(chain):
                step.kept[place] = step.state(follower)
            step.kept[chain[-1]] = step.zero()

    def _bits(self, each: Field, accepted: Value) -> None:
        """Draw bits that are 1 at a rate of so many eighths, and in runs."""
        turn = self.turn
        silent = ~turn.seldom(3)
        eighths = [self._habit(accepted, turn.random() & silent) for _ in range(3)]
        always = self._habit(accepted, turn.seldom(3))
        slow, slower = (self._habit(accepted, turn.seldom(halvings)) for halvings in (1, 2))
        throws = [[self._own() for _ in range(3)] for _ in range(each.width)]
        for step in self._programs(each):
            fresh = _seldom_where(step, slow, slower)
            for bit, places in enumerate(throws):
                thrown = [fresh.choose(step.random(), step.state(place)) for place in places]
                step.kept |= dict(zip(places, thrown, strict=True))
                below = step.zero()
                for throw, eighth in zip(thrown, eighths, strict=True):
                    limit = step.state(eighth)
                    below = (throw ^ limit).choose(limit, below)
                step.driven[self.packing.places[each.name] + bit] = below | step.state(always)

    def _own(self) -> int:
        self.places += 1
        return self.places - 1

    def _values(self, each: Field, accepted: Value) -> None:
        """Draw values in a style: any, listed, small, corners, counting up, held for long."""
        turn = self.turn
        styles = [self._habit(accepted, turn.random()) for _ in range(3)]
        slow, slower = (self._habit(accepted, turn.seldom(halvings)) for halvings in (1, 2))
        start = self.packing.places[each.name]
        for step in self._programs(each):
            fresh = _seldom_where(step, slow, slower)
            new = self._listed(step, each) if each.choices else _styled(step, each.width, start, styles)
            for bit, value in enumerate(new):
                step.driven[start + bit] = fresh.choose(value, step.input(start + bit))

    def _listed(self, step: Program, each: Field) -> list[Value]:
        """Return one of the meaningful values, one time in 32 any; all listed values count where they are many."""
        table = each.choices[:_MOST_CHOICES]
        index = [step.random() for _ in range(max(1, (len(table) - 1).bit_length()))]
        other = step.seldom(5)
        bits = [step.zero() for _ in range(each.width)]
        for number in range(1 << len(index)):
            chosen = ~other
            for place, digit in enumerate(index):
                chosen = chosen & (digit if number >> place & 1 else ~digit)
            for bit in range(each.width):
                if table[number % len(table)] >> bit & 1:
                    bits[bit] = bits[bit] | chosen
        return [bit | (other & step.random()) for bit in bits]


def _seldom_where(step: Program, slow: int, slower: int) -> Value:
    """Return where something is new: always, one time in 4 in slow lanes, one in 16 in slower ones."""
    return ~step.state(slow) | (step.seldom(2) & (~step.state(slower) | step.seldom(2)))


def _styled(step: Program, width: int, start: int, styles: Sequence[int]) -> list[Value]:
    special, second, third = (step.state(place) for place in styles)
    small, corners = special & second & ~third, special & ~second & third
    counting, still = special & ~second & ~third, special & second & third
    side, carry = step.random(), step.ones()
    seldom = step.seldom(4)
    values = []
    for bit in range(width):
        before = step.input(start + bit)
        value = step.random()
        if bit >= _SMALL_BITS:
            value = value & ~small
        value = corners.choose(side if bit else side ^ seldom, value)
        value = counting.choose(before ^ carry, value)
        carry = carry & before
        values.append((still & ~seldom).choose(before, value))
    return values


def draft_of(harness: Harness) -> Draft:
    """Return the programs for a harness."""
    return Draft(harness, Packing.of(Layout.of(harness.stimulus)))


def drawing_text(draft: Draft) -> Iterator[str]:
    """Give the C that draws a tick's inputs."""
    clocks = list(draft.steps)
    yield f"using Drawing = DrawingOf<{draft.places}>;"
    yield f"constexpr uint32_t TURN = {TURN};"
    yield from draft.turn.text("draw_turn")
    for number, step in enumerate(draft.steps.values()):
        yield from step.text(f"draw_step_{number}")
    schedule = draft.harness.schedule
    yield "void draw_step(Drawing& drawing, Word* in, uint32_t tick, uint64_t now) {"
    if len(clocks) == 1:
        yield "    draw_step_0(drawing, in);"
    else:
        yield "    if (now == 0) { draw_step_0(drawing, in); return; }"
        yield "    switch (tick) {"
        for tick in range(len(schedule)):
            yield f"        case {tick}: draw_step_{clocks.index(schedule[tick - 1])}(drawing, in); break;"
        yield "    }"
    yield "}"


def drawn_rows(harness: Harness, lanes: Sequence[int], ticks: int, seed: int) -> Rows:
    """Return the rows ``[lanes, ticks, words]`` that lanes with these numbers get from ``seed``."""
    draft = draft_of(harness)
    groups = sorted({lane // GROUP for lane in lanes})
    drawing = Drawing(seed, groups, draft.places)
    rest = draft.packing.rest()
    inputs = [
        ~drawing.zero if rest[place // WORD_BITS] >> place % WORD_BITS & 1 else drawing.zero
        for place in range(WORD_BITS * draft.packing.words)
    ]
    at = np.array([groups.index(lane // GROUP) for lane in lanes], np.intp)
    shift = np.array([lane % GROUP for lane in lanes], np.uint64)
    rows = draft.packing.layout.rows(len(lanes), ticks)
    for tick in range(ticks):
        if tick % TURN == 0:
            draft.turn.run(drawing, inputs)
        _step(draft, tick).run(drawing, inputs)
        _write(draft, rows[:, tick], lambda place: (inputs[place][at] >> shift) & np.uint64(1))
    return rows


def _step(draft: Draft, tick: int) -> Program:
    schedule = draft.harness.schedule
    if tick == 0 or len(draft.steps) == 1:
        return draft.steps[""]
    return draft.steps[schedule[(draft.harness.reset_ticks + tick - 1) % len(schedule)]]


def _write(draft: Draft, row: Rows, bit_at: Callable[[int], Rows]) -> None:
    for slot in draft.packing.layout.slots:
        row[:, slot.span] = 0
        for bit in range(slot.width):
            value = bit_at(draft.packing.places[slot.name] + bit).astype(np.uint32)
            row[:, slot.offset + bit // WORD_BITS] |= value << np.uint32(bit % WORD_BITS)
