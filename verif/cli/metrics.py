"""``posedge metrics``: what drafting cost, from the productivity ledger."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verif.cli.session import Session, verb

if TYPE_CHECKING:
    from verif.campaign.ledger import Costs


@verb
def metrics(session: Session) -> int:
    """Show what drafting cost and saved: seconds, tokens and lines for each bench, drafts accepted.

    The figures come from the ledger in the workspace, to which every draft and run adds a line.
    """
    from verif.campaign.ledger import Ledger
    from verif.workspace import Workspace

    file = Workspace.locate().ledger
    costs = Ledger(file).costs()
    session.result("metrics", _payload(costs))
    session.say(_text(costs) if costs.benches else f"The ledger is empty: nothing was drafted or run yet ({file}).")
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


command = metrics
