"""Hypothesis for async cocotb tests: ``@drawn`` runs a test for many drawn values and shrinks those that fail.

It needs cocotb and Hypothesis only: copied beside your tests it works without posedge. All examples run in one
simulation, one after the other, so a test begins by resetting its design.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import cocotb
from cocotb.handle import HierarchyObject
from cocotb.task import bridge, resume
from hypothesis import HealthCheck, given, seed, settings
from hypothesis.strategies import SearchStrategy


def drawn(*, max_examples: int = 100, **values: SearchStrategy[Any]) -> Callable[..., Callable[..., Awaitable[None]]]:
    """Draw keyword arguments of an async test; put ``@cocotb.test()`` above it.

    The examples follow from the run's seed, ``cocotb.RANDOM_SEED``. The smallest failing values are told in the log.
    """

    def decorate(test: Callable[..., Awaitable[None]]) -> Callable[[HierarchyObject], Awaitable[None]]:
        async def run(dut: HierarchyObject) -> None:
            example = resume(test)

            @seed(getattr(cocotb, "RANDOM_SEED", 0))
            @settings(max_examples=max_examples, deadline=None, suppress_health_check=list(HealthCheck))
            @given(**values)
            def check(**drawn_values: Any) -> None:
                example(dut, **drawn_values)

            await bridge(check)()

        run.__name__, run.__qualname__ = test.__name__, test.__qualname__
        run.__module__, run.__doc__ = test.__module__, test.__doc__
        return run

    return decorate
