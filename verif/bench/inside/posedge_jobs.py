"""Run a job on a bench inside of one simulator process; $POSEDGE_JOB names the job's JSON file.

A job has ``testbench`` and ``tests`` (the bench's modules), ``result`` (a file for what doesn't fit into verdicts),
``stimulus_seed`` where the stimulus shall come from another seed than the design's start state, and one of

- ``points``: test points as ``{"id", "steps"}``, run without judging; a step is ``[cycles, settings]`` or null for a
  reset. Coverage and traces come as usual.
- ``replays``: stored stimuli as ``[name, file]``, replayed without judging, in between the points where ``again``.
- ``seeds``: the bench's tests as they are, once for each seed; coverage and trace of seed N go to ``<file>.N``.
- ``variants``: forced fails as ``{"select", "tests"}``; each becomes a cocotb test that fails where the variant is
  caught, by the first of the bench's tests that notices it.
- ``shrink``: see ``posedge_shrink``.
"""

from __future__ import annotations

import importlib
import inspect
import json
import os
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import cocotb
from cocotb.handle import HierarchyObject, Immediate
from cocotb.triggers import Timer

JOB: dict[str, Any] = json.loads(Path(os.environ["POSEDGE_JOB"]).read_text(encoding="utf-8"))
testbench: Any = importlib.import_module(JOB["testbench"])
testbench.SEED = JOB.get("stimulus_seed", testbench.SEED)

FILES = {name: os.environ[name] for name in ("BENCH_TRACE", "BENCH_COVERAGE") if name in os.environ}

Body = Callable[[HierarchyObject], Coroutine[Any, Any, None]]


def make_tb(dut: HierarchyObject, name: str, *, judged: bool) -> Any:
    """Return a TB; one without any judge takes no ``judged``."""
    takes = "judged" in inspect.signature(testbench.TB).parameters
    return testbench.TB(dut, name, **({"judged": judged} if takes else {}))


def point(entry: dict[str, Any]) -> Body:
    """Return a test that runs a test point without judging it."""

    async def run(dut: HierarchyObject) -> None:
        tb = make_tb(dut, entry["id"], judged=False)
        tb.test = entry.get("label", entry["id"])
        await tb.start()
        for step in entry["steps"]:
            if step is None:
                await tb.reset()
            else:
                await tb.run(*step)
        await tb.finish()

    return run


def replay(name: str, file: str) -> Body:
    """Return a test that replays a stored stimulus without judging it."""

    async def run(dut: HierarchyObject) -> None:
        await make_tb(dut, name, judged=False).replay(Path(file))

    return run


def variant(entry: dict[str, Any]) -> Body:
    """Return a test that fails as soon as one of the bench's tests notices the forced fail."""
    tests = {test.name: test for test in bench_tests()}

    async def run(dut: HierarchyObject) -> None:
        await Timer(1, "ns")  # what is written in the very first time step can get lost
        dut["posedge_variant"].value = Immediate(entry["select"])
        try:
            for name in entry["tests"]:
                await tests[name].func(dut, *tests[name].args, **tests[name].kwargs)
        finally:
            dut["posedge_variant"].value = Immediate(0)

    return run


def with_seed(test: Any, seed: int) -> Body:
    """Return one of the bench's tests, run with ``seed``."""

    async def run(dut: HierarchyObject) -> None:
        testbench.SEED = seed
        for name, file in FILES.items():
            os.environ[name] = f"{file}.{seed}"
        await test.func(dut, *test.args, **test.kwargs)

    return run


def bench_tests() -> list[Any]:
    """Return the bench's tests as cocotb finds them."""
    module = importlib.import_module(JOB["tests"])
    return [
        test for entry in vars(module).values() if hasattr(entry, "generate_tests") for test in entry.generate_tests()
    ]


def register(name: str, body: Body) -> None:
    """Make ``body`` one of this module's cocotb tests."""
    body.__name__ = body.__qualname__ = name
    globals()[name] = cocotb.test(body)


for _name, _file in JOB.get("replays", ()):
    register(f"replay_{_name}", replay(_name, _file))
for _number, _entry in enumerate(JOB.get("points", ())):
    register(f"point_{_number}", point(_entry))
for _name, _file in JOB.get("replays_after", ()):
    register(f"replay_{_name}", replay(_name, _file))
for _seed in JOB.get("seeds", ()):
    for _test in bench_tests():
        if not _test.name.startswith("test_recorded"):  # no seed changes it, and memories hold what others wrote
            register(f"seed_{_seed}__{_test.name}", with_seed(_test, _seed))
for _entry in JOB.get("variants", ()):
    register(f"variant_{_entry['select']}", variant(_entry))
if "shrink" in JOB:
    _shrinking = importlib.import_module("posedge_shrink")
    register("shrink", _shrinking.shrink(JOB["shrink"], Path(JOB["result"]), make_tb))
