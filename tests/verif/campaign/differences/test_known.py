"""What ``diff`` keeps: it comes back as it was, for the same question only."""

from __future__ import annotations

from pathlib import Path

import pytest

from verif.campaign.differences.known import Known, digest_of, recalled
from verif.campaign.differences.result import Difference
from verif.campaign.differences.versions import Versions, any_input, read_versions
from verif.design.sources import resolve_sources
from verif.stimulus.rows import Stimulus
from verif.trace import Trace

TEXT = "module dut (input wire clk, input wire a, output reg y); always @(posedge clk) y <= a; endmodule"


def versions(place: Path, old: str = TEXT, new: str = TEXT, called: dict[str, str] | None = None) -> Versions:
    for name, text in (("old", old), ("new", new)):
        (place / f"{name}.v").write_text(text)
    sides = [resolve_sources([place / f"{name}.v"]) for name in ("old", "new")]
    return read_versions(sides[0], sides[1], called=called or {}, ties={})


def difference(*, unknown: bool) -> Difference:
    stimulus = Stimulus(ports=("clk", "a"), rows=((1, 0), (1, 1)))
    trace = Trace(signals=())
    return Difference(
        stimulus=stimulus,
        tick=1,
        ports={"y": ("0", "1")},
        shown={"y": ("0", "0")},
        trace=trace,
        judged_on="icarus",
        found_by="lanes",
        unknown=unknown,
    )


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    known = recalled(tmp_path / "diff" / "known.json")
    assert not known.resumed
    known.proved["differs:y"], known.bound, known.drawn["any inputs"] = "induction", 14, 7
    known.control["dut:1:constant"], known.hidden["shared"] = None, 3
    known.remember(difference(unknown=True))
    known.remember(difference(unknown=False))
    again = recalled(tmp_path / "diff" / "known.json")
    assert again.resumed and (again.proved, again.bound, again.drawn) == (known.proved, 14, {"any inputs": 7})
    assert (again.control, again.hidden) == ({"dut:1:constant": None}, {"shared": 3})
    assert list(again.runs()) == [(difference(unknown=True).stimulus, "lanes")] * 2


@pytest.mark.parametrize("text", ["", "{", "[]", '{"proved": {}}'])
def test_file_that_is_no_such_thing_is_nothing_known(text: str, tmp_path: Path) -> None:
    (tmp_path / "known.json").write_text(text)
    assert recalled(tmp_path / "known.json") == Known(file=tmp_path / "known.json")


def test_fresh_forgets(tmp_path: Path) -> None:
    Known(file=tmp_path / "known.json", bound=5).keep()
    assert recalled(tmp_path / "known.json", fresh=True).bound == 0
    assert not (tmp_path / "known.json").exists()


def test_question_is_another_with_another_text_name_or_choice(tmp_path: Path) -> None:
    first = versions(tmp_path)
    same = digest_of(first, [any_input(first.old)], 1, "auto", None)
    assert same == digest_of(first, [any_input(first.old)], 1, "auto", None)
    digests = {
        same,
        digest_of(first, [any_input(first.old)], 2, "auto", None),
        digest_of(first, [any_input(first.old)], 1, "auto", 9),
        digest_of(versions(tmp_path, called={"y": "y"}), [any_input(first.old)], 1, "auto", None),
    }
    for changed in ({"old": TEXT + " "}, {"new": TEXT + " "}):
        other = versions(tmp_path, **changed)
        digests.add(digest_of(other, [any_input(other.old)], 1, "auto", None))
    assert len(digests) == 6
