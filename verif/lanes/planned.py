"""Phases of a plan, drawn for all lanes at once: which phase a lane is in, and where the plan's knobs stand there.

A lane keeps to one way of going through phases: the phases of a test point in order, phases of any points, or random
settings, half of its knobs then being constant. Single settings may be turned at random, resets may come between
phases, and phases last for turns of every scale. These are the ways of ``verif.search.phases``, which draws them for
the batch engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from verif.harness.knobs import Knobs, Pool, knobs_of, pool_of
from verif.harness.model import Field, FieldKind, Harness
from verif.lanes.chances import any_of, looked_up, one_of
from verif.lanes.draft import STARTED, Draft
from verif.lanes.fields import Fields
from verif.lanes.program import Program, Value
from verif.plan.model import Testplan

SHORTEST_TURN, LONGEST_TURN = 8, 256
_TURNS = 12
"""Turns that the plan's usual phase takes."""
_SCALES, _LONG_SCALES = 4, 2
"""A phase lasts for 1, 2, 4, ... turns on the average; the long scales are seldom, for lanes that are long."""
_MOST_PHASES = 128
_SIXTEENTHS = (0, 2, 4, 5, 7, 9, 11, 12, 14, 16)
"""Rate to how many of 16 draws are 1."""
_ALWAYS, _NEVER = len(_SIXTEENTHS) - 1, 0


def planned(harness: Harness, plan: Testplan) -> Draft:
    """Return the programs of a harness that follow a plan."""
    knobs = knobs_of(harness, plan)
    pool = pool_of(plan, knobs)
    draft = Draft.of(harness, turn_of(pool))
    phases = Phases(draft, knobs, pool)
    fields = Fields(draft, phases, {driver.name for driver in plan.drivers if driver.kind == "Configuration"})
    for each in harness.moving:
        if each.kind is FieldKind.RESET:
            phases.reset(each)
        else:
            fields.draw(each)
    return draft


def turn_of(pool: Pool) -> int:
    """Return how many ticks a turn takes, by the length of the plan's usual phase."""
    usual = sorted(int(cycles) for cycles in pool.cycles)[len(pool.cycles) * 3 // 4]
    return max(SHORTEST_TURN, min(LONGEST_TURN, usual // _TURNS))


@dataclass(frozen=True, slots=True)
class Rate:
    """Where a rate's settings are kept."""

    digits: tuple[int, ...]
    """Binary places of the fraction, the lowest first."""
    always: int
    never: int


@dataclass
class _Setting:
    """A knob as it is drawn: the program that draws it, and a word for each of its settings."""

    program: Program
    codes: list[Value]
    places: list[int]
    """Where the words are kept."""


class Phases:
    """The phases of all lanes: one turn program chooses them, one for each knob takes its setting out of them."""

    def __init__(self, draft: Draft, knobs: Knobs, pool: Pool) -> None:
        self.draft = draft
        self.knobs = knobs
        self._pool = pool
        self._count = min(len(pool.cycles), _MOST_PHASES)
        self._turn = draft.turn()
        self._places = draft.own(self._count)
        """Phase to the word of the lanes that are in it."""
        self._choose()
        self._settings: dict[int, _Setting] = {}
        self._rates: dict[str, Rate] = {}
        self._modes: dict[str, list[int]] = {}

    def _lane(self, value: Value) -> Value:
        """Return a value that stays as it is in the whole lane."""
        (place,) = self.draft.own()
        kept = self._turn.state(STARTED).choose(self._turn.state(place), value)
        self._turn.kept[place] = kept
        return kept

    def _choose(self) -> None:
        turn, draft = self._turn, self.draft
        begun = turn.state(STARTED)
        at_random, in_order = self._lane(turn.random()), self._lane(turn.random())
        accepted = self._accepted(begun)
        follows = in_order & ~at_random & begun
        drawn = one_of(turn, self._count)
        inside = []
        for number, place in enumerate(self._places):
            chosen = follows.choose(turn.state(self._places[self._before(number)]), drawn[number])
            inside.append(accepted.choose(chosen, turn.state(place)))
            turn.kept[place] = inside[-1]
        planned = any_of(turn, [word for word, reset in zip(inside, self._pool.resets, strict=False) if reset])
        seldom, often = self._lane(turn.seldom(2)) & turn.seldom(3), self._lane(turn.seldom(3)) & turn.random()
        self._resetting = accepted & begun & (seldom | often | (planned & follows))
        self._together = turn.random()
        turned = (self._lane(turn.seldom(2)) & turn.seldom(3)) | (self._lane(turn.seldom(2)) & turn.seldom(2))
        self._accepted_at, self._random_at = draft.keep(turn, accepted), draft.keep(turn, at_random)
        self._turned_at = draft.keep(turn, turned)

    def _accepted(self, begun: Value) -> Value:
        """Return where a new phase begins: at each turn, or with half, a quarter, ... of the turns."""
        turn = self._turn
        places = self.draft.own(_SCALES + _LONG_SCALES)
        varied, accepted, slower = self._lane(turn.random()), turn.ones(), turn.ones()
        fresh = []
        for number, place in enumerate(places):
            accepted = accepted & (turn.random() | ~turn.state(place))
            slower = slower & (turn.random() | turn.random() if number < _SCALES else turn.random())
            fresh.append(slower)
        accepted = accepted | ~begun
        for place, value in zip(places, fresh, strict=True):
            turn.kept[place] = (~begun | (accepted & varied)).choose(value, turn.state(place))
        return accepted

    def _before(self, number: int) -> int:
        """Return the phase that comes before one in its point; before the first the last."""
        starts, counts = self._pool.starts, self._pool.counts
        for start, count in zip(starts.tolist(), counts.tolist(), strict=True):
            last = min(start + count, self._count) - 1
            if start <= number <= last:
                return int(last if number == start else number - 1)
        return number

    def reset(self, each: Field) -> None:
        """Drive a reset: all together, or some alone."""
        self.draft.reset(self._turn, each, self._resetting & (self._together | self._turn.random()))

    def choice(self, name: str) -> dict[str, int]:
        """Return where the words of a choice knob are kept, by its choices."""
        number = self.knobs.place(name)
        return dict(zip(self.knobs.knobs[number].choices, self._setting(number).places, strict=True))

    def rate(self, name: str) -> Rate:
        """Return where the settings of a rate are kept."""
        if name not in self._rates:
            setting = self._setting(self.knobs.place(name))
            program, codes = setting.program, setting.codes
            digits = [
                any_of(program, [code for code, value in zip(codes, _SIXTEENTHS, strict=True) if value >> place & 1])
                for place in range(4)
            ]
            self._rates[name] = Rate(
                digits=tuple(self.draft.keep(program, digit) for digit in digits),
                always=setting.places[_ALWAYS],
                never=setting.places[_NEVER],
            )
        return self._rates[name]

    def mode(self, name: str, values: Sequence[int], width: int) -> list[int]:
        """Return where the bits of the value are kept that each choice of a knob stands for."""
        setting = self._setting(self.knobs.place(name))
        bits = [
            any_of(setting.program, [code for code, value in zip(setting.codes, values, strict=True) if value >> n & 1])
            for n in range(width)
        ]
        return [self.draft.keep(setting.program, bit) for bit in bits]

    def phase_digits(self, count: int) -> list[int]:
        """Return where words are kept that are drawn with each phase."""
        program = self.draft.turn()
        accepted = program.state(self._accepted_at)
        places = self.draft.own(count)
        for place in places:
            program.kept[place] = accepted.choose(program.random(), program.state(place))
        return places

    def lane_digits(self, count: int) -> list[int]:
        """Return where words are kept that are drawn once for each lane."""
        program = self.draft.turn()
        begun = program.state(STARTED)
        places = self.draft.own(count)
        for place in places:
            program.kept[place] = begun.choose(program.state(place), program.random())
        return places

    def turn_choice(self, table: Sequence[int], width: int) -> list[int]:
        """Return where the bits of a value of ``table`` are kept, another one in each turn."""
        program = self.draft.turn()
        bits = looked_up(program, table, one_of(program, len(table)), width)
        return [self.draft.keep(program, bit) for bit in bits]

    def _setting(self, number: int) -> _Setting:
        if number not in self._settings:
            self._settings[number] = self._drawn(number)
        return self._settings[number]

    def _drawn(self, number: int) -> _Setting:
        knob, size = self.knobs.knobs[number], self.knobs.sizes[number]
        program, places = self.draft.turn(), self.draft.own(size)
        (constant_at,) = self.draft.own()
        begun = program.state(STARTED)
        constant = begun.choose(program.state(constant_at), program.random())
        program.kept[constant_at] = constant
        evenly = one_of(program, size)
        default = program.seldom(3)
        extreme, high = program.random(), program.random()
        kept = [program.state(place) for place in places]
        planned = self._planned(program, number, evenly)
        at_random, turned = program.state(self._random_at), program.state(self._turned_at)
        codes = []
        for code in range(size):
            drawn = evenly[code]
            if knob.kind == "rate":
                end = high if code == _ALWAYS else ~high if code == _NEVER else program.zero()
                drawn = extreme.choose(end, drawn)
            drawn = default.choose(program.ones() if code == self._default(number) else program.zero(), drawn)
            drawn = (constant & begun).choose(kept[code], drawn)
            drawn = turned.choose(evenly[code], at_random.choose(drawn, planned[code]))
            codes.append(program.state(self._accepted_at).choose(drawn, kept[code]))
        program.kept |= dict(zip(places, codes, strict=True))
        return _Setting(program, codes, places)

    def _default(self, number: int) -> int:
        knob = self.knobs.knobs[number]
        return self.knobs.code(knob, knob.default)

    def _planned(self, program: Program, number: int, evenly: list[Value]) -> list[Value]:
        """Return the settings of the plan's phases; what the plan leaves open is drawn."""
        if number >= self.knobs.planned:
            return evenly
        inside = [program.state(place) for place in self._places]
        of_phase = self._pool.codes[: self._count, number].tolist()
        return [
            any_of(program, [word for word, own in zip(inside, of_phase, strict=True) if own == code])
            for code in range(len(evenly))
        ]
