"""Reference model of a combinational subtractor."""


class SubtractorModel:
    """Predict the difference modulo 2**width, the borrow of unsigned and the overflow of signed operands."""

    def __init__(self, *, ports: dict[str, str], width: int) -> None:
        self.ports = ports
        self.width = width

    def reset(self) -> None:
        """Do nothing: there is no state."""

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs for the inputs of this cycle."""
        a, b = inputs[self.ports["a"]], inputs[self.ports["b"]]
        taken = b + (inputs[self.ports["borrow_in"]] if "borrow_in" in self.ports else 0)
        difference = (a - taken) % (1 << self.width)
        exact = self._signed(a) - self._signed(b) - (taken - b)
        values = {
            "difference": difference,
            "borrow_out": int(a < taken),
            "overflow": int(exact != self._signed(difference)),
        }
        return {self.ports[signal]: value for signal, value in values.items() if signal in self.ports}

    def _signed(self, value: int) -> int:
        return value - (1 << self.width) if value >> (self.width - 1) else value
