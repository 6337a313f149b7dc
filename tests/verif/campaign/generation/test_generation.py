"""Drafts of RTL: how far each comes, and what is never run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.tools import need
from verif.campaign.generation.generation import RtlOutcome, forbidden, judge_drafts, outcome_of
from verif.campaign.generation.judge import Judge
from verif.campaign.generation.judges import judge_from_rtl
from verif.design.frontend import read_design
from verif.design.sources import resolve_sources
from verif.plan.spec import read_specification
from verif.verdict import Verdict

GOLDEN = "module pick (input [1:0] a, input [1:0] b, input s, output [1:0] y);\n  assign y = s ? b : a;\nendmodule\n"


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    need("iverilog")
    need("bwrap")
    (tmp_path / "golden.v").write_text(GOLDEN)
    (tmp_path / "spec.md").write_text("# pick: multiplexer\n\ny is b where s is 1, else a.\n")
    sources = resolve_sources([tmp_path / "golden.v"])
    specification = read_specification(tmp_path / "spec.md")
    return judge_from_rtl(sources, read_design(sources), specification, seed=1, scratch=tmp_path / "golden")


def _judged(judge: Judge, text: str, tmp_path: Path) -> tuple[Verdict, Verdict, str]:
    (attempt,) = judge_drafts([text], judge, scratch=tmp_path / "drafts")
    return attempt.lint, attempt.sim, attempt.finding


def test_a_draft_that_does_something_else_is_told_where(judge: Judge, tmp_path: Path) -> None:
    lint, sim, finding = _judged(judge, GOLDEN.replace("b : a", "a : b"), tmp_path)
    assert (lint, sim) == (Verdict.PASS, Verdict.FAIL)
    assert finding == "on Icarus, cycle 2: y is 01, expected 00 (inputs a=0, b=1, s=0)"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("s ? b : a", "s ? b : c"), "use of undeclared identifier 'c'"),
        (("input s", "input [1:0] s"), "port 's' is not the 1-bit input that was asked for"),
        (("input s,", "input s, input t,"), "port 't' was not asked for"),
        (("module pick", "module other"), "pick"),
    ],
)
def test_a_draft_that_is_not_legal_is_not_run(
    judge: Judge, tmp_path: Path, change: tuple[str, str], expected: str
) -> None:
    lint, sim, finding = _judged(judge, GOLDEN.replace(*change), tmp_path)
    assert (lint, sim) == (Verdict.FAIL, Verdict.UNKNOWN)
    assert expected in finding


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('`include "/etc/passwd"', "a compiler directive"),
        ('initial $system("id");', "$system"),
        ("always @* $display(y);", "$display"),
        ("initial y = 0;", "'initial'"),
        ('import "DPI-C" function int f();', "'import'"),
    ],
)
def test_what_reaches_outside_is_refused_before_any_tool_reads_it(line: str, named: str) -> None:
    assert named in str(forbidden(GOLDEN.replace("endmodule", f"{line}\nendmodule")))
    assert forbidden(GOLDEN) is None


def test_a_draft_that_hangs_the_simulator_is_a_timeout(
    judge: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from verif.sim import playback

    monkeypatch.setattr(playback, "_TIMEOUT_SECONDS", 2.0)
    loop = "  reg [1:0] y;\n  always @* begin y = a; while (y == a) y = a; end\nendmodule\n"
    text = GOLDEN.replace("output [1:0] y", "output reg [1:0] y").replace("  assign y = s ? b : a;\nendmodule\n", loop)
    (attempt,) = judge_drafts([text.replace("  reg [1:0] y;\n", "")], judge, scratch=tmp_path / "drafts")
    assert attempt.icarus is Verdict.TIMEOUT
    assert outcome_of([attempt], judge) is RtlOutcome.REJECTED


def test_no_draft_at_all_is_a_rejection(judge: Judge) -> None:
    assert outcome_of([], judge) is RtlOutcome.REJECTED
