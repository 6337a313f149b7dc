from __future__ import annotations

import numpy as np

from verif.formal.relations import Guessing, Observed, likely_starts

DICE = np.random.default_rng(5)


def seen(name: str, width: int, values: np.ndarray) -> Observed:
    return Observed(place=f"d.{name}", width=width, values=values.astype(np.uint64), name=name)


def kinds(old: Observed, new: Observed) -> dict[str, str]:
    """Return the relations between two registers: kind to expression."""
    return {each.kind: each.holds for each in Guessing([old], [new]).relations()}


DATA = DICE.integers(0, 256, 500)
STATE = DICE.integers(0, 4, 500)


def test_registers_of_the_same_name_are_guessed_where_they_were_equal() -> None:
    assert kinds(seen("q", 8, DATA), seen("q", 8, DATA))["same name"] == "d.q == d.q"
    assert "same name" not in kinds(seen("q", 8, DATA), seen("q", 8, DATA ^ (DATA > 250)))


def test_equal_and_inverted_registers_of_other_names_are_guessed() -> None:
    assert kinds(seen("p", 8, DATA), seen("q", 8, DATA))["equal"] == "d.p == d.q"
    assert kinds(seen("p", 8, DATA), seen("q", 8, 255 - DATA))["inverted"] == "d.p == ~ d.q"


def test_states_of_another_encoding_are_a_table_of_pairs() -> None:
    codes = np.array([3, 0, 2, 1])
    holds = kinds(seen("s", 2, STATE), seen("t", 2, codes[STATE]))["table"]
    assert holds.count("||") == 3
    assert "(d.s == 2'd0 && d.t == 2'd3)" in holds


def test_one_hot_states_are_a_table_too() -> None:
    holds = kinds(seen("s", 2, STATE), seen("t", 4, 1 << STATE))["one-hot"]
    assert "(d.s == 2'd3 && d.t == 4'd8)" in holds


def test_states_that_say_nothing_of_each_other_are_no_table() -> None:
    found = kinds(seen("s", 2, STATE), seen("t", 2, DICE.integers(0, 4, 500)))
    assert not {"table", "one-hot", "equal"} & set(found)


def test_counters_with_an_offset_or_the_other_direction_are_guessed() -> None:
    assert kinds(seen("up", 8, DATA), seen("late", 8, (DATA + 3) % 256))["offset"] == "d.late == 8'(d.up + 8'd3)"
    assert kinds(seen("up", 8, DATA), seen("down", 8, (9 - DATA) % 256))["sum"] == "d.down == 8'(8'd9 - d.up)"


def test_gray_code_is_guessed() -> None:
    assert kinds(seen("n", 8, DATA), seen("g", 8, DATA ^ (DATA >> 1)))["gray"] == "d.g == (d.n ^ (d.n >> 1))"


def test_a_register_that_is_the_difference_of_two_others_is_guessed_on_either_side() -> None:
    head, tail = DICE.integers(0, 256, 500), DICE.integers(0, 256, 500)
    pointers = [seen("head", 8, head), seen("tail", 8, tail), seen("other", 7, tail % 128)]
    level = [seen("level", 8, (head - tail) % 256)]
    for old, new in ((level, pointers), (pointers, level)):
        found = [each.holds for each in Guessing(old, new).relations() if each.kind == "difference"]
        assert found == ["d.level == 8'(d.head - d.tail)"]
    almost = [seen("level", 8, (head - tail + (head == head[0])) % 256)]
    assert not [each for each in Guessing(almost, pointers).relations() if each.kind == "difference"]


def test_registers_that_are_equal_in_some_states_only_are_guarded() -> None:
    new = np.where(STATE == 2, DATA, 7)
    relations = Guessing([seen("q", 8, DATA), seen("s", 2, STATE)], [seen("q", 8, new)]).relations()
    assert [each.holds for each in relations if each.kind == "guarded"] == ["!(d.s == 2'd2) || d.q == d.q"]


def test_what_a_register_never_is_is_guessed() -> None:
    assert kinds(seen("n", 8, DATA % 200), seen("m", 1, DATA % 2))["range"] == "d.n <= 8'd199"
    assert kinds(seen("s", 3, STATE), seen("m", 1, DATA % 2))["values"].count("||") == 3


def test_registers_that_move_together_belong_together_unless_two_do() -> None:
    old, other = seen("p", 8, DATA), seen("c", 8, DATA * 0)
    assert likely_starts([old, other], [seen("q", 8, DATA), seen("d", 8, DATA * 0)]) == {"p": "q"}
    assert likely_starts([old], [seen("q", 8, DATA), seen("r", 8, DATA)]) == {}
