"""The nouns of an acceptance: its checks, the forced fails, the verdict on a draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from verif.bench.forced_fail import Toggling, Variant
from verif.bench.render import BenchSource
from verif.bench.stored import Stored
from verif.campaign.drafts.finding import Finding
from verif.verdict import Oracle, Outcome, Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One line of the acceptance."""

    name: str
    simulator: str
    verdict: Verdict
    message: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Caught:
    """What became of one forced fail."""

    variant: Variant
    simulator: str
    by: Oracle | None
    """The oracle that caught it; None where nothing did."""
    check: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Acceptance:
    """The verdict on a draft, with everything that it rests on."""

    outcome: Outcome
    reason: str
    """Why it is REJECTED or UNKNOWN; empty otherwise."""
    source: BenchSource
    """As accepted: with the GENERIC rules that the check found applicable."""
    recorded: Stored
    checks: tuple[Check, ...]
    forced: tuple[Caught, ...] = ()
    toggling: Toggling | None = None
    findings: tuple[Finding, ...] = ()
    bins: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Functional coverage of the runs on the first simulator."""
    bins_by_test: tuple[tuple[str, int, Mapping[str, Mapping[str, int]]], ...] = ()
    notes: tuple[str, ...] = ()
    compile_args: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Simulator to arguments that the bench needs at compile time."""


class Stop(Exception):
    """A draft can't be checked further; carries the outcome and the reason."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        self.outcome = outcome
        self.reason = reason
        super().__init__(reason)
