"""Reference model of a detector of rising and falling edges."""


class EdgeDetectorModel:
    """Predict the flags: each is 1 for the cycle after the one in which the input was seen changed.

    What came before the first cycle after reset isn't known, so a change in that cycle may be reported or not.
    """

    def __init__(self, *, ports: dict[str, str], reset: tuple[str, int, bool] | None) -> None:
        self.ports = ports
        self.reset_port, self.reset_level, self.asynchronous = reset or ("", 1, False)
        self.reset()

    def reset(self) -> None:
        """Forget the input; both flags are 0."""
        self.before: int | None = None
        self.rise: int | None = 0
        self.fall: int | None = 0

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs of this cycle, then take the clock edge."""
        active = inputs.get(self.reset_port) == self.reset_level
        if active and self.asynchronous:
            self.reset()
        values = {"rise": self.rise, "fall": self.fall}
        if active:
            self.reset()
        else:
            now, before = inputs[self.ports["signal"]], self.before
            self.rise = None if before is None else int(before < now)
            self.fall = None if before is None else int(before > now)
            self.before = now
        return {self.ports[signal]: value for signal, value in values.items() if signal in self.ports}
