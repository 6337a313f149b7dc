"""The first law of instrumented copies: they act exactly as their originals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.support.drafts import rtl_source
from tests.support.probes import random_rows
from tests.support.rtl import kept_designs
from verif.coverage.probes import with_probes
from verif.harness import assemble
from verif.sim.batch import Batch, build_batch
from verif.workspace import Workspace

SHORT, LONG = 300, 12


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("equality") / "sim_builds")


FAST = ("async_fifo", "divider", "gray_counter", "sequence_detector", "uart_tx")


@pytest.mark.parametrize(
    "name", [pytest.param(k.name, marks=() if k.name in FAST else pytest.mark.slow) for k in kept_designs()]
)
def test_an_instrumented_copy_acts_as_the_original(name: str, workspace: Workspace) -> None:
    source = rtl_source(name)
    plain = assemble(source.design, source.plan, source.oracles)
    probed = with_probes(plain, source.plan, workspace=workspace)
    assert any(point.file for point in probed.points)
    builds = [build_batch(harness, workspace=workspace) for harness in (plain, probed.harness)]
    rows = np.stack([random_rows(builds[0], SHORT, seed) for seed in range(LONG)])
    seen = []
    for build in builds:
        with Batch(build) as batch:
            seen.append(batch.lanes(rows, observe=True, hits=True))
    assert all(lanes.fault is None for lanes in seen)
    assert seen[0].observed is not None and seen[1].observed is not None
    assert (seen[0].observed == seen[1].observed).all()
    assert (seen[0].first_fail == seen[1].first_fail).all()
    assert (seen[0].seen == seen[1].seen).all()
    assert seen[1].hits is not None and seen[1].hits.any()
    assert replace(probed.harness, covers=(), top=plain.top, files=plain.files, design=plain.design) == plain
