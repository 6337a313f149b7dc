"""The rule that an output is high for so many cycles of each period as its input says."""

from collections import deque


class PulseWidthRule:
    """While the duty input stands, each stretch of ``period`` cycles has that many cycles with the output 1.

    A change of the duty may act at once or in the next period, so it must have stood for two periods and some cycles.
    ``least`` to ``most`` is what a duty above the period may give; a duty of the period or more gives all ones.
    """

    def __init__(self, *, output: str, duty: str, period: int, steady: list[str]) -> None:
        self.output = output
        self.duty = duty
        self.period = period
        self.steady = steady
        self.reset()

    def reset(self) -> None:
        """Begin to watch."""
        self.seen: deque[int | None] = deque(maxlen=self.period)
        self.stood = 0
        self.before: list[int] = []

    def observe(self, inputs: dict[str, int], outputs: dict[str, int | None]) -> str | None:
        """Return what is wrong in this cycle, or None."""
        settings = [inputs[port] for port in (self.duty, *self.steady)]
        self.stood = self.stood + 1 if settings == self.before else 0
        self.before = settings
        self.seen.append(outputs[self.output])
        if self.stood < 3 * self.period + 8 or None in self.seen or len(self.seen) < self.period:
            return None
        ones = sum(value or 0 for value in self.seen)
        expected = min(inputs[self.duty], self.period)
        if ones == expected:
            return None
        return f"{self.output} is 1 in {ones} of {self.period} cycles, expected {expected}"
