"""Searches in the ledger."""

from __future__ import annotations

from pathlib import Path

import pytest

from verif.campaign.ledger import Ledger
from verif.campaign.searches.ledger import FoundEntry, SearchEntry, SearchLedger


def entry(**overrides: object) -> SearchEntry:
    values = {"bench": "/tb/fifo", "seed": 1, "verdict": "FAIL", "seconds": 9.0, "examples": 400, "cycles": 25_600}
    return SearchEntry(**(values | overrides))  # type: ignore[arg-type]


FOUND = FoundEntry(check="fifo-model", oracle="SPEC", examples=5, cycles=273, seconds=3.5, length_before=17, length=16)


@pytest.fixture
def ledger(tmp_path: Path) -> SearchLedger:
    return SearchLedger(tmp_path / "metrics.sqlite", clock=lambda: "2026-01-01T00:00:00+00:00")


def test_searches_come_back_in_order_with_their_failures(ledger: SearchLedger) -> None:
    first, second = entry(found=(FOUND, FOUND), recorded="2025-05-05"), entry(verdict="PASS", recorded="2025-05-06")
    ledger.record(first)
    ledger.record(second)
    assert ledger.entries() == (first, second)


def test_a_search_counts_among_what_verbs_cost(ledger: SearchLedger, tmp_path: Path) -> None:
    ledger.record(entry())
    (cost,) = Ledger(tmp_path / "metrics.sqlite").entries()
    assert (cost.verb, cost.seconds, cost.outcome, cost.recorded) == (
        "search",
        9.0,
        "FAIL",
        "2026-01-01T00:00:00+00:00",
    )


def test_an_absent_ledger_has_no_searches(ledger: SearchLedger) -> None:
    assert ledger.entries() == ()


def test_coverage_gained_is_told_for_each_example() -> None:
    assert entry(points_hit=100, points_total=361).points_per_example == 0.25
    assert entry().points_per_example is None
