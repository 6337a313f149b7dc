"""A design that does what a Python model predicts, for the most part: traces for its hardware version."""

from __future__ import annotations

import random
from collections.abc import Mapping

from tests.support.judging import make
from tests.support.monitors import Bench, Row, out_of_reset, reset_rows, x_somewhere
from verif.bench.render import schedule
from verif.design.model import Port, PortRole

TRACES = 60
LENGTH = 120


class Designer:
    """Plays the design: outputs as the Python model predicts them, sometimes wrong or X."""

    def __init__(self, bench: Bench) -> None:
        assert bench.oracles.model
        self.design = bench.design
        self.model = make(bench.oracles.model.snippet)
        self.order = schedule(bench.design)
        self.ticks = 0

    def row(self, rng: random.Random, inputs: Row, wrong: float) -> Row:
        """Return the inputs with outputs for them."""
        edge = self.order[self.ticks % len(self.order)]
        self.ticks += 1
        clocks = {clock.name: int(clock.name == edge) for clock in self.design.clocks}
        expected = self.model.step({**inputs, **clocks})
        return inputs | {port.name: self._shown(rng, port, expected, wrong) for port in self.design.outputs}

    def _shown(self, rng: random.Random, port: Port, expected: Mapping[str, int | None], wrong: float) -> int | str:
        want = expected.get(port.name)
        number = rng.getrandbits(port.width) if want is None else want & ((1 << port.width) - 1)
        if rng.random() < wrong:
            number ^= 1 << rng.randrange(port.width)
        return x_somewhere(rng, number, port.width, 0.5 if want is None else wrong / 4)


def traces(bench: Bench) -> list[Row]:
    """Return traces with and without mischief, with long resets between and short ones within them."""
    designer = Designer(bench)
    inputs = [port for port in bench.design.data_inputs if port.role is PortRole.DATA]
    resting: Row = dict.fromkeys((port.name for port in inputs), 0)
    rows: list[Row] = []
    for number in range(TRACES):
        rng = random.Random(number)
        wrong = (0.0, 0.01, 0.1)[number % 3]
        held = reset_rows(bench.design, resting)
        rows += [designer.row(rng, row, wrong) for row in held]
        rates = {port.name: rng.choice((0.03, 0.5, 0.5, 0.97)) for port in inputs}
        stays = rng.choice((0.0, 0.0, 0.5, 0.9))
        now = resting
        for _ in range(LENGTH):
            level = held[0] if held and number % 2 and rng.random() < 0.02 else out_of_reset(bench.design)
            now = {port.name: _drawn(rng, port, rates, stays, now) for port in inputs}
            resets = {reset.name: level[reset.name] for reset in bench.design.resets}
            rows.append(designer.row(rng, now | resets, wrong))
    return rows


def _drawn(rng: random.Random, port: Port, rates: Mapping[str, float], stays: float, now: Row) -> int | str:
    if rng.random() < stays:
        return now[port.name]
    if port.width == 1:
        return int(rng.random() < rates[port.name])
    edges = (0, (1 << port.width) - 1, 1 << (port.width - 1))
    return rng.choice(edges) if rng.random() < 0.2 else rng.getrandbits(port.width)
