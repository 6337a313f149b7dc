"""The ``--json`` object of a draft; ``verif.report.results`` reads it."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

from verif.bench.render import model_check_id
from verif.campaign.drafts.contest import Contest
from verif.campaign.drafts.drafting import Draft
from verif.campaign.drafts.finding import Finding
from verif.verdict import Oracle


def draft_payload(draft: Draft, *, seconds: float) -> dict[str, Any]:
    """Return the result of ``draft``; only ``seconds`` and the checks' times differ between equal drafts."""
    acceptance, request = draft.acceptance, draft.request
    return {
        "bench": str(request.directory),
        "dut": acceptance.source.name,
        "outcome": acceptance.outcome.value,
        "accepted": acceptance.outcome.accepted,
        "reason": acceptance.reason,
        "checks": [
            {
                "name": check.name,
                "simulator": check.simulator,
                "verdict": check.verdict.value,
                "message": check.message,
                "seconds": round(check.seconds, 3),
            }
            for check in acceptance.checks
        ],
        "oracles": _oracles(draft),
        "requirements": _requirements(draft),
        "forced_fail": _forced_fails(draft),
        "findings": [_finding(finding, request.directory) for finding in acceptance.findings],
        "model": request.model,
        "contest": _contest(draft.contest) if draft.contest else None,
        "coverage": {
            "functional": acceptance.bins,
            "by_test": [{"test": test, "seed": seed, "bins": bins} for test, seed, bins in acceptance.bins_by_test],
        },
        "tokens": {"prompt": request.prompt_tokens, "completion": request.completion_tokens},
        "notes": list(all_notes(draft)),
        "edited": list(draft.edited),
        "lines": draft.lines,
        "files": sorted(draft.files),
        "seed": request.seed,
        "plan_digest": draft.provenance.plan_digest,
        "prompt_digest": draft.provenance.prompt_digest,
        "sources_digest": draft.provenance.sources_digest,
        "spec_digest": draft.provenance.spec_digest,
        "tools": draft.provenance.tools,
        "seconds": round(seconds, 3),
    }


def all_notes(draft: Draft) -> tuple[str, ...]:
    """Return what is to be told beside the verdicts, in order."""
    request = draft.request
    return (*request.design.notes, *request.notes, *request.oracles.notes, *draft.acceptance.notes, *draft.notes)


def _oracles(draft: Draft) -> list[dict[str, Any]]:
    oracles = draft.acceptance.source.oracles
    entries: list[dict[str, Any]] = []
    if oracles.model:
        entries.append(
            {
                "id": model_check_id(oracles.model),
                "oracle": oracles.model.oracle.value,
                "title": f"Reference model of kind {oracles.model.kind}",
                "ports": list(oracles.model.outputs),
                "requirements": list(oracles.model.requirements),
                "evidence": list(oracles.model.evidence),
                "assume": "",
            }
        )
    entries += [
        {
            "id": rule.id,
            "oracle": rule.oracle.value,
            "title": rule.title,
            "ports": list(rule.ports),
            "requirements": list(rule.requirements),
            "evidence": [],
            "assume": rule.assume,
        }
        for rule in oracles.rules
    ]
    recorded = draft.acceptance.recorded
    entries.append(
        {
            "id": "recorded",
            "oracle": Oracle.RECORDED.value,
            "title": f"Outputs of this RTL over {len(recorded.rows)} cycles: catches regressions, proves nothing",
            "ports": list(recorded.outputs),
            "requirements": [],
            "evidence": [],
            "assume": "",
        }
    )
    return entries


def _requirements(draft: Draft) -> dict[str, Any]:
    ratio = draft.requirements
    items = [
        {"id": c.requirement.id, "text": c.requirement.text, "checked": bool(c.by), "by": list(c.by)}
        for c in draft.requirement_checks
    ]
    return {"checked": ratio.count, "total": ratio.total, "items": items}


def _forced_fails(draft: Draft) -> dict[str, Any]:
    acceptance, ratio = draft.acceptance, draft.forced_fails
    toggling = acceptance.toggling
    return {
        "caught": ratio.count,
        "total": ratio.total,
        "by_oracle": {oracle.value: sum(1 for e in acceptance.forced if e.by is oracle) for oracle in Oracle},
        "toggled_bits": toggling.toggled if toggling else 0,
        "output_bits": toggling.total if toggling else 0,
        "never_toggled": list(toggling.never) if toggling else [],
        "variants": [
            {
                "name": entry.variant.name,
                "simulator": entry.simulator,
                "caught": entry.by is not None,
                "by": f"{entry.by} {entry.check}" if entry.by else "",
            }
            for entry in acceptance.forced
        ],
    }


def _finding(finding: Finding, directory: Path) -> dict[str, Any]:
    failure = finding.failure
    return {
        "test": f"test_regressions/file={finding.regression.id}",
        "found_by": failure.test,
        "simulator": failure.simulator,
        "seed": failure.seed,
        "verdict": "FAIL",
        "message": str((finding.regression.facts or {})["message"]),
        "oracle": failure.oracle.value,
        "check": failure.check,
        "rule": finding.title,
        "requirements": list(finding.requirements),
        "assume": finding.assume,
        "cycles": len(finding.regression.rows),
        "cycles_before_shrinking": finding.cycles_before,
        "regression": str(directory / finding.file),
        "replayed": {name: verdict.value for name, verdict in finding.replayed.items()},
        "replay": replay_command(finding, directory),
        "trace": str(finding.trace) if finding.trace else "",
    }


def replay_command(finding: Finding, directory: Path) -> str:
    """Return the command that shows the finding again."""
    return f"posedge replay {shlex.quote(f'{directory}:{finding.regression.id}')}"


def _contest(contest: Contest) -> dict[str, Any]:
    return {
        "measure": "functional bins hit",
        "sentence": contest.sentence,
        "contenders": [
            {
                "name": c.name,
                "origin": c.origin,
                "points": c.points,
                "hit": c.hit,
                "total": c.total,
                "new": c.new,
                "cycles": c.cycles,
            }
            for c in contest.contenders
        ],
    }
