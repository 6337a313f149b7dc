"""A failing check on the given RTL: from the first sight to a shrunk, replayed regression."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verif.bench.render import BenchSource, model_check_id
from verif.bench.stored import Stored
from verif.bench.traces import Cycle
from verif.campaign.drafts.trial import Ran, Trial, points_of
from verif.sim.seam import Build, Simulator
from verif.verdict import Oracle, Verdict

SHRINK_CYCLES = 120_000
"""Simulated cycles that shrinking one finding may cost: about ten seconds."""
OTHER_SEEDS = 24
"""Seeds that are tried for an earlier failure."""
_FREE = {"Values", "Bits", "Pulses", "Selection", "AddressLines", "FifoPush", "FifoPop"}
"""Driver kinds that keep no protocol from cycle to cycle: their rows may be taken out and zeroed."""
_PAYLOAD = {"StreamSource": ("data",), "Operation": ("operands",)}
_FAILURE = re.compile(r"(SPEC|PROTOCOL|GENERIC|RECORDED) ([\w-]+): cycle (\d+): (.*)", re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckFailure:
    """A check that failed in one test of one run."""

    test: str
    simulator: str
    seed: int
    oracle: Oracle
    check: str
    cycle: int
    detail: str
    message: str
    """The whole text of the failure."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """A SPEC or PROTOCOL check that the given RTL breaks."""

    failure: CheckFailure
    title: str
    """The rule in a sentence."""
    requirements: tuple[str, ...]
    assume: str
    """The assumption that would make the stimulus illegal; empty where there is none."""
    regression: Stored
    cycles_before: int
    """Length of the failing stimulus before shrinking."""
    replayed: Mapping[str, Verdict]
    """Simulator to what the regression's replay gave: FAIL where the same check failed again."""
    trace: Path | None = None
    """JSON lines of the replay's cycles."""

    @property
    def file(self) -> str:
        """The regression's path in the bench."""
        return f"regressions/{self.regression.id}.json"


def read_failure(test: str, simulator: str, seed: int, message: str) -> CheckFailure | None:
    """Return the failed check that an assertion's text tells; None where it is no check of ours."""
    match = _FAILURE.search(message)
    if match is None:
        return None
    return CheckFailure(
        test=test,
        simulator=simulator,
        seed=seed,
        oracle=Oracle(match[1]),
        check=match[2],
        cycle=int(match[3]),
        detail=match[4].strip(),
        message=match[0].strip(),
    )


def check_failures(ran: Ran, simulator: str, seed: int) -> tuple[list[CheckFailure], list[str]]:
    """Return the failed checks of a run, and the failures that are no check's: errors of the bench."""
    checks: list[CheckFailure] = []
    errors: list[str] = []
    for test in ran.outcome.tests:
        if test.verdict is Verdict.PASS:
            continue
        failure = read_failure(test.name, simulator, seed, test.message) if test.verdict is Verdict.FAIL else None
        if failure:
            checks.append(failure)
        else:
            errors.append(f"{test.name}: {test.message}")
    return checks, errors


def shrink(
    trial: Trial, simulator: Simulator, build: Build, failure: CheckFailure, cycles: Sequence[Cycle]
) -> tuple[Stored, bool]:
    """Return the smallest stimulus found that fails the same check, and whether it failed again in a fresh process.

    ``cycles`` is the failing test's trace up to the failure.
    """
    design, plan = trial.source.design, trial.source.plan
    inputs = (*(reset.name for reset in design.resets), *(port.name for port in design.data_inputs))
    rows = [[cycle.inputs[name] for name in inputs] for cycle in cycles[: failure.cycle + 1]]
    work = {
        "check": f"{failure.oracle} {failure.check}",
        "inputs": inputs,
        "resets": {reset.name: int(reset.active_high) for reset in design.resets},
        "rows": rows,
        "budget": SHRINK_CYCLES,
        "free": {driver.kind for driver in plan.drivers} <= _FREE,
        "columns": _zeroable(trial.source),
        "points": points_of(plan),
        "seeds": [failure.seed + 1 + number for number in range(OTHER_SEEDS)],
    }
    ran = trial.job(simulator, build, f"shrink-{failure.check}", {"shrink": work}, seed=failure.seed, trace=False)
    found: Mapping[str, Any] = ran.result or {"reproduced": False, "rows": rows, "message": ""}
    return _stored(trial.source, failure, inputs, found), bool(found["reproduced"])


def explain(source: BenchSource, failure: CheckFailure) -> tuple[str, tuple[str, ...], str]:
    """Return the broken rule's title, its requirements and its assumption."""
    for rule in source.oracles.rules:
        if rule.id == failure.check:
            return rule.title, rule.requirements, rule.assume
    model = source.oracles.model
    if model and model_check_id(model) == failure.check:
        return f"The outputs are those of the reference model ({model.kind}).", model.requirements, ""
    return "", (), ""


def _zeroable(source: BenchSource) -> list[str]:
    """Return the input ports whose values may become 0 without breaking a protocol."""
    names: list[str] = []
    for driver in source.plan.drivers:
        if driver.kind in _FREE:
            names += driver.ports.values()
        else:
            names += [port for signal, port in driver.ports.items() if signal in _PAYLOAD.get(driver.kind, ())]
    inputs = {port.name for port in source.design.data_inputs}
    return [name for name in dict.fromkeys(names) if name in inputs]


def _stored(source: BenchSource, failure: CheckFailure, inputs: tuple[str, ...], found: Mapping[str, Any]) -> Stored:
    title, requirements, _ = explain(source, failure)
    facts = {
        "oracle": failure.oracle.value,
        "check": failure.check,
        "rule": title,
        "requirements": list(requirements),
        "message": found["message"] or failure.message,
        "seed": failure.seed,
        "clocks": [{"name": c.name, "edge": c.edge.value, "ratio": c.ratio} for c in source.design.clocks],
        "verdict_expected": "PASS",
    }
    rows = tuple(tuple(row) for row in found["rows"])
    return Stored(id=failure.check, inputs=inputs, rows=rows, facts=facts)
