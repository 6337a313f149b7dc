"""The designs of ``rtl/`` and two public processors: 512 lanes show the batch engine's bits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.support.harnesses import harness_of
from tests.support.lanes import difference, lanes_of
from tests.support.rtl import Kept, kept_designs
from tests.support.tools import package_folder
from verif.bench.library.select import choose_oracles
from verif.coverage.probes import with_probes
from verif.design.frontend import read_design
from verif.design.model import Design
from verif.design.sources import resolve_sources
from verif.lanes import LaneEngine
from verif.lanes.trust import difference_between
from verif.plan.baseline import baseline_plan
from verif.sim.batch import Batch, build_batch
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


@pytest.mark.parametrize("name", ["async_fifo", "uart_rx"])
def test_probed_harnesses_do_in_lanes_what_they_do_in_the_batch_engine(name: str, tmp_path: Path) -> None:
    design = Kept(name).design
    plan = baseline_plan(design, (), choose_oracles(design, None).drivers)
    workspace = Workspace(tmp_path / "sim_builds")
    probed = with_probes(harness_of(design), plan, workspace=workspace).harness
    assert len(probed.covers) > 20
    assert difference(probed, tmp_path) == ""
    with LaneEngine(lanes_of(probed, tmp_path)) as engine:
        hits = engine.drawn(256, 200, draw=1, hits=True, hit_ticks=True, seed=None)
        rows = engine.rows([0, 100, 255], 200, draw=1)
    with Batch(build_batch(probed, workspace=workspace)) as batch:
        again = batch.lanes(rows, hits=True, hit_ticks=True, seed=None, fresh=True)
    assert hits.hits is not None and hits.hit_ticks is not None and hits.hits.any()
    assert np.array_equal(hits.hits[[0, 100, 255]], again.hits)
    assert np.array_equal(hits.hit_ticks[[0, 100, 255]], again.hit_ticks)
