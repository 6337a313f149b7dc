"""What a user can choose about a campaign over mutants."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class MutateOptions:
    """Choices of one call."""

    seconds: float | None = 300.0
    """Time for judging and for the solver; builds and cocotb come on top. None: ``count`` is the budget."""
    count: int | None = None
    """So many mutants, spread over operators and modules; None: all."""
    operators: tuple[str, ...] | None = None
    """Names of operators; None: all."""
    improve: bool = False
    """Whether witnesses are saved as tests of the bench."""
    seed: int = 1
    depth: int = 20
    """Ticks after the reset that the solver looks deep at most."""
    simulators: tuple[str, ...] = ()
    """Simulators for the bench's own tests; empty means the bench's own that are installed."""
    config: str | None = None
    confirm: int = 3
    """Killed mutants that are tried in cocotb too."""
    jobs: int = 1
    fresh: bool = False
    """Whether what earlier calls found is forgotten."""
