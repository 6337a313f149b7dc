"""Reference model of a multi-cycle unsigned divider."""


class DividerModel:
    """Predict busy, done and the results of a divider with a fixed latency.

    A start is accepted while the divider isn't busy. ``busy`` is 1 in the following ``latency`` - 1 cycles and
    ``done`` in the ``latency``-th, from which on the results stand. Division by 0 gives all ones and the dividend.
    """

    def __init__(self, *, ports: dict[str, str], reset: tuple[str, int, bool] | None, width: int, latency: int) -> None:
        self.ports = ports
        self.reset_port, self.reset_level, self.asynchronous = reset or ("", 1, False)
        self.ones = (1 << width) - 1
        self.latency = latency
        self.reset()

    def reset(self) -> None:
        """Abandon the division and clear the results."""
        self.left = 0
        self.done = 0
        self.results = {"quotient": 0, "remainder": 0, "div_by_zero": 0}
        self.coming = self.results

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs of this cycle, then take the clock edge."""
        active = inputs.get(self.reset_port) == self.reset_level
        if active and self.asynchronous:
            self.reset()
        values = {"busy": int(self.left > 0), "done": self.done, **self.results}
        if active:
            self.reset()
        else:
            self._edge(inputs)
        return {self.ports[signal]: value for signal, value in values.items() if signal in self.ports}

    def _edge(self, inputs: dict[str, int]) -> None:
        self.done = 0
        if self.left > 0:
            self.left -= 1
            if self.left == 0:
                self.done = 1
                self.results = self.coming
        elif inputs[self.ports["start"]]:
            self.left = self.latency - 1
            self.coming = self._divide(inputs[self.ports["dividend"]], inputs[self.ports["divisor"]])

    def _divide(self, dividend: int, divisor: int) -> dict[str, int]:
        if divisor == 0:
            return {"quotient": self.ones, "remainder": dividend, "div_by_zero": 1}
        return {"quotient": dividend // divisor, "remainder": dividend % divisor, "div_by_zero": 0}
