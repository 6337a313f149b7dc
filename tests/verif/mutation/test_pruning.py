"""Mutants that are run only on the stimuli on which they can matter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest

from tests.support.harnesses import around
from verif.lanes.stirring import stirred
from verif.mutation import MutantBuilds, build_mutants, judge, mutants_of, trusted
from verif.mutation.pruning import Matters, Pruner, words_of
from verif.mutation.trust import difference
from verif.sim.batch.layout import Rows
from verif.workspace import Workspace

RARE = """
  logic [7:0] q, shadow, seldom;
  logic [7:0] kept [0:63];
  always @(posedge clk) if (rst) q <= 8'd3; else if (a[0]) q <= q + a;
  always @(posedge clk) if (rst) shadow <= 8'd3; else if (a[0]) shadow <= shadow + a;
  always @(posedge clk) if (a == 8'd77) seldom <= q + 8'd1; else if (a == 8'd78) kept[q[5:0]] <= a;
  assign y = seldom == 8'd200 ? q : kept[q[5:0]];
  assign bad = q != shadow;
"""
"""Lines 14 and 15 act where ``a`` is one of two numbers."""


@pytest.fixture(scope="module")
def rare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MutantBuilds]:
    folder = tmp_path_factory.mktemp("rare")
    harness = around(RARE, folder)
    yield build_mutants(harness, mutants_of(harness.design), workspace=Workspace(folder / "sim_builds"))


@pytest.mark.parametrize("stop", [True, False])
def test_pruned_mutants_do_what_they_do_when_all_are_run(stop: bool, rare: MutantBuilds) -> None:
    stimuli = list(stirred(rare.harness, 40, 12, 3))
    numbers = sorted(rare.in_lanes)
    with rare.open() as lanes, rare.open(lanes=False) as batch:
        matters = lanes.matters(stimuli, numbers, stop=stop, always=True)
        assert matters is not None
        assert matters.where.any() and not matters.where.all()
        pruned = lanes.play_all(stimuli, numbers, stop=stop, touched=True, matters=matters)
        for rows, ours in zip(stimuli, pruned, strict=True):
            whole, theirs = lanes.play(rows, numbers, stop=stop, touched=True), batch.play(rows, numbers, stop=stop)
            assert whole.touched is not None and ours.touched is not None
            assert (ours.touched == whole.touched).all()
            for other in (whole, theirs):
                assert (ours.differs == other.differs).all()
                assert (ours.first_fail == other.first_fail).all()
                assert (ours.original == other.original).all()


def test_judging_many_stimuli_prunes_and_finds_the_same(rare: MutantBuilds) -> None:
    stimuli = [*stirred(rare.harness, 70, 6, 3), *stirred(rare.harness, 20, 9, 4)]
    ours, theirs = judge(rare, stimuli), judge(rare, stimuli, lanes=False)
    for one, two in zip(ours.judgements, theirs.judgements, strict=True):
        assert replace(one, activated=None) == replace(two, activated=None)
    assert ours.forced_fail


class Blind(Pruner):
    """Takes every mutant for one that never matters."""

    def matters(self, stimuli: Sequence[Rows], *, stop: bool) -> Matters | None:
        found = super().matters(stimuli, stop=stop)
        return found and Matters(where=np.zeros_like(found.where), original=found.original)


def test_probe_that_misses_mutants_is_found(rare: MutantBuilds, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not trusted(rare).reason
    monkeypatch.setattr("verif.mutation.crowd.Pruner", Blind)
    assert "matters where the probe says that it does not" in difference(rare)


def test_words_are_shared_by_as_many_stimuli_as_fit() -> None:
    shares = list(words_of([range(40), range(3), [], range(100)], 128))
    assert [[(stimulus, len(places)) for stimulus, places in word] for word in shares] == [
        [(0, 31), (0, 9), (1, 3), (3, 31)],
        [(3, 31), (3, 31), (3, 7)],
    ]
    matters = Matters(where=np.ones((3, 40), bool), original=np.zeros((3, 0), np.int32))
    assert matters.fit(range(1, 41), 128) == 2
    assert matters.fit(range(1, 41), 64) == 1
