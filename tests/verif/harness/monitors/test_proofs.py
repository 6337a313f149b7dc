"""The checkers judge in a solver as they do in a simulation: the harness goes there as it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.harness_runs import written
from tests.support.rtl import Kept
from verif.bench.library.select import choose_oracles
from verif.design.model import Design
from verif.formal.bmc import Bounded, Port, Solver, Status, check_bounded
from verif.formal.model import write_model
from verif.harness import assemble
from verif.harness.model import FieldKind
from verif.plan.baseline import baseline_plan
from verif.plan.spec import read_specification
from verif.sim.process import Processes

DEPTH = 8


def checked(kept: Kept, design: Design, folder: Path) -> Bounded:
    """Search a few cycles from reset for one in which a checker fails."""
    oracles = choose_oracles(design, read_specification(kept.directory / "spec.md"))
    harness = assemble(design, baseline_plan(design, (), oracles.drivers), oracles)
    files = tuple(written(harness, folder))
    model = write_model(
        replace(design.sources, files=files, top=harness.top), harness.top, folder, processes=Processes()
    )
    resets = [Port(name=field.name, value=1) for field in harness.stimulus if field.kind is FieldKind.RESET]
    return check_bounded(
        model,
        [monitor.fail for monitor in harness.monitors],
        prefix=[resets] * harness.reset_ticks,
        depth=harness.reset_ticks + DEPTH,
        processes=Processes(),
        solver=Solver(seconds=100.0),
    )


@pytest.mark.parametrize("name", ["arbiter", "gray_counter", "skid_buffer"])
def test_no_checker_can_fail_on_the_good_design_and_one_can_on_a_bug(name: str, tmp_path: Path) -> None:
    kept = Kept(name)
    bug = replace(kept.design, sources=replace(kept.design.sources, files=(kept.bugs[0],)))
    assert checked(kept, kept.design, tmp_path / "good").status is Status.BOUNDED
    assert checked(kept, bug, tmp_path / "bug").status is Status.FAILED
