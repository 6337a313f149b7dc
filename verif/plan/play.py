"""Play a test point of a plan against anything that answers inputs with outputs, outside of a simulator."""

from __future__ import annotations

from collections.abc import Sequence

from verif.design.model import Clock, Reset
from verif.plan.kinds import driven_ports, make_driver
from verif.plan.model import Phase, Setting, Testplan, Testpoint
from verif.stimulus.generate import Actor, Step, Stretch, generate
from verif.stimulus.rows import Stimulus


def play(
    plan: Testplan,
    point: Testpoint,
    *,
    seed: int,
    step: Step,
    clocks: Sequence[Clock] = (),
    resets: Sequence[Reset] = (),
) -> Stimulus:
    """Return the stimulus of ``point``; the same plan, seed and answers of ``step`` give the same rows."""
    actors = [
        Actor(name=entry.name, driver=make_driver(entry), clock=entry.clock, drives=driven_ports(entry))
        for entry in plan.drivers
    ]
    return generate(actors, stretches(plan, point), test=point.id, seed=seed, step=step, clocks=clocks, resets=resets)


def stretches(plan: Testplan, point: Testpoint) -> tuple[Stretch, ...]:
    """Return the point's phases with all settings; the reset midway comes before phase ``reset_index``."""
    at = reset_index(point)
    return tuple(
        Stretch(cycles=phase.cycles, settings=filled(plan, phase), reset_before=index == at)
        for index, phase in enumerate(point.phases)
    )


def reset_index(point: Testpoint) -> int | None:
    """Return the phase before which reset comes again: the middle one, rounded up; None where there is none."""
    if not point.reset_midway or len(point.phases) < 2:
        return None
    return (len(point.phases) + 1) // 2


def filled(plan: Testplan, phase: Phase) -> dict[str, Setting]:
    """Return the setting of every knob of ``plan`` in ``phase``."""
    return {knob.name: knob.default for knob in plan.knobs} | phase.settings
