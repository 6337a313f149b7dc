"""What a draft says of its requirements."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.drafts import rtl_source
from verif.bench.manifest import Provenance
from verif.bench.stored import Stored
from verif.campaign.drafts.acceptance_result import Acceptance
from verif.campaign.drafts.drafting import Draft, DraftRequest
from verif.verdict import Outcome


def made(outcome: Outcome) -> Draft:
    source = rtl_source("sync_fifo")
    acceptance = Acceptance(
        outcome=outcome, reason="", source=source, recorded=Stored(id="recorded", inputs=(), rows=()), checks=()
    )
    request = DraftRequest(
        design=source.design, plan=source.plan, oracles=source.oracles, directory=Path("tb/sync_fifo"), seed=1
    )
    return Draft(
        request=request, acceptance=acceptance, files={}, edited=(), contest=None, provenance=Provenance(), notes=()
    )


@pytest.mark.parametrize("outcome", [Outcome.CLEAN, Outcome.FINDING])
def test_accepted_draft_checks_its_requirements(outcome: Outcome) -> None:
    assert str(made(outcome).requirements) == "9/9"


@pytest.mark.parametrize("outcome", [Outcome.REJECTED, Outcome.UNKNOWN])
def test_draft_that_is_not_accepted_checks_nothing(outcome: Outcome) -> None:
    draft = made(outcome)
    assert str(draft.requirements) == "0/9"
    assert [check.by for check in draft.requirement_checks] == [()] * 9
