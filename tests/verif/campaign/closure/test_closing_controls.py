"""Controls of proofs: what is proven unreachable is hit as soon as one edit makes it reachable."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.drafts import rtl_source
from tests.support.regressions import written
from verif.bench.render import BenchSource
from verif.campaign.closure.closing import CloseOptions, close_bench
from verif.coverage.model import PointResult
from verif.design.frontend import read_design
from verif.verdict import PointStatus
from verif.workspace import Workspace

CONTROLS = {
    ("apb_timer", "bin:pready.low"): ("pready  = 1'b1", "pready  = access"),
    ("apb_timer", "cross:pwrite_x_pready.high.low"): ("pready  = 1'b1", "pready  = access"),
    ("axi_lite_regs", "bin:s_axil_bresp.value_3"): ("(aw_reg > REG_LAST) ? SLVERR", "(aw_reg > REG_LAST) ? 2'b11"),
    ("axi_lite_regs", "cross:s_axil_arvalid_x_s_axil_arready.high.low"): ("= !s_axil_rvalid", "= !s_axil_bvalid"),
    ("lfsr", "bin:state.zero"): ("(seed == '0) ? RESET_SEED : seed", "seed"),
    ("priority_encoder", "bin:onehot.ones"): ("onehot = {", "onehot = onehot | {"),
    ("sequence_detector", "fsm:state:GOT_1->NOTHING"): (
        "GOT_1:   if (din) next_state = GOT_1",
        "GOT_1:   if (din) next_state = NOTHING",
    ),
    ("sequence_detector", "sequence_detector:37:case_default"): ("GOT_101: if (din)", "GOT_1: if (din)"),
    ("uart_rx", "fsm:state:DATA->STOP"): ("(PARITY == 0) ? STOP : CHECK", "(PARITY != 0) ? STOP : CHECK"),
    ("uart_tx", "fsm:state:DATA->STOP"): ("(PARITY == 0) ? STOP : CHECK", "(PARITY != 0) ? STOP : CHECK"),
    ("uart_tx", "uart_tx:81:else"): ("INDEX_WIDTH'(STOP_BITS - 1)", "INDEX_WIDTH'(STOP_BITS)"),
}
"""Design and point to one edit: what is written there, and what instead."""


def edited(folder: Path, name: str, old: str, new: str) -> BenchSource:
    """Return what a bench of an edited design is rendered from."""
    source = rtl_source(name)
    (file,) = source.design.sources.files
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, (name, old)
    copy = folder / file.name
    copy.write_text(text.replace(old, new), encoding="utf-8")
    design = read_design(replace(source.design.sources, files=(copy,)))
    return replace(source, design=design)


def closed(bench: Path, point: str, workspace: Workspace) -> PointResult:
    options = CloseOptions(seconds=None, examples=4_000, depth=6, only=point.replace("[", "[[]"), replay=False)
    result = close_bench(bench, options, workspace=workspace)
    assert not result.trouble
    (found,) = result.coverage.points
    return found


@pytest.mark.slow
@pytest.mark.parametrize(("name", "point"), CONTROLS)
def test_what_is_proven_unreachable_is_hit_after_one_edit(
    tmp_path: Path, workspace: Workspace, name: str, point: str
) -> None:
    proven = closed(written(tmp_path / "plain", rtl_source(name)), point, workspace)
    assert (proven.status, proven.by) == (PointStatus.UNREACHABLE, "solver")
    (tmp_path / "rtl").mkdir()
    changed = edited(tmp_path / "rtl", name, *CONTROLS[name, point])
    hit = closed(written(tmp_path / "edited", changed), point, workspace)
    assert hit.status is PointStatus.HIT
