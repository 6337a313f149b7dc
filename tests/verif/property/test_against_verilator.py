"""Our monitors and Verilator's own assertions: the same fail cycles, but for the disagreements that are listed here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

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
    lengths,
)
from tests.support.verilator_assertions import fails, refused
from tests.verif.property.test_monitor import drawn, judged

A, B, C = (Bool(name, lambda trace, name=name: trace[name] != 0) for name in "abc")  # type: ignore[misc]
CYCLES = 4000


def contains(prop: Prop, kind: type) -> bool:
    """Return whether ``prop`` has a part of a kind."""
    parts = [getattr(prop, name, None) for name in ("operand", "first", "then", "antecedent", "consequent")]
    return isinstance(prop, kind) or any(contains(part, kind) for part in parts if part is not None)


def agreed(prop: Prop) -> bool:
    """Return whether Verilator 5.48 judges such properties as the standard does."""
    if not isinstance(prop, Implied):
        return isinstance(prop, Bool)
    antecedent, consequent = prop.antecedent, prop.consequent
    if len(lengths(antecedent)) > 1 or contains(antecedent, Held) or contains(antecedent, Delayed):
        return isinstance(antecedent, Delayed) and _is_plain(antecedent) and agreed_consequent(consequent)
    return agreed_consequent(consequent)


def _is_plain(seq: Seq) -> bool:
    """Return whether ``seq`` is booleans with fixed delays of at least one cycle between them."""
    if isinstance(seq, Bool):
        return True
    return (
        isinstance(seq, Delayed)
        and seq.low == seq.high > 0
        and seq.first is not None
        and all(_is_plain(part) for part in (seq.first, seq.then))
    )


def agreed_consequent(prop: Prop) -> bool:
    """The same for what follows an implication."""
    if isinstance(prop, Implied):
        return prop.overlapped and isinstance(prop.antecedent, Bool) and agreed_consequent(prop.consequent)
    return not contains(prop, Sometime)


@pytest.mark.slow
def test_random_properties_fail_in_the_cycles_of_verilators_assertions(tmp_path: Path) -> None:
    properties, disabled = drawn(600, seed=0)
    pairs = [(p, stops) for p, stops in zip(properties, disabled, strict=True) if agreed(p)]
    no = refused([prop for prop, _ in pairs], tmp_path)
    pairs = [pair for number, pair in enumerate(pairs) if number not in no]
    chosen, stops = [prop for prop, _ in pairs], [stop for _, stop in pairs]
    trace = support.random_trace(CYCLES, seed=3)
    theirs = fails(chosen, stops, trace, tmp_path)
    right = judged(chosen, stops, trace)
    ours = support.play_in_icarus(support.made(chosen, stops, tmp_path), trace, tmp_path)
    assert len(chosen) >= 40
    assert sum(bool(one.any()) for one in theirs) > len(chosen) // 2
    assert [p.text for p, one, other in zip(chosen, ours, right, strict=True) if (one.fail != other.fail).any()] == []
    wrong = [p.text for p, one, other in zip(chosen, theirs, right, strict=True) if (one != other.fail[:-1]).any()]
    assert wrong == []


def _later(bits: Bits, cycles: int) -> Bits:
    return np.concatenate([np.zeros(cycles, bool), bits[:-cycles]])


@dataclass(frozen=True)
class Disagreement:
    """A property that Verilator 5.48 judges otherwise than IEEE 1800-2017, and in which cycles it fails there."""

    prop: Prop
    theirs: Callable[[Trace], Bits]


def _on(trace: Trace, *names: str) -> list[Bits]:
    return [trace[name] != 0 for name in names]


def _as_if_b_followed(trace: Trace) -> Bits:
    rst, a, b = _on(trace, "rst", "a", "b")
    return np.asarray(~rst & a & ~b)


def _not_given_up(trace: Trace) -> Bits:
    rst, a = _on(trace, "rst", "a")
    late = ~rst & ~a
    late[:2] = False
    return np.asarray(late)


def _as_if_a_were_asked_for(trace: Trace) -> Bits:
    rst, a, b, c = _on(trace, "rst", "a", "b", "c")
    return np.asarray(~rst & (~a | (b & ~c)))


DISAGREEMENTS = {
    "a fusion that is the whole property": Disagreement(Delayed(A, 0, 0, B), _as_if_b_followed),
    "throughout that is the whole property": Disagreement(Held(A, B), _as_if_b_followed),
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
