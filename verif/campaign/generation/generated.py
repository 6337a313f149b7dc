"""What ``generate`` made: the outcome, the file that is written, the result and the costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verif.campaign.generation.generation import Attempt, RtlOutcome
from verif.campaign.generation.judge import Judge
from verif.campaign.ledger import Ledger, LedgerEntry
from verif.errors import InputError
from verif.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Generated:
    """All drafts of one call, judged."""

    top: str
    outcome: RtlOutcome
    attempts: tuple[Attempt, ...]
    """Different drafts only; judging stops at the first that passes everything."""
    drafts: int
    """Answers of the model, equal and unfinished ones included."""
    judge: Judge
    """What the drafts were compared with; without origin where there was nothing."""
    model: str
    seed: int
    specification: str
    """The specification's file name."""
    prompt_digest: str
    prompt_tokens: int
    completion_tokens: int
    repairs: int = 0
    """Rounds in which the model saw what was found."""
    seconds: float = 0.0

    @property
    def best(self) -> Attempt | None:
        """The draft that came furthest, the shortest of equals."""
        return max(self.attempts, key=lambda attempt: (attempt.rank, -len(attempt.text)), default=None)

    def payload(self, written: Path | None) -> dict[str, Any]:
        """Return the ``--json`` object's keys."""
        best = self.best
        return {
            "top": self.top,
            "outcome": self.outcome.value,
            "accepted": self.outcome is RtlOutcome.ACCEPTED,
            "file": str(written) if written else None,
            "drafts": self.drafts,
            "attempts": [_attempt(attempt) for attempt in self.attempts],
            "lint": best.lint.value if best else None,
            "sim": best.sim.value if best else None,
            "judge": {
                "origin": self.judge.origin or None,
                "cycles": len(self.judge.stimulus),
                "exhaustive": self.judge.exhaustive,
                "variants_rejected": self.judge.variants.count,
                "variants": self.judge.variants.total,
                "survivors": list(self.judge.survivors),
                "doubts": list(self.judge.doubts) if self.judge.origin else [],
            },
            "model": self.model,
            "seed": self.seed,
            "prompt_digest": self.prompt_digest,
            "repairs": self.repairs,
            "tokens": {"prompt": self.prompt_tokens, "completion": self.completion_tokens},
            "seconds": round(self.seconds, 3),
        }


def findings(attempts: Sequence[Attempt]) -> list[str]:
    """Return what was found most often, a sentence each with its count."""
    counted = Counter(_kind(attempt) for attempt in attempts if attempt.finding)
    return [f"{count} {kind}" for kind, count in counted.most_common()]


def write(made: Generated, file: Path) -> Path | None:
    """Write the best draft: to ``file`` where it is accepted, else beside it as ``.unjudged`` or ``.rejected``."""
    if made.best is None:
        return None
    place = file
    if made.outcome is not RtlOutcome.ACCEPTED:
        place = file.with_suffix(f".{made.outcome.value.lower()}{file.suffix or '.sv'}")
    scratch = place.with_name(f".{place.name}.tmp")
    try:
        scratch.write_text(_banner(made) + made.best.text, encoding="utf-8")
        scratch.replace(place)
    except OSError as error:
        raise InputError(
            "PE528", f"can't write it: {error.strerror}", where=str(place), hint="name another file with --out"
        ) from error
    return place


def record(made: Generated, written: Path | None, workspace: Workspace) -> None:
    """Enter the costs into the ledger."""
    lines = len(made.best.text.splitlines()) if made.best and made.outcome is RtlOutcome.ACCEPTED else 0
    Ledger(workspace.ledger).record(
        LedgerEntry(
            bench=str(written or made.top),
            verb="generate",
            seconds=made.seconds,
            prompt_tokens=made.prompt_tokens,
            completion_tokens=made.completion_tokens,
            lines=lines,
            model=made.model,
            outcome=made.outcome.value,
        )
    )


def _banner(made: Generated) -> str:
    """Return the comment at the head of the file: who wrote it, from what, and what that is worth."""
    judged = {
        RtlOutcome.ACCEPTED: f"does what the {made.judge.origin} does in {len(made.judge.stimulus)} cycles",
        RtlOutcome.UNJUDGED: "compiles; nothing has judged what it does",
        RtlOutcome.REJECTED: f"REJECTED: {made.best.finding if made.best else ''}",
    }[made.outcome]
    return (
        f"// Drafted by posedge from {made.specification} with the model {made.model}, seed {made.seed}, prompt "
        f"{made.prompt_digest}.\n// {judged}\n\n"
    )


def _attempt(attempt: Attempt) -> dict[str, str]:
    return {
        "lint": attempt.lint.value,
        "icarus": attempt.icarus.value,
        "verilator": attempt.verilator.value,
        "sim": attempt.sim.value,
        "finding": attempt.finding,
        "text": attempt.text,
    }


def _kind(attempt: Attempt) -> str:
    if attempt.lint.value != "PASS":
        return "not legal"
    if attempt.icarus.value != "PASS":
        return "not taken by Icarus"
    return "do something else"
