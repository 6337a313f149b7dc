"""Who gets the next turn: the proposer that lately gained most for what it cost.

Each proposer's gain (points it hit first) and cost (in cycles of simulation) are forgotten little by little. Whoever
has neither is tried first; with no gain anywhere all get the same share of the work. Nothing is measured and nothing is
drawn, so the same gains give the same turns on every machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FORGET = 0.9
"""What is left of gains and costs after a turn: the last ten turns or so decide."""
HOPE = 0.5
"""Points that a proposer may be hoped to gain beyond those that it did."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Arm:
    """A proposer as the bandit sees it."""

    name: str
    turns: int = 0
    gain: float = 0.0
    cost: float = 0.0


class Bandit:
    """Chooses among proposers by name; earlier ones win ties."""

    def __init__(self, names: Sequence[str]) -> None:
        self._arms = {name: Arm(name=name) for name in names}

    @property
    def arms(self) -> tuple[Arm, ...]:
        """All proposers with what they gained and cost."""
        return tuple(self._arms.values())

    def restore(self, arms: Iterable[Arm]) -> None:
        """Go on where another bandit was; proposers that aren't there now are left out."""
        self._arms |= {arm.name: arm for arm in arms if arm.name in self._arms}

    def choose(self, able: Iterable[str]) -> str:
        """Return who is next of ``able``, of which there must be one."""
        names = set(able)
        return max((arm for arm in self.arms if arm.name in names), key=_promise).name

    def learn(self, name: str, *, gain: int, cost: float) -> None:
        """Take in what a turn of ``name`` gained and cost."""
        for arm in self.arms:
            mine = arm.name == name
            self._arms[arm.name] = Arm(
                name=arm.name,
                turns=arm.turns + mine,
                gain=arm.gain * FORGET + (gain if mine else 0),
                cost=arm.cost * FORGET + (cost if mine else 0),
            )


def _promise(arm: Arm) -> float:
    return float("inf") if not arm.turns else (arm.gain + HOPE) / max(arm.cost, 1.0)
