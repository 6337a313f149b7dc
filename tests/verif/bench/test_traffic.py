"""What a recording of traffic becomes: steps, each with what had settled after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from verif.bench.traffic import Job, Traffic, TrafficPort, read_traffic

CLOCKED = Job(
    ports=(
        TrafficPort(name="clk", width=1, output=False),
        TrafficPort(name="d", width=4, output=False),
        TrafficPort(name="q", width=4, output=True),
    ),
    edges=("clk",),
)
PLAIN = Job(ports=CLOCKED.ports[1:], edges=())


def traffic(folder: Path, *lines: str, job: Job = CLOCKED) -> Traffic:
    file = folder / "recording.txt"
    file.write_text("".join(f"{line}\n" for line in lines))
    return read_traffic(job, file)


def values(recorded: Traffic, name: str) -> list[int]:
    column = next(column for column in recorded.columns if column.port.name == name)
    return [int(value) for value in column.whole(recorded.length)]


def test_inputs_settle_before_the_edge_that_takes_them(tmp_path: Path) -> None:
    got = traffic(tmp_path, "T t.one", "S 1=0011 2=XXXX", "E 0=1", "S 1=0100 2=0011", "E 0=0", "S", "E 0=1", "END")
    assert values(got, "clk") == [0, 1, 1, 0, 1]
    assert values(got, "d") == [3, 3, 4, 4, 4]
    assert list(got.settled) == [0, 2, 3]


def test_outputs_belong_to_the_step_after_which_they_were_sampled(tmp_path: Path) -> None:
    got = traffic(tmp_path, "S 1=0011 2=XX10", "E 0=1", "S 2=0011", "E 0=0", "END")
    (q,) = got.outputs
    assert [int(value) for value in q.whole(got.length)[got.settled]] == [2, 3]
    assert [int(mask) for mask in q.whole(got.length, known=True)[got.settled]] == [0b0011, 0b1111]


def test_edges_at_one_time_share_a_step_and_are_no_place_to_compare(tmp_path: Path) -> None:
    clocks = (TrafficPort(name="a", width=1, output=False), TrafficPort(name="b", width=1, output=False))
    job = Job(ports=(*clocks, TrafficPort(name="q", width=1, output=True)), edges=("a", "b"), clocks=("a", "b"))
    got = traffic(tmp_path, "S 0=0 1=0 2=0", "E 0=1", "S 2=1", "E @1=1", "S", "E 0=0", "END", job=job)
    assert (values(got, "a"), values(got, "b")) == ([0, 1, 0], [0, 1, 1])
    assert list(got.settled) == [0, 1]
    assert values(got, "q") == [0, 1, 1]


def test_reset_that_changes_with_a_clock_edge_comes_after_it(tmp_path: Path) -> None:
    ports = (TrafficPort(name="clk", width=1, output=False), TrafficPort(name="rst", width=1, output=False))
    job = Job(ports=ports, edges=("clk", "rst"), clocks=("clk",))
    got = traffic(tmp_path, "S 0=0 1=0", "E 0=1", "S", "E @1=1", "S", "E 0=0", "END", job=job)
    assert (values(got, "clk"), values(got, "rst")) == ([0, 1, 1, 0], [0, 0, 1, 1])


def test_inputs_that_change_between_edges_at_one_time_come_between_them(tmp_path: Path) -> None:
    clocks = (TrafficPort(name="a", width=1, output=False), TrafficPort(name="b", width=1, output=False))
    job = Job(ports=(*clocks, TrafficPort(name="d", width=1, output=False)), edges=("a", "b"), clocks=("a", "b"))
    got = traffic(tmp_path, "S 0=0 1=0 2=0", "E 0=1", "S 2=1", "E @1=1", "END", job=job)
    assert (values(got, "a"), values(got, "d"), values(got, "b")) == ([0, 1, 1, 1], [0, 0, 1, 1], [0, 0, 0, 1])


def test_without_edges_each_sample_is_a_step(tmp_path: Path) -> None:
    got = traffic(tmp_path, "T t.one", "S 0=0001 1=1110", "S 0=0010 1=1101", "END", job=PLAIN)
    assert (values(got, "d"), values(got, "q"), list(got.settled)) == ([1, 2], [14, 13], [0, 1])


def test_steps_belong_to_the_tests_that_made_them(tmp_path: Path) -> None:
    lines = ("T t.one", "S 0=0001", "S 0=0010", "T t.two", "S 0=0011", "T t.three", "END")
    got = traffic(tmp_path, *lines, job=PLAIN)
    assert [(part.test, part.first, part.stop) for part in got.parts] == [("t.one", 0, 2), ("t.two", 2, 3)]
    assert [got.test_at(step) for step in range(3)] == ["t.one", "t.one", "t.two"]


def test_input_that_becomes_unknown_is_told_and_played_as_zero(tmp_path: Path) -> None:
    got = traffic(tmp_path, "S 0=ZZZZ", "S 0=1111", "S 0=1XZ1", "END", job=PLAIN)
    assert values(got, "d") == [0, 15, 9]
    assert got.unknown_inputs == ("d",)
    assert traffic(tmp_path, "S 0=ZZZZ", "S 0=1111", "END", job=PLAIN).unknown_inputs == ()


@pytest.mark.parametrize(("ending", "cut"), [("END\n", False), ("CUT\n", True), ("S 0=00", False)])
def test_last_line_tells_whether_there_was_more(tmp_path: Path, ending: str, cut: bool) -> None:
    file = tmp_path / "recording.txt"
    file.write_text(f"S 0=0001\n{ending}")
    got = read_traffic(PLAIN, file)
    assert (got.length, got.cut) == (1, cut)


def test_recording_without_any_event_is_empty(tmp_path: Path) -> None:
    got = traffic(tmp_path, "END")
    assert (got.length, got.parts, list(got.settled)) == (0, (), [])
