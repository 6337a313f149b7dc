"""Our monitors and Verilator's own assertions: the same fail cycles, but for the disagreements that are listed here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import strategies as st

from tests.support import properties as support
from tests.support.property_traces import (
    Bits,
    Bool,
    Delayed,
    Held,
    Implied,
    Prop,
    Repeated,
    Seq,
    Sometime,
    Trace,
)
from tests.support.verilator_assertions import fails, refused
from tests.verif.property.test_monitor import drawn, judged

A, B, C = (Bool(name, lambda trace, name=name: trace[name] != 0) for name in "abc")  # type: ignore[misc]
CYCLES = 4000


PLAIN: st.SearchStrategy[Bool] = st.one_of(
    support.LEAVES, support.LEAVES.map(support.negated), st.builds(support.both, support.LEAVES, support.LEAVES)
)
"""Booleans without ``||``, which Verilator takes for more than one where it stands in a longer sequence."""


def _chained(first: Bool, more: Sequence[tuple[int, Seq]]) -> Seq:
    chain: Seq = first
    for delay, then in more:
        chain = Delayed(chain, delay, delay, then)
    return chain


CHAINS: st.SearchStrategy[Seq] = st.builds(_chained, PLAIN, st.lists(st.tuples(st.integers(1, 3), PLAIN), max_size=2))
"""Booleans with fixed delays between them."""
CONSEQUENTS: st.SearchStrategy[Prop] = st.one_of(
    CHAINS,
    st.builds(
        lambda low, more, then: Delayed(None, low, low + more, then), st.integers(1, 2), st.integers(0, 2), PLAIN
    ),
    st.builds(lambda one, low, more: Repeated(one, low, low + more), PLAIN, st.integers(1, 3), st.integers(0, 1)),
    st.builds(Held, PLAIN, CHAINS),
    st.builds(Implied, PLAIN, st.just(True), CHAINS),
)
AGREED: st.SearchStrategy[Prop] = st.one_of(
    PLAIN, st.builds(Implied, CHAINS, st.booleans(), CONSEQUENTS), st.builds(Implied, PLAIN, st.booleans(), CONSEQUENTS)
)
"""What Verilator 5.48 judges as the standard does."""


@pytest.mark.slow
def test_random_properties_fail_in_the_cycles_of_verilators_assertions(tmp_path: Path) -> None:
    properties, disabled = drawn(120, 0, AGREED)
    no = refused(properties, tmp_path)
    pairs = [pair for k, pair in enumerate(zip(properties, disabled, strict=True)) if k not in no]
    chosen, stops = [prop for prop, _ in pairs], [stop for _, stop in pairs]
    trace = support.random_trace(CYCLES, seed=3)
    theirs = fails(chosen, stops, trace, tmp_path)
    right = judged(chosen, stops, trace)
    ours = support.play_in_icarus(support.made(chosen, stops, tmp_path), trace, tmp_path)
    assert len(chosen) >= 90
    assert sum(bool(one.any()) for one in theirs) > len(chosen) // 2
    assert [p.text for p, one, other in zip(chosen, ours, right, strict=True) if (one.fail != other.fail).any()] == []
    wrong = [p.text for p, one, other in zip(chosen, theirs, right, strict=True) if (one != other.fail[:-1]).any()]
    assert wrong == []


@dataclass(frozen=True)
class Disagreement:
    """A property that Verilator 5.48 judges otherwise than IEEE 1800-2017, and in which cycles it fails there."""

    prop: Prop
    theirs: Callable[[Trace], Bits]


def _on(trace: Trace, *names: str) -> list[Bits]:
    return [trace[name] != 0 for name in names]


def _as_if_a_were_all(trace: Trace) -> Bits:
    rst, a = _on(trace, "rst", "a")
    return np.asarray(~rst & ~a)


def _not_given_up(trace: Trace) -> Bits:
    rst, a = _on(trace, "rst", "a")
    late = ~rst & ~a
    late[:2] = False
    return np.asarray(late)


def _as_if_a_were_asked_for(trace: Trace) -> Bits:
    rst, a, b, c = _on(trace, "rst", "a", "b", "c")
    return np.asarray(~rst & (~a | (b & ~c)))


DISAGREEMENTS = {
    "a fusion that is the whole property": Disagreement(Delayed(A, 0, 0, B), _as_if_a_were_all),
    "throughout that is the whole property": Disagreement(Held(A, B), _as_if_a_were_all),
    "an attempt that began while it was disabled": Disagreement(Delayed(None, 2, 2, A), _not_given_up),
    "throughout in an antecedent": Disagreement(Implied(Held(A, B), True, C), _as_if_a_were_asked_for),
}


@pytest.mark.slow
def test_each_listed_disagreement_is_one_and_ours_is_the_standards(tmp_path: Path) -> None:
    trace = support.random_trace(600, seed=2)
    listed = [one.prop for one in DISAGREEMENTS.values()]
    unlike = [
        Implied(Delayed(A, 1, 2, B), True, C),
        Implied(A, True, Implied(B, False, C)),
        Repeated(A, 2, 2),
        Implied(A, True, Delayed(Delayed(B, 1, 2, C), 1, 1, A)),
        Implied(A, True, Delayed(Repeated(B, 1, 2), 1, 1, C)),
        Implied(A, True, Delayed(support.either(B, C), 2, 2, C)),
    ]
    properties: Sequence[Prop] = [*listed, *unlike]
    stops = [False] * len(properties)
    theirs = fails(properties, stops, trace, tmp_path)
    right = judged(properties, stops, trace)
    ours = support.play_in_icarus(support.made(properties, stops, tmp_path), trace, tmp_path)
    for prop, one, other in zip(properties, ours, right, strict=True):
        assert (one.fail == other.fail).all(), prop.text
    for prop, one, other in zip(properties, theirs, right, strict=True):
        assert (one != other.fail[:-1]).any(), f"Verilator agrees by now: {prop.text}"
    for (what, listed_one), one in zip(DISAGREEMENTS.items(), theirs, strict=False):
        assert (one == listed_one.theirs(trace)[:-1]).all(), what


@pytest.mark.slow
def test_what_verilator_refuses_is_what_is_listed(tmp_path: Path) -> None:
    inner = Delayed(A, 1, 1, B)
    texts = {
        Implied(A, True, Sometime(1, 2, B)): "Unsupported: s_eventually[] (in property expression)",
        Repeated(inner, 2, 2): "Unsupported: multi-cycle sequence expression inside consecutive repetition",
    }
    said = refused(list(texts), tmp_path)
    assert [said[number].startswith(text) for number, text in enumerate(texts.values())] == [True, True]
