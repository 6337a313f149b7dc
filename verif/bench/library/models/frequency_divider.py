"""Reference model of a divider of the clock's frequency."""


class FrequencyDividerModel:
    """Predict outputs that are 0 after reset and toggle every so many cycles: ``half_periods`` maps port to cycles."""

    def __init__(self, *, half_periods: dict[str, int], reset: tuple[str, int, bool]) -> None:
        self.half_periods = half_periods
        self.reset_port, self.reset_level, self.asynchronous = reset
        self.reset()

    def reset(self) -> None:
        """Begin with all outputs 0."""
        self.cycles = 0

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs of this cycle, then take the clock edge."""
        active = inputs[self.reset_port] == self.reset_level
        if active and self.asynchronous:
            self.reset()
        outputs: dict[str, int | None] = {port: self.cycles // half % 2 for port, half in self.half_periods.items()}
        self.cycles = 0 if active else self.cycles + 1
        return outputs
