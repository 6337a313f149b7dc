"""Merging coverage: a union that no order changes, and that hides no contradiction."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.coverage import HIT, UNKNOWN, UNREACHABLE, coverage, point, result, same_design
from verif.coverage.merge import merge
from verif.coverage.model import Coverage, Waiver
from verif.errors import InputError

A, B = frozenset({"a"}), frozenset({"b"})


def status(merged: Coverage) -> str:
    return str(merged.points[0].status)


@given(same_design(), st.integers())
def test_merge_is_the_same_in_any_order(coverages: list[Coverage], seed: int) -> None:
    shuffled = random.Random(seed).sample(coverages, len(coverages))
    assert merge(shuffled) == merge(coverages)


@given(same_design())
def test_merge_of_merges_is_the_merge_of_all(coverages: list[Coverage]) -> None:
    assert merge([merge(coverages[:1]), merge(coverages[1:])]) == merge([*coverages, coverage()])


@given(same_design())
def test_merging_again_changes_nothing(coverages: list[Coverage]) -> None:
    assert merge([*coverages, *coverages, merge(coverages)]) == merge(coverages)


@given(same_design())
def test_merge_loses_no_hit_no_proof_and_no_test(coverages: list[Coverage]) -> None:
    merged = merge(coverages)
    decided = {(r.point.id, r.status) for c in coverages for r in c.points if r.status is not UNKNOWN}
    assert decided == {(r.point.id, r.status) for r in merged.points if r.status is not UNKNOWN}
    assert {r.point.id for r in merged.points} == {r.point.id for c in coverages for r in c.points}
    assert dict(merged.tests) == {
        test: frozenset().union(*(c.tests.get(test, frozenset()) for c in coverages))
        for test in {test for c in coverages for test in c.tests}
    }


@given(same_design(), same_design(), st.integers())
def test_merge_over_designs_is_the_same_in_any_order(one: list[Coverage], other: list[Coverage], seed: int) -> None:
    listed = [*one, *(replace(each, designs=B) for each in other)]
    assert merge(random.Random(seed).sample(listed, len(listed))) == merge(listed)


def test_merge_of_nothing_is_empty() -> None:
    assert merge([]) == Coverage(points=())


def test_hit_with_the_shortest_witness_is_kept() -> None:
    late = result(status=HIT, by="random", witness="cover_b", tick=30)
    early = result(status=HIT, by="solver", witness="cover_a", tick=3)
    without = result(status=HIT, by="test_fill", tick=1)
    assert merge([coverage(late), coverage(without), coverage(early)]).points == (early,)


def test_deepest_bound_of_an_open_point_is_kept() -> None:
    merged = merge([coverage(result(bound=n)) for n in (4, 20, 7)])
    assert merged.points[0].bound == 20


def test_hit_and_proof_of_the_same_design_contradict() -> None:
    hit = coverage(result(status=HIT, by="random", witness="cover_3"))
    proof = coverage(result(status=UNREACHABLE, method="induction"))
    with pytest.raises(InputError) as caught:
        merge([proof, hit])
    assert caught.value.code == "PE895"
    assert str(caught.value) == (
        "fifo.sv:42: coverage point fifo:42:else is hit by random and proven unreachable by induction in the same "
        "design: one is wrong; if that does what the plan's drivers never do, add it to the plan; else replay its "
        "witness cover_3 and report the proof."
    )


def test_hit_of_an_unknown_design_contradicts_a_proof_too() -> None:
    hit = coverage(result(status=HIT), designs=frozenset())
    with pytest.raises(InputError, match="proven unreachable in the same design"):
        merge([hit, coverage(result(status=UNREACHABLE))])


def test_hit_in_one_of_the_designs_of_a_merged_proof_contradicts_it() -> None:
    proof = merge([coverage(result(status=UNREACHABLE), designs=d) for d in (A, B)])
    assert status(proof) == UNREACHABLE
    with pytest.raises(InputError, match="one is wrong"):
        merge([proof, coverage(result(status=HIT), designs=B)])


def test_id_with_two_meanings_in_one_design_is_told() -> None:
    moved = result(point=point(line=43))
    with pytest.raises(
        InputError, match=r"is branch at fifo.sv:42 in one coverage and branch at fifo.sv:43 in another"
    ):
        merge([coverage(moved), coverage(result())])


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (HIT, UNREACHABLE, HIT),
        (HIT, UNKNOWN, HIT),
        (UNREACHABLE, UNREACHABLE, UNREACHABLE),
        (UNREACHABLE, UNKNOWN, UNKNOWN),
        (UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_over_designs_the_weakest_knowledge_decides(one: str, other: str, both: str) -> None:
    known = [coverage(result(status=one), designs=A), coverage(result(status=other), designs=B)]
    assert status(merge(known)) == both
    assert merge(known) == merge(known[::-1])
    assert merge(known).designs == A | B


def test_waiver_of_one_coverage_stays() -> None:
    waiver = Waiver(pattern="fifo:*", reason="dead in this configuration")
    merged = merge([coverage(result()), coverage(result(waiver=waiver))])
    assert merged.points[0].waiver == waiver
