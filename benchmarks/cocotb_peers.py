"""The cocotb side of the throughput benchmark: the drafted bench, one tight coroutine, Hypothesis over ``bridge``."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from subjects import Subject

from verif.sim.seam import BuildRequest, RunRequest
from verif.sim.verilator import Verilator
from verif.verdict import Verdict
from verif.workspace import Workspace

TESTS = '''"""Peers of the batch engine, each measured in CPU seconds of the simulator's process."""

import json
import os
import random
import time

import cocotb
from cocotb.clock import Clock
from cocotb.task import bridge, resume
from cocotb.triggers import RisingEdge
from hypothesis import HealthCheck, Phase, given, seed, settings, strategies

from {module}_tb import INACTIVE, INPUTS, OUTPUTS, RESETS, SCHEDULE, SETTINGS, TB

CYCLES = int(os.environ["PEER_CYCLES"])
EXAMPLES = int(os.environ["PEER_EXAMPLES"])
RATES = sorted(name for name, value in SETTINGS.items() if isinstance(value, int))


def note(name, count, started):
    with open(os.environ["PEER_RESULTS"], "a") as file:
        print(json.dumps([name, count / (time.process_time() - started)]), file=file)


@cocotb.test()
async def test_drafted(dut):
    """The drafted bench: its driver, its monitor, its scoreboard."""
    tb = TB(dut, "peer")
    await tb.start()
    started = time.process_time()
    await tb.run(CYCLES, {{}})
    note("drafted", CYCLES, started)


@cocotb.test()
async def test_tight(dut):
    """One coroutine that writes every input and reads every output once a cycle, and does nothing else."""
    inputs = [dut[name] for name in INPUTS]
    outputs = [dut[name] for name in OUTPUTS]
    draws = random.Random(1)
    rows = [[draws.getrandbits(len(handle)) for handle in inputs] for _ in range(1000)]
    clock = dut[SCHEDULE[0]]
    cocotb.start_soon(Clock(clock, 10, "ns").start())
    edge = RisingEdge(clock)
    for levels in (RESETS, INACTIVE):
        for name, level in levels.items():
            dut[name].value = level
        await edge
        await edge
    started = time.process_time()
    for number in range(CYCLES):
        for handle, value in zip(inputs, rows[number % 1000]):
            handle.value = value
        await edge
        for handle in outputs:
            handle.value
    note("tight", CYCLES, started)


@cocotb.test()
async def test_examples(dut):
    """Hypothesis draws examples of 50 cycles, the drafted bench runs them, all in this process."""
    tb = TB(dut, "examples")
    await tb.start()

    async def example(phases):
        await tb.reset()
        for phase in phases:
            await tb.run(10, phase)

    run = resume(example)
    phase = strategies.fixed_dictionaries({{name: strategies.integers(0, 9) for name in RATES}})
    quiet = settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    count = 0

    @seed(1)
    @quiet
    @given(strategies.lists(phase, min_size=5, max_size=5))
    def property(phases):
        nonlocal count
        count += 1
        run(phases)

    started = time.process_time()
    await bridge(property)()
    note("examples", count, started)
'''


def build_peers(subject: Subject, directory: Path, workspace: Workspace) -> RunRequest:
    """Build the design on Verilator for cocotb; return what runs the peers of one round in ``directory``."""
    tb = subject.write_bench(directory)
    (directory / "peers.py").write_text(TESTS.format(module=tb.stem.removesuffix("_tb")), encoding="utf-8")
    design = subject.design
    build = Verilator(workspace=workspace).build(BuildRequest(sources=design.sources, top=design.top))
    return RunRequest(build=build, test_modules=("peers",), python_path=(directory,), seed=1, directory=directory)


def run_peers(request: RunRequest, workspace: Workspace, *, cycles: int, examples: int) -> dict[str, float]:
    """Run the peers once: name to cycles, or examples, per CPU second."""
    results = request.directory / "peers.jsonl"
    results.unlink(missing_ok=True)
    env = {"PEER_CYCLES": str(cycles), "PEER_EXAMPLES": str(examples), "PEER_RESULTS": str(results)}
    outcome = Verilator(workspace=workspace).run(replace(request, env=env))
    if outcome.verdict is not Verdict.PASS:
        broken = [test for test in outcome.tests if test.verdict is not Verdict.PASS]
        raise SystemExit(f"the peers did not pass: {broken or outcome.problem}")
    return dict(json.loads(line) for line in results.read_text(encoding="utf-8").splitlines())
