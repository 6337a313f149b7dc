"""``posedge metrics``: what drafting cost, from the productivity ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verif.cli.session import Session, verb

if TYPE_CHECKING:
    from verif.campaign.ledger import Costs
    from verif.campaign.searches.ledger import SearchEntry

_SEARCHES = 20
"""The newest so many searches are told to people."""


@verb
def metrics(session: Session) -> int:
    """Show what drafting cost and saved: seconds, tokens and lines for each bench, drafts accepted.

    For each search: examples, cycles and seconds to each failure, and the coverage that an example gained. The figures
    come from the ledger in the workspace, to which every draft, run and search adds a line.
    """
    from verif.campaign.ledger import Ledger
    from verif.campaign.searches.ledger import SearchLedger
    from verif.workspace import Workspace

    file = Workspace.locate().ledger
    costs = Ledger(file).costs()
    searches = SearchLedger(file).entries()
    session.result("metrics", _payload(costs) | {"searches": [_search(entry) for entry in searches]})
    session.say(_text(costs) if costs.benches else f"The ledger is empty: nothing was drafted or run yet ({file}).")
    if searches:
        session.say(f"\n{_searches(searches)}")
    return 0


def _payload(costs: Costs) -> dict[str, Any]:
    return {
        "benches": [asdict(cost) for cost in costs.benches],
        "drafts": {"accepted": costs.drafts.count, "total": costs.drafts.total},
        "draft_seconds": costs.draft_seconds,
        "seconds_per_accepted": costs.seconds_per_accepted,
        "tokens": costs.tokens,
        "lines": costs.lines,
    }


def _text(costs: Costs) -> str:
    from verif.report.text import columns, seconds, shown

    head = ("bench", "calls", "seconds", "tokens", "lines", "outcome")
    rows = [
        (
            shown(Path(cost.bench)),
            str(cost.calls),
            f"{cost.seconds:.1f}",
            str(cost.tokens),
            str(cost.lines),
            cost.outcome or "-",
        )
        for cost in costs.benches
    ]
    per = costs.seconds_per_accepted
    tail = f"{seconds(per)} of drafting for each accepted bench" if per is not None else "no draft was accepted yet"
    return f"drafts accepted {costs.drafts}; {tail}\n\n{columns([head, *rows], right=(1, 2, 3, 4))}"


def _search(entry: SearchEntry) -> dict[str, Any]:
    return asdict(entry) | {"points_per_example": entry.points_per_example}


def _searches(searches: Sequence[SearchEntry]) -> str:
    """Return a table with a line for each failure that a search found, and one for each search without any."""
    from verif.report.text import columns, shown

    head = ("search", "failing check", "examples", "cycles", "seconds", "length", "code covered")
    rows: list[tuple[str, ...]] = []
    for entry in searches[-_SEARCHES:]:
        bench, covered = shown(Path(entry.bench)), _covered(entry)
        for one in entry.found:
            length = f"{one.length_before} to {one.length}"
            rows.append(
                (bench, one.check, f"{one.examples:,}", f"{one.cycles:,}", f"{one.seconds:.1f}", length, covered)
            )
        if not entry.found:
            rows.append((bench, "-", f"{entry.examples:,}", f"{entry.cycles:,}", f"{entry.seconds:.1f}", "-", covered))
    return columns([head, *rows], right=(2, 3, 4))


def _covered(entry: SearchEntry) -> str:
    if entry.points_per_example is None:
        return "-"
    return f"{entry.points_hit}/{entry.points_total}, {entry.points_per_example * 1000:.2g} for 1,000 examples"


command = metrics
