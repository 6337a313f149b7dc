"""Going on past lanes that hang."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tests.support.toy import ToyTop, toy_harness
from verif.search.fake import FakeEngine, FakeHang
from verif.search.simulate import NOT_SIMULATED, simulate, whole_lengths
from verif.verdict import Verdict


class HangsAtFour(ToyTop):
    """Never answers once it counted to 4."""

    def step(self, row: Mapping[str, int]) -> Mapping[str, int]:
        if self.count == 4:
            raise FakeHang
        return super().step(row)


def lanes(*enabled: int, ticks: int = 8) -> np.ndarray:
    """Lanes that count up so many times."""
    stimulus = np.zeros((len(enabled), ticks, 2), np.uint32)
    for lane, count in zip(stimulus, enabled, strict=True):
        lane[:count, 1] = 1
    return stimulus


def test_lanes_after_one_that_hangs_are_simulated() -> None:
    engine = FakeEngine(toy_harness(), HangsAtFour)
    answer, faults = simulate(engine, lanes(2, 5, 3), observe=True, fresh=False, most_faults=3)
    assert [(fault.lane, fault.verdict) for fault in faults] == [(1, Verdict.TIMEOUT)]
    assert answer.observed is not None
    assert answer.observed[2, -1].tolist() == [1, 0, 3]
    assert answer.ended.tolist() == [-1, NOT_SIMULATED, -1]
    assert whole_lengths(answer).tolist() == [8, 0, 8]


def test_after_too_many_faults_the_rest_counts_as_never_simulated() -> None:
    engine = FakeEngine(toy_harness(), HangsAtFour)
    answer, faults = simulate(engine, lanes(5, 5, 1, 5), observe=True, fresh=False, most_faults=2)
    assert [fault.lane for fault in faults] == [0, 1]
    assert whole_lengths(answer).tolist() == [0, 0, 0, 0]
    assert len(answer.first_fail) == 4


def test_lengths_follow_the_lanes_past_a_fault() -> None:
    engine = FakeEngine(toy_harness(), HangsAtFour)
    answer, faults = simulate(
        engine, lanes(5, 5, 3), observe=True, fresh=False, most_faults=3, lengths=np.array([3, 8, 2], np.int32)
    )
    assert [fault.lane for fault in faults] == [1]
    assert answer.observed is not None
    assert answer.observed[2, :, 2].tolist() == [0, 1, 0, 0, 0, 0, 0, 0]
