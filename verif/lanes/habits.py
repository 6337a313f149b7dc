"""Drawing for a harness without a plan: phases with habits of their own in each lane.

A lane begins a new phase, about every 64 ticks, with new habits: how often a bit is 1 and in runs of which length, in
which style values are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from verif.harness.model import Field, FieldKind, Harness
from verif.lanes.draft import STARTED, Draft
from verif.lanes.program import Program, Value

TURN = 16
"""Every so many ticks, a quarter of the lanes begin a new phase."""
_MOST_CHOICES = 64
_SMALL_BITS = 3


def habitual(harness: Harness) -> Draft:
    """Return the programs of a harness that has no plan."""
    draft = Draft.of(harness, TURN)
    turn = draft.turn()
    begun = turn.state(STARTED)
    accepted = ~begun | turn.seldom(2)
    resetting = accepted & begun & turn.seldom(3)
    together = turn.random()
    habits = _Habits(draft, turn, accepted)
    for each in harness.moving:
        if each.kind is FieldKind.RESET:
            draft.reset(turn, each, resetting & (together | turn.random()))
        elif each.kind is FieldKind.RATE or each.width == 1:
            habits.bits(each)
        else:
            habits.values(each)
    return draft


@dataclass(frozen=True)
class _Habits:
    draft: Draft
    turn: Program
    accepted: Value
    """Where a new phase begins."""

    def _habit(self, value: Value) -> int:
        """Keep a value from the beginning of a phase on."""
        (place,) = self.draft.own()
        self.turn.kept[place] = self.accepted.choose(value, self.turn.state(place))
        return place

    def bits(self, each: Field) -> None:
        """Draw bits that are 1 at a rate of so many eighths, and in runs."""
        turn = self.turn
        silent = ~turn.seldom(3)
        eighths = [self._habit(turn.random() & silent) for _ in range(3)]
        always = self._habit(turn.seldom(3))
        slow, slower = (self._habit(turn.seldom(halvings)) for halvings in (1, 2))
        throws = [self.draft.own(3) for _ in range(each.width)]
        for step in self.draft.programs(each):
            fresh = _seldom_where(step, slow, slower)
            for bit, places in enumerate(throws):
                thrown = [fresh.choose(step.random(), step.state(place)) for place in places]
                step.kept |= dict(zip(places, thrown, strict=True))
                below = step.zero()
                for throw, eighth in zip(thrown, eighths, strict=True):
                    limit = step.state(eighth)
                    below = (throw ^ limit).choose(limit, below)
                step.driven[self.draft.place(each) + bit] = below | step.state(always)

    def values(self, each: Field) -> None:
        """Draw values in a style: any, listed, small, corners, counting up, held for long."""
        turn = self.turn
        styles = [self._habit(turn.random()) for _ in range(3)]
        slow, slower = (self._habit(turn.seldom(halvings)) for halvings in (1, 2))
        start = self.draft.place(each)
        for step in self.draft.programs(each):
            fresh = _seldom_where(step, slow, slower)
            new = _listed(step, each, start, fresh) if each.choices else _styled(step, each.width, start, styles, fresh)
            step.driven |= dict(enumerate(new, start))


def _listed(step: Program, each: Field, start: int, fresh: Value) -> list[Value]:
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
    values = [bit | (other & step.random()) for bit in bits]
    return [fresh.choose(value, step.input(start + bit)) for bit, value in enumerate(values)]


def _seldom_where(step: Program, slow: int, slower: int) -> Value:
    """Return where something is new: always, one time in 4 in slow lanes, one in 16 in slower ones."""
    return ~step.state(slow) | (step.seldom(2) & (~step.state(slower) | step.seldom(2)))


def _styled(step: Program, width: int, start: int, styles: Sequence[int], fresh: Value) -> list[Value]:
    """Return a value in its style where it is ``fresh``: what says where is computed once for all bits."""
    special, second, third = (step.state(place) for place in styles)
    side, seldom = step.random(), step.seldom(4)
    kept = ~fresh | (special & second & third & ~seldom)
    carry = special & ~second & ~third & ~kept
    copied = kept | carry
    corners = special & ~second & third & ~kept
    drawn = ~(copied | corners)
    large = drawn & ~(special & second & ~third)
    sides, last_side = corners & side, corners & (side ^ seldom)
    values = []
    for bit in range(width):
        before = step.input(start + bit)
        value = (step.random() & (drawn if bit < _SMALL_BITS else large)) | (sides if bit else last_side)
        values.append(copied.choose(before, value) ^ carry)
        carry = carry & before
    return values
