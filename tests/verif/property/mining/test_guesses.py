"""Candidates from tables of values that were written by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from verif.property.mining import Table, Watched, guesses, most_interesting

ROUNDS = 24
"""How often the values of a table are repeated: what was met seldom is no candidate."""


def table(
    columns: Mapping[str, Sequence[int]], widths: Mapping[str, int] | None = None, states: Sequence[int] = ()
) -> Table:
    """One run: columns by name, inputs with an ``i_`` in front; all of one bit unless told."""
    width = {name: (widths or {}).get(name, 1) for name in columns}
    signals = tuple(
        Watched(path=name, width=width[name], role="input" if name.startswith("i_") else "output") for name in columns
    )
    values = {name: np.tile(np.array(column, np.uint64), ROUNDS)[np.newaxis] for name, column in columns.items()}
    off = np.zeros((1, ROUNDS * len(next(iter(columns.values())))), np.bool_)
    machines = {"s": {f"S{value}": value for value in states}} if states else {}
    return Table(signals, values, off, machines)


def said(seen: Table) -> set[str]:
    return {candidate.sva(lambda signal: signal.path) for candidate in guesses(seen)}


@pytest.mark.parametrize(
    ("columns", "widths", "expected", "broken"),
    [
        ({"a": [3, 3, 3]}, {"a": 4}, "a == 4'd3", {"a": [3, 3, 2]}),
        ({"a": [1, 2, 4]}, {"a": 3}, "$onehot(a)", {"a": [1, 2, 6]}),
        ({"a": [1, 2, 0]}, {"a": 3}, "$onehot0(a)", {"a": [1, 2, 3]}),
        ({"a": [0, 1, 2, 5]}, {"a": 4}, "a <= 4'd5", {"a": [0, 1, 2, 6]}),
        ({"a": [2, 3, 4]}, {"a": 3}, "a >= 3'd2", {"a": [1, 3, 4]}),
        ({"a": [0, 9, 4]}, {"a": 4}, "a == 4'd0 || a == 4'd4 || a == 4'd9", {"a": [0, 9, 5]}),
        ({"a": [0, 5, 7], "b": [0, 5, 7]}, {"a": 4, "b": 5}, "a == b", {"a": [0, 5, 7], "b": [0, 5, 6]}),
        ({"a": [0, 1, 1], "b": [1, 0, 0]}, {}, "a != b", {"a": [0, 1, 1], "b": [1, 0, 1]}),
        ({"a": [1, 0, 0], "b": [0, 1, 0]}, {}, "!(a && b)", {"a": [1, 0, 0], "b": [1, 1, 0]}),
        ({"a": [1, 0, 0], "b": [1, 1, 0]}, {}, "a |-> b", {"a": [1, 0, 0], "b": [0, 1, 0]}),
        ({"a": [1, 0, 0], "b": [0, 1, 1]}, {}, "a |=> b", {"a": [1, 0, 0], "b": [0, 0, 1]}),
        (
            {"a": [7, 0, 3, 9], "b": [5, 13, 2, 1], "c": [14, 13, 15, 8]},
            {"a": 4, "b": 4, "c": 4},
            "a == b - c",
            {"a": [7, 0, 3, 9], "b": [5, 13, 2, 1], "c": [14, 13, 15, 9]},
        ),
        (
            {"v": [0, 1, 1, 1, 0, 0], "i_r": [1, 0, 0, 1, 0, 1]},
            {},
            "v && !i_r |=> v",
            {"v": [0, 1, 0, 1, 0, 0], "i_r": [1, 0, 0, 1, 0, 1]},
        ),
        (
            {"i_go": [1, 0, 1, 1, 0, 1], "n": [0, 1, 1, 2, 3, 3]},
            {"n": 3},
            "!i_go |=> $stable(n)",
            {"i_go": [1, 0, 1, 1, 0, 1], "n": [0, 1, 2, 2, 3, 3]},
        ),
        (
            {"i_ask": [0, 1, 0, 0, 0, 0], "ack": [0, 0, 0, 1, 0, 0]},
            {},
            "$rose(i_ask) |-> ##2 ack",
            {"i_ask": [0, 1, 0, 0, 0, 0], "ack": [0, 0, 0, 0, 0, 0]},
        ),
    ],
)
def test_what_held_is_guessed_and_what_did_not_is_not(
    columns: Mapping[str, Sequence[int]],
    widths: Mapping[str, int],
    expected: str,
    broken: Mapping[str, Sequence[int]],
) -> None:
    assert expected in said(table(columns, widths))
    assert expected not in said(table(broken, widths))


def test_what_a_state_says_is_guessed() -> None:
    seen = table({"s": [0, 1, 2, 3], "busy": [0, 1, 1, 0]}, {"s": 2}, states=(0, 1, 2, 3))
    assert {"s == 2'd1 |-> busy", "s == 2'd0 |-> !busy"} <= said(seen)


def test_cycles_of_a_reset_do_not_count() -> None:
    seen = table({"a": [0, 1, 0], "b": [0, 0, 1]})
    everywhere = said(seen)
    off = seen.off.copy()
    off[:, 1::3] = True
    assert "!a" not in everywhere
    assert "a == 1'd0" in said(Table(seen.signals, seen.columns, off, {}))


def test_nothing_is_said_about_inputs_alone() -> None:
    assert said(table({"i_a": [1, 1, 1], "i_b": [1, 0, 1], "i_c": [0, 1, 0]})) == set()


def test_one_of_two_equal_signals_speaks_for_both() -> None:
    found = said(table({"a": [1, 0, 0, 1], "copy": [1, 0, 0, 1], "b": [1, 1, 0, 1]}))
    assert {"a == copy", "a |-> b"} <= found
    assert not any("copy" in text for text in found - {"a == copy"})


def test_the_most_interesting_are_few_of_each_kind() -> None:
    seen = table({name: [n, n + 1, 9] for n, name in enumerate("abcdefg")}, dict.fromkeys("abcdefg", 4))
    kept = most_interesting(guesses(seen), most=5, of_kind=2)
    kinds = [candidate.kind for candidate in kept]
    assert len(kept) == 5
    assert all(kinds.count(kind) <= 2 for kind in kinds)
