"""Reference model of a RAM with one write port and one read port on one clock."""


class TwoPortRamModel:
    """Predict the registered read data: in the cycle after a read, the word; after no read, ``idle``.

    Reset clears all words. ``idle`` None means that the read data stays. A read of the address that is written at
    the same edge may give anything.
    """

    def __init__(
        self, *, ports: dict[str, str], reset: tuple[str, int, bool] | None, idle: int | None, words: int
    ) -> None:
        self.ports = ports
        self.reset_port, self.reset_level, self.asynchronous = reset or ("", 1, False)
        self.idle = idle
        self.words = words
        self.reset()

    def reset(self) -> None:
        """Clear all words and the read data."""
        self.memory: dict[int, int] = {}
        self.shown: int | None = 0

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs of this cycle, then take the clock edge."""
        active = inputs.get(self.reset_port) == self.reset_level
        if active and self.asynchronous:
            self.reset()
        outputs = {self.ports["read_data"]: self.shown}
        if active:
            self.reset()
        else:
            self._edge({signal: inputs[port] for signal, port in self.ports.items() if port in inputs})
        return outputs

    def _edge(self, seen: dict[str, int]) -> None:
        target = seen["write_addr"] if seen["write_en"] else None
        if seen["read_en"]:
            address = seen["read_addr"]
            unknown = address == target or address >= self.words
            self.shown = None if unknown else self.memory.get(address, 0)
        elif self.idle is not None:
            self.shown = self.idle
        if target is not None:
            self.memory[target] = seen["write_data"]
