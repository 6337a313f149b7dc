"""Reference model of a multiplying accumulator."""


class MultiplyAccumulateModel:
    """Predict the accumulator: every cycle adds the product of the operands, modulo 2**width; reset clears it."""

    def __init__(self, *, ports: dict[str, str], reset: tuple[str, int, bool] | None, width: int) -> None:
        self.ports = ports
        self.reset_port, self.reset_level, self.asynchronous = reset or ("", 1, False)
        self.mask = (1 << width) - 1
        self.reset()

    def reset(self) -> None:
        """Clear the accumulator."""
        self.total = 0

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs of this cycle, then take the clock edge."""
        active = inputs.get(self.reset_port) == self.reset_level
        if active and self.asynchronous:
            self.reset()
        outputs: dict[str, int | None] = {self.ports["total"]: self.total}
        if active:
            self.reset()
        elif "en" not in self.ports or inputs[self.ports["en"]]:
            self.total = (self.total + inputs[self.ports["a"]] * inputs[self.ports["b"]]) & self.mask
        return outputs
