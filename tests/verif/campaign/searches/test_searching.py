"""Searching a bench on real RTL."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.regressions import bug, drafted, written
from verif.bench.library.select import choose_oracles
from verif.bench.render import BenchSource
from verif.campaign.searches.result import SearchFailure
from verif.campaign.searches.searching import SearchOptions, search_bench
from verif.design.frontend import read_design
from verif.design.model import SourceSet
from verif.errors import InputError
from verif.plan.baseline import baseline_plan
from verif.search.explore import Budget, Explorer
from verif.verdict import Verdict
from verif.workspace import Workspace


@pytest.fixture
def fifo(tmp_path: Path) -> Path:
    return drafted(tmp_path / "tb", "sync_fifo")


def test_a_register_without_reset_makes_every_example_start_on_a_fresh_model(fifo: Path, workspace: Workspace) -> None:
    options = SearchOptions(
        budget=Budget(examples=120),
        sources=(bug("sync_fifo", "reset_misses_rd_ptr"),),
        check="sync-fifo-model",
        replay=False,
    )
    found = search_bench(fifo, options, workspace=workspace)
    (failure,) = found.failures
    assert failure.verdict is Verdict.UNKNOWN
    assert [note for note in found.notes if note.startswith("state survives reset")] == [
        "state survives reset (rd_data differs after a reset): each example starts on a fresh model"
    ]
    assert found.verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(("moment", "shrunk"), [("shrinking", False), ("replaying", True)])
def test_an_interrupted_search_keeps_and_tells_what_it_saw(
    fifo: Path, workspace: Workspace, moment: str, shrunk: bool
) -> None:
    def interrupt(explorer: Explorer | None, text: str) -> None:
        if text.startswith(moment):
            raise KeyboardInterrupt

    told: list[SearchFailure] = []
    options = SearchOptions(budget=Budget(examples=120), sources=(bug("sync_fifo", "full_one_late"),))
    found = search_bench(fifo, options, workspace=workspace, progress=interrupt, told=told.append)
    assert (found.interrupted, found.verdict) == (True, Verdict.UNKNOWN)
    (failure,) = found.failures
    assert told == [failure]
    assert [*(fifo / "regressions").glob("*.json")] == [failure.regression.file]
    assert (failure.taken.shrink_examples > 0) is shrunk
    assert failure.sources == options.sources


def test_a_bench_that_nothing_judges_is_told(tmp_path: Path, workspace: Workspace) -> None:
    design = tmp_path / "mix.sv"
    design.write_text(
        "module mix(input wire clk, input wire rst_n, input wire [3:0] a, output reg [3:0] q);\n"
        "  always @(posedge clk) if (!rst_n) q <= 0; else q <= q ^ {a[0], a[3:1]};\nendmodule\n"
    )
    source = unjudged(design)
    folder = written(tmp_path / "tb", source)
    with pytest.raises(InputError) as refused:
        search_bench(folder, SearchOptions(budget=Budget(examples=1)), workspace=workspace)
    assert refused.value.sentence == (
        f"{folder}: nothing judges this design: the bench has neither a reference model nor a rule; draft it again "
        "with a specification that tells what the design is, 'posedge draft --spec'."
    )


def unjudged(design: Path) -> BenchSource:
    read = read_design(SourceSet(files=(design,)))
    oracles = choose_oracles(read, None)
    assert not oracles.rules
    return BenchSource(design=read, plan=baseline_plan(read, (), oracles.drivers), oracles=oracles)
