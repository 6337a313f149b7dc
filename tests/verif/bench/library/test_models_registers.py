"""Models of counters, registers and detectors against hand counts and published sequences."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.support.oracles import ASYNCHRONOUS, SYNCHRONOUS, play, same
from verif.bench.library.models.counter import CounterModel
from verif.bench.library.models.edge_detector import EdgeDetectorModel
from verif.bench.library.models.frequency_divider import FrequencyDividerModel
from verif.bench.library.models.gray_counter import GrayCounterModel
from verif.bench.library.models.lfsr import LfsrModel
from verif.bench.library.models.parallel_to_serial import ParallelToSerialModel
from verif.bench.library.models.pwm import PwmModel
from verif.bench.library.models.ring_counter import RingCounterModel
from verif.bench.library.models.sequence_detector import SequenceDetectorModel
from verif.bench.library.models.shift_register import ShiftRegisterModel
from verif.bench.library.models.time_of_day import TimeOfDayModel


def test_lfsr_replaces_a_zero_seed() -> None:
    ports = same("load", "seed", "en", "state")
    model = LfsrModel(ports=ports, reset=SYNCHRONOUS, width=4, taps=[3, 2], start=9, replace_zero=True)
    rows = [{"rst": 0, "load": 1, "seed": s, "en": 1} for s in (3, 0, 5)]
    assert play(model, rows, "state") == [9, 3, 9]


def test_gray_counter_changes_one_bit_per_step_and_marks_the_wrap() -> None:
    model = GrayCounterModel(ports=same("gray", "binary", "wrap"), reset=ASYNCHRONOUS, width=4)
    seen = [model.step({"rst_n": 1}) for _ in range(34)]
    assert [s["binary"] for s in seen] == [i % 16 for i in range(34)]
    pairs = pairwise(seen)
    assert all((a["gray"] ^ b["gray"]).bit_count() == 1 for a, b in pairs)
    assert [i for i, s in enumerate(seen) if s["wrap"]] == [16, 32]


def test_counter_counts_both_ways_round_its_modulus() -> None:
    model = CounterModel(ports=same("en", "up", "count"), reset=ASYNCHRONOUS, modulo=12)
    rows = [{"rst_n": 1, "en": e, "up": u} for e, u in [(1, 0), (1, 1), (0, 1), (1, 1), (1, 1)]]
    assert play(model, rows, "count") == [0, 11, 0, 0, 1]


def test_johnson_counter_runs_through_the_published_sequence() -> None:
    model = RingCounterModel(ports=same("state"), reset=ASYNCHRONOUS, width=4, start=0, left=False, twisted=True)
    states = play(model, ({"rst_n": 1} for _ in range(9)), "state")
    assert states == [0b0000, 0b1000, 0b1100, 0b1110, 0b1111, 0b0111, 0b0011, 0b0001, 0b0000]


def test_ring_counter_moves_one_bit_around() -> None:
    model = RingCounterModel(ports=same("state"), reset=SYNCHRONOUS, width=3, start=1, left=True, twisted=False)
    assert play(model, ({"rst": 0} for _ in range(5)), "state") == [1, 2, 4, 1, 2]


def test_shift_register_without_reset_is_unknown_until_it_was_filled() -> None:
    model = ShiftRegisterModel(ports=same("bit", "state"), reset=None, width=3, right=True)
    assert play(model, ({"bit": b} for b in (1, 1, 0, 1, 0)), "state") == [None, None, None, 0b011, 0b101]


def test_frequency_divider_toggles_each_half_period() -> None:
    model = FrequencyDividerModel(half_periods={"by2": 1, "by6": 3}, reset=("rst", 1, True))
    seen = [model.step({"rst": 0}) for _ in range(7)]
    assert [s["by2"] for s in seen] == [0, 1, 0, 1, 0, 1, 0]
    assert [s["by6"] for s in seen] == [0, 0, 0, 1, 1, 1, 0]


def test_time_of_day_wraps_at_midnight() -> None:
    model = TimeOfDayModel(ports=same("hours", "minutes", "seconds"), reset=None)
    model.seconds = 86398
    seen = [model.step({}) for _ in range(3)]
    assert [(s["hours"], s["minutes"], s["seconds"]) for s in seen] == [(23, 59, 58), (23, 59, 59), (0, 0, 0)]


def test_edge_detector_flags_an_edge_in_the_next_cycle() -> None:
    model = EdgeDetectorModel(ports=same("signal", "rise", "fall"), reset=ASYNCHRONOUS)
    seen = [model.step({"rst_n": 1, "signal": s}) for s in (1, 1, 0, 1, 1)]
    assert [(s["rise"], s["fall"]) for s in seen] == [(0, 0), (None, None), (0, 0), (0, 1), (1, 0)]


def test_serialiser_sends_each_word_most_significant_bit_first() -> None:
    model = ParallelToSerialModel(ports=same("d", "valid_out", "dout"), reset=ASYNCHRONOUS, width=4)
    seen = [model.step({"rst_n": 1, "d": d}) for d in (0, 0, 0, 0b1011, 0, 0, 0, 0b0110, 0)]
    assert [s["dout"] for s in seen[4:]] == [1, 0, 1, 1, 0]
    assert [s["valid_out"] for s in seen] == [0, 0, 0, 0, 1, 0, 0, 0, 1]


def test_sequence_detector_finds_overlapping_occurrences_and_saturates() -> None:
    ports = same("din", "din_valid", "detected", "match_count")
    model = SequenceDetectorModel(ports=ports, reset=SYNCHRONOUS, sequence="1011", top=2)
    rows = [{"rst": 0, "din": int(bit), "din_valid": 1} for bit in "1011011011"]
    seen = [model.step(row) for row in rows] + [model.step({"rst": 0, "din": 1, "din_valid": 0})]
    assert [i for i, s in enumerate(seen) if s["detected"]] == [4, 7, 10]
    assert seen[-1]["match_count"] == 2


def test_sequence_detector_without_overlap_uses_its_bits_up() -> None:
    model = SequenceDetectorModel(
        ports=same("din", "detected"), reset=None, sequence="1011", overlap=False, same_cycle=True
    )
    assert play(model, ({"din": int(bit)} for bit in "1011011"), "detected") == [0, 0, 0, 1, 0, 0, 0]


def test_pwm_takes_new_settings_between_periods() -> None:
    model = PwmModel(ports=same("en", "period", "duty", "pwm_out", "period_end"), reset=ASYNCHRONOUS)
    idle = {"rst_n": 1, "en": 0, "period": 3, "duty": 2}
    rows = [idle, *[{**idle, "en": 1, "period": 1, "duty": 1}] * 7]
    seen = [model.step(row) for row in rows]
    assert [s["pwm_out"] for s in seen] == [0, 0, 1, 1, 0, 0, 1, 0]
    assert [s["period_end"] for s in seen] == [0, 0, 0, 0, 0, 1, 0, 1]


@pytest.mark.parametrize("asynchronous", [True, False])
def test_reset_acts_at_once_only_where_it_is_asynchronous(asynchronous: bool) -> None:
    model = CounterModel(ports=same("count"), reset=("rst", 1, asynchronous), modulo=9)
    counts = play(model, ({"rst": int(i == 3)} for i in range(6)), "count")
    assert counts == [0, 1, 2, 0 if asynchronous else 3, 0, 1]
