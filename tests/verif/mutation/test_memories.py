"""Mutants around memories: lanes hold those as words of bits, the batch engine as arrays."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.harnesses import around
from verif.lanes import LaneEngine, build_lanes
from verif.lanes.stirring import stirred
from verif.mutation import build_mutants, mutants_of
from verif.workspace import Workspace

BODY = """
  logic [35:0] wide [5:24];
  logic [10:0] narrow [0:31];
  initial for (int n = 0; n < 32; n = n + 1) narrow[n] = n * 37;
  always @(posedge clk) begin
    if (a[0]) wide[a[5:1]][7:0] <= y;
    if (a[1]) wide[a[5:1]][35:20] <= {a, y};
    if (a[7:6] == 2'd3) narrow[y[4:0]] <= {a, 3'd5};
  end
  assign y = wide[a[6:2]][35:28] ^ wide[a[6:2]][7:0] ^ narrow[a[4:0]][10:3] ^ {5'd0, narrow[a[4:0]][2:0]};
  assign bad = 1'b0;
"""
"""One memory that begins at 5, with enables of its own for some bits; one with start values."""


@pytest.mark.parametrize("bits", ["64", "512"])
def test_memories_of_mutants_are_those_of_the_batch_engine(
    bits: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSEDGE_LANE_BITS", bits)
    harness = around(BODY, tmp_path)
    builds = build_mutants(harness, mutants_of(harness.design, count=40), workspace=Workspace(tmp_path / "b"))
    assert builds.lanes is not None
    assert builds.lanes.processor.word_bits <= int(bits)
    assert "Planes<20, 36, 5>" in (builds.lanes.build.directory / "lanes.cpp").read_text()
    numbers = sorted(builds.in_lanes)
    rows = list(stirred(harness, 2, 300, 5))
    with builds.open() as lanes, builds.open(lanes=False) as batch:
        for ours, theirs in zip(lanes.play_all(rows, numbers), batch.play_all(rows, numbers), strict=True):
            assert (ours.differs == theirs.differs).all()
            assert (ours.differs >= 0).sum() > len(numbers) // 2


def test_words_without_a_start_value_begin_as_they_do_without_mutants(tmp_path: Path) -> None:
    harness = around(BODY, tmp_path)
    builds = build_mutants(harness, mutants_of(harness.design, count=3), workspace=Workspace(tmp_path / "b"))
    assert builds.lanes is not None
    plain = build_lanes(harness, workspace=Workspace(tmp_path / "b"))
    rows = stirred(harness, 40, 60, 5)
    with LaneEngine(plain) as one, LaneEngine(builds.lanes) as two:
        wide = two.array(40, 60)
        wide[:, :, : rows.shape[2]], wide[:, :, rows.shape[2] :] = rows, 0
        ours, theirs = two.lanes(wide, observe=True, seed=7), one.lanes(rows, observe=True, seed=7)
        other = one.lanes(rows, observe=True, seed=8)
        assert ours.observed is not None and theirs.observed is not None and other.observed is not None
        assert (ours.observed == theirs.observed).all()
        assert (other.observed != theirs.observed).any()
