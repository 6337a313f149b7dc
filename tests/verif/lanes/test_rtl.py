"""The designs of ``rtl/`` and two public processors: 512 lanes show the batch engine's bits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.harnesses import harness_of
from tests.support.lanes import lanes_of
from tests.support.rtl import Kept, kept_designs
from tests.support.tools import package_folder
from verif.design.frontend import read_design
from verif.design.model import Design
from verif.design.sources import resolve_sources
from verif.lanes.trust import difference_between
from verif.sim.batch import build_batch
from verif.workspace import Workspace

LANES = 512
FEW = ("sync_fifo", "uart_rx")
"""Designs that every run of the tests compares."""
PROCESSORS = {
    "pythondata_cpu_serv": ("verilog/rtl", "serv_rf_top"),
    "pythondata_cpu_picorv32": ("verilog/picorv32.v", "picorv32"),
}


def compare(design: Design, place: Path, ticks: int) -> None:
    harness = harness_of(design)
    batch = build_batch(harness, workspace=Workspace(place / "sim_builds"))
    assert difference_between(lanes_of(harness, place), batch, count=LANES, ticks=ticks) == ""


@pytest.mark.parametrize("name", FEW)
def test_a_design_shows_the_same_bits(name: str, tmp_path: Path) -> None:
    compare(Kept(name).design, tmp_path, 300)


@pytest.mark.slow
@pytest.mark.parametrize("design", kept_designs(), ids=lambda design: design.name)
def test_every_design_shows_the_same_bits(design: Kept, tmp_path: Path) -> None:
    compare(design.design, tmp_path, 2000)


@pytest.mark.slow
@pytest.mark.parametrize("package", sorted(PROCESSORS))
def test_a_processor_shows_the_same_bits(package: str, tmp_path: Path) -> None:
    place, top = PROCESSORS[package]
    sources = resolve_sources((str(package_folder(package) / place),))
    compare(read_design(replace(sources, top=top)), tmp_path, 2000)
