"""Laws of functional coverage."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from verif.coverage.functional import read_functional
from verif.errors import InputError


def lines(folder: Path, name: str, *entries: dict[str, object]) -> Path:
    file = folder / name
    file.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    return file


def test_merge_adds_hits_and_unites_bins(tmp_path: Path) -> None:
    one = lines(tmp_path, "one", {"test": "a", "seed": 1, "bins": {"p": {"x": 2, "y": 0}}})
    two = lines(tmp_path, "two", {"test": "b", "seed": 1, "bins": {"p": {"x": 1, "z": 0}, "q": {"w": 1}}})
    merged = read_functional([one, two])
    assert merged.points == {"p": {"x": 3, "y": 0, "z": 0}, "q": {"w": 1}}
    assert str(merged.bins) == "2/4"
    assert merged == read_functional([two, one])


def test_json_tells_each_test_what_it_hit(tmp_path: Path) -> None:
    told = read_functional(
        [lines(tmp_path, "one", {"test": "a", "seed": 1, "bins": {"p": {"x": 2, "y": 0}}})]
    ).as_json()
    assert told == {
        "hit": 1,
        "total": 2,
        "points": {"p": {"hit": 1, "total": 2, "bins": {"x": 2, "y": 0}}},
        "tests": {"a": {"hit": 1, "total": 2, "bins": ["p.x"]}},
    }


def test_nothing_written_is_nothing_of_nothing() -> None:
    assert str(read_functional([]).bins) == "0/0"


def test_broken_line_is_told_with_its_place(tmp_path: Path) -> None:
    file = lines(tmp_path, "one", {"test": "a", "bins": {}}, {"test": "b"})
    with pytest.raises(InputError) as error:
        read_functional([file])
    assert error.value.sentence == (
        f"{file}:2: not a line of functional coverage; "
        'it is {"test": name, "seed": n, "bins": {point: {bin: hits}}}.'
    )
