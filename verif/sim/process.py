"""Programs in process groups of their own: started, timed, and ended as a whole."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

BUILD_TIMEOUT_SECONDS = 1800.0
"""How long a compiler may take."""

LOG_LIMIT = 256 * 2**20
"""Bytes of output after which a program is taken for a runaway and ended."""

_GLANCE_SECONDS = 1.0
"""How often a running program's log is looked at."""


_DYING_SECONDS = 2.0
"""How long a killed group may take to go."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """How a program ended."""

    returncode: int
    """Exit status; negative is the signal that ended it."""
    seconds: float
    timed_out: bool = False
    flooded: bool = False
    """True where it was ended because it wrote more than ``LOG_LIMIT`` bytes."""


class Stopped(KeyboardInterrupt):
    """The keeper was told to stop: no program is started any more."""


class Processes:
    """Keeps the programs that run now, so that an interrupt can end them all from another thread.

    A program and all its children share one process group. Whatever way ``run`` is left, the whole group is gone.
    """

    def __init__(self, *, log_limit: int = LOG_LIMIT) -> None:
        self._log_limit = log_limit
        self._running: set[int] = set()
        self._lock = threading.Lock()
        self._stopped = False

    def run(
        self,
        command: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        log: Path,
        timeout_seconds: float,
        glance: Callable[[], None] | None = None,
    ) -> Ended:
        """Run ``command`` to its end, its output appended to ``log``; OSError where it can't be started.

        ``glance`` is called every second or so meanwhile, and once at the end; what it raises ends the program.
        """
        start = time.monotonic()
        with log.open("ab") as output:
            process = self._start(command, cwd, env, output.fileno())
        reason = ""
        try:
            reason = self._wait(process, log, start + timeout_seconds, glance)
        finally:
            self._end(process)
        if glance:
            glance()
        return Ended(
            returncode=process.returncode,
            seconds=time.monotonic() - start,
            timed_out=reason == "time",
            flooded=reason == "flood",
        )

    def stop(self) -> None:
        """End every group that runs now and refuse new ones."""
        with self._lock:
            self._stopped = True
            groups = tuple(self._running)
        for group in groups:
            _kill(group)

    def _start(self, command: Sequence[str], cwd: Path, env: Mapping[str, str], output: int) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._stopped:
                raise Stopped
            process = subprocess.Popen(
                list(command),
                cwd=cwd,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            self._running.add(process.pid)
            return process

    def _wait(
        self, process: subprocess.Popen[bytes], log: Path, deadline: float, glance: Callable[[], None] | None
    ) -> str:
        """Wait for the end; return why it must be ended instead: ``time``, ``flood``, or nothing."""
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                return "time"
            if _ended_within(process, min(left, _GLANCE_SECONDS)):
                return ""
            if log.stat().st_size > self._log_limit:
                return "flood"
            if glance:
                glance()

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        _kill(process.pid)
        process.wait()
        _wait_for_group(process.pid)
        with self._lock:
            self._running.discard(process.pid)
        if self._stopped:
            raise Stopped


def _ended_within(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait without the 50 ms steps of ``Popen.wait`` where the system has process descriptors."""
    if not hasattr(os, "pidfd_open"):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=seconds)
        return process.returncode is not None
    descriptor = os.pidfd_open(process.pid)
    try:
        return readable(descriptor, seconds)
    finally:
        os.close(descriptor)


def readable(descriptor: int, seconds: float) -> bool:
    """Wait until something can be read from a descriptor of any number; ``select`` takes those below 1024 only."""
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    return bool(waiting.poll(max(0.0, seconds) * 1000))


def _wait_for_group(group: int) -> None:
    """Wait until a group that was killed is gone: the dying may take a moment, and zombies stay where no one reaps."""
    deadline = time.monotonic() + _DYING_SECONDS
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except (ProcessLookupError, PermissionError):
            return
        time.sleep(0.002)


def _kill(group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
