"""The plan's knobs as small numbers, so that the settings of many lanes lie in arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from verif.harness.model import Field, FieldKind, Harness
from verif.plan.model import Knob, Setting, Testplan
from verif.plan.play import filled, reset_index
from verif.stimulus.drivers.base import ADDRESS_STYLES, DATA_STYLES, RUNS
from verif.stimulus.generate import Stretch

Codes = npt.NDArray[np.uint8]
RATES = 10
FREE = 255
"""Code of a setting that the plan leaves open: drawn anew in each phase."""


def free_name(field: Field, what: str) -> str:
    """Return the name of a knob that the plan doesn't have, for a field that is drawn at will."""
    return f"{field.name}:{what}"


@dataclass(frozen=True, slots=True)
class Knobs:
    """All knobs in order; a rate's code is the rate, a choice's the choice's number."""

    knobs: tuple[Knob, ...]
    planned: int
    """The first so many are the plan's own, the others stand for what it leaves open."""

    def __len__(self) -> int:
        return len(self.knobs)

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many settings each knob has."""
        return tuple(RATES if knob.kind == "rate" else len(knob.choices) for knob in self.knobs)

    @property
    def defaults(self) -> Codes:
        """The code of each knob's default."""
        return np.array([self.code(knob, knob.default) for knob in self.knobs], np.uint8)

    def place(self, name: str) -> int:
        """Return the number of the knob called ``name``; KeyError where there is none."""
        for number, knob in enumerate(self.knobs):
            if knob.name == name:
                return number
        raise KeyError(name)

    @staticmethod
    def code(knob: Knob, setting: Setting) -> int:
        """Return the code of a setting."""
        return int(setting) if knob.kind == "rate" else knob.choices.index(str(setting))

    @staticmethod
    def setting(knob: Knob, code: int) -> Setting:
        """Return the setting that a code stands for."""
        return code if knob.kind == "rate" else knob.choices[code]

    def settings(self, codes: Codes) -> dict[str, Setting]:
        """Return the settings of one phase."""
        return {knob.name: self.setting(knob, int(code)) for knob, code in zip(self.knobs, codes, strict=True)}

    def codes(self, settings: Mapping[str, Setting]) -> Codes:
        """Return the codes of one phase's settings; FREE for knobs that aren't named."""
        return np.array(
            [self.code(knob, settings[knob.name]) if knob.name in settings else FREE for knob in self.knobs], np.uint8
        )


def knobs_of(harness: Harness, plan: Testplan) -> Knobs:
    """Return the plan's knobs and one for each habit of a field that the plan leaves open."""
    own = {knob.name for knob in plan.knobs}
    free = [knob for field in harness.stimulus for knob in _open(field, own)]
    return Knobs(knobs=(*plan.knobs, *free), planned=len(plan.knobs))


def _open(field: Field, own: set[str]) -> list[Knob]:
    """Return the knobs that a field lacks."""
    knobs: list[Knob] = []
    if field.kind is FieldKind.RATE:
        if field.rate not in own:
            knobs.append(Knob(name=free_name(field, "rate"), kind="rate", default=5))
        if field.runs not in own:
            knobs.append(_choice(field, "runs", RUNS))
    elif field.kind is FieldKind.DATA and field.style not in own:
        knobs.append(_choice(field, "style", DATA_STYLES))
    elif field.kind is FieldKind.ADDRESS and field.style not in own:
        knobs.append(_choice(field, "style", ADDRESS_STYLES))
    return knobs


def _choice(field: Field, what: str, choices: tuple[str, ...]) -> Knob:
    return Knob(name=free_name(field, what), kind="choice", choices=choices, default=choices[0])


@dataclass(frozen=True, slots=True)
class Pool:
    """The phases of the plan's test points, one after the other."""

    cycles: npt.NDArray[np.int64]
    codes: Codes
    """[phases, knobs]"""
    resets: npt.NDArray[np.bool_]
    """Whether reset comes before the phase."""
    starts: npt.NDArray[np.int64]
    """The first phase of each point."""
    counts: npt.NDArray[np.int64]
    """How many phases each point has."""


def pool_of(plan: Testplan, knobs: Knobs) -> Pool:
    """Return the plan's phases as arrays; one phase of defaults where the plan has no point."""
    played = [(point, reset_index(point)) for point in plan.points]
    phases = [
        Stretch(cycles=phase.cycles, settings=filled(plan, phase), reset_before=index == at)
        for point, at in played
        for index, phase in enumerate(point.phases)
    ]
    if not phases:
        phases = [Stretch(cycles=64, settings={knob.name: knob.default for knob in plan.knobs})]
    counts = [len(point.phases) for point, _ in played if point.phases] or [1]
    return Pool(
        cycles=np.array([phase.cycles for phase in phases], np.int64),
        codes=np.array([knobs.codes(phase.settings) for phase in phases], np.uint8).reshape(len(phases), len(knobs)),
        resets=np.array([phase.reset_before for phase in phases], np.bool_),
        starts=np.cumsum([0, *counts[:-1]]).astype(np.int64),
        counts=np.array(counts, np.int64),
    )
