"""Reference model of a binary counter."""


class CounterModel:
    """Predict the count, from 0 to ``modulo`` - 1 and around, up or (with ``up`` at 0) down.

    Without ``en`` it counts in every cycle. The count is a register.
    """

    def __init__(self, *, ports: dict[str, str], reset: tuple[str, int, bool] | None, modulo: int) -> None:
        self.ports = ports
        self.reset_port, self.reset_level, self.asynchronous = reset or ("", 1, False)
        self.modulo = modulo
        self.reset()

    def reset(self) -> None:
        """Start from 0."""
        self.count = 0

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs of this cycle, then take the clock edge."""
        active = inputs.get(self.reset_port) == self.reset_level
        if active and self.asynchronous:
            self.reset()
        outputs: dict[str, int | None] = {self.ports["count"]: self.count}
        if active:
            self.reset()
        elif "en" not in self.ports or inputs[self.ports["en"]]:
            up = "up" not in self.ports or inputs[self.ports["up"]]
            self.count = (self.count + (1 if up else -1)) % self.modulo
        return outputs
