"""Values of stimulus fields as a phase's settings want them, tick by tick.

Rates, runs and styles mean what they mean to the benches' drivers (``verif/stimulus/drivers/base.py``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from verif.harness.knobs import free_name
from verif.harness.model import Field, FieldKind
from verif.lanes.chances import any_of, at_rate, digits_of, looked_up, one_of
from verif.lanes.constants import constants_for
from verif.lanes.draft import Draft
from verif.lanes.program import Program, Value
from verif.lanes.styles import Styles
from verif.stimulus.drivers.base import Pace

if TYPE_CHECKING:
    from verif.lanes.planned import Phases

_SLOW = 6
"""Values that configure something change 2 to this power less often than their knob says."""
_MOST_LISTED = 256
_WINDOW_BITS = 6
"""Upper digits of an address that tell parts of a memory apart; in more, most lanes would be beyond its end."""
_RECENT = 2
"""Binary digits of an address that differ within a phase where it comes back to a few."""
_HALVINGS = {name: longest.bit_length() - 1 for name, longest in Pace.LONGEST.items() if longest > 1}
"""Word of a runs knob to how seldom a run ends, one time in 2 to this power: runs are as long on the average."""


class Fields:
    """Draws fields into the programs of a draft."""

    def __init__(self, draft: Draft, phases: Phases, configuring: Collection[str]) -> None:
        """Values of the drivers ``configuring`` stay for long."""
        self._draft = draft
        self._phases = phases
        self._configuring = configuring
        self._known = {knob.name for knob in phases.knobs.knobs}
        self._common: dict[tuple[int, str], list[Value]] = {}

    def draw(self, each: Field) -> None:
        """Draw one field."""
        if each.kind is FieldKind.RATE:
            self._bits(each)
        elif each.kind is FieldKind.DATA:
            self._data(each)
        elif each.kind is FieldKind.ADDRESS:
            self._address(each)
        else:
            self._choice(each)

    def _own(self, each: Field, name: str, what: str) -> str:
        return name if name in self._known else free_name(each, what)

    def _drive(self, step: Program, each: Field, values: Sequence[Value], changes: Value | None) -> None:
        start = self._draft.place(each)
        for bit, value in enumerate(values):
            before = step.input(start + bit)
            step.driven[start + bit] = changes.choose(value, before) if changes else value

    def _changes(self, step: Program, each: Field) -> Value | None:
        """Return where a field takes a new value; None: everywhere."""
        if each.rate not in self._known:
            return None
        rate = self._phases.rate(each.rate)
        changes = at_rate(step, [step.state(place) for place in rate.digits]) | step.state(rate.always)
        return changes & step.seldom(_SLOW) if each.driver in self._configuring else changes

    def _bits(self, each: Field) -> None:
        """Draw bits that are 1 at a rate and in runs, each on its own."""
        rate = self._phases.rate(self._own(each, each.rate, "rate"))
        runs = self._phases.choice(self._own(each, each.runs, "runs"))
        kept = self._draft.own(each.width)
        start = self._draft.place(each)
        for step in self._draft.programs(each):
            for bit, place in enumerate(kept):
                digits = [step.state(digit) for digit in rate.digits]
                thrown = self._ended(step, runs).choose(at_rate(step, digits), step.state(place))
                step.kept[place] = thrown
                step.driven[start + bit] = (thrown | step.state(rate.always)) & ~step.state(rate.never)

    def _ended(self, step: Program, runs: dict[str, int]) -> Value:
        """Return where a run is over."""
        ended, drawn, halvings = step.ones(), step.ones(), 0
        for word in sorted((word for word in runs if word in _HALVINGS), key=lambda word: _HALVINGS[word]):
            for _ in range(_HALVINGS[word] - halvings):
                drawn = drawn & step.random()
            halvings = _HALVINGS[word]
            ended = step.state(runs[word]).choose(drawn, ended)
        return ended

    def _data(self, each: Field) -> None:
        words = self._phases.choice(self._own(each, each.style, "style"))
        constants = constants_for(self._draft.harness.design.sources, each.width)
        named = self._phases.turn_choice(constants, each.width) if constants else []
        for step in self._draft.programs(each):
            styles = Styles(step, each.width, self._draft.place(each), words)
            values = styles.values(self._related(step, each))
            if named:
                spelled = step.state(self._spelling) & step.seldom(2)
                values = [spelled.choose(step.state(place), bit) for place, bit in zip(named, values, strict=True)]
            self._drive(step, each, values, self._changes(step, each))

    @cached_property
    def _spelling(self) -> int:
        """Where the word of the lanes is kept that take data of the numbers in the source: half of them."""
        (place,) = self._phases.lane_digits(1)
        return place

    def _related(self, step: Program, each: Field) -> list[Value] | None:
        """Return a value near what all data of a driver have in common in this tick; None where it has one field."""
        family = [f for f in self._draft.harness.stimulus if f.driver == each.driver and f.kind is FieldKind.DATA]
        if not each.driver or len(family) < 2:
            return None
        key = (id(step), each.driver)
        if key not in self._common:
            widest = max(member.width for member in family)
            self._common[key] = Styles(step, widest, 0, {}).common()
        return neighbour(step, self._common[key][: each.width])

    def _address(self, each: Field) -> None:
        words = self._phases.choice(self._own(each, each.style, "style"))
        listed = list(each.choices[:_MOST_LISTED]) or list(range(min(16, 1 << each.width)))
        digits = digits_of(len(listed))
        usual = self._phases.phase_digits(digits)
        counter = self._draft.own(digits)
        window = self._window(each, listed)
        for step in self._draft.programs(each):
            changes = self._changes(step, each)
            mixed, sweep = (self._word(step, words, word) for word in ("mixed", "sweep"))
            recent = mixed & (step.random() | step.seldom(3))
            drawn = [step.random() for _ in range(digits)]
            index = [
                (recent.choose(step.state(usual[n]), drawn[n]) if n >= _RECENT else drawn[n]) for n in range(digits)
            ]
            swept = self._counted(step, counter, changes)
            index = [sweep.choose(count, digit) for count, digit in zip(swept, index, strict=True)]
            value = looked_up(step, listed, one_of(step, len(listed), index), each.width)
            value = [bit | step.state(window[n]) if n in window else bit for n, bit in enumerate(value)]
            anywhere = self._word(step, words, "any") | (mixed & ~recent & step.seldom(2))
            unaligned = self._word(step, words, "unaligned")
            value = [bit | (unaligned & step.random()) if n < 2 else bit for n, bit in enumerate(value)]
            self._drive(step, each, [anywhere.choose(step.random(), bit) for bit in value], changes)

    def _window(self, each: Field, listed: Sequence[int]) -> dict[int, int]:
        """Return where the upper bits are kept of a lane's own part of a memory, of which one part is listed.

        Half of the lanes stay in that which is listed. A list with gaps tells registers: there is no other part.
        """
        used = max(listed).bit_length()
        stride = sorted(listed)[1] if len(listed) > 1 else 0
        if (
            used >= each.width
            or not stride
            or sorted(listed) != [n * stride for n in range(1 << digits_of(len(listed)))]
        ):
            return {}
        elsewhere, *upper = self._phases.lane_digits(1 + min(each.width - used, _WINDOW_BITS))
        program = self._draft.turn()
        return {
            used + n: self._draft.keep(program, program.state(place) & program.state(elsewhere))
            for n, place in enumerate(upper)
        }

    def _counted(self, step: Program, places: Sequence[int], changes: Value | None) -> list[Value]:
        """Return a number that is one more with each change."""
        carry, digits = changes or step.ones(), []
        for place in places:
            digit = step.state(place)
            digits.append(digit)
            step.kept[place] = digit ^ carry
            carry = carry & digit
        return digits

    def _choice(self, each: Field) -> None:
        """Draw one of the listed values, one in 32 any; a mode has the value of its knob's word."""
        knob = next((knob for knob in self._phases.knobs.knobs if knob.name == each.style), None)
        if each.kind is FieldKind.MODE and knob and len(knob.choices) == len(each.choices):
            bits = self._phases.mode(knob.name, each.choices, each.width)
            for step in self._draft.programs(each):
                self._drive(step, each, [step.state(place) for place in bits], None)
            return
        words = self._phases.choice(knob.name) if knob and knob.kind == "choice" else {}
        listed = list(each.choices[:_MOST_LISTED]) or list(range(min(1 << each.width, _MOST_LISTED)))
        digits = digits_of(len(listed))
        counter = self._draft.own(digits)
        for step in self._draft.programs(each):
            changes = self._changes(step, each)
            sweep = self._word(step, words, "sweep")
            swept = self._counted(step, counter, changes)
            index = [sweep.choose(count, step.random()) for count in swept]
            value = looked_up(step, listed, one_of(step, len(listed), index), each.width)
            if each.choices:
                other = step.seldom(5)
                value = [other.choose(step.random(), bit) for bit in value]
            if "hold" in words:
                held = step.state(words["hold"])
                changes = ~held if changes is None else changes & ~held
            self._drive(step, each, value, changes)

    def _word(self, step: Program, words: dict[str, int], word: str) -> Value:
        return step.state(words[word]) if word in words else step.zero()


def neighbour(step: Program, value: Sequence[Value]) -> list[Value]:
    """Return a value itself, one more, one less or its complement: what comparators and subtractors need."""
    eighths = one_of(step, 8)
    down = eighths[1]
    flip = step.seldom(2) & (step.random() | step.random())
    carry = any_of(step, eighths[:2])
    bits = []
    for bit in value:
        bits.append(bit ^ carry ^ flip)
        carry = carry & (bit ^ down)
    return bits
