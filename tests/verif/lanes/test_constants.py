"""Numbers of a source that stimulus takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from verif.design.model import SourceSet
from verif.lanes.constants import MOST, constants_for, constants_in


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("8'hA5 16'sd1_000 'h5a 4'b1011 3'O5", (0xA5, 1000, 0x5A, 11, 5)),
        ("8 'd 200", (200,)),
        ("8'd0 8'd1 8'hff 8'h40 4'd3", ()),
        ("8'h1x 4'b10?1 4'b12 8'hzz", ()),
        ("// 8'hA5\n/* 8'h5a */ \"8'h99\" 8'h96", (0x96,)),
        ("a' 8'h96 8'h96", (0x96,)),
    ],
)
def test_based_literals_are_numbers_where_they_are_not_easy(text: str, numbers: tuple[int, ...]) -> None:
    assert constants_in(text) == numbers


def test_a_field_gets_the_numbers_that_fit_and_not_too_many(tmp_path: Path) -> None:
    file = tmp_path / "a.sv"
    file.write_text(" ".join(f"12'd{value}" for value in range(1000)) + " 16'hBEEF", encoding="utf-8")
    sources = SourceSet(files=(file, tmp_path / "gone.sv"), top="a")
    found = constants_for(sources, 8)
    assert len(found) == MOST and max(found) < 256 and len(set(found)) == MOST
    assert 0xBEEF in constants_for(sources, 32)
    assert constants_for(sources, 3) == ()
