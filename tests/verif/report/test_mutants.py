"""The mutation score in reports: bounds, survivors beside the source, RECORDED apart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.support import reports
from tests.support.mutants import DIFFERENCE, WAVES, judged, saved
from verif.campaign.mutants.result import Gap, JudgedMutant
from verif.report.collect import collect
from verif.report.html import render_html
from verif.report.model import Report
from verif.report.terminal import render_text
from verif.verdict import MutantStatus, Oracle
from verif.workspace import Workspace

SOURCE = "module dut;\n  assign a = b;\n  assign y = a < b;\nendmodule\n"


def _report(tmp_path: Path, workspace: Workspace, *mutants: JudgedMutant, **given: object) -> Report:
    return collect(reports.bench(tmp_path / "tb" / "dut", workspace, mutate=saved(*mutants, **given)), workspace)


def _apart(tmp_path: Path, before: str = "a < b") -> JudgedMutant:
    source = tmp_path / "dut.sv"
    source.write_text(SOURCE, encoding="utf-8")
    one = judged(MutantStatus.SURVIVED, difference=DIFFERENCE, propagated=True, trace=WAVES)
    return replace(one, mutant=replace(one.mutant, file=source, before=before))


def test_report_tells_the_score_between_its_bounds(tmp_path: Path, workspace: Workspace) -> None:
    text = render_text(_report(tmp_path, workspace))
    assert "mutation score 50.0 to 66.7 % (2/4)" in text
    assert "with RECORDED, characterised from the design itself: counted apart: 75.0 to 100.0 % (3/4)" in text
    assert "3 KILLED, 1 SURVIVED, 1 EQUIVALENT of 5 mutants; 2/3 of those that no check kills are decided" in text
    assert "no difference within 12 ticks; the time ran out" in text
    gate = "with no mutant chosen the common build is the design, proved by correspondence"
    assert f"  gate: {gate}" in text
    assert f"Gate: {gate}." in render_html(_report(tmp_path, workspace))


def test_report_says_that_mutants_are_a_sample(tmp_path: Path, workspace: Workspace) -> None:
    assert "of 5 mutants, a sample of 90;" in render_text(_report(tmp_path, workspace, possible=90))


def test_page_shows_survivors_beside_the_source_with_their_waves(tmp_path: Path, workspace: Workspace) -> None:
    killed = judged(MutantStatus.KILLED, Oracle.SPEC)
    apart = _apart(tmp_path)
    killed = replace(killed, mutant=replace(killed.mutant, file=apart.mutant.file))
    page = render_html(_report(tmp_path, workspace, apart, killed))
    assert '<details class="unknown"><summary><i class="n">3</i><i class="m">✗ 1/2</i>  assign y = a &lt; b;' in page
    assert "outputs differ under the bench&#39;s stimulus, and no check judges them: a check is missing" in page
    assert "<title>Waves of dut:3:relational</title>" in page
    assert "y (mutant)" in page
    assert "posedge mutate" in page and "--improve</code>" in page


def test_page_escapes_what_stands_in_the_source(tmp_path: Path, workspace: Workspace) -> None:
    page = render_html(_report(tmp_path, workspace, _apart(tmp_path, before="<script>alert(1)</script>")))
    assert "<script>" not in page


def test_page_shows_a_gap(tmp_path: Path, workspace: Workspace) -> None:
    gap = Gap(mutant="dut:3:relational", check="model", method="pdr")
    page = render_html(_report(tmp_path, workspace, gaps=(gap,)))
    assert (
        "GAP: model kills dut:3:relational, and pdr proves that the mutant is equivalent: one oracle is wrong" in page
    )
