"""A mutant as plain source text."""

from __future__ import annotations

from pathlib import Path

import pytest

from verif.design.frontend import read_design
from verif.design.model import SourceSet
from verif.mutation import Mutant, diff_of, mutated

TEXT = "module m (input a, input b, output y);\n  assign y = a & b;\nendmodule\n"


def _mutant(file: Path, *, before: str = "a & b", after: str = "a | b") -> Mutant:
    start = TEXT.index(before)
    return Mutant(
        id="m:2:logical",
        operator="logical",
        module="m",
        file=file,
        line=2,
        column=14,
        start=start,
        end=start + len(before),
        before=before,
        after=after,
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "m.v"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_mutated_text_differs_in_the_mutant_alone(file: Path) -> None:
    design = read_design(SourceSet(files=(file,), top="m"))
    assert mutated(design, _mutant(file)) == {file: TEXT.replace("a & b", "a | b").encode()}


def test_diff_shows_the_line_before_and_after(file: Path) -> None:
    design = read_design(SourceSet(files=(file,), top="m"))
    lines = diff_of(design, _mutant(file)).splitlines()
    assert lines[0].startswith("--- a/") and lines[0].endswith("m.v")
    assert "-  assign y = a & b;" in lines and "+  assign y = a | b;" in lines


def test_mutant_of_a_file_that_changed_is_refused(file: Path) -> None:
    design = read_design(SourceSet(files=(file,), top="m"))
    file.write_text(TEXT.replace("a & b", "b & a"), encoding="utf-8")
    with pytest.raises(ValueError, match=r"m\.v changed since m:2:logical was made"):
        mutated(design, _mutant(file))


def test_mutant_of_another_design_is_refused(file: Path, tmp_path: Path) -> None:
    design = read_design(SourceSet(files=(file,), top="m"))
    with pytest.raises(ValueError, match=r"other\.v is no source file of m"):
        mutated(design, _mutant(tmp_path / "other.v"))
