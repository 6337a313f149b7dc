"""Judge a design under Icarus by the library's oracles, with the baseline plan's stimulus."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.live import LiveDut
from verif.bench.oracles import OracleSet, Snippet
from verif.design.model import Design
from verif.plan.baseline import baseline_plan
from verif.plan.model import Testpoint
from verif.plan.play import play
from verif.stimulus.generate import reset_ticks
from verif.verdict import Oracle


@dataclass(frozen=True)
class Broken(Exception):
    """The first thing that an oracle found wrong."""

    oracle: Oracle
    check: str
    point: str
    cycle: int
    message: str


def make(snippet: Snippet) -> Any:
    """Return the object that a bench would make of ``snippet``."""
    module = importlib.import_module(snippet.module)
    return eval(f"{snippet.class_name}({snippet.arguments})", dict(vars(module)))


class Judge:
    """A fresh model and fresh rules; restarted in reset, and in its last tick only the model judges, as in a bench."""

    def __init__(self, design: Design, oracles: OracleSet, point: str = "") -> None:
        self.resets = {reset.name: int(reset.active_high) for reset in design.resets}
        self.point = point
        self.model = make(oracles.model.snippet) if oracles.model else None
        self.kind = oracles.model.kind if oracles.model else ""
        self.rules = [(rule, make(rule.snippet)) for rule in oracles.rules]
        self.ticks = max(2, reset_ticks(design.clocks, design.resets))
        self.held = 0
        self.cycle = 0

    def look(self, inputs: Mapping[str, int], outputs: Mapping[str, int | None]) -> None:
        """Judge one cycle; raises Broken."""
        self.cycle += 1
        in_reset = any(inputs[name] == level for name, level in self.resets.items())
        self.held = self.held + 1 if in_reset else 0
        if 0 < self.held < self.ticks:
            for judge in [*([self.model] if self.model else []), *(judge for _, judge in self.rules)]:
                judge.reset()
            return
        if self.model:
            for port, expected in self.model.step(dict(inputs)).items():
                if expected is not None and outputs[port] != expected:
                    self._broken(Oracle.SPEC, self.kind, f"{port} is {outputs[port]}, expected {expected}")
        for rule, judge in [] if in_reset else self.rules:
            if message := judge.observe(dict(inputs), dict(outputs)):
                self._broken(rule.oracle, rule.id, message)

    def _broken(self, oracle: Oracle, check: str, message: str) -> None:
        raise Broken(oracle, check, self.point, self.cycle, message)


def verdict(
    design: Design, oracles: OracleSet, directory: Path, *, files: Sequence[Path] = (), seeds: Sequence[int] = (1,)
) -> Broken | None:
    """Return what the oracles find wrong with the design (or with ``files`` in its place), None where nothing is."""
    plan = baseline_plan(design, (), oracles.drivers)
    for seed in seeds:
        for point in plan.points:
            if broken := _run(design, oracles, directory, plan, point, seed, files):
                return broken
    return None


def _run(
    design: Design,
    oracles: OracleSet,
    directory: Path,
    plan: Any,
    point: Testpoint,
    seed: int,
    files: Sequence[Path],
) -> Broken | None:
    judge = Judge(design, oracles, point.id)
    with LiveDut(design, directory, files) as dut:

        def step(inputs: Mapping[str, int]) -> Mapping[str, int | None]:
            outputs = dut.step(inputs)
            judge.look(inputs, outputs)
            return outputs

        try:
            play(plan, point, seed=seed, step=step, clocks=design.clocks, resets=design.resets)
        except Broken as broken:
            return broken
    return None
