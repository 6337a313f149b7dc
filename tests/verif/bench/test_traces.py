import json
from collections.abc import Collection
from pathlib import Path

from verif.bench import traces
from verif.bench.traces import Cycle, Disagreement, Memory, Trace, merge_bins, read_bins, read_trace

RESETS = {"rst": 1}


def run(*outputs: int | None, inputs: tuple[int, ...] = (), reset: tuple[int, ...] = ()) -> Trace:
    driven = inputs or (0,) * len(outputs)
    held = reset or (0,) * len(outputs)
    rows = zip(driven, held, outputs, strict=True)
    return {"test_a": [Cycle({"d": d, "rst": rst}, {"q": q}) for d, rst, q in rows]}


def first_disagreement(one: Trace, other: Trace, apart: Collection[str] = ()) -> Disagreement | None:
    return traces.first_disagreement(one, other, resets=RESETS, memory=Memory.UNTIL_RESET, apart=apart)


def test_equal_runs_agree() -> None:
    assert first_disagreement(run(0, 1), run(0, 1)) is None


def test_disagreement_names_test_cycle_port_and_values() -> None:
    found = first_disagreement(run(0, 1), run(0, 3))
    assert found is not None
    assert found.sentence == "test_a cycle 1: q is 0x1 and 0x3"


def test_x_disagrees_with_nothing_nor_does_what_may_follow_from_it() -> None:
    assert first_disagreement(run(None, 1), run(0, 1)) is None
    assert first_disagreement(run(None, 1), run(0, 0)) is None
    assert first_disagreement(run(1, None), run(0, 0)) is not None


def test_reset_ends_what_may_follow_from_x_and_is_not_compared_itself() -> None:
    held = (0, 1, 0)
    assert first_disagreement(run(None, 1, 1, reset=held), run(0, 0, 1, reset=held)) is None
    found = first_disagreement(run(None, 1, 1, reset=held), run(0, 1, 0, reset=held))
    assert found is not None
    assert found.cycle == 2


def test_x_is_followed_over_resets_in_a_design_that_remembers() -> None:
    held = (0, 1, 0)
    one, other = run(None, 1, 1, reset=held), run(0, 1, 0, reset=held)
    assert traces.first_disagreement(one, other, resets=RESETS, memory=Memory.OVER_RESETS) is None


def test_x_has_no_consequences_without_a_clock() -> None:
    found = traces.first_disagreement(run(None, 1), run(0, 0), resets=RESETS, memory=Memory.NONE)
    assert found is not None


def test_a_port_that_is_set_apart_is_not_compared() -> None:
    assert first_disagreement(run(0), run(1), apart={"q"}) is None


def test_comparison_ends_where_the_inputs_differ() -> None:
    assert first_disagreement(run(0, 1, inputs=(0, 0)), run(0, 2, inputs=(0, 1))) is None


def test_trace_file_reads_back_by_test(tmp_path: Path) -> None:
    file = tmp_path / "trace.jsonl"
    lines = [
        {"test": "test_a", "cycle": 0, "in": {"d": 1}, "out": {"q": None}, "bits": {"q": "X0"}},
        {"test": "test_b", "cycle": 0, "in": {"d": 1}, "out": {"q": 2}},
    ]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    trace = read_trace(file)
    assert trace["test_a"][0].sampled("q", 2) == "X0"
    assert trace["test_b"][0].sampled("q", 4) == "0010"
    assert read_trace(tmp_path / "missing") == {}


def test_bins_of_several_tests_add_up(tmp_path: Path) -> None:
    file = tmp_path / "coverage.jsonl"
    lines = [{"test": t, "seed": 1, "bins": {"p": {"low": n, "high": 0}}} for t, n in (("a", 1), ("b", 2), ("a", 4))]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    by_test = read_bins(file)
    assert by_test["a"] == {"p": {"low": 5, "high": 0}}
    assert merge_bins(by_test.values()) == {"p": {"low": 7, "high": 0}}
