"""Reference model of a UART receiver."""


class UartRxModel:
    """Predict words, errors and the cycle in which they are reported.

    The line is the input ``delay`` cycles before (1 at first). A 0 while idle begins a frame; the bits are sampled
    half a bit later and then every ``clocks_per_bit`` cycles, least significant data bit first. A start sample of 1
    is a false start. The outputs change in the cycle after the stop sample; after a stop sample of 0 no frame begins
    before the line was 1. ``parity`` is "none", "even" or "odd".
    """

    def __init__(
        self,
        *,
        ports: dict[str, str],
        reset: tuple[str, int, bool] | None,
        clocks_per_bit: int,
        data_bits: int,
        parity: str = "none",
        delay: int = 2,
    ) -> None:
        self.ports = ports
        self.reset_port, self.reset_level, self.asynchronous = reset or ("", 1, False)
        self.clocks_per_bit = clocks_per_bit
        self.data_bits = data_bits
        self.parity = parity
        self.delay = delay
        self.reset()

    def reset(self) -> None:
        """Forget the frame and clear the outputs."""
        self.line = [1] * self.delay
        self.results = {"data": 0, "valid": 0, "parity_error": 0, "frame_error": 0}
        self.state = "idle"
        self.wait = 0
        self.samples: list[int] = []

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs of this cycle, then take the clock edge."""
        active = inputs.get(self.reset_port) == self.reset_level
        if active and self.asynchronous:
            self.reset()
        outputs: dict[str, int | None] = {
            self.ports[signal]: value for signal, value in self.results.items() if signal in self.ports
        }
        if active:
            self.reset()
        else:
            self.line.append(inputs[self.ports["rx"]])
            self._edge(self.line.pop(0))
        return outputs

    def _edge(self, level: int) -> None:
        """Take the level of the line in this cycle."""
        self.results["valid"] = 0
        if self.state == "break":
            self.state = "idle" if level else "break"
        elif self.state == "idle":
            if level == 0:
                self.state, self.samples, self.wait = "frame", [], self.clocks_per_bit // 2
        else:
            self.wait -= 1
            if self.wait == 0:
                self._sample(level)

    def _sample(self, level: int) -> None:
        self.wait = self.clocks_per_bit
        self.samples.append(level)
        if self.samples == [1]:
            self.state = "idle"
        elif len(self.samples) == self.data_bits + 2 + (self.parity != "none"):
            self._report()
            self.state = "idle" if level else "break"

    def _report(self) -> None:
        data = self.samples[1 : 1 + self.data_bits]
        ones = sum(self.samples[1:-1]) % 2
        wrong = {"none": 0, "even": ones, "odd": 1 - ones}[self.parity]
        word = sum(bit << index for index, bit in enumerate(data))
        self.results = {"data": word, "valid": 1, "parity_error": wrong, "frame_error": 1 - self.samples[-1]}
