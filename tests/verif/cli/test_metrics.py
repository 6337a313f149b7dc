"""``posedge metrics``."""

from __future__ import annotations

from tests.support.command import Command
from verif.campaign.ledger import Ledger, LedgerEntry
from verif.workspace import Workspace


def _fill(workspace: Workspace) -> None:
    bench = str(workspace.root.parent / "tb" / "fifo")
    ledger = Ledger(workspace.ledger)
    for outcome, seconds in (("CLEAN", 12.0), ("REJECTED", 8.0)):
        ledger.record(
            LedgerEntry(bench=bench, verb="draft", seconds=seconds, outcome=outcome, lines=210, prompt_tokens=5)
        )


def test_metrics_of_an_empty_ledger_says_so(posedge: Command, workspace: Workspace) -> None:
    answer = posedge("metrics")
    assert answer.code == 0
    assert answer.out.startswith("The ledger is empty: nothing was drafted or run yet (")
    assert posedge("metrics", "--json").json["benches"] == []


def test_metrics_tells_drafts_accepted_and_seconds_per_bench(posedge: Command, workspace: Workspace) -> None:
    _fill(workspace)
    answer = posedge("metrics")
    assert answer.out.splitlines()[0] == "drafts accepted 1/2; 20 s of drafting for each accepted bench"
    assert answer.out.splitlines()[-1].split() == ["tb/fifo", "2", "20.0", "10", "210", "REJECTED"]


def test_metrics_json_keeps_numerator_and_denominator(posedge: Command, workspace: Workspace) -> None:
    _fill(workspace)
    payload = posedge("metrics", "--json").json
    assert payload["schema"] == 1
    assert payload["drafts"] == {"accepted": 1, "total": 2}
    assert payload["seconds_per_accepted"] == 20.0
