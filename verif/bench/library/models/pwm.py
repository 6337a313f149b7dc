"""Reference model of a pulse-width modulator."""


class PwmModel:
    """Predict the pulse: a period lasts ``period`` + 1 cycles and begins with ``duty`` cycles of 1.

    Both settings are taken over at the end of a period, and while ``en`` is 0, which also rewinds. Both outputs are
    registers.
    """

    def __init__(self, *, ports: dict[str, str], reset: tuple[str, int, bool] | None) -> None:
        self.ports = ports
        self.reset_port, self.reset_level, self.asynchronous = reset or ("", 1, False)
        self.reset()

    def reset(self) -> None:
        """Start from 0 with both settings 0."""
        self.count = self.period = self.duty = 0
        self.pulse = self.period_end = 0

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs of this cycle, then take the clock edge."""
        active = inputs.get(self.reset_port) == self.reset_level
        if active and self.asynchronous:
            self.reset()
        values = {"pwm_out": self.pulse, "period_end": self.period_end}
        if active:
            self.reset()
        else:
            self._edge(inputs)
        return {self.ports[signal]: value for signal, value in values.items() if signal in self.ports}

    def _edge(self, inputs: dict[str, int]) -> None:
        enabled = "en" not in self.ports or inputs[self.ports["en"]]
        last = self.count == self.period
        self.pulse = int(bool(enabled) and self.count < self.duty)
        self.period_end = int(bool(enabled) and last)
        if last or not enabled:
            self.count = 0
            self.period = inputs[self.ports["period"]]
            self.duty = inputs[self.ports["duty"]]
        else:
            self.count += 1
