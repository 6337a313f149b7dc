"""Acceptance judges the properties that ship with a draft."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.drafts import rtl_source
from tests.support.regressions import bug
from verif.bench.render import BenchSource
from verif.bench.stored import Stored
from verif.campaign.benches.shipped import harness_files, properties_file
from verif.campaign.drafts.acceptance_result import Acceptance
from verif.campaign.drafts.properties_check import with_properties
from verif.design.frontend import read_design
from verif.verdict import Outcome, Verdict
from verif.workspace import Workspace

OWN = """module arbiter_props (input logic clk, rst_n, input logic [3:0] req, gnt);
  default clocking @(posedge clk); endclocking
  default disable iff (!rst_n);
  mine: assert property ({condition});
endmodule
bind arbiter arbiter_props props (.*);
"""


@pytest.fixture
def arbiter() -> BenchSource:
    """Without rules and model, so that nothing but the properties judges."""
    source = rtl_source("arbiter")
    return replace(source, oracles=replace(source.oracles, model=None, rules=()))


def accepted(source: BenchSource, text: str, folder: Path, workspace: Workspace, outcome: Outcome) -> Acceptance:
    acceptance = Acceptance(
        outcome=outcome, reason="", source=source, recorded=Stored(id="recorded", inputs=(), rows=()), checks=()
    )
    shipped = harness_files(source, folder, text)
    assert shipped.notes == ()
    return with_properties(acceptance, shipped.harness, seed=1, workspace=workspace)


def drafted(source: BenchSource) -> str:
    (text,) = properties_file(source.design, source.oracles, source.module).values()
    return text


def test_properties_that_the_design_keeps_pass(arbiter: BenchSource, tmp_path: Path, workspace: Workspace) -> None:
    told = accepted(arbiter, drafted(arbiter), tmp_path, workspace, Outcome.CLEAN)
    assert [(check.name, check.simulator, check.verdict) for check in told.checks] == [
        ("properties", "verilator", Verdict.PASS)
    ]
    assert told.outcome is Outcome.CLEAN


def test_property_that_the_design_breaks_is_a_finding(
    arbiter: BenchSource, tmp_path: Path, workspace: Workspace
) -> None:
    sources = replace(arbiter.design.sources, files=(bug("arbiter", "two_grants"),))
    broken = replace(arbiter, design=replace(read_design(sources)))
    told = accepted(broken, drafted(arbiter), tmp_path, workspace, Outcome.CLEAN)
    assert told.outcome is Outcome.FINDING
    assert "PROTOCOL gnt_alone (" in told.reason
    assert told.reason.endswith("'posedge search' shrinks and replays it")


def test_property_of_the_user_is_judged_too(arbiter: BenchSource, tmp_path: Path, workspace: Workspace) -> None:
    kept = accepted(arbiter, OWN.format(condition="gnt == 0 || req != 0"), tmp_path, workspace, Outcome.CLEAN)
    assert (kept.outcome, kept.checks[0].verdict) == (Outcome.CLEAN, Verdict.PASS)
    broken = accepted(arbiter, OWN.format(condition="gnt != 4'd8"), tmp_path, workspace, Outcome.CLEAN)
    assert (broken.outcome, broken.checks[0].verdict) == (Outcome.FINDING, Verdict.FAIL)
    assert broken.checks[0].message.startswith("SPEC mine (")


def test_draft_without_properties_or_without_acceptance_stays_as_it_is(
    arbiter: BenchSource, tmp_path: Path, workspace: Workspace
) -> None:
    assert accepted(arbiter, "", tmp_path, workspace, Outcome.CLEAN).checks == ()
    assert accepted(arbiter, drafted(arbiter), tmp_path, workspace, Outcome.REJECTED).checks == ()
