"""Solved tasks for small models: read whole, chosen by likeness, and right."""

from __future__ import annotations

from pathlib import Path

import pytest

from llm_assist.examples import Example, nearest, read_examples
from verif.design.frontend import read_design
from verif.design.model import SourceSet

EXAMPLES = read_examples()


def _names(found: tuple[Example, ...]) -> list[str]:
    return [example.name for example in found]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_is_legal_and_told_in_one_line(example: Example, tmp_path: Path) -> None:
    file = tmp_path / "top.sv"
    file.write_text(example.module)
    assert read_design(SourceSet(files=(file,), top="top")).sequential == example.clocked
    assert "\n" not in example.task
    assert len(EXAMPLES) >= 15


def test_the_most_like_example_comes_last() -> None:
    task = "Counter: q goes up by 1 on each clock while en is high."
    assert _names(nearest(task, clocked=True, most=2, examples=EXAMPLES))[-1] == "up counter"


def test_only_modules_of_the_same_kind_are_shown() -> None:
    found = nearest("y is the XOR of all bits of a", clocked=False, most=99, examples=EXAMPLES)
    assert found
    assert not any(example.clocked for example in found)


def test_left_out_examples_are_not_shown() -> None:
    found = nearest("Counter", clocked=True, most=99, examples=EXAMPLES, without=("up counter",))
    assert "up counter" not in _names(found)
