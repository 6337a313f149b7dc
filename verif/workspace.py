"""Where tool output goes: ``sim_builds/`` and nowhere else."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

ENVIRONMENT = "POSEDGE_BUILDS"
_MARKERS = ("posedge.toml", "pyproject.toml", ".git")


@dataclass(frozen=True, slots=True)
class Workspace:
    """The directory for builds, runs and results of one repository."""

    root: Path

    @classmethod
    def locate(cls, start: Path | None = None) -> Workspace:
        """Find the workspace: $POSEDGE_BUILDS, else ``sim_builds`` at the root of the repository around ``start``.

        Outside of a repository it is ``sim_builds`` in the current directory.
        """
        if chosen := os.environ.get(ENVIRONMENT):
            return cls(Path(chosen).resolve())
        here = (start or Path.cwd()).resolve()
        for directory in (here, *here.parents):
            if any((directory / marker).exists() for marker in _MARKERS):
                return cls(directory / "sim_builds")
        return cls(Path.cwd() / "sim_builds")

    def bench(self, bench: Path) -> Path:
        """Return (and make) the directory that belongs to the bench at ``bench``."""
        path = bench.resolve()
        digest = sha256(str(path).encode()).hexdigest()[:8]
        directory = self.root / "benches" / f"{path.name}-{digest}"
        directory.mkdir(parents=True, exist_ok=True)
        return directory

    @property
    def builds(self) -> Path:
        """Compiled designs, one directory per content digest."""
        return self.root / "builds"

    @property
    def ledger(self) -> Path:
        """The productivity ledger's file."""
        return self.root / "metrics.sqlite"

    def save_result(self, bench: Path, verb: str, result: dict[str, Any]) -> Path:
        """Keep the newest ``--json`` result of ``verb`` on ``bench``, written in one step."""
        file = self.bench(bench) / f"{verb}.json"
        scratch = file.with_suffix(f".tmp{os.getpid()}")
        scratch.write_text(json.dumps(result, indent=1), encoding="utf-8")
        scratch.replace(file)
        return file

    def load_results(self, bench: Path) -> dict[str, dict[str, Any]]:
        """Return the newest result of every verb that ran on ``bench``, by verb."""
        return {
            file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted(self.bench(bench).glob("*.json"))
        }
