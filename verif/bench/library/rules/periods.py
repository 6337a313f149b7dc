"""The rule that an output repeats with a fixed period."""

from typing import Any

from verif.bench.library.rules.readings import ReadingsRule


class PeriodReading:
    """An output that is 1 for ``high`` and 0 for ``low`` cycles in turn; where it begins isn't known."""

    def __init__(self, *, output: str, high: int, low: int, begins: int | None) -> None:
        self.output = output
        self.high = high
        self.period = high + low
        self.begins = begins

    def start(self) -> Any:
        """Begin anywhere, or anywhere where the output is as told."""
        phases = range(self.period)
        return {phase for phase in phases if self.begins in (None, int(phase < self.high))}

    def shows(self, state: Any, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the output."""
        return {self.output: int(state < self.high)}

    def step(self, state: Any, inputs: dict[str, int]) -> Any:
        """Return the phase after the clock edge."""
        return None if state is None else {(state + 1) % self.period}


class PeriodRule(ReadingsRule):
    """The output is 1 and 0 for so many cycles in turn, by one of ``shapes``; after reset it ``begins`` so."""

    def __init__(self, *, output: str, shapes: list[tuple[int, int]], begins: int | None) -> None:
        super().__init__(
            readings=[PeriodReading(output=output, high=high, low=low, begins=begins) for high, low in shapes]
        )
