"""Judging traces with a bench's own Python, in a process that can be killed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.support.toy import MODEL, ToyTop, toy_harness, toy_plan, write_model
from verif.search.fake import FakeEngine
from verif.search.judging import JudgeBroke, Judged, TraceJudge, actions
from verif.search.stimulus import StimulusMaker
from verif.verdict import Oracle, Verdict


def observed(top: ToyTop, lanes: int = 20) -> np.ndarray:
    stimulus = StimulusMaker(toy_harness(), toy_plan(), seed=1).block(0).stimulus[:lanes]
    answer = FakeEngine(toy_harness(), lambda: top).lanes(stimulus, observe=True).observed
    assert answer is not None
    return answer


def judged(folder: Path, rows: np.ndarray, *checks: str, text: str = MODEL, seconds: float = 20.0) -> Judged:
    with TraceJudge(toy_harness(), "toy_model", (write_model(folder, text),), seconds=seconds) as judge:
        return judge.judge(rows, checks)


def test_judge_tells_the_benchs_checks(tmp_path: Path) -> None:
    with TraceJudge(toy_harness(), "toy_model", (write_model(tmp_path),)) as judge:
        assert [(c.id, c.oracle, c.requirements, c.is_model) for c in judge.checks] == [
            ("counter-model", Oracle.SPEC, ("R1",), True),
            ("below-15", Oracle.PROTOCOL, (), False),
        ]


def test_a_good_design_passes_its_model(tmp_path: Path) -> None:
    rows = observed(ToyTop())
    done = judged(tmp_path, rows, "counter-model")
    assert (done.first_fail["counter-model"] == -1).all()
    assert done.cycles == rows.shape[0] * rows.shape[1]


def test_a_mismatch_is_told_with_its_first_cycle(tmp_path: Path) -> None:
    rows = observed(ToyTop(wrap=12), lanes=2)
    done = judged(tmp_path, rows, "counter-model")
    assert done.first_fail["counter-model"].tolist() == [-1, 12]
    assert done.messages["counter-model", 1] == "count is 0x0, expected 0xc"


def test_rules_are_judged_and_told_apart_from_the_model(tmp_path: Path) -> None:
    done = judged(tmp_path, observed(ToyTop(), lanes=2), "below-15")
    assert done.first_fail["below-15"].tolist() == [-1, 15]
    assert done.messages["below-15", 1] == "count is 15"


def test_lengths_cut_lanes(tmp_path: Path) -> None:
    rows = observed(ToyTop(wrap=12), lanes=2)
    with TraceJudge(toy_harness(), "toy_model", (write_model(tmp_path),)) as judge:
        short = judge.judge(rows, ["counter-model"], np.array([64, 12]))
        exact = judge.judge(rows, ["counter-model"], np.array([64, 13]))
    assert short.first_fail["counter-model"].tolist() == [-1, -1]
    assert exact.first_fail["counter-model"].tolist() == [-1, 12]


def test_reset_cycles_are_judged_as_benches_do() -> None:
    rows = np.ones((2, 8, 3), np.uint32)
    rows[0, 2:6, 0] = 0
    rows[1, 0:2, 0] = 0
    assert actions(rows, [(0, 0)], 3).tolist() == [[0, 0, 1, 1, 2, 2, 0, 0], [2, 2, 0, 0, 0, 0, 0, 0]]


def test_judges_wait_for_a_reset_of_all_sides_after_one_of_some() -> None:
    rows = np.ones((2, 9, 2), np.uint32)
    rows[0, 1, 0] = 0
    rows[0, 4:7, :] = 0
    rows[1, 2:5, :] = 0
    rows[1, 5, 1] = 0
    sides = [(0, 0), (1, 0)]
    assert actions(rows, sides, 2, apart=True).tolist() == [[0, 1, 1, 1, 1, 2, 2, 0, 0], [0, 0, 1, 2, 2, 1, 1, 1, 1]]
    assert actions(rows, sides, 2).tolist()[0] == [0, 1, 0, 0, 1, 2, 2, 0, 0]


def test_a_model_that_raises_is_an_error_with_its_place(tmp_path: Path) -> None:
    text = MODEL.replace('outputs = {"count": self.count}', 'outputs = {"count": inputs["nothing"]}')
    with pytest.raises(JudgeBroke) as broke:
        judged(tmp_path, observed(ToyTop()), "counter-model", text=text)
    assert broke.value.verdict is Verdict.ERROR
    assert broke.value.sentence == "the bench's model raised an error: toy_model.py:17: KeyError: 'nothing'"


def test_a_model_that_does_not_import_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(
        JudgeBroke, match=r"raised an error: toy_model.py:1: ModuleNotFoundError: No module named 'nowhere'"
    ):
        judged(tmp_path, observed(ToyTop()), text="import nowhere\n")


def test_a_model_that_hangs_is_stopped(tmp_path: Path) -> None:
    text = MODEL.replace("def step(self, inputs):", "def step(self, inputs):\n        while True: pass")
    with pytest.raises(JudgeBroke) as broke:
        judged(tmp_path, observed(ToyTop()), "counter-model", text=text, seconds=1.5)
    assert broke.value.verdict is Verdict.TIMEOUT
    assert broke.value.sentence == "the bench's model did not answer within 1.5 s and was stopped"


def test_a_model_that_ends_its_process_is_an_error_and_the_next_call_works(tmp_path: Path) -> None:
    text = MODEL.replace(
        "def observe(self, inputs, outputs):", "def observe(self, inputs, outputs):\n        import os; os._exit(7)"
    )
    rows = observed(ToyTop())
    with TraceJudge(toy_harness(), "toy_model", (write_model(tmp_path, text),)) as judge:
        with pytest.raises(JudgeBroke, match="the bench's model ended its process with code 7"):
            judge.judge(rows, ["below-15"])
        assert (judge.judge(rows, ["counter-model"]).first_fail["counter-model"] == -1).all()


def test_what_a_model_prints_does_not_reach_the_answers(tmp_path: Path) -> None:
    text = MODEL.replace("def step(self, inputs):", "def step(self, inputs):\n        print('{}')")
    assert (judged(tmp_path, observed(ToyTop()), "counter-model", text=text).first_fail["counter-model"] == -1).all()


def test_each_lane_gets_judges_of_its_own(tmp_path: Path) -> None:
    text = MODEL.replace("    def step(self, inputs):", "    made = 0\n\n    def step(self, inputs):")
    text = text.replace('outputs = {"count": self.count}', 'self.made += 1\n        outputs = {"count": self.made - 1}')
    rows = np.zeros((3, 6, 3), np.uint32)
    rows[:, :, 0] = 1
    rows[:, :, 2] = np.arange(6)
    assert judged(tmp_path, rows, "counter-model", text=text).first_fail["counter-model"].tolist() == [-1, -1, -1]
