"""Which checkers a design gets, under which names, and what is said of the others."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import verif.bench.library.models as models
import verif.bench.library.rules as rules
from tests.support.monitors import EMPTY_PLAN, ports_design, with_model, with_rule
from tests.support.rtl import Kept, kept_designs
from verif.bench.library.select import choose_oracles
from verif.bench.render import model_check_id
from verif.harness.monitors import choose_monitors
from verif.harness.monitors.choose import unmonitored
from verif.harness.monitors.models import MODELS
from verif.harness.monitors.rules import RULES
from verif.plan.spec import read_specification

PYTHON_ONLY = {
    *("CrcRegisterRule", "EdgeRule", "MemoryRule", "PatternRule", "PeriodRule", "PulseWidthRule", "ReadingsRule"),
    *("ResultRule", "RoundRobinRule", "SerialLineRule", "SerialiserRule", "SettledRule", "StackRule"),
}
"""Rules that no hardware has yet; the notes of a harness name them."""


def classes(package: object, ending: str) -> set[str]:
    """Return the classes of a library package whose names end so."""
    folder = Path(package.__path__[0])  # type: ignore[attr-defined]
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in folder.glob("*.py")]
    found = {node.name for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)}
    return {name for name in found if name.endswith(ending)}


def test_every_model_and_rule_of_the_library_has_hardware_or_is_listed() -> None:
    assert classes(models, "Model") == set(MODELS)
    assert classes(rules, "Rule") == set(RULES) | PYTHON_ONLY


@pytest.mark.parametrize("kept", kept_designs(), ids=lambda kept: kept.name)
def test_kept_design_has_a_checker_for_its_model_and_each_of_its_rules(kept: Kept) -> None:
    oracles = choose_oracles(kept.design, read_specification(kept.directory / "spec.md"))
    assert oracles.model
    monitors = {use.monitor.id: use.monitor for use in choose_monitors(kept.design, EMPTY_PLAN, oracles)}
    assert unmonitored(kept.design, oracles) == ()
    assert set(monitors) == {model_check_id(oracles.model), *(rule.id for rule in oracles.rules)}
    assert monitors[model_check_id(oracles.model)].requirements == oracles.model.requirements
    assert [monitors[rule.id].title for rule in oracles.rules] == [rule.title for rule in oracles.rules]


def test_monitor_is_named_after_its_rule_and_looks_at_the_nets_that_it_is_told() -> None:
    design = ports_design({"req": 2}, {"gnt": 2})
    bench = with_rule(design, "grant", "GrantRule", req="req", gnt="gnt", clock="clk", reset=None)
    [use] = choose_monitors(design, EMPTY_PLAN, bench.oracles, {"req": "asked"})
    assert (use.monitor.fail, use.monitor.seen) == ("fail_the_rule", "seen_the_rule")
    assert use.connections == {"clk": "clk", "req": "asked", "gnt": "obs_gnt"}
    assert use.instance("u", rst="r", fail="f", seen="s").splitlines()[0] == "check_grant #("


def test_option_that_the_hardware_lacks_leaves_the_check_to_python() -> None:
    design = ports_design({"a": 2}, {"product": 4})
    ports = {"a": "a", "b": "a", "product": "product"}
    bench = with_model(design, "multiplier", "MultiplierModel", ports=ports, reset=None, width=4, latency=1)
    assert bench.uses == ()
    [sentence] = unmonitored(design, bench.oracles)
    assert sentence == (
        "multiplier-model is judged in Python only: "
        "its hardware version doesn't cover a reset that the model doesn't know"
    )


def test_rule_without_hardware_is_left_to_python() -> None:
    design = ports_design({"req": 2}, {"gnt": 2})
    bench = with_rule(design, "round_robin", "RoundRobinRule", req="req", gnt="gnt")
    assert unmonitored(design, bench.oracles) == ("the-rule is judged in Python only: it has no hardware version",)
