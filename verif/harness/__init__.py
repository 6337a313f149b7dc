"""The harness: one synthesizable top out of the design, transactors and monitors, compiled once."""

from __future__ import annotations

from verif.harness.assemble import assemble
from verif.harness.model import Field, FieldKind, Harness, Monitor, Observed

__all__ = ["Field", "FieldKind", "Harness", "Monitor", "Observed", "assemble"]
