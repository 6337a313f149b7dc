"""Logic that is the same in two settings of an input, by structure."""

from __future__ import annotations

import time

import pytest

from verif.formal.aiger import Aiger, encoded
from verif.formal.structure import Structure

FOR_EVER = time.monotonic() + 3600.0


def circuit(output: int, *gates: tuple[int, int], nexts: tuple[int, ...] = (), inputs: int = 3) -> Structure:
    """Return a circuit of which input 0 is pinned: literal 2. Latches and then ands follow the inputs."""
    made = Aiger(
        inputs=inputs,
        nexts=nexts,
        outputs=(output,),
        ands=encoded(gates, inputs + len(nexts) + 1),
        count=len(gates),
    )
    return Structure(made, [0])


PIN, A, B = 2, 4, 6


@pytest.mark.parametrize(
    ("output", "gates", "same"),
    [
        (8, ((A, B),), True),  # the pin is not read
        (8, ((A, PIN),), False),
        (10, ((PIN, A), (8, B)), False),
        (12, ((PIN, A), (PIN, B), (9, 11)), False),
        (12, ((PIN, A), (3, A), (9, 11)), True),  # !(p & a) & !(!p & a) is !a in both
        (12, ((PIN, A), (8, B), (8, B ^ 1)), False),
    ],
)
def test_gates_that_a_pin_changes_are_not_the_same(output: int, gates: tuple[tuple[int, int], ...], same: bool) -> None:
    assert circuit(output, *gates).same([0], FOR_EVER) is same
    assert circuit(output, *gates).same([], FOR_EVER)


def test_latch_that_loads_something_else_differs_and_so_does_what_follows() -> None:
    # latch 0 (literal 8) loads pin & a, latch 1 (literal 10) loads latch 0 & b
    assert not circuit(10, (PIN, A), (8, B), nexts=(12, 14)).same([0], FOR_EVER)
    # nobody shows the two
    assert circuit(A, (PIN, A), (8, B), nexts=(12, 14)).same([0], FOR_EVER)


def test_latches_that_load_one_another_stay_equal() -> None:
    assert circuit(8, (PIN, 8), (3, 8), (11, 13), nexts=(15,)).same([0], FOR_EVER)


def test_nothing_is_the_same_when_time_is_up() -> None:
    assert not circuit(8, (A, B)).same([0], time.monotonic() - 1.0)
