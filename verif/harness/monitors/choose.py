"""Choose the monitors of a design: one for each rule and model that has a hardware version."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from verif.bench.oracles import OracleSet, ReferenceModel, Rule, Snippet
from verif.bench.render import model_check_id
from verif.design.model import Design
from verif.harness.model import Monitor
from verif.harness.monitors.arguments import Arguments, Uncovered
from verif.harness.monitors.hardware import Builder
from verif.harness.monitors.models import MODELS
from verif.harness.monitors.nets import Nets
from verif.harness.monitors.rules import RULES
from verif.harness.monitors.use import MonitorUse
from verif.plan.model import Testplan

_HDL = Path(__file__).parent / "hdl"


def choose_monitors(
    design: Design, plan: Testplan, oracles: OracleSet, nets: Mapping[str, str] | None = None
) -> tuple[MonitorUse, ...]:
    """Return the hardware checkers for ``design``; ids, titles and requirements are those of the oracles.

    ``nets`` maps ports to the harness's nets; a port that it doesn't name has the net ``obs_<port>``.
    """
    return tuple(found for _, found in _tried(Nets(design, nets), oracles) if isinstance(found, MonitorUse))


def unmonitored(design: Design, oracles: OracleSet) -> tuple[str, ...]:
    """Return a sentence for each rule or model that only its Python version judges, and why."""
    return tuple(
        f"{name} is judged in Python only: {found}"
        for name, found in _tried(Nets(design), oracles)
        if isinstance(found, Uncovered)
    )


def _tried(nets: Nets, oracles: OracleSet) -> Iterator[tuple[str, MonitorUse | Uncovered]]:
    if model := oracles.model:
        check, title = model_check_id(model), f"{', '.join(model.outputs)} as the reference model predicts."
        yield check, _use(nets, MODELS, model.snippet, _monitor(check, model, title, model.outputs))
    for rule in oracles.rules:
        yield rule.id, _use(nets, RULES, rule.snippet, _monitor(rule.id, rule, rule.title, rule.ports))


def _monitor(check: str, source: Rule | ReferenceModel, title: str, ports: tuple[str, ...]) -> Monitor:
    name = re.sub(r"\W+", "_", check.replace("-", "_"))
    return Monitor(
        id=check,
        oracle=source.oracle,
        title=title,
        fail=f"fail_{name}",
        seen=f"seen_{name}",
        requirements=source.requirements,
        ports=ports,
    )


def _use(nets: Nets, builders: Mapping[str, Builder], snippet: Snippet, monitor: Monitor) -> MonitorUse | Uncovered:
    if snippet.class_name not in builders:
        return Uncovered("it has no hardware version")
    try:
        hardware = builders[snippet.class_name](nets, Arguments(snippet))
    except Uncovered as reason:
        return Uncovered(f"its hardware version doesn't cover {reason}")
    module, text = hardware.module, hardware.text or _text(hardware.module)
    if hardware.text:
        module = f"check_{monitor.fail.removeprefix('fail_')}"
        text = re.sub(rf"\b{hardware.module}\b", module, text)
    return MonitorUse(
        monitor=monitor,
        module=module,
        text=text,
        connections=hardware.connections,
        parameters=hardware.parameters,
    )


@cache
def _text(module: str) -> str:
    return (_HDL / f"{module}.sv").read_text(encoding="utf-8")
