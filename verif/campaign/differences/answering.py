"""The answer of a comparison, out of what it found so far."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from verif.campaign.differences.proving import SHARED
from verif.campaign.differences.result import DiffResult, PortAnswer
from verif.harness.twin import DIFFERS
from verif.verdict import DiffStatus

if TYPE_CHECKING:
    from verif.campaign.differences.comparing import Comparison


def result_of(comparison: Comparison) -> DiffResult:
    """Return the answer that a comparison has so far."""
    known = comparison.known
    status, difference, why = DiffStatus.BOUNDED, comparison.found, known.why
    if difference:
        status = DiffStatus.DIFFERENT
    elif comparison.doubtful and comparison.open:
        status, difference = DiffStatus.X_ONLY, comparison.doubtful
    elif not comparison.open and comparison.versions.compared:
        status = DiffStatus.PROVED
    if known.hidden:
        why = _why_hidden(comparison)
    bounded = status is DiffStatus.BOUNDED
    return DiffResult(
        old="",
        new="",
        top=comparison.versions.old.top,
        status=status,
        bound=min([known.bound, *known.hidden.values()]) if bounded else None,
        ports=tuple(_answers(comparison)),
        difference=difference,
        relations=dict(known.relations),
        why=why if bounded else "",
        notes=tuple(dict.fromkeys(comparison.notes)),
        seconds=comparison.budget.clock,
        stages=dict(comparison.stages),
        interrupted=comparison.interrupted,
        resumed=known.resumed,
    )


def _why_hidden(comparison: Comparison) -> str:
    hidden, boxes = comparison.known.hidden, comparison.versions.pairing.boxes
    if SHARED in hidden:
        what = "black boxes get different inputs" if boxes else "latches show different values"
        return f"{what} {hidden[SHARED]} cycles after the reset"
    rests = "what black boxes answer" if boxes else "start values or an X"
    return f"the solver finds a difference that rests on {rests}, and no simulator shows it"


def _answers(comparison: Comparison) -> Iterator[PortAnswer]:
    for port in comparison.versions.compared:
        method = comparison.known.proved.get(f"{DIFFERS}{port}", "")
        yield PortAnswer(port=port, proved=bool(method), method=method)
