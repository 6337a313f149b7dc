"""The rule that a serial line carries the bytes that were sent."""


class SerialLineRule:
    """Each frame on ``line`` carries a word that was accepted: start bit 0, data, parity, stop bits of 1.

    Every bit lasts ``bit`` cycles; a frame begins where the idle line falls, within ``patience`` cycles of the word's
    acceptance. A word is accepted where ``start`` is 1 while ``ready`` (or not ``busy``) tells so.
    """

    def __init__(
        self, *, ports: dict[str, str], bit: int, width: int, lowest_first: bool, parity: str, stop: int, patience: int
    ) -> None:
        self.ports = ports
        self.bit = bit
        self.width = width
        self.lowest_first = lowest_first
        self.parity = parity
        self.stop = stop
        self.patience = patience
        self.reset()

    def reset(self) -> None:
        """Begin with an idle line."""
        self.waiting: list[tuple[int, ...]] = []
        self.waited = 0
        self.frame: list[int] = []
        self.at = -1

    def observe(self, inputs: dict[str, int], outputs: dict[str, int | None]) -> str | None:
        """Return what is wrong in this cycle, or None."""
        level = outputs[self.ports["line"]]
        if level is None:
            return None
        message = self._line(level)
        if self._accepts(inputs, outputs):
            self.waiting.append(self._bits(inputs[self.ports["data"]]))
        return message

    def _accepts(self, inputs: dict[str, int], outputs: dict[str, int | None]) -> bool:
        open_now = True
        if "busy" in self.ports:
            open_now = not outputs[self.ports["busy"]]
        if "ready" in self.ports:
            open_now = bool(outputs[self.ports["ready"]])
        return bool(inputs[self.ports["start"]]) and open_now

    def _bits(self, word: int) -> tuple[int, ...]:
        bits = [word >> index & 1 for index in range(self.width)]
        odd = sum(bits) & 1
        check = {"even": [odd], "odd": [1 - odd]}.get(self.parity, [])
        return (0, *(bits if self.lowest_first else reversed(bits)), *check, *([1] * self.stop))

    def _line(self, level: int) -> str | None:
        name = self.ports["line"]
        if self.at < 0:
            self.waited = self.waited + 1 if self.waiting else 0
            if level:
                late = self.waited > self.patience
                return f"{name} stays 1, though a word was accepted {self.waited} cycles ago" if late else None
            if not self.waiting:
                return f"{name} is 0 though nothing was accepted"
            self.frame, self.at, self.waited = list(self.waiting.pop(0)), 0, 0
        expected = self.frame[self.at // self.bit]
        which = self.at // self.bit
        self.at = self.at + 1 if self.at + 1 < self.bit * len(self.frame) else -1
        return None if level == expected else f"{name} is {level} in bit {which} of a frame, expected {expected}"
