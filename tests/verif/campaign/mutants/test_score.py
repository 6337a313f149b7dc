"""The mutation score: what counts, and between which bounds."""

from __future__ import annotations

import pytest

from tests.support.mutants import DIFFERENCE, judged
from verif.campaign.mutants.result import JudgedMutant
from verif.campaign.mutants.score import by_operator, by_oracle, score_of
from verif.verdict import MutantStatus, Oracle

KILLED, SURVIVED = MutantStatus.KILLED, MutantStatus.SURVIVED
ALL = (
    judged(KILLED, Oracle.SPEC),
    judged(KILLED, Oracle.PROTOCOL, Oracle.SPEC),
    judged(KILLED, None),
    judged(KILLED, Oracle.RECORDED),
    judged(SURVIVED, difference=DIFFERENCE),
    judged(SURVIVED, bound=12),
    judged(MutantStatus.EQUIVALENT, method="pdr"),
    judged(MutantStatus.STILLBORN),
    judged(MutantStatus.TIMEOUT),
)


def test_score_counts_undecided_mutants_both_ways() -> None:
    score = score_of(ALL)
    assert (score.total, score.counted) == (9, 7)
    assert (str(score.low), str(score.high)) == ("3/7", "4/6")


def test_score_counts_recorded_kills_apart() -> None:
    score = score_of(ALL)
    assert (score.killed, score.recorded) == (3, 1)
    assert (str(score.low_recorded), str(score.high_recorded)) == ("4/7", "5/6")


def test_score_of_nothing_that_counts_has_no_value() -> None:
    score = score_of([judged(MutantStatus.EQUIVALENT), judged(MutantStatus.STILLBORN)])
    assert score.low.fraction is None and score.as_json()["score_low"] is None


def test_score_decides_what_is_proven_or_told_apart() -> None:
    assert str(score_of(ALL).decided) == "3/4"


def test_score_of_each_operator_adds_up_to_the_whole() -> None:
    mutants = [judged(KILLED, Oracle.SPEC, id_="d:1:reset"), judged(SURVIVED, id_="d:2:slice"), judged(SURVIVED)]
    found = by_operator(mutants)
    assert list(found) == ["relational", "reset", "slice"]
    assert sum(score.total for score in found.values()) == score_of(mutants).total == 3


def test_kills_count_for_each_oracle_that_sees_them() -> None:
    assert by_oracle(ALL) == {"SPEC": 2, "PROTOCOL": 1, "GENERIC": 0, "RECORDED": 1, "own": 1}


@pytest.mark.parametrize(
    ("mutant", "reason"),
    [
        (
            judged(SURVIVED, propagated=True, difference=DIFFERENCE),
            "outputs differ under the bench's stimulus, and no check judges them: a check is missing",
        ),
        (
            judged(SURVIVED, propagated=False, difference=DIFFERENCE),
            "no output differs under the bench's stimulus: stimulus is missing, and a check",
        ),
        (judged(SURVIVED), "no output differs under the bench's stimulus; it may be equivalent"),
        (
            judged(SURVIVED, activated=False),
            "no register and no output differs under the bench's stimulus; it may be equivalent",
        ),
        (judged(KILLED, Oracle.SPEC), ""),
    ],
)
def test_a_survivor_tells_why_it_survived(mutant: JudgedMutant, reason: str) -> None:
    assert mutant.reason == reason
