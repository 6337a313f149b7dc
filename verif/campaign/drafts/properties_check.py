"""Judge the properties that ship with a draft: whether they compile beside the design, and whether it keeps them."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from verif.campaign.drafts.acceptance_result import Acceptance, Check
from verif.errors import ToolError, Unsupported
from verif.harness.model import Harness, Monitor
from verif.plan.model import Testplan
from verif.search.stimulus import StimulusMaker
from verif.sim.batch import Batch, build_batch
from verif.verdict import Outcome, Verdict
from verif.workspace import Workspace

NAME = "properties"
SIMULATOR = "verilator"
BLOCKS = 4
"""Of the plan's stimulus: half a million cycles and more."""


def with_properties(acceptance: Acceptance, harness: Harness | None, *, seed: int, workspace: Workspace) -> Acceptance:
    """Return the acceptance with a check of the properties that ``harness`` judges; as it is where there are none.

    A property that the design breaks makes a finding of a clean draft, as any other check does.
    """
    judged = {} if harness is None else {n: m for n, m in enumerate(harness.monitors) if m.place and m.judges}
    if harness is None or not judged or not acceptance.outcome.accepted:
        return acceptance
    check = _check(harness, acceptance.source.plan, judged, seed=seed, workspace=workspace)
    checked = replace(acceptance, checks=(*acceptance.checks, check))
    if check.verdict is not Verdict.FAIL:
        return checked
    reason = f"{check.message}; 'posedge search' shrinks and replays it"
    return replace(checked, outcome=Outcome.FINDING, reason="; ".join(filter(None, (acceptance.reason, reason))))


def _check(harness: Harness, plan: Testplan, judged: dict[int, Monitor], *, seed: int, workspace: Workspace) -> Check:
    """Return what became of the properties under the plan's stimulus, each lane on a model of its own."""
    started = time.monotonic()
    check = Check(name=NAME, simulator=SIMULATOR, verdict=Verdict.PASS)
    maker = StimulusMaker(harness, plan, seed=seed)
    first: dict[int, int] = {}
    try:
        with Batch(build_batch(harness, workspace=workspace)) as batch:
            for number in range(BLOCKS):
                answer = batch.lanes(maker.block(number).stimulus, fresh=True)
                fails = np.where(answer.first_fail < 0, np.iinfo(np.int32).max, answer.first_fail).min(axis=0)
                first |= {n: int(fails[n]) for n in judged if answer.first_fail[:, n].max() >= 0 and n not in first}
                if answer.fault:
                    return replace(check, verdict=answer.fault.verdict, message=answer.fault.sentence)
    except (Unsupported, ToolError) as error:
        return replace(check, verdict=Verdict.UNSUPPORTED, message=error.sentence)
    told = [
        f"{judged[n].oracle} {judged[n].id} ({judged[n].place}) fails in cycle {cycle}" for n, cycle in first.items()
    ]
    return replace(
        check,
        verdict=Verdict.FAIL if told else Verdict.PASS,
        message="; ".join(told),
        seconds=time.monotonic() - started,
    )
