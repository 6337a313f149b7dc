"""What a recogniser proposes, and helpers that build it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from verif.bench.library.subject import Hit, Subject
from verif.bench.oracles import ReferenceModel, Rule, Snippet
from verif.plan.model import Requirement
from verif.verdict import Oracle

_LIBRARY = "verif.bench.library"

_STRUCTURAL = re.compile(
    r"synthesi[sz]|\blatch|metastab|flip-?flop|combinational (?:path|loop)|clock (?:frequency|gating)|\bMHz\b"
    r"|lint|coding style|\bat most [\d,]+ (?:gates|LUTs|registers)",
    re.IGNORECASE,
)
"""Statements about structure or implementation, which no check on port values compares."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """The oracles that one recogniser proposes for a design."""

    model: ReferenceModel | None = None
    rules: tuple[Rule, ...] = ()
    notes: tuple[str, ...] = ()


def snippet(module: str, class_name: str, arguments: Mapping[str, object]) -> Snippet:
    """Return the snippet of ``class_name`` in ``models.x`` or ``rules.x``, its arguments as Python source."""
    source = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
    return Snippet(module=f"{_LIBRARY}.{module}", class_name=class_name, arguments=source)


def reference(
    kind: str,
    class_name: str,
    arguments: Mapping[str, object],
    *,
    module: str = "",
    outputs: Iterable[str],
    requirements: Iterable[str],
    evidence: Iterable[str],
) -> ReferenceModel:
    """Return the SPEC model ``class_name`` of ``models.<module or kind>``."""
    return ReferenceModel(
        kind=kind,
        snippet=snippet(f"models.{module or kind}", class_name, arguments),
        oracle=Oracle.SPEC,
        outputs=tuple(outputs),
        requirements=tuple(requirements),
        evidence=tuple(evidence),
    )


def told(*hits: Hit | None) -> list[str]:
    """Return the evidence lines of ``hits``: where, and what was read there."""
    return [f"{hit.where}: {hit.match[0]}" for hit in hits if hit]


def checked(subject: Subject, outputs: Iterable[str], *aspects: str, unread: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the ids of the requirements that a prediction of ``outputs`` compares.

    A requirement counts where its text matches one of the ``aspects`` (regular expressions, any case), names no
    output of the design beyond ``outputs`` and none of the words ``unread``, and isn't about structure.
    """
    hidden = (set(subject.outputs) - set(outputs)) | set(unread)
    return tuple(r.id for r in subject.requirements if _compares(r, hidden, aspects))


def _compares(requirement: Requirement, hidden: set[str], aspects: Iterable[str]) -> bool:
    text = requirement.text
    if _STRUCTURAL.search(text) or hidden & set(re.findall(r"\w+", text)):
        return False
    return any(re.search(aspect, text, re.IGNORECASE) for aspect in aspects)
