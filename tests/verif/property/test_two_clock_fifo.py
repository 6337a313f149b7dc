"""What is asserted of a FIFO between two clocks holds for a good one, however it is reset, and bugs break it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.support.drafts import rtl_source
from tests.support.regressions import bug
from verif.bench.render import BenchSource
from verif.campaign.benches.shipped import harness_files
from verif.design.frontend import read_design
from verif.design.model import Design, SourceSet
from verif.harness.model import Harness
from verif.property import Directive
from verif.property.protocols import drafted_file
from verif.search.stimulus import StimulusMaker
from verif.sim.batch import Batch, build_batch
from verif.workspace import Workspace

PORTS = """input logic {clocks}, {resets}, input logic wr_en, input logic [7:0] wr_data, output logic full,
  input logic rd_en, output logic [7:0] rd_data, output logic empty"""
CLOCKS = "wr_clk, rd_clk"


def shell(
    folder: Path, *, clocks: str = CLOCKS, resets: str = "wr_rst_n, rd_rst_n", kind: str = "or negedge"
) -> Design:
    """Return a design of ports and registers that are reset."""
    processes = [
        f"always_ff @(posedge {clock} {f'{kind} {reset}' if kind else ''}) if (!{reset}) {flag} <= 0; else {flag} <= 1;"
        for clock, reset, flag in zip(
            clocks.split(", ") * 2, (resets.split(", ") * 2)[:2], ("full", "empty"), strict=False
        )
    ]
    text = f"module fifo ({PORTS.format(clocks=clocks, resets=resets)});\n{chr(10).join(processes)}\nendmodule\n"
    path = folder / "fifo.sv"
    path.write_text(text, encoding="utf-8")
    return read_design(SourceSet(files=(path,), top="fifo"))


def asserted(design: Design) -> tuple[set[str], str]:
    found = drafted_file(design, design.top)
    assert found is not None
    return {one.name for one in found.properties if one.directive is Directive.ASSERT}, found.text


def test_flags_are_asserted_where_resets_are_asynchronous(tmp_path: Path) -> None:
    names, text = asserted(shell(tmp_path))
    assert names == {"full_by_a_write", "empty_by_a_read"}
    assert "always @(posedge wr_clk or posedge fifo_alone)" in text
    names, text = asserted(shell(tmp_path, resets="rst_n"))
    assert names == {"full_by_a_write", "empty_by_a_read"}
    assert "fifo_split" not in text
    assert asserted(shell(tmp_path, kind=""))[0] == set()


@pytest.fixture(scope="module")
def source() -> BenchSource:
    """Without rules and model, so that nothing but the properties judges."""
    made = rtl_source("async_fifo")
    return replace(made, oracles=replace(made.oracles, model=None, rules=()))


def judging(source: BenchSource, text: str, folder: Path) -> Harness:
    found = harness_files(source, folder, text)
    assert found.notes == ()
    assert found.harness is not None
    return found.harness


def broken(harness: Harness, source: BenchSource, workspace: Workspace, blocks: int) -> set[str]:
    """Return which properties the plan's stimulus breaks."""
    maker = StimulusMaker(harness, source.plan, seed=1)
    found: set[str] = set()
    with Batch(build_batch(harness, workspace=workspace)) as batch:
        for number in range(blocks):
            fails = batch.lanes(maker.block(number).stimulus, fresh=True).first_fail.max(axis=0)
            found |= {each.id for each, fail in zip(harness.monitors, fails, strict=True) if fail >= 0}
    return found


def test_good_fifo_keeps_them(source: BenchSource, tmp_path: Path, workspace: Workspace) -> None:
    _, text = asserted(source.design)
    assert broken(judging(source, text, tmp_path), source, workspace, 8) == set()


@pytest.mark.parametrize("name", ["full_inverts_one_bit", "write_while_full"])
def test_bugs_break_them(source: BenchSource, tmp_path: Path, workspace: Workspace, name: str) -> None:
    _, text = asserted(source.design)
    sources = replace(source.design.sources, files=(bug("async_fifo", name),))
    changed = replace(source, design=replace(source.design, sources=sources))
    assert broken(judging(changed, text, tmp_path), source, workspace, 8) == {"full_by_a_write", "empty_by_a_read"}


@pytest.mark.parametrize("guarded", [True, False])
def test_reset_of_one_side_alone_breaks_them_unless_it_is_seen(
    source: BenchSource, tmp_path: Path, workspace: Workspace, guarded: bool
) -> None:
    _, text = asserted(source.design)
    text = text if guarded else text.replace("!fifo_split && ", "")
    harness = judging(source, text, tmp_path)
    build = build_batch(harness, workspace=workspace)
    turn = len(harness.schedule)
    rows = build.stimulus.rows(120 * turn)
    push, pop, reset = (np.zeros(len(rows), np.uint32) for _ in range(3))
    push[: 40 * turn] = 1
    pop[40 * turn : 80 * turn] = 1
    reset[95 * turn : 95 * turn + 2] = 1
    build.stimulus.pack({"stim_push_offer": push, "stim_pop_take": pop, "stim_rst_rd_rst_n": reset}, into=rows)
    with Batch(build) as batch:
        fails = batch.run(rows).first_fail
    assert (fails >= 0).any() == (not guarded)
