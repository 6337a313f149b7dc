"""Monitors judge as the standard does: the same cycles as an independent evaluator, for random properties."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support import properties as support
from tests.support.property_traces import Judge, Prop, Trace, Verdicts
from verif.property import PropertyMonitor
from verif.workspace import Workspace

PROPERTIES_AT_ONCE = 60
CYCLES = 1500


def drawn(
    count: int, seed: int, strategy: st.SearchStrategy[Prop] = support.PROPERTIES
) -> tuple[list[Prop], list[bool]]:
    """Return so many random properties, no two alike, and which of them have a ``disable iff``."""
    found: dict[str, tuple[Prop, bool]] = {}

    @settings(
        max_examples=4 * count,
        phases=[Phase.generate],
        derandomize=seed == 0,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.tuples(strategy, st.booleans()))
    def collect(one: tuple[Prop, bool]) -> None:
        found.setdefault(one[0].text, one)

    collect()
    chosen = list(found.values())[:count]
    assert len(chosen) == count
    return [prop for prop, _ in chosen], [stops for _, stops in chosen]


def judged(properties: Sequence[Prop], disabled: Sequence[bool], trace: Trace) -> list[Verdicts]:
    """Return what the standard says."""
    reset, stop = trace["rst"] != 0, trace["stop"] != 0
    judges = {stops: Judge(trace, reset | stop if stops else reset) for stops in (False, True)}
    return [judges[stops].verdicts(prop) for prop, stops in zip(properties, disabled, strict=True)]


def differences(properties: Sequence[Prop], said: Sequence[Verdicts], right: Sequence[Verdicts]) -> list[str]:
    """Return a line for each property whose monitor is wrong somewhere."""
    found = []
    for prop, one, other in zip(properties, said, right, strict=True):
        for name in ("fail", "covered", "seen"):
            wrong = np.flatnonzero(getattr(one, name) != getattr(other, name))
            if len(wrong):
                found.append(f"{name} in cycle {wrong[0]} and {len(wrong) - 1} more: {prop.text}")
    return found


@pytest.fixture(scope="module")
def batch_of_properties(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[list[Prop], list[bool], Trace, list[Verdicts]]:
    properties, disabled = drawn(PROPERTIES_AT_ONCE, seed=0)
    trace = support.random_trace(CYCLES, seed=1)
    return properties, disabled, trace, judged(properties, disabled, trace)


Drawn = tuple[list[Prop], list[bool], Trace, list[Verdicts]]


def test_monitors_say_what_the_standard_says_in_every_cycle(batch_of_properties: Drawn, tmp_path: Path) -> None:
    properties, disabled, trace, right = batch_of_properties
    said = support.play_in_icarus(support.made(properties, disabled, tmp_path), trace, tmp_path)
    assert differences(properties, said, right) == []


def test_random_properties_fail_and_match_and_are_met(batch_of_properties: Drawn) -> None:
    properties, disabled, _, right = batch_of_properties
    assert len(properties) == PROPERTIES_AT_ONCE
    assert sum(one.fail.any() for one in right) > PROPERTIES_AT_ONCE // 2
    assert sum(one.covered.any() for one in right) > PROPERTIES_AT_ONCE // 2
    assert sum(one.seen.any() and not one.seen.all() for one in right) > PROPERTIES_AT_ONCE // 3
    assert 10 < sum(disabled) < PROPERTIES_AT_ONCE


WRONG = {
    "keeps attempts when it is disabled": (r"<= !off && ", "<= "),
    "forgets to give up a slot that matched": (r" && !match_\d+ && ", " && "),
    "looks back too little": (r"past_(\d+)_2 <= past_\d+_1", r"past_\1_2 <= now_\1"),
    "overlooks the first cycle of a consequent": (r"fail_0 \|\| ", ""),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_monitor_is_caught(what: str, batch_of_properties: Drawn, tmp_path: Path) -> None:
    properties, disabled, trace, right = batch_of_properties
    before, after = WRONG[what]
    uses = [_changed(use, before, after) for use in support.made(properties, disabled, tmp_path)]
    said = support.play_in_icarus(uses, trace, tmp_path)
    assert differences(properties, said, right)


def _changed(use: PropertyMonitor, before: str, after: str) -> PropertyMonitor:
    return replace(use, text=re.sub(before, after, use.text))


@pytest.mark.slow
def test_300_properties_say_what_the_standard_says_in_100_000_cycles(tmp_path: Path) -> None:
    properties, disabled = drawn(300, seed=0)
    trace = support.random_trace(100_000, seed=2)
    uses = support.made(properties, disabled, tmp_path)
    said = support.play_in_batch(uses, trace, Workspace(tmp_path))
    assert differences(properties, said, judged(properties, disabled, trace)) == []
