"""Looking for failures block after block."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import numpy as np

from tests.support.toy import MODEL, ToyTop, toy_harness, toy_plan, write_model
from verif.search.checks import Check, checks_of, chosen
from verif.search.explore import Budget, Explorer, Sighting, survivors
from verif.search.fake import FakeEngine, FakeHang
from verif.search.judging import TraceJudge
from verif.search.stimulus import StimulusMaker
from verif.verdict import Verdict

TITLES = {"counter-model": "The outputs are those of the model.", "below-15": "The counter stays below 15."}


@contextmanager
def explorer(
    folder: Path, top: ToyTop, *, seed: int = 1, text: str = MODEL, glob: str | None = None
) -> Iterator[Explorer]:
    harness = toy_harness()
    with TraceJudge(harness, "toy_model", (write_model(folder, text),), seconds=20) as judge:
        checks = chosen(checks_of(harness, judge.checks, TITLES), glob)
        maker = StimulusMaker(harness, toy_plan(), seed=seed, rows=2048)
        yield Explorer(FakeEngine(harness, lambda: top), maker, checks, judge)


class GoodTop(ToyTop):
    """Never gets to 15."""

    def __init__(self) -> None:
        super().__init__(wrap=15)


def found(folder: Path, top: ToyTop, examples: int, **options: object) -> list[Sighting]:
    with explorer(folder, top, **options) as explorer_:  # type: ignore[arg-type]
        return list(explorer_.explore(Budget(examples=examples)))


def test_checks_are_each_once_and_monitors_stand_for_rules(tmp_path: Path) -> None:
    with explorer(tmp_path, ToyTop()) as explorer_:
        assert [(check.id, check.in_hardware) for check in explorer_.open] == [
            ("counter-model", False),
            ("below-15", True),
        ]


def test_an_edited_rule_is_judged_by_the_bench(tmp_path: Path) -> None:
    harness = toy_harness()
    with TraceJudge(harness, "toy_model", (write_model(tmp_path),)) as judge:
        checks = checks_of(harness, judge.checks, TITLES, edited={"below-15"})
    assert [(check.id, check.in_hardware) for check in checks] == [("counter-model", False), ("below-15", False)]


def test_a_bug_is_found_and_its_stimulus_ends_with_the_failure(tmp_path: Path) -> None:
    (sighting,) = found(tmp_path, ToyTop(wrap=14), 400)
    assert sighting.check.id == "counter-model"
    assert len(sighting.stimulus) == sighting.cycle + 1
    assert sighting.message.endswith("expected 0xe")
    engine = FakeEngine(toy_harness(), lambda: ToyTop(wrap=14))
    rows = engine.lanes(sighting.stimulus[None], observe=True).observed
    with TraceJudge(toy_harness(), "toy_model", (write_model(tmp_path),)) as judge:
        again = judge.judge(rows, ["counter-model"]).first_fail["counter-model"]
    assert again.tolist() == [sighting.cycle]


def test_every_check_is_told_once(tmp_path: Path) -> None:
    sightings = found(tmp_path, ToyTop(wrap=17), 400)
    assert sorted(sighting.check.id for sighting in sightings) == ["below-15", "counter-model"]


def test_a_good_design_uses_the_whole_budget(tmp_path: Path) -> None:
    with explorer(tmp_path, ToyTop(), glob="counter*") as explorer_:
        assert list(explorer_.explore(Budget(examples=300))) == []
        assert explorer_.effort.examples == 300
        assert explorer_.effort.judged_cycles > 0


def test_the_same_examples_give_the_same_failures(tmp_path: Path) -> None:
    one, other = (found(tmp_path, ToyTop(wrap=14), 400, seed=9) for _ in range(2))
    assert [(s.check, s.examples, s.cycles, s.message) for s in one] == [
        (s.check, s.examples, s.cycles, s.message) for s in other
    ]
    assert all(np.array_equal(a.stimulus, b.stimulus) for a, b in zip(one, other, strict=True))


def test_only_chosen_checks_are_looked_for(tmp_path: Path) -> None:
    assert [s.check.id for s in found(tmp_path, ToyTop(wrap=17), 400, glob="below*")] == ["below-15"]


def test_a_time_budget_ends_the_search(tmp_path: Path) -> None:
    maker = StimulusMaker(toy_harness(), toy_plan(), seed=1, rows=512)
    ticking = count()
    checks = checks_of(toy_harness(), (), TITLES)
    explorer_ = Explorer(FakeEngine(toy_harness(), GoodTop), maker, checks, clock=lambda: float(next(ticking)))
    assert list(explorer_.explore(Budget(seconds=20))) == []
    assert 0 < explorer_.effort.examples < 1000


def test_monitors_go_on_where_the_benchs_model_breaks(tmp_path: Path) -> None:
    text = MODEL.replace('outputs = {"count": self.count}', 'outputs = {"count": inputs["nothing"]}')
    with explorer(tmp_path, ToyTop(wrap=17), text=text) as explorer_:
        sightings = list(explorer_.explore(Budget(examples=400)))
        assert [s.check.id for s in sightings] == ["below-15"]
        assert explorer_.broken is not None
        assert explorer_.broken.verdict is Verdict.ERROR


def test_a_design_that_forgets_in_reset_has_no_survivors() -> None:
    stimulus = StimulusMaker(toy_harness(), toy_plan(), seed=1).block(0).stimulus[:16]
    assert survivors(FakeEngine(toy_harness(), ToyTop), stimulus) == ()


def test_a_register_without_reset_survives() -> None:
    stimulus = StimulusMaker(toy_harness(), toy_plan(), seed=1).block(0).stimulus[:16]
    top = ToyTop(remembers=True)
    assert survivors(FakeEngine(toy_harness(), lambda: top), stimulus) == ("count",)


class HangsAtThree(ToyTop):
    """Never answers once it counted to 3."""

    def step(self, row: Mapping[str, int]) -> Mapping[str, int]:
        if self.count == 3:
            raise FakeHang
        return super().step(row)


def test_a_design_that_hangs_is_left_to_the_search() -> None:
    stimulus = StimulusMaker(toy_harness(), toy_plan(), seed=1).block(0).stimulus[:4]
    assert survivors(FakeEngine(toy_harness(), lambda: HangsAtThree(remembers=True)), stimulus) == ()


def test_a_search_ends_after_some_lanes_that_hang(tmp_path: Path) -> None:
    maker = StimulusMaker(toy_harness(), toy_plan(), seed=1, rows=512)
    explorer_ = Explorer(FakeEngine(toy_harness(), HangsAtThree), maker, checks_of(toy_harness(), (), TITLES))
    assert list(explorer_.explore(Budget(examples=10_000))) == []
    assert [fault.verdict for fault in explorer_.faults] == [Verdict.TIMEOUT] * 3


def test_an_undriven_check_is_left_out_without_a_judge() -> None:
    maker = StimulusMaker(toy_harness(), toy_plan(), seed=1)
    check = Check(id="counter-model", oracle="SPEC", title="")  # type: ignore[arg-type]
    assert Explorer(FakeEngine(toy_harness(), ToyTop), maker, [check]).open == ()
