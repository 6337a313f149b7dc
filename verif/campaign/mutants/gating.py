"""The gate of a campaign: with no mutant chosen its builds do what the design does. Else nothing counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from verif.mutation.gate import Gate

SECONDS = 60.0
"""For the proofs, at most."""
_LEAST_SECONDS = 20.0
_SHARE = 0.2
"""Of the budget."""


def proof_seconds(budget: float | None) -> float:
    """Return the time for the proofs of a campaign with a budget of so many seconds; None: with one of work."""
    return SECONDS if budget is None else min(SECONDS, max(_LEAST_SECONDS, _SHARE * budget))


def gate_sentence(gates: Sequence[Gate]) -> str:
    """Tell in a sentence what is known of the builds with no mutant chosen; empty where there is none."""
    if not gates:
        return ""
    total = len(gates)
    builds = "the common build is" if total == 1 else f"the {total} common builds are"
    unproven = [gate for gate in gates if not gate.proved]
    if not unproven:
        methods = " and ".join(sorted({gate.method for gate in gates}))
        return f"gate: with no mutant chosen {builds} the design, proved by {methods}"
    which = "" if len(unproven) == total else f" for {len(unproven)} of them"
    bound = min(gate.bound for gate in unproven)
    within = f"a solver finds no difference within {bound} ticks, and " if bound else ""
    cycles = min(gate.cycles for gate in unproven)
    shown = f"{within}{cycles:,} simulated cycles show {'none' if bound else 'no difference'}"
    return f"gate: that with no mutant chosen {builds} the design is not proved{which}: {shown}"


def gate_json(gates: Sequence[Gate]) -> dict[str, Any]:
    """Return ``gate`` of the ``--json`` object."""
    return {
        "sentence": gate_sentence(gates),
        "builds": len(gates),
        "proved": sum(gate.proved for gate in gates),
        "methods": sorted({gate.method for gate in gates if gate.proved}),
        "bound": min((gate.bound for gate in gates if not gate.proved), default=None),
        "cycles": min((gate.cycles for gate in gates if not gate.proved), default=None),
    }
