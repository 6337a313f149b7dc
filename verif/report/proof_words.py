"""What a proof says, in words: the same in ``posedge prove`` and in reports."""

from __future__ import annotations

from verif.report.text import count
from verif.verdict import PointStatus, ProofStatus


def answer(status: ProofStatus, bound: int | None, method: str) -> str:
    """Return what is known of a property; empty for a vacuous one, of which its condition tells all."""
    if status is ProofStatus.VACUOUS:
        return ""
    if status is ProofStatus.PROVED:
        return "no state breaks it" if method == "constant" else f"{method}, depth {bound}"
    if status is ProofStatus.FAILED:
        return f"broken {count(bound or 0, 'tick')} after the reset"
    if bound:
        return f"no run breaks it in {count(bound, 'tick')} after the reset"
    return "nothing is known"


def condition(status: PointStatus, bound: int | None, method: str) -> str:
    """Return whether a property's condition can be met."""
    if status is PointStatus.HIT and bound is None:
        return "simulation meets its condition"
    if status is PointStatus.HIT:
        return f"its condition is met {count(bound or 0, 'tick')} after the reset"
    if status is PointStatus.UNREACHABLE:
        return f"its condition can't be met ({method}, depth {bound})"
    if bound:
        return f"no run meets its condition in {count(bound, 'tick')}"
    return "whether its condition can be met is not known"
