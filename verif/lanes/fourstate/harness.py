"""A harness as four-state lanes show it: what is known beside each value, what fails for sure and what may fail."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from verif.harness.model import Harness, Monitor
from verif.lanes.fourstate.doubling import KNOWN, MAY, SURE
from verif.sim.batch.layout import Layout, Rows


def four_state(harness: Harness) -> Harness:
    """Return the harness with a second observed port for each, and a second monitor behind each.

    The first monitors fail where the rule is broken whatever an X is; the second ones, ``len(harness.monitors)``
    further on, also where an X may break it. Coverage points are left out.
    """
    known = tuple(replace(each, name=KNOWN + each.name, port=f"{KNOWN}{each.port}") for each in harness.observed)
    sure = (_as(monitor, SURE) for monitor in harness.monitors)
    perhaps = (_as(monitor, MAY) for monitor in harness.monitors)
    return replace(
        harness,
        observed=(*harness.observed, *known),
        monitors=(*sure, *perhaps),
        covers=(),
        properties_covered=(),
    )


def split(harness: Harness, observed: Rows) -> tuple[Rows, Rows]:
    """Return values, 0 where they are unknown, and known bits of observed rows; both as ``harness`` lays them out.

    ``harness`` is the one that ``four_state`` was given.
    """
    words = Layout.of(harness.observed).words
    values, known = observed[..., :words], observed[..., words:]
    return values & known, known


def perhaps(harness: Harness, monitor: int) -> int:
    """Return the place of the monitor that tells where ``monitor`` of the plain harness may fail."""
    return len(harness.monitors) + monitor


def unknown_ports(harness: Harness, observed: Rows) -> npt.NDArray[np.bool_]:
    """Return where a bit of an observed port is unknown: ``[..., ports]`` in the order of ``harness.observed``."""
    _, known = split(harness, observed)
    layout = Layout.of(harness.observed)
    full = np.zeros(layout.words, np.uint32)
    for slot in layout.slots:
        for index in range(slot.words):
            full[slot.offset + index] = (1 << min(32, slot.width - 32 * index)) - 1
    missing = (known & full) != full
    return np.stack([missing[..., slot.span].any(axis=-1) for slot in layout.slots], axis=-1)


def _as(monitor: Monitor, how: str) -> Monitor:
    return replace(monitor, fail=how + monitor.fail, seen=how + monitor.seen)
