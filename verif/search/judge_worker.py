"""The process that judges traces with a bench's own ``<dut>_model.py``: started by ``verif.search.judging``, killable.

The bench's file is the user's and may loop, crash or print: its standard output goes to standard error, and answers go
to a descriptor of their own. Standard library only, so that it starts at once.

A message is a line of JSON and, where ``bytes`` says so, that many raw bytes. The first tells the bench, the answer is
its checks; each further one asks about some lanes. What is judged when follows ``TB._judge`` of the benches.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import IO, Any

JUDGE, RESTART, IN_RESET = 0, 1, 2
"""What a cycle asks for: judge all; start all judges afresh; let the model alone judge."""
WORD = 32
MEMORY_LIMIT = 4 * 2**30
"""Bytes of address space that the bench's judges may take."""
_PR_SET_PDEATHSIG = 1
"""Linux, ``prctl(2)``: the signal that a process gets when its parent ends."""


@dataclass(frozen=True)
class Column:
    """Where a port's value lies in a row."""

    name: str
    start: int
    words: int


@dataclass(frozen=True)
class Layout:
    """How a row of words becomes a bench's two dictionaries."""

    inputs: list[Column]
    outputs: list[Column]
    clocks: list[str]
    schedule: list[str]
    first: int
    """Place in the schedule of a lane's first row."""
    width: int
    """Words of a row."""

    def rows(self, words: memoryview, cycles: int) -> Iterator[tuple[dict[str, int], dict[str, int]]]:
        """Yield what the bench calls inputs and outputs, cycle by cycle."""
        names = [column.name for column in self.inputs]
        columns: list[Any] = [self._values(column, words) for column in self.inputs]
        for clock in self.clocks:
            names.append(clock)
            columns.append(self._edges(clock, cycles))
        outputs = [column.name for column in self.outputs]
        ins = zip(*columns, strict=False) if columns else repeat(())
        outs = zip(*(self._values(column, words) for column in self.outputs), strict=True)
        for given, seen in zip(ins, outs, strict=False):
            yield dict(zip(names, given, strict=False)), dict(zip(outputs, seen, strict=False))

    def _values(self, column: Column, words: memoryview) -> list[int]:
        values: list[int] = words[column.start :: self.width].tolist()
        for number in range(1, column.words):
            higher = words[column.start + number :: self.width].tolist()
            values = [low | high << WORD * number for low, high in zip(values, higher, strict=True)]
        return values

    def _edges(self, clock: str, cycles: int) -> Any:
        if len(set(self.schedule)) == 1:
            return repeat(1, cycles)
        count = len(self.schedule)
        return [int(self.schedule[(self.first + tick) % count] == clock) for tick in range(cycles)]


class Bench:
    """The judges of one bench."""

    def __init__(self, setup: dict[str, Any]) -> None:
        sys.path[:0] = setup["python_path"]
        module: Any = importlib.import_module(setup["module"])
        self._make_model = getattr(module, "make_model", lambda: None)
        self._make_rules = getattr(module, "make_rules", list)
        self.layout = Layout(
            inputs=[Column(*entry) for entry in setup["inputs"]],
            outputs=[Column(*entry) for entry in setup["outputs"]],
            clocks=setup["clocks"],
            schedule=setup["schedule"],
            first=setup["first"],
            width=setup["width"],
        )

    def checks(self) -> list[dict[str, Any]]:
        """Return what judges, the model first."""
        model = self._make_model()
        return [
            {"oracle": c.oracle, "id": c.id, "requirements": list(c.requirements), "model": c is model}
            for c in (*([model] if model else []), *self._make_rules())
        ]

    def lane(
        self, words: memoryview, actions: Sequence[int], wanted: frozenset[str]
    ) -> tuple[dict[str, tuple[int, str]], int]:
        """Return the first failure of each wanted check as cycle and message, and how many cycles were judged."""
        model = self._make_model()  # anew, as in each test of the bench: a model may remember over resets
        model = model if model and model.id in wanted else None
        rules = [rule for rule in self._make_rules() if rule.id in wanted]
        judges = [check.judge for check in (model, *rules) if check]
        for judge in judges:
            judge.reset()
        failed: dict[str, tuple[int, str]] = {}
        cycle = -1
        for cycle, (action, (inputs, outputs)) in enumerate(
            zip(actions, self.layout.rows(words, len(actions)), strict=True)
        ):
            if action == RESTART:
                for judge in judges:
                    judge.reset()
                continue
            if model is not None:
                for name, expected in model.judge.step(inputs).items():
                    if expected is not None and outputs[name] != expected:
                        failed[model.id] = (cycle, f"{name} is {hex(outputs[name])}, expected {hex(expected)}")
                        model = None
                        break
            if action == JUDGE:
                for rule in rules:
                    if message := rule.judge.observe(inputs, outputs):
                        failed[rule.id] = (cycle, message)
                        rules = [other for other in rules if other is not rule]
            if model is None and not rules:
                break
        return failed, cycle + 1


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer until the input ends."""
    setup = json.loads(requests.readline())
    bench: Bench | None = None
    try:
        bench = Bench(setup)
        send(answers, {"checks": bench.checks()})
    except Exception as error:
        send(answers, {"error": told(error)})
        return
    for line in requests:
        request = json.loads(line)
        content = requests.read(request["bytes"])
        try:
            send(answers, judged(bench, request, content))
        except Exception as error:
            send(answers, {"error": told(error)})


def judged(bench: Bench, request: dict[str, Any], content: bytes) -> dict[str, Any]:
    """Judge some lanes: the actions of all their cycles, then their rows."""
    started = time.perf_counter()
    wanted = frozenset(request["checks"])
    lanes, ticks, width = request["lanes"], request["ticks"], bench.layout.width
    view = memoryview(content)
    actions, words = view[: lanes * ticks], view[lanes * ticks :].cast("I")
    failures: list[tuple[int, str, int, str]] = []
    cycles = 0
    for lane in range(lanes):
        length = request["lengths"][lane]
        rows = words[lane * ticks * width : (lane * ticks + length) * width]
        failed, count = bench.lane(rows, actions[lane * ticks : lane * ticks + length].tolist(), wanted)
        cycles += count
        failures += [(lane, check, cycle, message) for check, (cycle, message) in failed.items()]
    return {"failures": failures, "cycles": cycles, "seconds": time.perf_counter() - started}


def told(error: Exception) -> str:
    """Return an error of the user's code in one line, with its place in the bench."""
    place, trace = "", error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name != __file__ and Path(name).is_file():
            place = f"{Path(name).name}:{trace.tb_lineno}: "
        trace = trace.tb_next
    return f"{place}{type(error).__name__}: {error}"


def send(answers: IO[bytes], answer: dict[str, Any]) -> None:
    """Write one answer."""
    answers.write(json.dumps(answer).encode() + b"\n")
    answers.flush()


def guard() -> None:
    """End with the process that started this one, and bound the memory."""
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def main() -> None:
    """Serve on the standard streams, with what the bench prints kept apart."""
    guard()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
