"""Answers of proofs kept in the workspace, so that an interrupted or repeated proof asks nothing twice."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from verif.harness.model import Harness
from verif.sim.content import sources_digest

FOLDER = "prove"
"""Folder of answers in a bench's folder of the workspace."""
_VERSION = 1
"""Changes where what is stored, or how it is found, does."""


def harness_digest(harness: Harness, *engine: str) -> str:
    """Return what an answer depends on: design, harness, reset, and what asks."""
    facts = (
        _VERSION,
        sources_digest(harness.design.sources),
        sorted(harness.files.items()),
        harness.schedule,
        harness.reset_ticks,
        engine,
    )
    return sha256(repr(facts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ProofStore:
    """Answers about one harness by one solver, one file a property."""

    folder: Path
    digest: str

    def load(self, name: str) -> Mapping[str, Any] | None:
        """Return the answer about ``name``; None where there is none that can be read."""
        try:
            found: Mapping[str, Any] = json.loads(self._file(name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return found

    def save(self, name: str, answer: Mapping[str, Any]) -> None:
        """Keep an answer, written in one step."""
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self._file(name)
        scratch = file.with_suffix(f".tmp{os.getpid()}")
        scratch.write_text(json.dumps(answer), encoding="utf-8")
        scratch.replace(file)

    def _file(self, name: str) -> Path:
        return self.folder / f"{sha256(f'{self.digest} {name}'.encode()).hexdigest()[:16]}.json"
