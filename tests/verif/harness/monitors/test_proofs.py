"""The checkers judge in a proof as they do in a simulation: the harness goes there as it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.drafts import rtl_source
from tests.support.rtl import Kept
from verif.formal.prove import prove_never
from verif.harness import assemble
from verif.sim.process import Processes
from verif.verdict import ProofStatus

DEPTH = 8


def answers(name: str, folder: Path, bug: str = "") -> set[ProofStatus]:
    """What is known about the checkers of a kept design, or of one of its bugs, a few cycles from reset on."""
    source = rtl_source(name)
    harness = assemble(source.design, source.plan, source.oracles)
    if bug:
        harness = replace(harness, design=rtl_source(name, bug).design)
    fails = [monitor.fail for monitor in harness.monitors]
    found = prove_never(harness, fails, folder, depth=DEPTH, seconds=100.0, processes=Processes())
    return {answer.status for answer in found.values()}


@pytest.mark.parametrize("name", ["arbiter", "gray_counter", "skid_buffer"])
def test_no_checker_can_fail_on_the_good_design_and_one_can_on_a_bug(name: str, tmp_path: Path) -> None:
    assert answers(name, tmp_path / "good") <= {ProofStatus.PROVED, ProofStatus.BOUNDED}
    assert ProofStatus.FAILED in answers(name, tmp_path / "bad", Kept(name).bugs[0].stem)
