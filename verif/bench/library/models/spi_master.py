"""Reference model of a SPI master in mode 0."""


class SpiMasterModel:
    """Predict the pins and the received word of a transfer, most significant bit first.

    A start is accepted while not busy. Chip select falls in the next cycle; each half period of the clock lasts
    ``half_period`` cycles; one half period after the last falling edge chip select rises, ``done`` is 1 for a cycle
    and ``rx_data`` takes the word. ``miso`` counts in the last cycle before each rising edge of the SPI clock.
    """

    def __init__(
        self, *, ports: dict[str, str], reset: tuple[str, int, bool] | None, data_bits: int, half_period: int
    ) -> None:
        self.ports = ports
        self.reset_port, self.reset_level, self.asynchronous = reset or ("", 1, False)
        self.data_bits = data_bits
        self.half_period = half_period
        self.reset()

    def reset(self) -> None:
        """Abandon the transfer and clear the received word."""
        self.cycle = 0
        self.busy = 0
        self.done = 0
        self.sending = 0
        self.receiving = 0
        self.received = 0

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs of this cycle, then take the clock edge."""
        active = inputs.get(self.reset_port) == self.reset_level
        if active and self.asynchronous:
            self.reset()
        outputs = {self.ports[signal]: value for signal, value in self._outputs().items() if signal in self.ports}
        if active:
            self.reset()
        else:
            self._edge(inputs)
        return outputs

    def _outputs(self) -> dict[str, int | None]:
        half = self.cycle // self.half_period
        bit = min(half // 2, self.data_bits - 1)
        return {
            "busy": self.busy,
            "done": self.done,
            "rx_data": self.received,
            "cs_n": 1 - self.busy,
            "sclk": half % 2 if self.busy else 0,
            "mosi": self.sending >> (self.data_bits - 1 - bit) & 1 if self.busy else 0,
        }

    def _edge(self, inputs: dict[str, int]) -> None:
        self.done = 0
        if not self.busy:
            if inputs[self.ports["start"]]:
                self.busy, self.cycle, self.receiving = 1, 0, 0
                self.sending = inputs[self.ports["tx_data"]]
            return
        half, rest = divmod(self.cycle + 1, self.half_period)
        if rest == 0 and half % 2 == 1 and half < 2 * self.data_bits:
            self.receiving = self.receiving << 1 | inputs[self.ports["miso"]]
        self.cycle += 1
        if half == 2 * self.data_bits + 1:
            self.busy, self.done, self.received = 0, 1, self.receiving
