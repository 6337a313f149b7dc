"""Reference model of a combinational comparator."""


class ComparatorModel:
    """Predict which of two unsigned numbers is greater."""

    def __init__(self, *, ports: dict[str, str]) -> None:
        self.ports = ports

    def reset(self) -> None:
        """Do nothing: there is no state."""

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs for the inputs of this cycle."""
        a, b = inputs[self.ports["a"]], inputs[self.ports["b"]]
        values = {"greater": int(a > b), "equal": int(a == b), "less": int(a < b)}
        return {self.ports[signal]: value for signal, value in values.items() if signal in self.ports}
