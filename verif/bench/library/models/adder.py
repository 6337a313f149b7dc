"""Reference model of a combinational adder."""


class AdderModel:
    """Predict sum and carry of two operands and a carry in; ``base`` is 2**width, or 10 for a decimal digit.

    Operands that are no digit of the base may give anything.
    """

    def __init__(self, *, ports: dict[str, str], base: int) -> None:
        self.ports = ports
        self.base = base

    def reset(self) -> None:
        """Do nothing: there is no state."""

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs for the inputs of this cycle."""
        a, b = inputs[self.ports["a"]], inputs[self.ports["b"]]
        total = a + b + (inputs[self.ports["carry_in"]] if "carry_in" in self.ports else 0)
        values: dict[str, int | None] = {"sum": total % self.base, "carry_out": total // self.base}
        if max(a, b) >= self.base:
            values = dict.fromkeys(values)
        return {self.ports[signal]: value for signal, value in values.items() if signal in self.ports}
