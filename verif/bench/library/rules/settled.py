"""The rule that an output follows an input only once that has settled."""


class SettledRule:
    """The output takes the input's value when that stood for ``cycles``, and doesn't change before.

    Synchronisers and registers before and behind may add up to ``slack`` cycles, and one cycle more or less counts as
    the same.
    """

    def __init__(self, *, signal: str, output: str, cycles: int, slack: int, inverted: bool = False) -> None:
        self.signal = signal
        self.output = output
        self.cycles = cycles
        self.slack = slack
        self.inverted = inverted
        self.reset()

    def reset(self) -> None:
        """Forget what was seen."""
        self.line: list[int] = []
        self.before: int | None = None

    def observe(self, inputs: dict[str, int], outputs: dict[str, int | None]) -> str | None:
        """Return what is wrong in this cycle, or None."""
        seen = outputs[self.output]
        message = None if seen is None else self._compared(seen)
        self.line = [inputs[self.signal] ^ self.inverted, *self.line[: self.cycles + self.slack]]
        self.before = seen
        return message

    def _compared(self, seen: int) -> str | None:
        most = self.cycles + self.slack
        if len(self.line) >= most and len(set(self.line[:most])) == 1 and seen != self.line[0]:
            return f"{self.output} is {seen}, though {self.signal} stood at {self.line[0]} for {most} cycles"
        if self.before is None or seen == self.before or len(self.line) < most:
            return None
        stretches = (self.line[begin : begin + self.cycles - 1] for begin in range(self.slack + 1))
        if any(set(stretch) <= {seen} for stretch in stretches):
            return None
        return f"{self.output} became {seen} before {self.signal} had settled for {self.cycles} cycles"
