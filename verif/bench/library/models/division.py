"""Reference model of a combinational unsigned divider."""


class DivisionModel:
    """Predict quotient and remainder; division by 0 may give anything."""

    def __init__(self, *, ports: dict[str, str]) -> None:
        self.ports = ports

    def reset(self) -> None:
        """Do nothing: there is no state."""

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs for the inputs of this cycle."""
        dividend, divisor = inputs[self.ports["dividend"]], inputs[self.ports["divisor"]]
        quotient, remainder = divmod(dividend, divisor) if divisor else (None, None)
        return {self.ports["quotient"]: quotient, self.ports["remainder"]: remainder}
