"""Which requirement is exercised by which test point, as far as the wording tells."""

from __future__ import annotations

import re
from collections.abc import Sequence

from verif.plan.model import Requirement, Testpoint

_KEYWORDS = {
    "smoke": r"\breset\b|initial|power",
    "typical": r"",
    "corner_values": r"overflow|carry|borrow|zero|sign|maximum|minimum|compar|equal|width|wrap|saturat",
    "busy_then_idle": r"\bidle\b|hold|keeps|unchanged|stable|without a break|back.to.back",
    "fill_and_drain": r"\bfull\b|\bempty\b|\border\b|depth|level|count|lost|oldest",
    "overflow_and_underflow": r"overflow|underflow|ignored|while `?(full|empty)|changes nothing|\bdrop",
    "both_at_once": r"same (edge|cycle|time)|simultaneous|at once|\bboth\b|at the same",
    "back_pressure": r"back.?pressure|stall|\bready\b|\baccept|handshake|stable|order|lost",
    "full_throughput": r"throughput|every cycle|back.to.back|latency|without a (break|gap)",
    "held_controls": r"while|enable|disabled|\bhold",
    "every_selection": r"\bop\b|opcode|operation|select|mode|undefined|reserved|other values",
    "reset_in_operation": r"\breset\b|rst",
    "reset_under_load": r"\breset\b|rst",
    "steady_run": r"count|wrap|saturat|stays at|period|sequence|divid",
    "bus_accesses": r"read|write|register|address|response|access",
    "bus_errors": r"error|slverr|decerr|unmapped|misaligned|unaligned|strobe|byte",
    "all_request": r"grant|request|priority|starv|fair|round",
    "operations": r"start|done|busy|result|operand|latency|cycles",
    "line_errors": r"framing|parity|glitch|stop bit|break|noise|error",
    "free_run": r"",
}
_FALLBACK = ("long_random", "free_run")


def linked(points: Sequence[Testpoint], requirements: Sequence[Requirement]) -> tuple[Testpoint, ...]:
    """Return the points with the ids of the requirements whose words they meet; no requirement is left out."""
    meets = {point.id: [r.id for r in requirements if _meets(point.id, r)] for point in points}
    met = {id_ for ids in meets.values() for id_ in ids}
    rest = [requirement.id for requirement in requirements if requirement.id not in met]
    fallback = next((point.id for point in points if point.id in _FALLBACK), points[-1].id if points else "")
    return tuple(
        point.model_copy(update={"requirements": (*meets[point.id], *(rest if point.id == fallback else ()))})
        for point in points
    )


def _meets(point: str, requirement: Requirement) -> bool:
    pattern = _KEYWORDS.get(point, "")
    return bool(pattern) and re.search(pattern, requirement.text, re.IGNORECASE) is not None
