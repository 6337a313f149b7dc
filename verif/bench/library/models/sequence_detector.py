"""Reference model of a detector of a bit sequence."""


class SequenceDetectorModel:
    """Predict when the last bits taken are the ``sequence`` (leftmost bit first), and count the occurrences.

    A bit is taken in each cycle, or where ``din_valid`` is 1. With ``same_cycle`` the detection shows in the cycle
    of the last bit, else in the next one. Without ``overlap`` an occurrence uses its bits up. ``match_count``
    stays at its greatest value, ``top``.
    """

    def __init__(
        self,
        *,
        ports: dict[str, str],
        reset: tuple[str, int, bool] | None,
        sequence: str,
        overlap: bool = True,
        same_cycle: bool = False,
        top: int = 0,
    ) -> None:
        self.ports = ports
        self.reset_port, self.reset_level, self.asynchronous = reset or ("", 1, False)
        self.sequence = sequence
        self.overlap = overlap
        self.same_cycle = same_cycle
        self.top = top
        self.reset()

    def reset(self) -> None:
        """Forget all bits and occurrences."""
        self.bits = ""
        self.detected = 0
        self.count = 0

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs of this cycle, then take the clock edge."""
        active = inputs.get(self.reset_port) == self.reset_level
        if active and self.asynchronous:
            self.reset()
        taken = not active and ("din_valid" not in self.ports or bool(inputs[self.ports["din_valid"]]))
        bits = self.bits + str(inputs[self.ports["din"]]) if taken else self.bits
        found = int(taken and bits.endswith(self.sequence))
        values = {"detected": found if self.same_cycle else self.detected, "match_count": self.count}
        if active:
            self.reset()
        else:
            self.bits = bits[-len(self.sequence) :] if self.overlap or not found else ""
            self.detected = found
            self.count = min(self.count + found, self.top)
        return {self.ports[signal]: value for signal, value in values.items() if signal in self.ports}
