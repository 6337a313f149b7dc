"""Which build is chosen, and what is told where it isn't lanes."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.support.harnesses import around
from tests.support.lanes import break_one_table, difference, lanes_of, only_on_x86
from verif.harness.model import Harness
from verif.lanes import Chosen, LanesBuild, Limits, choose_build
from verif.lanes.processor import WIDTHS, this_processor
from verif.sim.batch import Batch, BatchBuild
from verif.workspace import Workspace

COUNTER = """
  always_ff @(posedge clk) y <= rst ? 8'd0 : y + a;
  assign bad = y == 8'd10;
"""
KEEPER = """
  logic [7:0] kept [8];
  always_ff @(posedge clk) if (a[7]) kept[a[2:0]] <= a;
  assign y = kept[a[5:3]];
  assign bad = y == 8'd200;
"""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lanes")


@pytest.fixture(scope="module")
def counter(shared: Path) -> Harness:
    return around(COUNTER, shared / "counter")


def chosen(harness: Harness, place: Path, limits: Limits | None = None) -> Chosen:
    return choose_build(harness, workspace=Workspace(place / "sim_builds"), limits=limits)


def test_lanes_that_agree_with_the_batch_engine_are_chosen(counter: Harness, shared: Path) -> None:
    choice = chosen(counter, shared)
    assert choice.lanes and isinstance(choice.build, LanesBuild)
    with Batch(choice.build) as engine:
        rows = choice.build.stimulus.pack({"stim_a": [[5, 5, 0], [1, 2, 3]]})
        lanes = engine.lanes(rows, observe=True)
    assert lanes.observed is not None
    assert choice.build.observed.get(lanes.observed, "obs_y").tolist() == [[0, 5, 10], [0, 1, 3]]
    assert lanes.first_fail.tolist() == [[2], [-1]]
    assert lanes.seen.tolist() == [[1], [2]]


def test_a_broken_netlist_is_caught_and_told(counter: Harness, tmp_path: Path) -> None:
    harness = around(COUNTER, tmp_path / "design")
    build = lanes_of(harness, tmp_path)
    break_one_table(build)
    for _ in range(2):  # the second time from the note of the first
        choice = chosen(harness, tmp_path)
        assert isinstance(choice.build, BatchBuild)
        assert re.fullmatch(
            r"The batch engine runs dut alone: lanes show another obs_y than it does, first in tick \d+ of lane \d+\.",
            choice.reason,
        )


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        (
            Limits(tables=1),
            r"the design is too large for lanes: \d+ functions of three bits, and the limit is 1\.",
        ),
        (Limits(seconds=0.01), r"Yosys took more than 0\.01 s and was ended\."),
    ],
    ids=["large", "slow"],
)
def test_the_batch_engine_goes_on_where_a_build_takes_too_much(
    limits: Limits, sentence: str, counter: Harness, shared: Path, tmp_path: Path
) -> None:
    harness = around(COUNTER.replace("10", "11"), tmp_path / "design")
    choice = chosen(harness, tmp_path, limits)
    assert isinstance(choice.build, BatchBuild)
    assert re.fullmatch(f"The batch engine runs dut alone: {sentence}", choice.reason)


def test_a_memory_over_the_limit_is_told_by_name(tmp_path: Path) -> None:
    body = KEEPER.replace("[8]", "[256]").replace("a[2:0]", "a")
    choice = chosen(around(body, tmp_path / "design"), tmp_path, Limits(memory_bits=1024))
    assert choice.reason == (
        "The batch engine runs dut alone: the design is too large for lanes: memory dut.kept of 256 words of 8 bits, "
        "and the limit is 1024 bits a memory."
    )


@pytest.mark.parametrize("word_bits", sorted(width for width in WIDTHS if width <= this_processor().word_bits))
def test_words_of_any_width_give_the_same_bits(word_bits: int, tmp_path: Path) -> None:
    harness, processor = around(KEEPER, tmp_path / "design"), WIDTHS[word_bits]
    assert difference(harness, tmp_path, processor=processor, register_bits=0) == ""
    found = only_on_x86(lanes_of(harness, tmp_path, processor=processor, register_bits=0))
    assert bool(found) is (word_bits >= 256), "what is compiled without flags shall be so on aarch64 too"


SLOW = """#!/bin/sh
case "$*" in *lanes.cpp*) sleep 60;; esac
exec {compiler} "$@"
"""


def test_a_compiler_that_takes_too_long_is_ended_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    harness = around(COUNTER.replace("10", "12"), tmp_path / "design")
    slow = tmp_path / "bin" / "g++"
    slow.parent.mkdir()
    slow.write_text(SLOW.format(compiler=shutil.which("g++")), encoding="utf-8")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}{os.pathsep}{os.environ['PATH']}")
    choice = chosen(harness, tmp_path, Limits(seconds=10))
    assert isinstance(choice.build, BatchBuild)
    assert choice.reason == "The batch engine runs dut alone: g++ took more than 10 s for the lanes of dut_harness."
