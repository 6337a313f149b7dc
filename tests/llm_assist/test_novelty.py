"""How much test points differ."""

from __future__ import annotations

from llm_assist.novelty import most_different, new_combinations
from verif.plan.model import Driver, Knob, Phase, Setting, Testplan, Testpoint

PLAN = Testplan(
    dut="d",
    drivers=(
        Driver(
            name="x",
            kind="Bit",
            ports={},
            knobs=(
                Knob(name="a", kind="rate", default=5),
                Knob(name="b", kind="rate", default=5),
                Knob(name="c", kind="choice", choices=("u", "v"), default="u"),
            ),
        ),
    ),
    points=(),
)


def _point(name: str, *phases: dict[str, Setting]) -> Testpoint:
    return Testpoint(id=name, intent="", phases=tuple(Phase(cycles=1, settings=settings) for settings in phases))


def test_points_that_add_nothing_are_left_out() -> None:
    known = [_point("known", {"a": 1})]
    same, other = _point("same", {"a": 1, "b": 5}), _point("other", {"a": 2})
    assert most_different([same, other], known=known, plan=PLAN, most=5) == [other]


def test_the_point_that_adds_most_comes_first() -> None:
    little, much = _point("little", {"a": 1}), _point("much", {"a": 2}, {"b": 2}, {"c": "v"})
    assert most_different([little, much], known=[], plan=PLAN, most=1) == [much]


def test_defaults_count_as_settings() -> None:
    assert new_combinations([_point("p", {})], known=[_point("k", {"a": 5, "b": 5, "c": "u"})], plan=PLAN) == 0
    assert new_combinations([_point("p", {"a": 1})], known=[_point("k", {})], plan=PLAN) == 2
