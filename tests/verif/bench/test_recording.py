from tests.support.designs import design
from verif.bench.recording import (
    cautious_expectations,
    changes_when_late,
    choose_stimulus,
    expectations,
    toggled_bits,
    without_outputs,
)
from verif.bench.stored import Stored, read_stored
from verif.bench.traces import Cycle

TOGGLER = design("toggler", inputs={"go": 1}, outputs={"q": 2})


def cycle(go: int, q: int | None, bits: str = "", rst: int = 0) -> Cycle:
    return Cycle({"clk": 1, "rst": rst, "go": go}, {"q": q}, {"q": bits} if bits else {})


def stored(*expected: int | str | None) -> Stored:
    rows = tuple((value,) for value in expected)
    return Stored(id="recorded", inputs=(), rows=((),) * len(rows), outputs=("q",), expected=rows)


def test_stimulus_holds_resets_and_inputs_and_no_clock() -> None:
    chosen = choose_stimulus(TOGGLER, {"test_a": [cycle(0, 0, rst=1), cycle(1, 0)]}, period=1)
    assert chosen.inputs == ("rst", "go")
    assert chosen.rows == ((1, 0), (0, 1))


def test_stimulus_reaches_an_output_that_toggles_late() -> None:
    late = [cycle(0, 0)] * 5000 + [cycle(1, 3)] + [cycle(0, 3)] * 50
    chosen = choose_stimulus(TOGGLER, {"test_early": [cycle(0, 0)] * 9000, "test_late": late}, period=1)
    assert (0, 1) in chosen.rows


def test_stimulus_of_a_test_ends_with_the_clock_schedule() -> None:
    chosen = choose_stimulus(TOGGLER, {"test_a": [cycle(0, 0)] * 7, "test_b": [cycle(1, 1)] * 4}, period=2)
    assert [row[1] for row in chosen.rows] == [0] * 6 + [1] * 4


def test_expectation_forgets_bits_that_are_x_or_differ() -> None:
    one = [cycle(0, 2), cycle(0, None, "X1"), cycle(0, 3), cycle(0, None, "XX")]
    other = [cycle(0, 2), cycle(0, 1), cycle(0, 1), cycle(0, 0)]
    assert expectations(TOGGLER, [one, other]) == ((2,), ("?1",), ("?1",), (None,))


def test_toggled_bits_are_those_that_took_both_values() -> None:
    assert toggled_bits(stored(0, 1, "1?")) == {"q": 0b11}
    assert toggled_bits(stored(0, 1, None)) == {"q": 0b01}
    assert toggled_bits(stored(2, 2)) == {"q": 0}


def test_late_output_shows_only_where_known_neighbours_differ() -> None:
    assert changes_when_late(stored(0, 1), "q")
    assert changes_when_late(stored("?0", 1), "q")
    assert not changes_when_late(stored(0, None, 1), "q")
    assert not changes_when_late(stored("0?", "?1"), "q")


def test_stored_text_reads_back_the_same() -> None:
    one = Stored(
        id="r1", inputs=("a", "b"), rows=((0, 1), (2, 3)), outputs=("q",), expected=((1,), ("?1",)), facts={"seed": 3}
    )
    assert read_stored(one.text()) == one
    assert one.text().count("\n") > 8


def test_cautious_expectation_doubts_an_output_until_the_next_reset() -> None:
    rows = ((1, 0), (0, 0), (0, 0), (1, 0), (0, 0))
    stimulus = Stored(id="recorded", inputs=("rst", "go"), rows=rows)
    one = [cycle(0, value) for value in (0, 1, 2, 0, 1)]
    other = [cycle(0, value) for value in (0, 3, 2, 0, 1)]
    assert cautious_expectations(TOGGLER, stimulus, [one, other]) == ((0,), (None,), (None,), (0,), (1,))


def test_outputs_can_be_taken_back() -> None:
    assert without_outputs(stored(0, 1), {"q"}).expected == ((None,), (None,))
    assert without_outputs(stored(0, 1), {"other"}) == stored(0, 1)
