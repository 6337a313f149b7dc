"""Reference model of a Gray-code counter."""


class GrayCounterModel:
    """Predict the count in Gray code and in binary; load wins over counting, ``wrap`` marks the step back to 0.

    All outputs are registers. Without an enable the counter counts in every cycle.
    """

    def __init__(self, *, ports: dict[str, str], reset: tuple[str, int, bool] | None, width: int) -> None:
        self.ports = ports
        self.reset_port, self.reset_level, self.asynchronous = reset or ("", 1, False)
        self.top = (1 << width) - 1
        self.reset()

    def reset(self) -> None:
        """Start from 0."""
        self.count = 0
        self.wrap = 0

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs of this cycle, then take the clock edge."""
        active = inputs.get(self.reset_port) == self.reset_level
        if active and self.asynchronous:
            self.reset()
        values = {"gray": self.count ^ (self.count >> 1), "binary": self.count, "wrap": self.wrap}
        if active:
            self.reset()
        else:
            self._edge(inputs)
        return {self.ports[signal]: value for signal, value in values.items() if signal in self.ports}

    def _edge(self, inputs: dict[str, int]) -> None:
        self.wrap = 0
        if "load" in self.ports and inputs[self.ports["load"]]:
            self.count = inputs[self.ports["load_value"]]
        elif "en" not in self.ports or inputs[self.ports["en"]]:
            self.wrap = int(self.count == self.top)
            self.count = 0 if self.wrap else self.count + 1
