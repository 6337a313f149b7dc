"""Reference model of a linear-feedback shift register."""


class LfsrModel:
    """Predict the state: it shifts left, and the XOR of the ``taps`` (inverted with ``invert``) enters at bit 0.

    ``load`` takes the ``seed`` input and wins over ``en``; ``start`` is the state after reset, and stands in for a
    loaded seed of 0 where ``replace_zero`` is set. Without ``en`` it shifts in every cycle.
    """

    def __init__(
        self,
        *,
        ports: dict[str, str],
        reset: tuple[str, int, bool] | None,
        width: int,
        taps: list[int],
        start: int,
        invert: bool = False,
        replace_zero: bool = False,
    ) -> None:
        self.ports = ports
        self.reset_port, self.reset_level, self.asynchronous = reset or ("", 1, False)
        self.width = width
        self.taps = taps
        self.start = start
        self.invert = invert
        self.replace_zero = replace_zero
        self.reset()

    def reset(self) -> None:
        """Go to the start state."""
        self.state = self.start

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs of this cycle, then take the clock edge."""
        active = inputs.get(self.reset_port) == self.reset_level
        if active and self.asynchronous:
            self.reset()
        values = {"state": self.state, "bit_out": self.state >> (self.width - 1)}
        if active:
            self.reset()
        else:
            self._edge(inputs)
        return {self.ports[signal]: value for signal, value in values.items() if signal in self.ports}

    def _edge(self, inputs: dict[str, int]) -> None:
        if "load" in self.ports and inputs[self.ports["load"]]:
            seed = inputs[self.ports["seed"]]
            self.state = self.start if seed == 0 and self.replace_zero else seed
        elif "en" not in self.ports or inputs[self.ports["en"]]:
            feedback = sum(self.state >> tap & 1 for tap in self.taps) + self.invert
            self.state = (self.state << 1 | feedback & 1) & ((1 << self.width) - 1)
