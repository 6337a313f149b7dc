"""Ranking of tests: the smallest set is smallest, the order adds most first."""

from __future__ import annotations

import random
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from verif.coverage.ranking import rank

POINTS = [f"p{n}" for n in range(8)]
TESTS = st.dictionaries(
    st.sampled_from([f"test_{letter}" for letter in "abcdefg"]), st.frozensets(st.sampled_from(POINTS)), max_size=7
)


def union(tests: dict[str, frozenset[str]], names: tuple[str, ...]) -> frozenset[str]:
    return frozenset().union(*(tests[name] for name in names))


def fewest(tests: dict[str, frozenset[str]]) -> int:
    whole = union(tests, tuple(tests))
    return next(
        size for size in range(len(tests) + 1) if any(union(tests, c) == whole for c in combinations(tests, size))
    )


def many(tests: int, points: int, seed: int = 1) -> dict[str, frozenset[str]]:
    dice = random.Random(seed)
    return {f"t{n:03}": frozenset(f"p{m}" for m in range(points) if dice.random() < 0.06) for n in range(tests)}


@given(TESTS)
def test_smallest_set_keeps_the_coverage_and_none_is_smaller(tests: dict[str, frozenset[str]]) -> None:
    ranking = rank(tests)
    assert union(tests, ranking.smallest) == union(tests, tuple(tests))
    assert len(ranking.smallest) == fewest(tests) == ranking.at_least
    assert ranking.exact


@given(TESTS, st.integers(0, 40))
def test_bound_holds_however_little_work_is_allowed(tests: dict[str, frozenset[str]], work: int) -> None:
    ranking = rank(tests, work=work)
    assert ranking.at_least <= fewest(tests) <= len(ranking.smallest)
    assert union(tests, ranking.smallest) == union(tests, tuple(tests))


@given(TESTS)
def test_each_test_in_the_order_gains_most(tests: dict[str, frozenset[str]]) -> None:
    covered: set[str] = set()
    ranking = rank(tests)
    names = [ranked.test for ranked in ranking.order]
    assert sorted(names) == sorted(tests)
    for place, ranked in enumerate(ranking.order):
        assert ranked.gain == max(len(tests[name] - covered) for name in names[place:])
        covered |= tests[ranked.test]
        assert ranked.covered == len(covered)
        assert ranked.hits == len(tests[ranked.test])
        others = union({n: tests[n] for n in tests if n != ranked.test}, tuple(n for n in tests if n != ranked.test))
        assert ranked.alone == len(tests[ranked.test] - others)
    assert ranking.points == len(covered)


@given(TESTS)
def test_ranking_does_not_depend_on_the_order_of_the_tests(tests: dict[str, frozenset[str]]) -> None:
    assert rank(dict(reversed(tests.items()))) == rank(tests)


def test_a_greedy_choice_is_corrected() -> None:
    rows = {"test_both": "p0 p1 p2 p4 p5", "test_left": "p0 p1 p2 p3", "test_right": "p4 p5 p6 p7"}
    ranking = rank({test: frozenset(hits.split()) for test, hits in rows.items()})
    assert ranking.order[0].test == "test_both"
    assert ranking.smallest == ("test_left", "test_right")


def test_a_set_that_is_not_proven_smallest_says_so() -> None:
    ranking = rank(many(120, 500), work=100_000)
    assert not ranking.exact
    assert 0 < ranking.at_least < len(ranking.smallest) < 120


def test_no_tests_are_ranked_too() -> None:
    assert rank({}).smallest == ()
    assert rank({"test_a": frozenset()}).smallest == ()
