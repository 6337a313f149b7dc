"""Coverage as JSON: all of it comes back, and what is wrong is told with its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given

from tests.support.coverage import HIT, UNREACHABLE, coverage, result, same_design
from verif.coverage.model import Coverage, Waiver
from verif.coverage.saved import as_json, from_json, json_schema, read_json
from verif.errors import InputError


@given(same_design(most=1))
def test_coverage_comes_back_whole(coverages: list[Coverage]) -> None:
    data = json.loads(json.dumps(as_json(coverages[0])))
    assert from_json(data, where="x.json") == coverages[0]
    jsonschema.validate(data, json_schema())


def test_waiver_comes_back() -> None:
    waived = coverage(result(waiver=Waiver(pattern="*", reason="why", who="ada", until="2027-01-01")))
    assert from_json(as_json(waived), where="x.json") == waived


def test_object_tells_counts_by_kind_and_the_ranking() -> None:
    points = (result("fifo:10:if", HIT), result("fifo:10:else", UNREACHABLE), result("bin:count.max"))
    data = as_json(coverage(*points, tests={"test_a": frozenset({"fifo:10:if"}), "test_b": frozenset()}))
    assert {key: data[key] for key in ("hit", "unreachable", "unknown", "waived", "total")} == {
        "hit": 1,
        "unreachable": 1,
        "unknown": 1,
        "waived": 0,
        "total": 3,
    }
    assert data["kinds"]["bin"]["total"] == data["kinds"]["bin"]["unknown"] == 1
    assert data["ranking"]["smallest"] == ["test_a"]
    assert [p["where"] for p in data["points"]] == ["bin:count.max", "fifo.sv:10", "fifo.sv:10"]


def broken(**changes: Any) -> dict[str, Any]:
    data = as_json(coverage(result("fifo:10:if"), tests={"test_a": frozenset()}))
    return {**data, **changes}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ([], r"no coverage: Input should be a valid dictionary"),
        (broken(points=[{"id": "x", "kind": "branch"}]), r"no coverage: points\.0\.status: Field required"),
        (broken(points=[{"id": "x y", "kind": "branch", "status": "HIT"}]), r"points\.0\.id: String should match"),
        (broken(points=[{"id": "x", "kind": "line", "status": "HIT"}]), r"points\.0\.kind: Input should be 'branch'"),
        (broken(schema=2), r"no coverage: schema: Input should be 1"),
        (broken(tests={"test_a": ["gone"]}), r"no coverage: test test_a hits gone, which is no point"),
        (broken(points=broken()["points"] * 2), r"no coverage: point fifo:10:if is there twice"),
    ],
)
def test_wrong_object_is_told(data: Any, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence) as caught:
        from_json(data, where="close.json")
    assert caught.value.code == "PE896"
    assert str(caught.value).startswith("close.json: ")


def test_file_that_is_no_json_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "coverage.json"
    file.write_text('{\n "points": [,]\n}')
    with pytest.raises(InputError, match=r"coverage\.json:2: no coverage: not valid JSON: Expecting value"):
        read_json(file)


def test_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="can't be read: No such file"):
        read_json(tmp_path / "none.json")
