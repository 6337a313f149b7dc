"""Reference model of a free-running parallel-to-serial converter."""


class ParallelToSerialModel:
    """Predict the serial output: every ``width`` cycles a word is taken and sent, most significant bit first.

    ``valid_out`` marks the first bit of a word. The first word is taken at edge ``width`` after reset.
    """

    def __init__(self, *, ports: dict[str, str], reset: tuple[str, int, bool] | None, width: int) -> None:
        self.ports = ports
        self.reset_port, self.reset_level, self.asynchronous = reset or ("", 1, False)
        self.width = width
        self.reset()

    def reset(self) -> None:
        """Begin to count; nothing was taken yet."""
        self.count = 0
        self.word: int | None = None

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs of this cycle, then take the clock edge."""
        active = inputs.get(self.reset_port) == self.reset_level
        if active and self.asynchronous:
            self.reset()
        word, place = self.word, self.width - 1 - self.count
        outputs = {
            self.ports["valid_out"]: int(word is not None and self.count == 0),
            self.ports["dout"]: None if word is None else word >> place & 1,
        }
        if active:
            self.reset()
        else:
            self.count = (self.count + 1) % self.width
            self.word = inputs[self.ports["d"]] if self.count == 0 else word
        return outputs
