"""Jobs of ``smt_worker`` in a process that can be killed: what it tells comes as it comes."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from verif.formal.smt_worker import Job
from verif.sim.process import Processes

MEMORY_LIMIT = 4 * 2**30
"""Bytes that a solver may take unless told otherwise."""


def run_job(
    job: Job, folder: Path, *, seconds: float, processes: Processes, heard: Callable[[dict[str, Any]], None]
) -> str:
    """Do a job, at most for so long; ``heard`` gets each thing that the worker tells, within about a second.

    Return why it is not complete in a sentence, empty where it is. What ``heard`` raises ends the worker.
    """
    file, log = folder / f"{job.kind}.json", folder / f"{job.kind}.log"
    file.write_text(json.dumps(asdict(job), default=list), encoding="utf-8")
    log.unlink(missing_ok=True)
    told = _Told(log, heard)
    root = Path(__file__).resolve().parents[2]
    code = f"import sys; sys.path.insert(0, {str(root)!r}); from verif.formal.smt_worker import main; main(sys.argv[1])"
    started = time.monotonic()
    ended = processes.run(
        (sys.executable, "-c", code, str(file)),
        cwd=folder,
        env=os.environ,
        log=log,
        timeout_seconds=seconds,
        glance=told.read,
    )
    if told.done:
        return ""
    if ended.timed_out:
        return "the time ran out"
    if told.died:
        return told.died
    how = f"was ended by signal {-ended.returncode}" if ended.returncode < 0 else f"ended with code {ended.returncode}"
    return f"the process that asks the solver {how} after {time.monotonic() - started:.0f} s"


class _Told:
    """Reads a log that grows."""

    def __init__(self, log: Path, heard: Callable[[dict[str, Any]], None]) -> None:
        self._log = log
        self._heard = heard
        self._place = 0
        self.done = False
        self.died = ""

    def read(self) -> None:
        """Pass on what is new."""
        with self._log.open("rb") as file:
            file.seek(self._place)
            for line in file:
                if not line.endswith(b"\n"):
                    break
                self._place += len(line)
                if line.startswith(b"{"):
                    self._take(json.loads(line))

    def _take(self, what: dict[str, Any]) -> None:
        self.done |= "done" in what
        self.died = str(what.get("died", self.died))
        self._heard(what)
