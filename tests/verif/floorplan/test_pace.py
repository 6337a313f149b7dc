"""Schedules end with their time, whatever the speed; without an end they keep their length."""

from __future__ import annotations

import math

import pytest

from verif.floorplan.pace import SPARE, Costs, Pace


class Machine:
    """A clock that moves with the work done."""

    def __init__(self, seconds_a_move: float) -> None:
        self.now = 0.0
        self.seconds_a_move = seconds_a_move

    def __call__(self) -> float:
        return self.now

    def run(self, pace: Pace, moves: int, room: float) -> tuple[list[float], int]:
        """Return the share done after each part, and the moves made."""
        shares, made = [], 0
        for begin, end, total in pace.parts(moves, room):
            assert begin == 0 or begin / total == pytest.approx(shares[-1], abs=1e-2)
            self.now += (end - begin) * self.seconds_a_move
            made += end - begin
            shares.append(end / total)
        return shares, made


def test_a_schedule_without_an_end_keeps_its_length() -> None:
    machine = Machine(0.001)
    shares, made = machine.run(Pace(clock=machine), 1000, math.inf)
    assert made == 1000
    assert shares[-1] == 1


@pytest.mark.parametrize("seconds_a_move", [0.0001, 0.001, 0.01, 0.1])
def test_a_schedule_ends_in_its_room_at_any_speed(seconds_a_move: float) -> None:
    machine = Machine(seconds_a_move)
    shares, made = machine.run(Pace(clock=machine, longest=2), 10_000, 60.0)
    assert made * seconds_a_move <= 60 * 1.1 + 500 * seconds_a_move
    assert made <= 20_000
    assert shares == sorted(shares)


def test_a_schedule_that_is_slower_than_thought_still_cools_to_the_end() -> None:
    machine = Machine(0.01)
    shares, made = machine.run(Pace(clock=machine), 100_000, 600.0)
    assert shares[-1] > 0.99
    assert made == pytest.approx(60_000, rel=0.02)


def test_a_schedule_stops_when_told() -> None:
    machine = Machine(0.01)
    _, made = machine.run(Pace(clock=machine, over=lambda: machine.now > 1), 1000, math.inf)
    assert 100 < made <= 200


def test_room_keeps_time_for_the_linear_programs() -> None:
    pace = Pace(clock=lambda: 10.0, end=70.0, costs=Costs(polish=5.0))
    assert pace.room(1.0, 2) == 60 - 2 * SPARE * 5
    assert Pace().room(0.5, 2) == math.inf


def test_costs_are_not_known_before_a_start_has_ended() -> None:
    assert Costs().start(1000) == 0
    assert Costs(move=0.01, rest=3).start(1000) == 13
