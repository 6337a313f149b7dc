"""Stimulus drawn where it is used, bit by bit for all lanes at once: as a plan says, or in habits of its own.

The same seed gives the same lanes in C and, by ``drawn_rows``, in Python. With a guide, lanes begin as it says and
leave it somewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from verif.harness.model import Harness
from verif.lanes.draft import Draft
from verif.lanes.guiding import add_guide
from verif.lanes.habits import habitual
from verif.lanes.planned import planned
from verif.lanes.program import Drawing
from verif.plan.model import Testplan
from verif.sim.batch.layout import WORD_BITS, Rows

GROUP = 64
"""Lanes that are drawn from one generator."""


def draft_of(harness: Harness, plan: Testplan | None = None) -> Draft:
    """Return the programs for a harness: phases of the plan, or of habits where there is none."""
    draft = planned(harness, plan) if plan else habitual(harness)
    add_guide(draft)
    return draft


def drawing_text(draft: Draft) -> Iterator[str]:
    """Give the C that draws a tick's inputs."""
    yield f"using Drawing = DrawingOf<{draft.places}>;"
    yield f"constexpr uint32_t TURN = {draft.turn_ticks};"
    for number, turn in enumerate(draft.turns):
        yield from turn.text(f"draw_turn_{number}")
    yield "void draw_turn(Drawing& drawing, Word* in) {"
    yield from (f"    draw_turn_{number}(drawing, in);" for number in range(len(draft.turns)))
    yield "}"
    for number, step in enumerate(draft.steps.values()):
        yield from step.text(f"draw_step_{number}")
    yield from _choosing(draft, "draw_step", "Drawing& drawing, Word* in", "drawing, in")
    for number, clock in enumerate(draft.steps):
        yield f"void guide_step_{number}(const Word* state, Word* in, const uint32_t* row) {{"
        for place, word, shift, follow in _guided(draft, clock):
            bit = f"row[{word}] >> {shift} & 1 ? ONES : ZERO"
            yield f"    in[{place}] = CHOOSE(in[{place}], ({bit}), state[{follow}]);"
        yield "}"
    arguments = "const Word* state, Word* in, const uint32_t* row"
    yield from _choosing(draft, "guide_step", arguments, "state, in, row")


def _choosing(draft: Draft, name: str, arguments: str, passed: str) -> Iterator[str]:
    """Give the function that calls the one for the clock whose edge came last."""
    clocks, schedule = list(draft.steps), draft.harness.schedule
    yield f"void {name}({arguments}, uint32_t tick, uint64_t now) {{"
    if len(clocks) == 1:
        yield f"    {name}_0({passed});"
    else:
        yield f"    if (now == 0) {{ {name}_0({passed}); return; }}"
        yield "    switch (tick) {"
        for tick in range(len(schedule)):
            yield f"        case {tick}: {name}_{clocks.index(schedule[tick - 1])}({passed}); break;"
        yield "    }"
    yield "}"


def _guided(draft: Draft, clock: str) -> Iterator[tuple[int, int, int, int]]:
    """Give the bits that follow a guide: place of the input, word and bit of the row, place of who follows."""
    for each in draft.harness.moving:
        if clock and each.clock and each.clock != clock:
            continue
        slot = draft.packing.layout.slot(each.name)
        for bit in range(each.width):
            word, shift = slot.offset + bit // WORD_BITS, bit % WORD_BITS
            yield draft.place(each) + bit, word, shift, draft.follows[each.name]


def drawn_rows(
    harness: Harness,
    lanes: Sequence[int],
    ticks: int,
    seed: int,
    *,
    plan: Testplan | None = None,
    guide: Rows | None = None,
) -> Rows:
    """Return the rows ``[lanes, ticks, words]`` that lanes with these numbers get from ``seed``.

    ``guide`` ``[rows, words]`` is what they begin with; they leave it at its end at the latest.
    """
    draft = draft_of(harness, plan)
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
        if tick % draft.turn_ticks == 0:
            for turn in draft.turns:
                turn.run(drawing, inputs)
        clock = draft.clock_before(tick)
        draft.steps[clock].run(drawing, inputs)
        if guide is not None and tick < len(guide):
            for place, word, bit, follow in _guided(draft, clock):
                given = ~drawing.zero if int(guide[tick, word]) >> bit & 1 else drawing.zero
                inputs[place] = inputs[place] ^ ((inputs[place] ^ given) & drawing.state[follow])
        _write(draft, rows[:, tick], lambda place: (inputs[place][at] >> shift) & np.uint64(1))
    return rows


def _write(draft: Draft, row: Rows, bit_at: Callable[[int], Rows]) -> None:
    for slot in draft.packing.layout.slots:
        row[:, slot.span] = 0
        for bit in range(slot.width):
            value = bit_at(draft.packing.places[slot.name] + bit).astype(np.uint32)
            row[:, slot.offset + bit // WORD_BITS] |= value << np.uint32(bit % WORD_BITS)
