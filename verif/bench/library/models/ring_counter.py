"""Reference model of ring and Johnson counters."""


class RingCounterModel:
    """Predict a register that rotates by one bit per cycle; ``twisted`` inverts the bit that comes around (Johnson).

    ``left`` rotates towards the most significant bit. ``start`` is the state after reset.
    """

    def __init__(
        self,
        *,
        ports: dict[str, str],
        reset: tuple[str, int, bool] | None,
        width: int,
        start: int,
        left: bool,
        twisted: bool,
    ) -> None:
        self.ports = ports
        self.reset_port, self.reset_level, self.asynchronous = reset or ("", 1, False)
        self.width = width
        self.start = start
        self.left = left
        self.twisted = twisted
        self.reset()

    def reset(self) -> None:
        """Go to the start state."""
        self.state = self.start

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs of this cycle, then take the clock edge."""
        active = inputs.get(self.reset_port) == self.reset_level
        if active and self.asynchronous:
            self.reset()
        outputs: dict[str, int | None] = {self.ports["state"]: self.state}
        if active:
            self.reset()
        else:
            self.state = self._rotated()
        return outputs

    def _rotated(self) -> int:
        top = self.width - 1
        leaving = self.state >> top if self.left else self.state & 1
        entering = leaving ^ int(self.twisted)
        if self.left:
            return self.state << 1 & ((1 << self.width) - 1) | entering
        return self.state >> 1 | entering << top
