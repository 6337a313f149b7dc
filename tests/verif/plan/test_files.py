"""testplan.yaml: round trip, readability, and a sentence for everything that can be wrong in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.plan_designs import sync_fifo
from verif.errors import InputError
from verif.plan.baseline import baseline_plan
from verif.plan.files import FILE_NAME, plan_text, read_plan, write_plan
from verif.plan.model import Requirement

PLAN = baseline_plan(sync_fifo(), [Requirement(id="R1", text='Reset: empties it, "really" #1', line=4)])


def test_plan_survives_the_file(tmp_path: Path) -> None:
    file = tmp_path / FILE_NAME
    write_plan(PLAN, file)
    assert read_plan(file) == PLAN


def test_text_is_stable() -> None:
    again = read_again(plan_text(PLAN))
    assert plan_text(again) == plan_text(PLAN)


def read_again(text: str) -> Any:
    from verif.plan.files import plan_of

    return plan_of(yaml.safe_load(text), where=FILE_NAME)


def test_text_reads_like_a_plan() -> None:
    lines = plan_text(PLAN).splitlines()
    assert lines[0] == "# Testplan of fifo. Edit it freely and draft again: the bench follows."
    assert "      - {cycles: 40, settings: {push_rate: 2, pop_rate: 2}}" in lines
    assert "      - {name: push_rate, kind: rate, default: 5}" in lines
    assert "    bins: {low: [0, 0], high: [1, 1]}" in lines
    assert max(map(len, lines)) <= 120
    assert [line for line in lines if line and line[0].isalpha()] == [
        "schema_version: 1",
        "dut: fifo",
        "origin: baseline",
        "requirements:",
        "points:",
        "drivers:",
        "coverage:",
    ]


def changed(change: dict[str, Any]) -> str:
    """The plan's text after a change, each a path of keys and indices joined by dots to the new value."""
    data = yaml.safe_load(plan_text(PLAN))
    for path, value in change.items():
        *steps, last = path.split(".")
        place = data
        for step in steps:
            place = place[int(step) if step.isdigit() else step]
        place[int(last) if last.isdigit() else last] = value
    return yaml.safe_dump(data)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"colour": "red"}, "colour: no such key"),
        ({"points.0.phases.0.cycles": 0}, "points.smoke.phases.0.cycles: input should be greater than or equal to 1"),
        ({"points.0.phases.0.speed": 3}, "points.smoke.phases.0.speed: no such key"),
        ({"drivers.0.kind": "Lamp"}, "driver push: no driver kind 'Lamp'; there are "),
        (
            {"points.0.phases.0.settings": {"push_rat": 3}},
            "point smoke: phase 0: no knob 'push_rat'; there are push_rate, ",
        ),
        (
            {"points.0.phases.0.settings": {"push_rate": 12}},
            "point smoke: phase 0: push_rate: 12 is no rate; 0 to 9 is allowed",
        ),
        (
            {"points.0.phases.0.settings": {"push_runs": "often"}},
            "point smoke: phase 0: push_runs: 'often' is not a choice; allowed are random, bursts, long",
        ),
        ({"points.0.requirements": ["R9"]}, "point smoke: no requirement 'R9' in this plan"),
        ({"points.0.phases": []}, "point smoke: no phases; at least one is needed"),
        ({"points.0.id": "a b"}, "point 'a b' is no identifier; letters, digits and underscores are allowed"),
        ({"points.0.id": "typical"}, "point 'typical' is there 2 times; names are unique"),
        (
            {"drivers.0.knobs.0.name": "push_speed"},
            "driver push: no knob 'push_speed'; FifoPush has push_rate, push_runs, ",
        ),
        ({"drivers.0.knobs.0.default": 30}, "driver push: knob push_rate: 30 is no rate; 0 to 9 is allowed"),
        ({"drivers.0.options.volume": 3}, "driver push: no option 'volume'; FifoPush takes data_width, depth"),
        ({"drivers.0.options": {"depth": "deep"}}, "driver push: option depth: 'deep' is no number from 0 on"),
        ({"drivers.0.options": {"data_width": [1]}}, "driver push: option data_width: [1] is no number from 0 on"),
        ({"coverage.0.bins": {"low": [3, 1]}}, "coverage wr_en: bin low: [3, 1] is empty; the lower bound comes first"),
        ({"coverage.0.bins": {}}, "coverage wr_en: port and bins are needed, or cross"),
        (
            {"coverage.8.cross": ["wr_en", "moon"]},
            "coverage rd_en_x_empty: crosses 'moon', which is no coverage point with bins",
        ),
        ({"schema_version": 2}, "schema_version: input should be 1"),
    ],
)
def test_wrong_value_is_told(change: dict[str, Any], sentence: str, tmp_path: Path) -> None:
    file = tmp_path / FILE_NAME
    file.write_text(changed(change), encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_plan(file)
    assert sentence in error.value.sentence
    assert error.value.sentence.startswith(f"{file}: ") and "\n" not in error.value.sentence


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"points: [", "not valid YAML: line 1: "),
        (b"\xff\xfe\x00", "is not UTF-8 text"),
        (b"", "holds no testplan; a mapping with dut, points and drivers"),
        (b"- 1", "holds no testplan; a mapping with dut, points and drivers"),
        (b"dut: x", "drivers: field required"),
    ],
)
def test_unreadable_plan_is_told(content: bytes, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / FILE_NAME
    file.write_bytes(content)
    with pytest.raises(InputError) as error:
        read_plan(file)
    assert sentence in error.value.sentence


def test_missing_plan_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="can't be read: No such file or directory"):
        read_plan(tmp_path / FILE_NAME)
