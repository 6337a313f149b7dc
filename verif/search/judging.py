"""Judge observed traces with a bench's own model and rules, in a process that can be killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import numpy as np
import numpy.typing as npt

from verif.design.model import Direction
from verif.harness.model import Harness
from verif.search.judge_worker import IN_RESET, JUDGE, RESTART
from verif.sim.process import readable
from verif.verdict import Oracle, Verdict

SECONDS = 60.0
"""Limit of one answer, unless told."""

Observed = npt.NDArray[np.uint32]
"""[lanes, ticks, words]: the layout of ``Harness.observed``."""


class JudgeBroke(Exception):
    """The bench's model or a rule of it raised an error, crashed or did not end: its verdict and one sentence."""

    def __init__(self, verdict: Verdict, sentence: str) -> None:
        self.verdict = verdict
        self.sentence = sentence
        super().__init__(sentence)


@dataclass(frozen=True, kw_only=True, slots=True)
class BenchCheck:
    """A model or a rule of a bench."""

    id: str
    oracle: Oracle
    requirements: tuple[str, ...]
    is_model: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """What came of some lanes."""

    first_fail: Mapping[str, npt.NDArray[np.int32]]
    """Check to the first cycle in which each lane fails it, -1 where it doesn't."""
    messages: Mapping[tuple[str, int], str]
    """What was wrong there, by check and lane."""
    cycles: int
    """Judged cycles; a lane ends with its last check."""
    seconds: float


class TraceJudge:
    """A bench's ``<dut>_model.py`` in a process of its own; a context manager.

    ``module`` is the Python module's name, to be found in ``python_path``. JudgeBroke where the bench's code breaks;
    the next call starts a new process.
    """

    def __init__(self, harness: Harness, module: str, python_path: Sequence[Path], *, seconds: float = SECONDS) -> None:
        self.harness = harness
        self.seconds = seconds
        self._setup = {"module": module, "python_path": [str(path) for path in python_path], **_layout(harness)}
        self._process: subprocess.Popen[bytes] | None = None
        self._rest = b""
        self._resets = _reset_columns(harness)
        self.checks = self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
                if stream is not None:
                    stream.close()
            self._process = None

    def judge(
        self, observed: Observed, checks: Sequence[str], lengths: npt.NDArray[np.integer[Any]] | None = None
    ) -> Judged:
        """Judge lanes that start right after a reset; ``lengths`` tells how many rows of each count."""
        if self._process is None:
            self._start()
        lanes, ticks, _ = observed.shape
        counted = [ticks] * lanes if lengths is None else [int(length) for length in lengths]
        apart, held = self.harness.design.resets_apart, self.harness.reset_ticks
        content = actions(observed, self._resets, held, apart=apart).tobytes() + observed.tobytes()
        head = {"lanes": lanes, "ticks": ticks, "lengths": counted, "checks": list(checks), "bytes": len(content)}
        answer = self._ask(json.dumps(head).encode() + b"\n", content)
        first = {check: np.full(lanes, -1, np.int32) for check in checks}
        messages: dict[tuple[str, int], str] = {}
        for lane, check, cycle, message in answer["failures"]:
            first[check][lane] = cycle
            messages[check, lane] = message
        return Judged(first_fail=first, messages=messages, cycles=answer["cycles"], seconds=answer["seconds"])

    def _start(self) -> tuple[BenchCheck, ...]:
        root = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH", ""))))
        self._rest = b""
        self._process = subprocess.Popen(
            (sys.executable, "-m", "verif.search.judge_worker"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
            start_new_session=True,  # an interrupt from the keyboard is for the search, which ends this process
        )
        answer = self._ask(json.dumps(self._setup).encode() + b"\n")
        return tuple(
            BenchCheck(
                id=check["id"],
                oracle=Oracle(check["oracle"]),
                requirements=tuple(check["requirements"]),
                is_model=check["model"],
            )
            for check in answer["checks"]
        )

    def _ask(self, *parts: bytes) -> Any:
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            for part in parts:
                process.stdin.write(part)
            process.stdin.flush()
            line = self._line(process.stdout)
        except (BrokenPipeError, EOFError):
            code = process.wait()
            self.close()
            raise JudgeBroke(Verdict.ERROR, f"the bench's model ended its process with code {code}") from None
        except TimeoutError:
            self.close()
            raise JudgeBroke(
                Verdict.TIMEOUT, f"the bench's model did not answer within {self.seconds:g} s and was stopped"
            ) from None
        answer = json.loads(line)
        if "error" in answer:
            self.close()
            raise JudgeBroke(Verdict.ERROR, f"the bench's model raised an error: {answer['error']}")
        return answer

    def _line(self, stream: IO[bytes]) -> bytes:
        """Read a line, or raise TimeoutError."""
        deadline = time.monotonic() + self.seconds
        parts = [self._rest]
        while b"\n" not in parts[-1]:
            if not readable(stream.fileno(), deadline - time.monotonic()):
                raise TimeoutError
            part = os.read(stream.fileno(), 1 << 16)
            if not part:
                raise EOFError
            parts.append(part)
        line, _, self._rest = b"".join(parts).partition(b"\n")
        return line


def _layout(harness: Harness) -> dict[str, Any]:
    """Return where ports lie in a row, for the worker."""
    columns: dict[Direction, list[tuple[str, int, int]]] = {Direction.INPUT: [], Direction.OUTPUT: []}
    start = 0
    for entry in harness.observed:
        if entry.direction in columns:
            columns[entry.direction].append((entry.port, start, entry.words))
        start += entry.words
    schedule = list(harness.schedule)
    return {
        "inputs": columns[Direction.INPUT],
        "outputs": columns[Direction.OUTPUT],
        "clocks": [clock.name for clock in harness.clocks],
        "schedule": schedule,
        "first": harness.reset_ticks % len(schedule) if schedule else 0,
        "width": start,
    }


def _reset_columns(harness: Harness) -> tuple[tuple[int, int], ...]:
    """Return the column of each reset in a row and its active level."""
    levels = {reset.name: int(reset.active_high) for reset in harness.resets}
    found: list[tuple[int, int]] = []
    start = 0
    for entry in harness.observed:
        if entry.port in levels:
            found.append((start, levels[entry.port]))
        start += entry.words
    return tuple(found)


def actions(
    observed: Observed, resets: Sequence[tuple[int, int]], reset_ticks: int, *, apart: bool = False
) -> npt.NDArray[np.uint8]:
    """Return what each cycle asks of the judges, [lanes, ticks]; ``resets`` are columns and active levels.

    As in the benches: in the first cycles of a reset everything starts afresh, from its last cycle on the model tells
    what the outputs are in reset, and rules say nothing. Where sides are reset ``apart``, a reset is one of all sides,
    and after one of some of them all judges wait for it.
    """
    lanes, ticks, _ = observed.shape
    sides = np.array([observed[:, :, column] == level for column, level in resets], np.bool_)
    codes = np.full((lanes, ticks), JUDGE, np.uint8)
    if not sides.any():
        return codes
    some: npt.NDArray[np.bool_] = np.any(sides, axis=0)
    every: npt.NDArray[np.bool_] = np.all(sides, axis=0)
    active = every if apart else some
    tick = np.arange(ticks, dtype=np.int32)
    last_free = np.maximum.accumulate(np.where(active, np.int32(-1 - reset_ticks), tick), axis=1)
    held = tick - last_free
    codes = np.where(active, np.where(held < max(2, reset_ticks), RESTART, IN_RESET), codes).astype(np.uint8)
    if apart:
        codes[_last(some & ~every) > _last(every)] = RESTART
    return codes


def _last(happens: npt.NDArray[np.bool_]) -> npt.NDArray[np.int32]:
    """Return the latest tick up to each in which something happened, -1 for never."""
    tick = np.arange(happens.shape[1], dtype=np.int32)
    return np.maximum.accumulate(np.where(happens, tick, np.int32(-1)), axis=1)
