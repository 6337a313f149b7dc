"""Running a bench's own files to learn what they would simulate."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from verif.errors import ToolError

TIMEOUT_SECONDS = 300


def run_to_read(command: Sequence[str], file: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run ``command`` in the folder of ``file``; ToolError PE447 where it doesn't end."""
    try:
        return subprocess.run(
            list(command),
            cwd=file.parent,
            env=dict(env),
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            stdin=subprocess.DEVNULL,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ToolError(
            "PE447",
            f"reading this bench took more than {TIMEOUT_SECONDS} s",
            where=str(file),
            hint="see what it does when it is loaded, or name its Makefile in place of its Python file or the reverse",
        ) from error
