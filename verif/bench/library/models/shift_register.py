"""Reference model of a serial-in shift register."""


class ShiftRegisterModel:
    """Predict a register that takes one bit per cycle, at its top (``right``) or at its bottom.

    ``start`` is the state after reset; None means that it isn't known until ``width`` bits came in.
    """

    def __init__(
        self,
        *,
        ports: dict[str, str],
        reset: tuple[str, int, bool] | None,
        width: int,
        right: bool,
        start: int | None = None,
    ) -> None:
        self.ports = ports
        self.reset_port, self.reset_level, self.asynchronous = reset or ("", 1, False)
        self.width = width
        self.right = right
        self.start = start
        self.reset()

    def reset(self) -> None:
        """Go to the start state."""
        self.state = self.start or 0
        self.unknown = self.width if self.start is None else 0

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs of this cycle, then take the clock edge."""
        active = inputs.get(self.reset_port) == self.reset_level
        if active and self.asynchronous:
            self.reset()
        outputs = {self.ports["state"]: None if self.unknown else self.state}
        if active:
            self.reset()
        elif "en" not in self.ports or inputs[self.ports["en"]]:
            bit = inputs[self.ports["bit"]]
            moved = self.state >> 1 | bit << (self.width - 1) if self.right else self.state << 1 | bit
            self.state = moved & ((1 << self.width) - 1)
            self.unknown = max(0, self.unknown - 1)
        return outputs
