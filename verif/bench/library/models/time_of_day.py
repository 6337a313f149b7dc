"""Reference model of a clock that counts seconds, minutes and hours."""


class TimeOfDayModel:
    """Predict hours, minutes and seconds; one second passes per cycle, from 00:00:00 after reset."""

    def __init__(self, *, ports: dict[str, str], reset: tuple[str, int, bool] | None) -> None:
        self.ports = ports
        self.reset_port, self.reset_level, self.asynchronous = reset or ("", 1, False)
        self.reset()

    def reset(self) -> None:
        """Start at midnight."""
        self.seconds = 0

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs of this cycle, then take the clock edge."""
        active = inputs.get(self.reset_port) == self.reset_level
        if active and self.asynchronous:
            self.reset()
        outputs: dict[str, int | None] = {
            self.ports["hours"]: self.seconds // 3600,
            self.ports["minutes"]: self.seconds // 60 % 60,
            self.ports["seconds"]: self.seconds % 60,
        }
        self.seconds = 0 if active else (self.seconds + 1) % 86400
        return outputs
