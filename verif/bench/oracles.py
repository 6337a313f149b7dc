"""What the oracle library gives to the renderer: a reference model and rules, as plain source text.

A *reference model* predicts: ``reset()`` and ``step(inputs) -> outputs`` (None for don't care), where ``inputs`` maps
input port to value (a clock's name maps to 1 where its active edge ends this tick) and the outputs are those sampled
in the same cycle. A *rule* observes: ``reset()`` and ``observe(inputs, outputs) -> str | None``, the message of a
broken requirement; an output is None where it is X or Z. Both are classes of modules under ``verif/bench/library``
that import
the standard library only, so that their text can be put into a bench as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from verif.plan.model import Driver
from verif.verdict import Oracle


@dataclass(frozen=True, kw_only=True, slots=True)
class Snippet:
    """A class to put into a bench, and the expression that makes one."""

    module: str
    """Library module that defines the class, for example ``verif.bench.library.models.fifo``."""
    class_name: str
    arguments: str
    """Argument list of the constructor as Python source, for example ``depth=16, width=8``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReferenceModel:
    """A predicting model of the whole design."""

    kind: str
    snippet: Snippet
    oracle: Oracle
    outputs: tuple[str, ...]
    """Ports that the model predicts."""
    requirements: tuple[str, ...]
    """Ids of the requirements that it checks."""
    evidence: tuple[str, ...] = ()
    """Why this model, and where its constants come from (``spec.md:12: polynomial 0x04C11DB7``)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A check over time on some ports."""

    id: str
    """Stable id, for example ``axis-valid-stable``."""
    title: str
    """The rule in one sentence, as told to a user whose design breaks it."""
    snippet: Snippet
    oracle: Oracle
    ports: tuple[str, ...]
    requirements: tuple[str, ...] = ()
    assume: str = ""
    """The one-line assumption (SVA) that would make the offending stimulus illegal, where there is one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OracleSet:
    """Everything that judges one design, beside RECORDED."""

    model: ReferenceModel | None
    rules: tuple[Rule, ...]
    drivers: tuple[Driver, ...]
    """Drivers that the oracles' kind asks for, in place of the planner's own for these ports."""
    notes: tuple[str, ...] = ()
    """What was not recognised or not modelled, a sentence each."""
