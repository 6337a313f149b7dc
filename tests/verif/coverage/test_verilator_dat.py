"""Laws of the reader of Verilator's coverage.dat."""

from __future__ import annotations

from pathlib import Path

import pytest

from verif.coverage.verilator_dat import Kind, read_coverage
from verif.errors import InputError


def point(hits: int, **fields: object) -> str:
    everything = {"f": "rtl/a.sv", "l": 3, "n": 5, "t": "line", "page": "v_line/a", "o": "if", "h": "top.u", **fields}
    key = "".join(f"\x01{name}\x02{value}" for name, value in everything.items())
    return f"C '{key}' {hits}\n"


def dat(folder: Path, name: str, *points: str) -> Path:
    file = folder / name
    file.write_text("# SystemC::Coverage-3\n" + "".join(points))
    return file


def test_point_has_kind_place_module_and_hits(tmp_path: Path) -> None:
    toggle = point(7, t="toggle", page="v_toggle/fifo__D8", o="q[0]:0->1", l=12)
    (read,) = read_coverage([dat(tmp_path, "a", toggle)]).points
    assert (read.kind, read.file, read.line, read.column, read.module, read.detail, read.hits) == (
        Kind.TOGGLE,
        "rtl/a.sv",
        12,
        5,
        "fifo__D8",
        "q[0]:0->1",
        7,
    )


def test_every_kind_is_counted_apart(tmp_path: Path) -> None:
    points = [point(1, t=str(kind), o=str(kind)) for kind in Kind] + [point(0, o="else")]
    code = read_coverage([dat(tmp_path, "a", *points)])
    assert {kind: str(code.ratio(kind)) for kind in Kind} == {
        Kind.LINE: "1/2",
        Kind.BRANCH: "1/1",
        Kind.EXPRESSION: "1/1",
        Kind.TOGGLE: "1/1",
        Kind.USER: "1/1",
    }
    assert [missed.detail for missed in code.missed()] == ["else"]


def test_hits_of_several_runs_add_up(tmp_path: Path) -> None:
    one, two = dat(tmp_path, "one", point(2), point(0, l=9)), dat(tmp_path, "two", point(3))
    code = read_coverage([one, two])
    assert [(p.line, p.hits) for p in code.points] == [(3, 5), (9, 0)]
    assert code == read_coverage([two, one])


def test_detail_may_hold_quotes_and_spaces(tmp_path: Path) -> None:
    detail = "((a == 2'h1)==1 && b==1) => 1"
    (read,) = read_coverage([dat(tmp_path, "a", point(1, t="expr", o=detail))]).points
    assert read.detail == detail


@pytest.mark.parametrize("line", ["C 'x' many\n", point(1, t="line").replace("\x01l\x02", "\x01l\x02x"), "nonsense\n"])
def test_broken_line_is_told_with_its_place(tmp_path: Path, line: str) -> None:
    file = dat(tmp_path, "a", point(1), line)
    with pytest.raises(InputError) as error:
        read_coverage([file])
    assert error.value.sentence == f"{file}:3: not a coverage point of Verilator."


def test_foreign_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_text("TN:\nSF:a.sv\n")
    with pytest.raises(InputError) as error:
        read_coverage([file])
    assert error.value.sentence == f"{file}:1: not a coverage file of Verilator; it begins # SystemC::Coverage."
