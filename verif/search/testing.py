"""Hypothesis on a compiled design, by hand: what tests import.

``phases`` and ``rows`` are strategies for ``@given``; ``DesignMachine`` is a ``RuleBasedStateMachine`` whose rules ask
the design for something; ``Compiled`` runs and checks. The fixture ``posedge_batch`` gives a ``Compiled`` of a bench.
"""

from __future__ import annotations

from typing import ClassVar, Self

from hypothesis.stateful import RuleBasedStateMachine

from verif.search.compiled import Broken, Compiled, Operation, Seen
from verif.search.lane import Lane, phases, rows


class DesignMachine(RuleBasedStateMachine):
    """A state machine on a compiled design: subclass it and write rules that call ``self.tick``.

    ``run_state_machine_as_test(Machine.on(compiled))`` runs it.
    """

    compiled: ClassVar[Compiled]

    @classmethod
    def on(cls, compiled: Compiled) -> type[Self]:
        """Return this machine on a design."""
        return type(cls.__name__, (cls,), {"compiled": compiled, "__module__": cls.__module__})

    def __init__(self) -> None:
        super().__init__()
        self.operation = self.compiled.operate()

    def tick(self, cycles: int = 1, **asked: int) -> dict[str, int]:
        """Ask the design for something for some cycles; return its ports in the last of them."""
        return self.operation.tick(cycles, **asked)


__all__ = ["Broken", "Compiled", "DesignMachine", "Lane", "Operation", "Seen", "phases", "rows"]
