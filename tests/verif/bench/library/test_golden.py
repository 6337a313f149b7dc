"""The library against the designs of ``rtl/`` and their seeded bugs, on Icarus with the baseline plan's stimulus."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tests.support.judging import verdict
from tests.support.rtl import Kept, kept_designs
from tests.support.tools import need
from verif.bench.library.select import choose_oracles
from verif.bench.oracles import OracleSet
from verif.plan.spec import read_specification

DESIGNS = kept_designs()
MISSED = 0.05
"""Share of the seeded bugs that SPEC, PROTOCOL and GENERIC checks together may miss."""


@cache
def oracles(kept: Kept) -> OracleSet:
    return choose_oracles(kept.design, read_specification(kept.directory / "spec.md"))


@pytest.mark.parametrize("kept", DESIGNS, ids=lambda kept: kept.name)
def test_good_design_breaks_no_check(kept: Kept, tmp_path: Path) -> None:
    need("iverilog")
    assert verdict(kept.design, oracles(kept), tmp_path, seeds=(1, 2)) is None


def test_seeded_bugs_are_caught(tmp_path: Path) -> None:
    need("iverilog")
    missed, total = [], 0
    for kept in DESIGNS:
        for bug in kept.bugs:
            total += 1
            if verdict(kept.design, oracles(kept), tmp_path, files=[bug], seeds=(1, 2)) is None:
                missed.append(f"{kept.name}/{bug.stem}")
    assert len(missed) <= MISSED * total, f"{len(missed)} of {total} missed: {', '.join(missed)}"


@pytest.mark.parametrize("kept", DESIGNS, ids=lambda kept: kept.name)
def test_specification_gives_an_exact_model_of_every_output(kept: Kept) -> None:
    model = oracles(kept).model
    assert model is not None
    assert set(model.outputs) == {port.name for port in kept.design.outputs}


@pytest.mark.parametrize("kept", DESIGNS, ids=lambda kept: kept.name)
def test_requirements_that_count_are_requirements_of_the_specification(kept: Kept) -> None:
    found = oracles(kept)
    counted = {
        *(found.model.requirements if found.model else ()),
        *(i for rule in found.rules for i in rule.requirements),
    }
    assert counted <= set(kept.requirements)
    unchecked = {"wishbone_ram": {"R5"}}.get(kept.name, set())
    assert set(kept.requirements) - counted == unchecked
