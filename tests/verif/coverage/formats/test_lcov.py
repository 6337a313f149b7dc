"""The LCOV tracefile, read back by lcov's genhtml."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.support.coverage import HIT, UNREACHABLE, coverage, point, result
from tests.support.tools import need
from verif.coverage.formats.lcov import OTHERS, lcov
from verif.coverage.model import Coverage, PointKind, Waiver

SOURCE = "\n".join(f"// line {n}" for n in range(1, 60))
FIFO = coverage(
    result("fifo:10:if", HIT),
    result("fifo:10:else"),
    result("fifo:42:if", HIT),
    result("fifo:42:else", UNREACHABLE),
    result("fifo:50:if", waiver=Waiver(pattern="fifo:50:*", reason="test mode")),
    result("fsm:state:IDLE", HIT),
    result("fsm:state:RUN"),
    result("fsm:state:IDLE->RUN"),
    result("bin:count.max", HIT),
    tests={"test_a[1]": frozenset({"fifo:10:if", "bin:count.max"}), "test_b": frozenset({"fifo:10:if"})},
)


def read(text: str) -> dict[str, dict[tuple[int, ...], int]]:
    """Branches by test, as a reader of the format sees them."""
    found: dict[str, dict[tuple[int, ...], int]] = {}
    test = ""
    for line in text.splitlines():
        key, _, value = line.partition(":")
        if key == "TN":
            test = value
        elif key == "BRDA":
            *place, taken = (int(part) for part in value.split(","))
            found.setdefault(test, {})[tuple(place)] = taken
    return found


def test_each_test_has_its_own_record_and_other_hits_have_one() -> None:
    branches = read(lcov(FIFO, base=Path("/rtl")).text)
    assert set(branches) == {"test_a_1_", "test_b", OTHERS}
    assert branches["test_b"] == {
        (10, 0, 0): 0,
        (10, 0, 1): 1,
        (42, 0, 0): 0,
        (10, 1, 0): 0,
        (10, 1, 1): 0,
        (10, 2, 0): 0,
    }
    assert sum(branches[OTHERS].values()) == 2


def test_unreachable_waived_and_functional_points_are_left_out_and_said() -> None:
    exported = lcov(FIFO, base=Path("/rtl"))
    assert "BRDA:50" not in exported.text
    assert exported.notes == (
        "1 point is left out that is proven unreachable",
        "1 point is left out that is waived",
        "1 point is left out that has no source line, as bins and crosses",
    )


def test_cover_property_is_a_branch_of_its_line() -> None:
    property_ = point("cover:wraps", kind=PointKind.BIN, file="fifo_props.sv", line=4)
    text = lcov(coverage(result(point=property_, status=HIT)), base=Path("/tb")).text
    assert "SF:/tb/fifo_props.sv\nBRDA:4,3,0,1\n" in text


def test_relative_files_are_below_the_base_and_others_stay() -> None:
    assert "SF:/rtl/fifo.sv\n" in lcov(FIFO, base=Path("/rtl/tb/..")).text


def test_nothing_covered_is_no_record() -> None:
    assert lcov(Coverage(points=()), base=Path()).text == ""


def genhtml(directory: Path, text: str) -> str:
    program = need("genhtml")
    (directory / "fifo.sv").write_text(SOURCE)
    (directory / "fifo.info").write_text(text)
    command = [program, "--branch-coverage", "--show-details", "-o", "html", "fifo.info"]
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=120)
    return done.stdout + done.stderr


def test_genhtml_reads_it_and_counts_the_same(tmp_path: Path) -> None:
    said = genhtml(tmp_path, lcov(FIFO, base=tmp_path).text)
    assert re.search(r"branches\.*: 50\.0% \(3 of 6 branches\)", said), said
    assert re.search(r"lines\.*: 100\.0% \(2 of 2 lines\)", said)


def test_genhtml_notices_a_broken_file(tmp_path: Path) -> None:
    assert "0.0%" not in genhtml(tmp_path, "this is no tracefile\n")


@pytest.mark.parametrize("name", ["a b", "test/x", "täst"])
def test_names_of_tests_keep_to_the_format(name: str) -> None:
    text = lcov(coverage(result("fifo:10:if", HIT), tests={name: frozenset({"fifo:10:if"})}), base=Path("/")).text
    assert re.fullmatch(r"[A-Za-z0-9_]+", text.splitlines()[0].removeprefix("TN:"))
