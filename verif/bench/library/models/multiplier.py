"""Reference model of an unsigned multiplier."""


class MultiplierModel:
    """Predict the product of the operands of ``latency`` cycles before; 0 is combinational.

    The product is 0 after reset until the first operands come through. Without an ``operands`` history, that is
    with a latency of 0, reset has no effect.
    """

    def __init__(
        self, *, ports: dict[str, str], reset: tuple[str, int, bool] | None = None, width: int, latency: int = 0
    ) -> None:
        self.ports = ports
        self.reset_port, self.reset_level, self.asynchronous = reset or ("", 1, False)
        self.mask = (1 << width) - 1
        self.latency = latency
        self.reset()

    def reset(self) -> None:
        """Clear the pipeline; what comes out before the first product is 0."""
        self.stages = [0] * self.latency

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs of this cycle, then take the clock edge."""
        active = inputs.get(self.reset_port) == self.reset_level
        if active and self.asynchronous:
            self.reset()
        product = inputs[self.ports["a"]] * inputs[self.ports["b"]] & self.mask
        stages = [product, *self.stages]
        if active:
            self.reset()
        else:
            self.stages = stages[:-1]
        return {self.ports["product"]: stages[-1]}
