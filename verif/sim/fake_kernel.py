"""The program that the fake simulator starts: cocotb tests on a design that isn't there.

It runs by itself (standard library only): ``python fake_kernel.py JOB.json``. It gives the test modules a small
``cocotb`` (``test``, ``start_soon``, ``plusargs``, ``RANDOM_SEED``, ``triggers.Timer``) and a design under test whose
parameters have the build's values and whose signals hold what was last written to them, 0 before. Time passes by Timer
only. Results and log look like cocotb's.
"""

from __future__ import annotations

import hashlib
import heapq
import importlib
import json
import random
import re
import sys
import time
import types
from collections.abc import Callable, Coroutine, Generator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ElementTree, SubElement

_NANOSECONDS = {"fs": 1e-6, "ps": 1e-3, "ns": 1.0, "us": 1e3, "ms": 1e6, "sec": 1e9, "step": 1e-3}


class Handle:
    """A signal or parameter."""

    def __init__(self, value: int = 0) -> None:
        self.value = value


class Dut:
    """Parameters as built; any other name is a signal."""

    def __init__(self, parameters: dict[str, str]) -> None:
        for name, text in parameters.items():
            setattr(self, name, Handle(int(text, 0) if re.fullmatch(r"-?\w+", text) else 0))

    def __getattr__(self, name: str) -> Handle:
        if name.startswith("_"):
            raise AttributeError(name)
        handle = Handle()
        setattr(self, name, handle)
        return handle


class Timer:
    """Wait for a time."""

    def __init__(self, duration: float, unit: str = "step", units: str | None = None) -> None:
        self.nanoseconds = duration * _NANOSECONDS[units or unit]

    def __await__(self) -> Generator[float, None, None]:
        yield self.nanoseconds


class Kernel:
    """Coroutines in the order of their times."""

    def __init__(self) -> None:
        self.now = 0.0
        self._queue: list[tuple[float, int, Coroutine[float, None, Any]]] = []
        self._count = 0

    def start_soon(self, task: Coroutine[float, None, Any]) -> Coroutine[float, None, Any]:
        """Queue ``task`` at the present time."""
        self._at(self.now, task)
        return task

    def run(self, main: Coroutine[float, None, Any]) -> None:
        """Run until ``main`` ends; what it or another task raises is raised here."""
        self._queue.clear()
        self._at(self.now, main)
        while self._queue:
            self.now, _, task = heapq.heappop(self._queue)
            try:
                self._at(self.now + task.send(None), task)
            except StopIteration:
                if task is main:
                    return

    def _at(self, when: float, task: Coroutine[float, None, Any]) -> None:
        self._count += 1
        heapq.heappush(self._queue, (when, self._count, task))


class Test:
    """A function marked as a test."""

    __test__ = False

    def __init__(self, function: Callable[[Any], Coroutine[float, None, Any]], *, skip: bool = False) -> None:
        self.function = function
        self.skip = skip
        self.name = function.__name__
        self.module = function.__module__


def _cocotb(job: dict[str, Any], kernel: Kernel) -> None:
    """Put the small ``cocotb`` where imports find it."""
    cocotb, triggers = types.ModuleType("cocotb"), types.ModuleType("cocotb.triggers")

    def test(function: Any = None, **options: Any) -> Any:
        skip = bool(options.get("skip"))
        return Test(function, skip=skip) if function else lambda real: Test(real, skip=skip)

    plusargs = (word.removeprefix("+").partition("=") for word in job["plusargs"])
    vars(cocotb).update(
        test=test,
        start_soon=kernel.start_soon,
        plusargs={name: value if sign else True for name, sign, value in plusargs},
        RANDOM_SEED=job["seed"],
        triggers=triggers,
    )
    vars(triggers).update(Timer=Timer)
    sys.modules.update({"cocotb": cocotb, "cocotb.triggers": triggers})


def main(file: str) -> int:
    """Run the job in ``file`` and return the exit status."""
    job = json.loads(Path(file).read_text(encoding="utf-8"))
    sys.path[:0] = job["python_path"]
    kernel = Kernel()
    _cocotb(job, kernel)
    modules = [importlib.import_module(name) for name in job["modules"]]
    tests = [thing for module in modules for thing in vars(module).values() if isinstance(thing, Test)]
    if not tests:
        raise RuntimeError("No tests were discovered in any module")
    chosen = [t for t in tests if job["filter"] is None or re.search(job["filter"], f"{t.module}.{t.name}")]
    root = Element("testsuites")
    suite = SubElement(root, "testsuite", name="fake")
    for count, test in enumerate(chosen, start=1):
        print(f"running {test.module}.{test.name} ({count}/{len(chosen)})", flush=True)
        _perform(test, job, kernel, suite)
    if job["waves"]:
        Path(job["waves"]).write_text(f"$timescale 1ns $end\n$enddefinitions $end\n#{int(kernel.now)}\n")
    ElementTree(root).write(job["results"])
    return 0


def _perform(test: Test, job: dict[str, Any], kernel: Kernel, suite: Element) -> None:
    sys.modules["cocotb"].RANDOM_SEED = _seed(job["seed"], test)  # type: ignore[attr-defined]
    random.seed(_seed(job["seed"], test))
    case = SubElement(suite, "testcase", name=test.name, classname=test.module)
    started, begin = time.monotonic(), kernel.now
    if test.skip:
        SubElement(case, "skipped")
        return
    try:
        kernel.run(test.function(Dut(job["parameters"])))
        print(f"{test.module}.{test.name} passed", flush=True)
    except Exception as error:
        SubElement(case, "failure", type=type(error).__name__, message=_printable(str(error)))
        print(f"{test.module}.{test.name} failed", flush=True)
    case.set("time", f"{time.monotonic() - started:.3f}")
    SubElement(SubElement(case, "properties"), "property", name="sim_time_duration", value=str(kernel.now - begin))


def _printable(text: str) -> str:
    """Return ``text`` with what XML can't hold written as cocotb does, ``#x07``."""
    return re.sub(r"[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd]", lambda found: f"#x{ord(found[0]):02X}", text)


def _seed(seed: int, test: Test) -> int:
    """Return a seed of the test's own, as cocotb gives one: other tests don't shift it."""
    digest = hashlib.sha256(f"{test.module}.{test.name}".encode()).hexdigest()
    return seed + int(digest[:8], 16)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
