"""Waivers: what they excuse, and when they are wrong."""

from __future__ import annotations

from datetime import date

from tests.support.coverage import HIT, UNREACHABLE, coverage, result
from verif.coverage.model import Coverage, Waiver
from verif.coverage.waivers import Waived, waive

TODAY = date(2027, 3, 31)


def applied(*waivers: Waiver, to: Coverage) -> Waived:
    return waive(to, waivers, today=TODAY)


def waiver(pattern: str = "fifo:42:*", **overrides: str) -> Waiver:
    return Waiver(**{"pattern": pattern, "reason": "no such mode in this chip", **overrides})


def test_waived_point_is_no_hole_and_counts_apart() -> None:
    waived = applied(waiver(), to=coverage(result(), result("fifo:50:if")))
    assert [hole.point.id for hole in waived.coverage.holes] == ["fifo:50:if"]
    assert (waived.coverage.counts.unknown, waived.coverage.counts.waived, waived.coverage.counts.total) == (1, 1, 2)
    assert waived.notes == ()


def test_waiver_names_a_point_itself_though_its_id_has_signs_of_globs() -> None:
    waived = applied(waiver("fifo:42:case_[1]"), to=coverage(result("fifo:42:case_[1]")))
    assert waived.coverage.counts.waived == 1


def test_waiver_that_matches_nothing_is_said() -> None:
    waived = applied(waiver("fifo:43:*", who="ada"), to=coverage(result()))
    assert waived.notes == ("waiver of ada 'fifo:43:*' matches no coverage point",)


def test_waived_point_that_is_hit_is_said_and_stays_hit() -> None:
    waived = applied(waiver(), to=coverage(result(status=HIT, by="random"), result("fifo:42:if")))
    assert waived.notes == ("waiver 'fifo:42:*' is hit anyway: fifo:42:else by random",)
    assert (waived.coverage.counts.hit, waived.coverage.counts.waived) == (1, 1)


def test_waiver_of_what_is_proven_unreachable_is_said() -> None:
    waived = applied(waiver(), to=coverage(result(status=UNREACHABLE)))
    assert waived.notes == ("waiver 'fifo:42:*' isn't needed: fifo:42:else proven unreachable",)
    assert waived.coverage.counts.unreachable == 1


def test_waiver_holds_to_its_last_day_and_not_a_day_longer() -> None:
    assert applied(waiver(until="2027-03-31"), to=coverage(result())).coverage.counts.waived == 1
    late = applied(waiver(until="2027-03-30"), to=coverage(result()))
    assert late.coverage.counts.waived == 0
    assert late.notes == ("waiver 'fifo:42:*' expired on 2027-03-30: 1 point is unknown again",)


def test_first_waiver_that_matches_gives_the_reason() -> None:
    waived = applied(waiver("fifo:*", reason="first"), waiver("*", reason="second"), to=coverage(result()))
    assert waived.coverage.points[0].waiver == waiver("fifo:*", reason="first")


def test_long_lists_of_points_are_cut() -> None:
    hits = [result(f"fifo:42:case_{n}", HIT) for n in range(5)]
    assert (
        applied(waiver(), to=coverage(*hits))
        .notes[0]
        .endswith("fifo:42:case_0, fifo:42:case_1, fifo:42:case_2 and 2 more")
    )
