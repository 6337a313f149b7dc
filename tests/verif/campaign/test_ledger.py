"""The productivity ledger."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from verif.campaign.ledger import Ledger, LedgerEntry, sum_up
from verif.errors import InputError
from verif.verdict import Ratio


def entry(**overrides: object) -> LedgerEntry:
    values = {"bench": "/tb/fifo", "verb": "draft", "seconds": 10.0, "outcome": "CLEAN", "lines": 200}
    return LedgerEntry(**(values | overrides))  # type: ignore[arg-type]


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "deep" / "metrics.sqlite", now=lambda: "2026-01-01T00:00:00+00:00")


def test_ledger_returns_what_was_recorded_in_order(ledger: Ledger) -> None:
    first = entry(model="smollm2", prompt_tokens=700, completion_tokens=90)
    second = entry(verb="run", outcome="PASS", lines=0, recorded="2025-05-05T05:05:05+00:00")
    ledger.record(first)
    ledger.record(second)
    stamped = entry(model="smollm2", prompt_tokens=700, completion_tokens=90, recorded="2026-01-01T00:00:00+00:00")
    assert Ledger(ledger.path).entries() == (stamped, second)


def test_one_bench_has_one_name_however_it_was_called(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.path.parent.mkdir()
    monkeypatch.chdir(ledger.path.parent)
    ledger.record(entry(bench="tb/fifo"))
    ledger.record(entry(bench=str(ledger.path.parent / "tb" / "fifo"), verb="run"))
    assert [cost.calls for cost in ledger.costs().benches] == [2]


def test_reading_an_absent_ledger_gives_nothing_and_makes_no_file(ledger: Ledger) -> None:
    assert ledger.entries() == ()
    assert not ledger.path.exists()


def test_costs_count_rejected_drafts_in_the_time_of_accepted_ones() -> None:
    costs = sum_up((entry(seconds=10), entry(seconds=30, outcome="REJECTED"), entry(seconds=2, outcome="FINDING")))
    assert costs.drafts == Ratio(count=2, total=3)
    assert costs.seconds_per_accepted == 21.0


def test_costs_without_an_accepted_draft_have_no_time_per_draft() -> None:
    assert sum_up((entry(outcome="REJECTED"),)).seconds_per_accepted is None


def test_lines_are_those_of_the_newest_draft() -> None:
    costs = sum_up((entry(lines=200), entry(lines=250), entry(verb="run", lines=0), entry(bench="tb/alu", lines=7)))
    assert [(cost.bench, cost.lines, cost.calls) for cost in costs.benches] == [
        ("/tb/fifo", 250, 3),
        ("tb/alu", 7, 1),
    ]
    assert costs.lines == 257


def test_a_file_that_is_no_ledger_is_told(tmp_path: Path) -> None:
    file = tmp_path / "metrics.sqlite"
    file.write_text("this is no database, however long one looks at it\n" * 40)
    with pytest.raises(InputError, match=r"the ledger can't be used: file is not a database; move the file away\.$"):
        Ledger(file).record(entry())


def test_processes_that_write_at_once_lose_nothing(ledger: Ledger) -> None:
    code = (
        "import sys; from pathlib import Path; from verif.campaign.ledger import Ledger, LedgerEntry\n"
        "for n in range(20): Ledger(Path(sys.argv[1])).record(LedgerEntry(bench=sys.argv[2], verb='run', seconds=n))"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, str(ledger.path), name]) for name in "abc"]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    assert len(ledger.entries()) == 60


def test_outcome_of_a_floorplan_is_told_where_nothing_was_drafted() -> None:
    costs = sum_up((entry(verb="floorplan", outcome="HPWL 9"), entry(verb="run", outcome="PASS")))
    assert [cost.outcome for cost in costs.benches] == ["HPWL 9"]
    drafted = sum_up((entry(outcome="CLEAN"), entry(verb="floorplan", outcome="HPWL 9")))
    assert [cost.outcome for cost in drafted.benches] == ["CLEAN"]
