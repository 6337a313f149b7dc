"""Run the command line as a user does: in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The object that ``--json`` printed."""
        loaded: dict[str, Any] = json.loads(self.out)
        return loaded


@dataclass(frozen=True, slots=True)
class Command:
    """``posedge``, called in ``cwd``."""

    cwd: Path

    def __call__(self, *arguments: str | Path, env: dict[str, str] | None = None, timeout: float = 300) -> Answer:
        """Run ``posedge ARGUMENTS``; no traceback may ever be seen."""
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        done = subprocess.run(
            [sys.executable, "-m", "verif.cli.main", *map(str, arguments)],
            cwd=self.cwd,
            env={**os.environ, "PYTHONPATH": path, "NO_COLOR": "1", **(env or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        assert "Traceback (most recent call last)" not in done.stderr, done.stderr
        return Answer(done.returncode, done.stdout, done.stderr)
