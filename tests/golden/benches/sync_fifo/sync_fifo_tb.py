"""Testbench of sync_fifo.

In a cycle the inputs change away from any clock edge, everything settles, the outputs are sampled just before the
active edge, then the edge comes. So a driver answers in one cycle to what was sampled in the cycle before.

With BENCH_COVERAGE=file each test appends its functional coverage to that file, with BENCH_TRACE=file the ports'
values in each cycle, both as JSON lines.
BENCH_PROPERTIES is a JSON object: property to its file, where that isn't sync_fifo_props.sv.
"""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import product
from pathlib import Path
from typing import ClassVar, NoReturn

import cocotb
from cocotb.handle import HierarchyObject, Immediate
from cocotb.triggers import Timer

from sync_fifo_model import Check, make_model, make_rules

HERE = Path(__file__).resolve().parent
RECORDED = HERE / "recorded.json"
REGRESSIONS = sorted((HERE / "regressions").glob("*.json"))
SEED = int(os.environ.get("COCOTB_RANDOM_SEED", "1"))

SCHEDULE = ("clk",)
"""The clock whose active edge ends a cycle, cycle by cycle, over and over."""
CLOCKS = {"clk": 0}
"""Clock to its level before the active edge."""
RESETS = {"rst_n": 0}
"""Reset to its active level."""
INACTIVE = {name: 1 - level for name, level in RESETS.items()}
RESET_CYCLES = 2
"""How long the resets are held."""
INPUTS = ("wr_en", "wr_data", "rd_en")
OUTPUTS = ("full", "rd_data", "empty", "level")
SETTINGS = {
    "push_rate": 5,
    "push_runs": "random",
    "push_data": "mixed",
    "push_overrun": 3,
    "pop_rate": 5,
    "pop_runs": "random",
    "pop_underrun": 3,
}
"""What a test can set for a number of cycles, and its value where the test doesn't say."""
DRAIN = {"push_rate": 0, "pop_rate": 9}
"""Settings under which the design runs empty at the end of a test."""
DRAIN_CYCLES = 64
PROPERTIES = ("property_", "assumed_")
"""How the outputs begin that tell which property is broken, where the design is compiled with its properties."""
FILES: dict[str, str] = json.loads(os.environ.get("BENCH_PROPERTIES", "{}"))
"""Property to its file, where that isn't sync_fifo_props.sv."""
POINTS = {
    "wr_en": ("wr_en", {"low": (0, 0), "high": (1, 1)}),
    "wr_data": (
        "wr_data",
        {"zero": (0, 0), "small": (1, 85), "middle": (86, 170), "large": (171, 254), "ones": (255, 255)},
    ),
    "full": ("full", {"low": (0, 0), "high": (1, 1)}),
    "rd_en": ("rd_en", {"low": (0, 0), "high": (1, 1)}),
    "rd_data": (
        "rd_data",
        {"zero": (0, 0), "small": (1, 85), "middle": (86, 170), "large": (171, 254), "ones": (255, 255)},
    ),
    "empty": ("empty", {"low": (0, 0), "high": (1, 1)}),
    "level": ("level", {"empty": (0, 0), "lower_half": (1, 8), "upper_half": (9, 15), "full": (16, 16)}),
}
"""Functional coverage: point to its port and its bins, each an inclusive range of values."""
CROSSES = {"wr_en_x_full": ("wr_en", "full"), "wr_en_x_rd_en": ("wr_en", "rd_en"), "rd_en_x_empty": ("rd_en", "empty")}
"""Functional coverage: cross to the points whose bins it combines."""


Settings = Mapping[str, int | str]
"""Knob name to setting: a rate from 0 (never) to 9 (always), or a word."""
Sample = Mapping[str, int | None]
"""Port name to the value seen in the last cycle; None where it was X or Z."""


class Driver:
    """A stimulus source; subclasses name their signals and knobs and implement ``drive``."""

    KNOBS: ClassVar[dict[str, int | tuple[str, ...]]] = {}
    """Knob to its default rate, or to its words, the default first."""
    DRIVES: ClassVar[tuple[str, ...]] = ()
    """Signals that the driver drives, the rest of its ports is watched; empty where it drives all but WATCHES."""
    WATCHES: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *, ports: Mapping[str, str], knobs: Mapping[str, str]) -> None:
        self.ports = dict(ports)
        self.knobs = dict(knobs)
        self.rng = random.Random(0)

    def reset(self, rng: random.Random) -> None:
        """Forget everything and take random numbers from ``rng`` from now on."""
        self.rng = rng

    def idle(self) -> dict[str, int]:
        """Return the values of the driven ports for a tick in which reset is active; quiet unless told otherwise."""
        return {port: 0 for signal, port in self.ports.items() if self.owns(signal)}

    def drive(self, settings: Settings, outputs: Sample) -> dict[str, int]:
        """Return the values of the driven ports for the next cycle."""
        raise NotImplementedError

    @classmethod
    def owns(cls, signal: str) -> bool:
        """Whether ``signal`` is driven, not watched."""
        return signal in cls.DRIVES if cls.DRIVES else signal not in cls.WATCHES

    def rate(self, settings: Settings, knob: str) -> int:
        """Return the setting of a rate knob, its default where the phase doesn't say."""
        default = self.KNOBS[knob]
        return int(settings.get(self.knobs.get(knob, knob), default if isinstance(default, int) else 0))

    def word(self, settings: Settings, knob: str) -> str:
        """Return the setting of a knob with words, the first word where the phase doesn't say."""
        words = self.KNOBS[knob]
        return str(settings.get(self.knobs.get(knob, knob), words[0] if isinstance(words, tuple) else ""))

    def chance(self, settings: Settings, knob: str) -> bool:
        """Draw once at the rate of ``knob``."""
        return self.rng.randrange(9) < self.rate(settings, knob)

    def high(self, outputs: Sample, signal: str) -> bool:
        """Whether ``signal`` is connected and was 1 in the last cycle."""
        return bool(outputs.get(self.ports.get(signal, "")))

    def put(self, values: Mapping[str, int]) -> dict[str, int]:
        """Translate signals to ports; signals that aren't connected are left out."""
        return {self.ports[signal]: value for signal, value in values.items() if signal in self.ports}


RUNS = ("random", "bursts", "long")
DATA_STYLES = ("mixed", "uniform", "corners", "small", "count", "walk", "sparse", "hold")


class Pace:
    """Decides cycle by cycle whether something happens: at a rate, in runs of some length."""

    LONGEST: ClassVar[dict[str, int]] = {"random": 1, "bursts": 15, "long": 63}

    def __init__(self) -> None:
        self._setting: tuple[int, str] | None = None
        self._left = 0
        self._on = False

    def tick(self, rng: random.Random, rate: int, runs: str) -> bool:
        """Return whether it happens in this cycle; ``rate`` ninths of all runs are on."""
        if self._setting != (rate, runs):
            self._setting = (rate, runs)
            self._left = 0
        if self._left == 0:
            self._on = rng.randrange(9) < rate
            self._left = rng.randint(1, self.LONGEST[runs])
        self._left -= 1
        return self._on


def corner(rng: random.Random, width: int) -> int:
    """Return 0, all ones, a single 1 or 0, two neighbouring ones, or a neighbour of a power of two."""
    top = (1 << width) - 1
    bit = 1 << rng.randrange(width)
    return rng.choice((0, top, bit, top ^ bit, 3 * bit & top, bit - 1, (bit + 1) & top, 1 << (width - 1), top >> 1))


def draw(rng: random.Random, width: int, style: str, last: int = 0) -> int:
    """Return a value of ``width`` bits in one of DATA_STYLES; ``last`` is the value before it."""
    top = (1 << width) - 1
    if style == "mixed":
        style = rng.choice(("uniform", "uniform", "uniform", "corners", "small", "hold"))
    if style == "uniform":
        return rng.getrandbits(width)
    if style == "corners":
        return corner(rng, width)
    if style == "small":
        return min(top, rng.choice((0, 1, 7, rng.randint(0, 7), rng.randint(0, 7))))
    if style == "count":
        return (last + 1) & top
    if style == "sparse":
        return 1 << rng.randrange(width) if rng.random() < 0.3 else 0
    if style == "walk":
        return last << 1 & top if last and last & (last - 1) == 0 and last << 1 <= top else 1
    return last & top


class FifoPush(Driver):
    """Write into a FIFO.

    A write never meets a full FIFO unless ``overrun`` says so: ``full`` was low in the last cycle, and nothing was
    written then, or the entries known to be inside (``pop`` and ``empty`` watched) leave room in ``depth``.
    """

    KNOBS: ClassVar[dict[str, int | tuple[str, ...]]] = {"rate": 5, "runs": RUNS, "data": DATA_STYLES, "overrun": 0}
    DRIVES: ClassVar[tuple[str, ...]] = ("en", "data")

    def __init__(
        self, *, ports: Mapping[str, str], knobs: Mapping[str, str], data_width: int = 1, depth: int = 0
    ) -> None:
        """``depth`` 0 means that it isn't known."""
        super().__init__(ports=ports, knobs=knobs)
        self.data_width = data_width
        self.depth = depth
        self.reset(self.rng)

    def reset(self, rng: random.Random) -> None:
        super().reset(rng)
        self.pace = Pace()
        self.pushed = False
        self.inside = 0
        self.data = 0

    def idle(self) -> dict[str, int]:
        return self.put({"en": self.rng.getrandbits(1), "data": self.rng.getrandbits(self.data_width)})

    def drive(self, settings: Settings, outputs: Sample) -> dict[str, int]:
        self._follow(outputs)
        wanted = self.pace.tick(self.rng, self.rate(settings, "rate"), self.word(settings, "runs"))
        self.pushed = wanted and (self._room(outputs) or self.chance(settings, "overrun"))
        if self.pushed:
            self.data = draw(self.rng, self.data_width, self.word(settings, "data"), self.data)
        shown = self.data if self.pushed else self.rng.getrandbits(self.data_width)
        return self.put({"en": int(self.pushed), "data": shown})

    def _follow(self, outputs: Sample) -> None:
        """Count the entries; without sight of the read side the count only grows."""
        pushed = self.pushed and not self.high(outputs, "full")
        popped = self.high(outputs, "pop") and not self.high(outputs, "empty")
        self.inside += pushed - popped

    def _room(self, outputs: Sample) -> bool:
        if "full" not in self.ports:
            return True
        return not self.high(outputs, "full") and (not self.pushed or self.inside < self.depth)


class FifoPop(Driver):
    """Read from a FIFO.

    A read never meets an empty FIFO unless ``underrun`` says so: ``empty`` was low in the last cycle, and nothing was
    read then, or more entries are known to be inside (``push`` and ``full`` watched).
    """

    KNOBS: ClassVar[dict[str, int | tuple[str, ...]]] = {"rate": 5, "runs": RUNS, "underrun": 0}
    DRIVES: ClassVar[tuple[str, ...]] = ("en",)

    def __init__(self, *, ports: Mapping[str, str], knobs: Mapping[str, str]) -> None:
        super().__init__(ports=ports, knobs=knobs)
        self.reset(self.rng)

    def reset(self, rng: random.Random) -> None:
        super().reset(rng)
        self.pace = Pace()
        self.popped = False
        self.inside = 0

    def idle(self) -> dict[str, int]:
        return self.put({"en": self.rng.getrandbits(1)})

    def drive(self, settings: Settings, outputs: Sample) -> dict[str, int]:
        self._follow(outputs)
        wanted = self.pace.tick(self.rng, self.rate(settings, "rate"), self.word(settings, "runs"))
        self.popped = wanted and (self._filled(outputs) or self.chance(settings, "underrun"))
        return self.put({"en": int(self.popped)})

    def _follow(self, outputs: Sample) -> None:
        """Count the entries; without sight of the write side the count only falls."""
        pushed = self.high(outputs, "push") and not self.high(outputs, "full")
        popped = self.popped and not self.high(outputs, "empty")
        self.inside += pushed - popped

    def _filled(self, outputs: Sample) -> bool:
        if "empty" not in self.ports:
            return True
        empty = outputs.get(self.ports["empty"]) != 0
        return not empty and (not self.popped or self.inside > 0)


def make_drivers() -> dict[str, Driver]:
    """Return the stimulus sources by name; each owns the ports that it drives."""
    return {
        "push": FifoPush(
            ports={"en": "wr_en", "data": "wr_data", "full": "full", "pop": "rd_en", "empty": "empty"},
            knobs={"rate": "push_rate", "runs": "push_runs", "data": "push_data", "overrun": "push_overrun"},
            data_width=8,
            depth=16,
        ),
        "pop": FifoPop(
            ports={"en": "rd_en", "empty": "empty", "push": "wr_en", "full": "full"},
            knobs={"rate": "pop_rate", "runs": "pop_runs", "underrun": "pop_underrun"},
        ),
    }


class TB:
    """Drives, samples and judges one sync_fifo during one test."""

    def __init__(self, dut: HierarchyObject, test: str, *, judged: bool = True) -> None:
        self.test = test
        self.cycles = 0
        self.seen: dict[str, int | None] = {}
        """The ports' values in the last cycle, None where X or Z."""
        self.coverage = Coverage()
        self._drivers = make_drivers()
        self._model = make_model() if judged else None
        self._rules = make_rules() if judged else []
        self._inputs = {name: dut[name] for name in (*RESETS, *INPUTS)}
        self._outputs = {name: dut[name] for name in OUTPUTS}
        self._values: dict[str, int] = {}
        self._bits: dict[str, str] = {}
        self._resets = 0
        self._held = 0
        bound = hasattr(dut, "properties_broken")  # compiled with <design>_bound, which judges sync_fifo_props.sv
        self._any_broken = dut.properties_broken if bound else None
        self._properties = [handle for handle in dut if handle._name.startswith(PROPERTIES)] if bound else []
        self._trace: list[str] = []
        self._tracing = "BENCH_TRACE" in os.environ
        self._clocks = {name: dut[name] for name in CLOCKS}
        self._settled = Timer(4, "ns")
        self._half = Timer(3, "ns")

    async def start(self) -> None:
        """Put everything to rest, then reset the design."""
        await self._rest()
        await self.reset()

    async def reset(self) -> None:
        """Hold the resets with idle inputs and start the drivers afresh."""
        again = f":{self._resets}" if self._resets else ""
        self._resets += 1
        for name, driver in self._drivers.items():
            driver.reset(random.Random(f"{SEED}:{self.test}:{name}{again}"))
        self._apply(self._idle())
        for _ in range(RESET_CYCLES):
            await self.cycle(self._idle() | RESETS)
        self._apply(INACTIVE)
        self.seen = {}

    async def run(self, cycles: int, settings: Mapping[str, int | str]) -> None:
        """Let the drivers run for a number of cycles with these settings, the others at their defaults."""
        filled = SETTINGS | settings
        for _ in range(cycles):
            stimulus: dict[str, int] = {}
            for driver in self._drivers.values():
                stimulus.update(driver.drive(filled, self.seen))
            await self.cycle(stimulus)

    async def cycle(self, stimulus: Mapping[str, int]) -> None:
        """Apply input values and go through one cycle; inputs that aren't named keep their values."""
        self._apply(stimulus)
        await self._settled
        self._bits = {name: str(handle.value) for name, handle in self._outputs.items()}
        broken = self._broken_properties()
        edge = SCHEDULE[self.cycles % len(SCHEDULE)]
        clock, level = self._clocks[edge], CLOCKS[edge]
        clock.value = Immediate(1 - level)
        await self._half
        clock.value = Immediate(level)
        await self._half
        inputs = self._values | {edge: 1}
        outputs = {name: number(bits) for name, bits in self._bits.items()}
        self.seen = {**inputs, **outputs}
        self.cycles += 1
        self.coverage.sample(self.seen)
        if self._tracing:
            self._trace.append(self._line(inputs, outputs))
        self._judge(inputs, outputs)
        for kind, oracle, check in broken:
            said = "the stimulus breaks the assumption" if kind == "assumed" else "this breaks the property"
            file = FILES.get(check, "sync_fifo_props.sv")
            self.fail(oracle, check, f"{said} {check} of {file}")

    async def replay(self, file: Path) -> None:
        """Apply a stored stimulus row by row; outputs that are stored with it are RECORDED expectations."""
        stored = json.loads(file.read_text(encoding="utf-8"))
        await self._rest()
        for number_of_row, row in enumerate(stored["rows"]):
            await self.cycle(dict(zip(stored["inputs"], row, strict=True)))
            if "expected" in stored:
                self._compare(dict(zip(stored["outputs"], stored["expected"][number_of_row], strict=True)))
        self.report()

    async def finish(self) -> None:
        """End a test: let the design run empty, then report."""
        await self.run(DRAIN_CYCLES, DRAIN)
        self.report()

    def report(self) -> None:
        """Append coverage and trace to the files that the environment names."""
        if path := os.environ.get("BENCH_COVERAGE"):
            append(path, [json.dumps({"test": f"test_{self.test}", "seed": SEED, "bins": self.coverage.bins()})])
        if path := os.environ.get("BENCH_TRACE"):
            append(path, self._trace)

    def fail(self, oracle: str, check: str, message: str) -> NoReturn:
        """End the test with a failure in the last cycle; ``oracle`` tells where the expectation comes from."""
        self.report()
        raise AssertionError(f"{oracle} {check}: cycle {self.cycles - 1}: {message}")

    async def _rest(self) -> None:
        """Put clocks and inputs to rest, the resets inactive so that activating them is an edge."""
        if cocotb.SIM_NAME == "Verilator":
            self._rest_clocks()  # they start at random there: left alone, they would have an edge later
        await self._settled  # what is written in the very first time step can get lost
        self._rest_clocks()
        self._apply(dict.fromkeys(INPUTS, 0) | INACTIVE)
        await self._settled
        self._restart()

    def _rest_clocks(self) -> None:
        for name, level in CLOCKS.items():
            self._clocks[name].value = Immediate(level)

    def _broken_properties(self) -> list[list[str]]:
        """Return kind, oracle and label of the properties that are broken in this cycle."""
        if self._any_broken is None or str(self._any_broken.value) != "1":
            return []
        return [handle._name.split("_", 2) for handle in self._properties if str(handle.value) == "1"]

    def _idle(self) -> dict[str, int]:
        return {port: value for driver in self._drivers.values() for port, value in driver.idle().items()}

    def _apply(self, stimulus: Mapping[str, int]) -> None:
        for name, value in stimulus.items():
            if self._values.get(name) != value:
                self._values[name] = value
                self._inputs[name].value = Immediate(value)

    def _judge(self, inputs: dict[str, int], outputs: dict[str, int | None]) -> None:
        in_reset = any(inputs[name] == level for name, level in RESETS.items())
        self._held = self._held + 1 if in_reset else 0
        if 0 < self._held < max(2, RESET_CYCLES):  # in the last cycle the model tells what the outputs are in reset
            self._restart()
            return
        if self._model:
            for name, expected in self._model.judge.step(inputs).items():
                if expected is not None and outputs[name] != expected:
                    self._broken(self._model, f"{name} is {self._shown(name)}, expected {hex(expected)}")
        if in_reset:
            return
        for rule in self._rules:
            if message := rule.judge.observe(inputs, outputs):
                self._broken(rule, message)

    def _restart(self) -> None:
        if self._model:
            self._model.judge.reset()
        for rule in self._rules:
            rule.judge.reset()

    def _broken(self, check: Check, message: str) -> NoReturn:
        requirements = f" ({', '.join(check.requirements)})" if check.requirements else ""
        self.fail(check.oracle, check.id, message + requirements)

    def _compare(self, expected: Mapping[str, int | str | None]) -> None:
        """Compare with RECORDED outputs: a number, a pattern of bits with ? for any, or None for any value."""
        for name, value in expected.items():
            if isinstance(value, str):
                same = all(bit in ("?", found) for bit, found in zip(value, self._bits[name], strict=True))
            else:
                same = value is None or value == self.seen[name]
            if not same:
                shown = hex(value) if isinstance(value, int) else value
                self.fail("RECORDED", f"recorded-{name}", f"{name} is {self._shown(name)}, recorded {shown}")

    def _shown(self, name: str) -> str:
        value = self.seen[name]
        return self._bits[name] if value is None else hex(value)

    def _line(self, inputs: dict[str, int], outputs: dict[str, int | None]) -> str:
        line = {"test": f"test_{self.test}", "cycle": self.cycles - 1, "in": inputs, "out": outputs}
        unknown = {name: self._bits[name] for name, value in outputs.items() if value is None}
        return json.dumps(line | {"bits": unknown} if unknown else line)


class Coverage:
    """Counts how often each bin of the functional coverage was hit."""

    def __init__(self) -> None:
        self._seen = {name: Counter[int | None]() for name in POINTS}
        self._together = {name: Counter[tuple[int | None, ...]]() for name in CROSSES}

    def sample(self, values: Mapping[str, int | None]) -> None:
        """Count the values of one cycle."""
        for name, (port, _) in POINTS.items():
            self._seen[name][values[port]] += 1
        for name, points in CROSSES.items():
            self._together[name][tuple([values[POINTS[point][0]] for point in points])] += 1

    def bins(self) -> dict[str, dict[str, int]]:
        """Return the count of each bin by point, bins that were never hit included."""
        counts = {name: dict.fromkeys(bins, 0) for name, (_, bins) in POINTS.items()}
        for name, seen in self._seen.items():
            for value, count in seen.items():
                for label in labels(name, value):
                    counts[name][label] += count
        for name, points in CROSSES.items():
            counts[name] = {" x ".join(each): 0 for each in product(*(POINTS[point][1] for point in points))}
            for values, count in self._together[name].items():
                for each in product(*map(labels, points, values)):
                    counts[name][" x ".join(each)] += count
        return counts


def labels(point: str, value: int | None) -> list[str]:
    """Return the bins of ``point`` that ``value`` falls into."""
    return [name for name, (low, high) in POINTS[point][1].items() if value is not None and low <= value <= high]


def number(bits: str) -> int | None:
    """Return the value of sampled bits, None where one is X or Z."""
    try:
        return int(bits, 2)
    except ValueError:
        return None


def append(path: str, lines: Iterable[str]) -> None:
    """Append lines to a file."""
    with Path(path).open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)
