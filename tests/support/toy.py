"""A toy for the search: a counter with an enable, as a fake harness, with a bench's model file that judges it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from verif.design.model import Clock, Design, Direction, Port, PortRole, Reset, SourceSet
from verif.harness.model import Field, FieldKind, Harness, Monitor, Observed
from verif.plan.kinds import make_entry
from verif.plan.model import Phase, Testplan, Testpoint
from verif.verdict import Oracle

MODEL = """
from typing import Any, NamedTuple


class Check(NamedTuple):
    oracle: str
    id: str
    requirements: tuple
    judge: Any


class Counter:
    def reset(self):
        self.count = 0

    def step(self, inputs):
        outputs = {"count": self.count}
        self.count = 0 if not inputs["rst_n"] else (self.count + inputs["en"]) % 16
        return outputs


class Below:
    def reset(self):
        pass

    def observe(self, inputs, outputs):
        return "count is 15" if outputs["count"] == 15 else None


def make_model():
    return Check("SPEC", "counter-model", ("R1",), Counter())


def make_rules():
    return [Check("PROTOCOL", "below-15", (), Below())]
"""


def toy_plan() -> Testplan:
    driver = make_entry("Bits", "en", {"en": "en"})
    return Testplan(
        dut="toy",
        drivers=(driver,),
        points=(
            Testpoint(id="slow", intent="Seldom.", phases=(Phase(cycles=40, settings={"en_rate": 1}),)),
            Testpoint(
                id="fast",
                intent="Always, with a reset.",
                phases=(Phase(cycles=20, settings={"en_rate": 9}), Phase(cycles=20)),
                reset_midway=True,
            ),
        ),
    )


def toy_harness() -> Harness:
    clock, reset = Clock(name="clk"), Reset(name="rst_n", active_high=False, asynchronous=False, cycles=2)
    ports = (
        Port(name="clk", direction=Direction.INPUT, width=1, role=PortRole.CLOCK),
        Port(name="rst_n", direction=Direction.INPUT, width=1, role=PortRole.RESET),
        Port(name="en", direction=Direction.INPUT, width=1),
        Port(name="count", direction=Direction.OUTPUT, width=4),
    )
    return Harness(
        top="toy_harness",
        design=Design(top="toy", sources=SourceSet(files=()), ports=ports, clocks=(clock,), resets=(reset,)),
        files={},
        stimulus=(
            Field(name="stim_rst_rst_n", width=1, kind=FieldKind.RESET),
            Field(name="stim_en", width=1, kind=FieldKind.RATE, driver="en", rate="en_rate", runs="en_runs"),
        ),
        observed=(
            Observed(name="obs_rst_n", port="rst_n", width=1, direction=Direction.INPUT),
            Observed(name="obs_en", port="en", width=1, direction=Direction.INPUT),
            Observed(name="obs_count", port="count", width=4, direction=Direction.OUTPUT),
        ),
        monitors=(
            Monitor(
                id="below-15",
                oracle=Oracle.PROTOCOL,
                title="The counter stays below 15.",
                fail="fail_below_15",
                seen="seen_below_15",
            ),
        ),
        schedule=("clk",),
        reset_ticks=2,
    )


class ToyTop:
    """The counter; ``wrap`` is where it starts over, ``remembers`` lets it keep its count over resets."""

    def __init__(self, *, wrap: int = 16, remembers: bool = False) -> None:
        self.wrap = wrap
        self.remembers = remembers
        self.count = 0

    def step(self, row: Mapping[str, int]) -> Mapping[str, int]:
        reset, enable = row["stim_rst_rst_n"], row["stim_en"]
        outputs = {
            "obs_rst_n": 1 - reset,
            "obs_en": enable,
            "obs_count": self.count,
            "fail_below_15": int(self.count == 15 and not reset),
            "seen_below_15": 1 - reset,
        }
        if not reset:
            self.count = (self.count + enable) % self.wrap
        elif not self.remembers:
            self.count = 0
        return outputs


def write_model(folder: Path, text: str = MODEL, name: str = "toy_model") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return folder
