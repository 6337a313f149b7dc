"""Reference model of a UART transmitter."""


class UartTxModel:
    """Predict line and handshake: start bit, data bits (least significant first), parity, stop bits.

    A word is taken at an edge with valid and ready; its frame begins in the next cycle and each bit lasts
    ``clocks_per_bit`` cycles. ``parity`` is "none", "even" or "odd". The line idles at 1.
    """

    def __init__(
        self,
        *,
        ports: dict[str, str],
        reset: tuple[str, int, bool] | None,
        clocks_per_bit: int,
        data_bits: int,
        parity: str = "none",
        stop_bits: int = 1,
    ) -> None:
        self.ports = ports
        self.reset_port, self.reset_level, self.asynchronous = reset or ("", 1, False)
        self.clocks_per_bit = clocks_per_bit
        self.data_bits = data_bits
        self.parity = parity
        self.stop_bits = stop_bits
        self.reset()

    def reset(self) -> None:
        """Abandon the frame and idle."""
        self.line: list[int] = []

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs of this cycle, then take the clock edge."""
        active = inputs.get(self.reset_port) == self.reset_level
        if active and self.asynchronous:
            self.reset()
        idle = not self.line
        values = {"tx": 1 if idle else self.line[0], "ready": int(idle), "busy": int(not idle)}
        if active:
            self.reset()
        elif not idle:
            self.line.pop(0)
        elif inputs[self.ports["valid"]]:
            self.line = self._frame(inputs[self.ports["data"]])
        return {self.ports[signal]: value for signal, value in values.items() if signal in self.ports}

    def _frame(self, word: int) -> list[int]:
        """Return the level of the line in each cycle of the frame."""
        data = [word >> index & 1 for index in range(self.data_bits)]
        parity = {"none": [], "even": [sum(data) % 2], "odd": [1 - sum(data) % 2]}[self.parity]
        bits = [0, *data, *parity, *[1] * self.stop_bits]
        return [bit for bit in bits for _ in range(self.clocks_per_bit)]
