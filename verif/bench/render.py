"""Render a bench: Design + Testplan + OracleSet -> the files of DESIGN section 7, as text.

Rendering is a pure function: the same arguments give the same bytes. Nothing is written here.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from math import lcm
from typing import TYPE_CHECKING

from verif.bench.oracles import OracleSet, ReferenceModel, Rule
from verif.bench.pyformat import WIDTH, Call, assignment, call, call_from_source, expression, prose
from verif.bench.snippets import Excerpt, excerpt, join_blocks, render_imports
from verif.design.model import Design, Edge
from verif.errors import InputError
from verif.plan.kinds import knob_names
from verif.plan.model import Driver, Testplan, Testpoint
from verif.plan.play import reset_index
from verif.stimulus.generate import clock_order, reset_ticks
from verif.stimulus.registry import DRIVER_KINDS

if TYPE_CHECKING:
    from jinja2 import Environment

DRAIN_CYCLES = 64
"""How long a design with streams or FIFO ports gets to run empty at the end of a test."""
_DRAIN = {"StreamSource": 0, "FifoPush": 0, "StreamSink": 9, "FifoPop": 9}
"""Driver kind to the rate at which it lets the design run empty."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BenchSource:
    """What the Python files of a bench are rendered from."""

    design: Design
    plan: Testplan
    oracles: OracleSet
    dut: str = ""
    """The design's name where ``design`` is the flat wrapper around it; empty where it is the design itself."""
    wrapper: str = ""
    """The flat wrapper's text."""

    @property
    def name(self) -> str:
        """What the design under test is called."""
        return self.dut or self.design.top

    @property
    def module(self) -> str:
        """The design's name as a Python identifier."""
        name = re.sub(r"\W", "_", self.name)
        return f"_{name}" if name[0].isdigit() else name

    @property
    def judged(self) -> bool:
        """Whether anything beside RECORDED judges the design."""
        return self.oracles.model is not None or bool(self.oracles.rules)


def render_python(source: BenchSource) -> dict[str, str]:
    """Return the bench's Python files: name to text. InputError where the plan has ids that Python can't name."""
    _check_ids(source.plan)
    environment = _environment()
    files = {
        f"{source.module}_tb.py": environment.get_template("tb.py.j2").render(_testbench(source)),
        f"test_{source.module}.py": environment.get_template("test.py.j2").render(_tests(source)),
    }
    if source.judged:
        files[f"{source.module}_model.py"] = environment.get_template("model.py.j2").render(_judges(source))
    return {name: text.rstrip("\n") + "\n" for name, text in sorted(files.items())}


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("verif.bench", "templates"),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        autoescape=False,
    )


def _check_ids(plan: Testplan) -> None:
    seen: set[str] = set()
    for point in plan.points:
        if not point.id.isidentifier() or keyword.iskeyword(point.id):
            raise InputError("PE430", f"test point id {point.id!r} is not an identifier", where="testplan")
        if point.id in seen or point.id in ("recorded", "regressions"):
            raise InputError("PE430", f"test point id {point.id!r} is taken", where="testplan")
        seen.add(point.id)


def _testbench(source: BenchSource) -> dict[str, object]:
    design, plan = source.design, source.plan
    clocks = {clock.name: int(clock.edge is Edge.FALLING) for clock in design.clocks}
    drain = _drain(plan)
    drivers = excerpt((DRIVER_KINDS[driver.kind], driver.kind) for driver in plan.drivers)
    drivers = _with_base(drivers)
    crosses = {point.name: point.cross for point in plan.coverage if point.cross}
    pace = {driver.name: driver.clock for driver in plan.drivers if driver.clock and len(clocks) > 1}
    points = {point.name: (point.port, dict(point.bins)) for point in plan.coverage if not point.cross}
    return {
        "dut": source.name,
        "module": source.module,
        "clocked": design.sequential,
        "several_clocks": len(clocks) > 1,
        "judged": source.judged,
        "model_used": source.oracles.model is not None,
        "rules_used": bool(source.oracles.rules),
        "resets_used": bool(design.resets),
        "resets_apart": design.resets_apart,
        "port_like_top": any(port.name == design.top for port in design.ports),
        "paced": bool(pace),
        "drain_used": bool(drain),
        "crosses_used": bool(crosses),
        "imports": _testbench_imports(source, drivers, bool(crosses)),
        "schedule": assignment("SCHEDULE", schedule(design)),
        "clocks": assignment("CLOCKS", clocks),
        "resets": assignment("RESETS", {reset.name: int(reset.active_high) for reset in design.resets}),
        "reset_cycles": assignment("RESET_CYCLES", reset_ticks(design.clocks, design.resets)),
        "inputs": assignment("INPUTS", tuple(port.name for port in design.data_inputs)),
        "outputs": assignment("OUTPUTS", tuple(port.name for port in design.outputs)),
        "settings": assignment("SETTINGS", {knob.name: knob.default for knob in plan.knobs}),
        "pace": assignment("PACE", pace),
        "drain": assignment("DRAIN", drain),
        "drain_cycles": assignment("DRAIN_CYCLES", DRAIN_CYCLES),
        "points": assignment("POINTS", points),
        "crosses": assignment("CROSSES", crosses),
        "drivers_source": join_blocks(drivers.blocks),
        "drivers": expression({d.name: _driver_call(d) for d in plan.drivers}, indent=4, column=11),
    }


def _with_base(drivers: Excerpt) -> Excerpt:
    """Return ``drivers`` with the class that all of them share, even where a design has no input to drive."""
    return drivers if drivers.blocks else excerpt([("verif.stimulus.drivers.base", "Driver")])


def _testbench_imports(source: BenchSource, drivers: Excerpt, crosses: bool) -> dict[str, object]:
    standard = {
        ("json", ""),
        ("os", ""),
        ("random", ""),
        ("collections", "Counter"),
        ("collections.abc", "Iterable"),
        ("collections.abc", "Mapping"),
        ("pathlib", "Path"),
        ("typing", "NoReturn"),
    }
    if crosses:
        standard.add(("itertools", "product"))
    cocotb = [("cocotb.handle", "HierarchyObject"), ("cocotb.handle", "Immediate"), ("cocotb.triggers", "Timer")]
    if source.design.clocks:
        cocotb.append(("cocotb", ""))
    judges = {"make_model": source.oracles.model, "make_rules": source.oracles.rules}
    names = ["Check", *(name for name, used in judges.items() if used)]
    return {
        "standard": render_imports(standard | drivers.imports),
        "cocotb": render_imports(cocotb),
        "local": "\n".join(render_imports((f"{source.module}_model", name) for name in names)),
    }


def schedule(design: Design) -> tuple[str, ...]:
    """Return one period of the clock order: the clock whose active edge ends each cycle; one empty name without."""
    period = lcm(*(clock.ratio for clock in design.clocks))
    return tuple(islice(clock_order(design.clocks), sum(period // clock.ratio for clock in design.clocks))) or ("",)


def _drain(plan: Testplan) -> dict[str, int]:
    rates = {f"{driver.name}_rate": _DRAIN[driver.kind] for driver in plan.drivers if driver.kind in _DRAIN}
    knobs = {knob.name for knob in plan.knobs}
    return {name: rate for name, rate in rates.items() if name in knobs}


def _driver_call(driver: Driver) -> Call:
    return call(driver.kind, ports=driver.ports, knobs=knob_names(driver), **driver.options)


def _tests(source: BenchSource) -> dict[str, object]:
    names = ["RECORDED", "REGRESSIONS", "TB"]
    return {
        "dut": source.name,
        "judged": source.judged,
        "import": "\n".join(render_imports((f"{source.module}_tb", name) for name in names)),
        "tests": [_test(source, point) for point in source.plan.points],
    }


def _test(source: BenchSource, point: Testpoint) -> dict[str, object]:
    intent = prose(point.intent, WIDTH - 10) or [point.id]
    details = []
    if point.requirements:
        details += prose(f"Requirements: {', '.join(point.requirements)}.", WIDTH - 4)
    if not source.judged:
        details += ["Nothing judges the outputs here: no reference model and no rule is known for this design."]
    return {"id": point.id, "summary": intent, "details": details, "steps": _steps(point)}


def _steps(point: Testpoint) -> list[str]:
    steps = []
    at = reset_index(point)
    for index, phase in enumerate(point.phases):
        if index == at:
            steps.append("await tb.reset()")
        run = call("await tb.run", phase.cycles, dict(phase.settings))
        steps.append(expression(run, indent=4, column=4))
    return steps


def _judges(source: BenchSource) -> dict[str, object]:
    model, rules = source.oracles.model, source.oracles.rules
    snippets = [*([model.snippet] if model else []), *(rule.snippet for rule in rules)]
    parts = excerpt((snippet.module, snippet.class_name) for snippet in snippets)
    return {
        "dut": source.name,
        "summary": _judges_summary(source),
        "imports": render_imports(parts.imports | {("typing", "Any"), ("typing", "NamedTuple")}),
        "source": join_blocks(parts.blocks),
        "model": _model(model) if model else None,
        "rules": [_rule(rule) for rule in rules],
    }


def _judges_summary(source: BenchSource) -> list[str]:
    model = source.oracles.model
    first = f"A reference model of kind {model.kind} predicts the outputs cycle by cycle." if model else ""
    second = "Rules are observed in every cycle." if source.oracles.rules else ""
    return prose(f"{first} {second} Standard library only.", WIDTH)


def _model(model: ReferenceModel) -> Mapping[str, object]:
    judge = call_from_source(model.snippet.class_name, model.snippet.arguments)
    check = call("Check", model.oracle.value, model_check_id(model), model.requirements, judge)
    return {
        "predicts": prose(f"Return the reference model; it predicts {', '.join(model.outputs)}.", WIDTH - 10),
        "evidence": [line for text in model.evidence for line in prose(text, WIDTH - 6)],
        "expression": expression(check, indent=4, column=11),
    }


def model_check_id(model: ReferenceModel) -> str:
    """Return the id under which a model's mismatches are told."""
    return f"{re.sub(r'[^A-Za-z0-9]+', '-', model.kind)}-model"


def _rule(rule: Rule) -> Mapping[str, object]:
    judge = call_from_source(rule.snippet.class_name, rule.snippet.arguments)
    check = call("Check", rule.oracle.value, rule.id, rule.requirements, judge)
    return {
        "title": prose(rule.title, WIDTH - 10),
        "expression": expression(check, indent=8, column=8, after=1),
    }
