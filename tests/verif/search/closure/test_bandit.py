"""The bandit gives turns to whoever gains most for its cost, and starves nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from verif.search.closure.bandit import Bandit

NAMES = ("random", "mutation", "hypothesis")


def turns(bandit: Bandit, count: int, gain: Callable[[str], int], cost: Callable[[str], float]) -> Counter[str]:
    chosen: Counter[str] = Counter()
    for _ in range(count):
        name = bandit.choose(NAMES)
        chosen[name] += 1
        bandit.learn(name, gain=gain(name), cost=cost(name))
    return chosen


def test_bandit_tries_each_proposer_first() -> None:
    bandit = Bandit(NAMES)
    assert turns(bandit, 3, lambda name: 0, lambda name: 1000.0) == Counter(NAMES)


def test_bandit_prefers_who_gains() -> None:
    chosen = turns(Bandit(NAMES), 60, lambda name: int(name == "mutation"), lambda name: 1000.0)
    assert chosen["mutation"] > 40
    assert min(chosen.values()) >= 1


def test_bandit_shares_the_work_where_nobody_gains() -> None:
    chosen = turns(Bandit(NAMES), 200, lambda name: 0, lambda name: 4000.0 if name == "hypothesis" else 1000.0)
    assert chosen["hypothesis"] < chosen["random"]
    assert chosen["hypothesis"] > 5


def test_bandit_turns_away_from_who_gains_no_more() -> None:
    bandit = Bandit(NAMES)
    turns(bandit, 20, lambda name: int(name == "random"), lambda name: 1000.0)
    later = turns(bandit, 60, lambda name: int(name == "mutation"), lambda name: 1000.0)
    assert later["mutation"] > later["random"]


def test_bandit_goes_on_where_another_was() -> None:
    one, other = Bandit(NAMES), Bandit(NAMES)
    turns(one, 17, lambda name: len(name) % 2, lambda name: 900.0)
    other.restore(one.arms)
    assert [turns(one, 1, lambda n: 0, lambda n: 1.0) for _ in range(9)] == [
        turns(other, 1, lambda n: 0, lambda n: 1.0) for _ in range(9)
    ]
