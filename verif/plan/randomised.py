"""Random test points over the same knobs and in the same form as a model's: the control that a model must beat."""

from __future__ import annotations

import random
from typing import Any

from verif.plan.model import Knob, Setting, Testplan, Testpoint
from verif.plan.wire import LENGTH, LENGTHS, MAX_PHASES, MIN_PHASES, expand, wire_knobs


def random_points(plan: Testplan, seed: int, count: int) -> tuple[Testpoint, ...]:
    """Return ``count`` points called ``random_1`` on; the same plan and seed give the same points."""
    rng = random.Random(f"random points:{seed}")
    return tuple(
        point
        for number in range(1, count + 1)
        for point in expand(plan, random_wire(plan, rng), name=f"random_{number}", origin="chance")
    )


def random_wire(plan: Testplan, rng: random.Random) -> dict[str, Any]:
    """Return a wire plan in which every value of the schema is equally likely."""
    phases = [_phase(plan, rng) for _ in range(rng.randint(MIN_PHASES, MAX_PHASES))]
    return {"phases": phases}


def _phase(plan: Testplan, rng: random.Random) -> dict[str, Setting]:
    settings = {key: _setting(knob, rng) for key, knob in wire_knobs(plan).items()}
    return {LENGTH: rng.choice(list(LENGTHS)), **settings}


def _setting(knob: Knob, rng: random.Random) -> Setting:
    return rng.randint(0, 9) if knob.kind == "rate" else rng.choice(knob.choices)
