"""The rules for the answers of an AXI4-Lite target."""


class AxiLiteTargetRule:
    """No response without its request, one response for each, and no response code that AXI4-Lite lacks.

    A write is requested once its address and its data were both taken, a read once its address was. AMBA AXI
    A3.3.1 and B1.1.1. ``ports`` holds those of the two channels pairs that the design has.
    """

    EXOKAY = 1

    def __init__(self, *, ports: dict[str, str], clock: str, reset: tuple[str, int, bool] | None) -> None:
        self.ports = ports
        self.clock = clock
        self.reset_port, self.reset_level = (reset or ("", 1, False))[:2]
        self.reset()

    def reset(self) -> None:
        """Forget all requests."""
        self.taken = dict.fromkeys(("aw", "w", "ar"), 0)
        self.answered = dict.fromkeys(("b", "r"), 0)

    def observe(self, inputs: dict[str, int], outputs: dict[str, int | None]) -> str | None:
        """Return what is wrong in this cycle, or None."""
        if inputs.get(self.reset_port) == self.reset_level:
            self.reset()
            return None
        if not inputs[self.clock]:
            return None
        values = {**inputs, **outputs}
        for channel in self.taken:
            self.taken[channel] += self._crosses(values, channel)
        requested = {"b": min(self.taken["aw"], self.taken["w"]), "r": self.taken["ar"]}
        for channel, requests in requested.items():
            if message := self._answer(values, channel, requests):
                return message
        return None

    def _crosses(self, values: dict[str, int | None], channel: str) -> bool:
        valid, ready = self.ports.get(channel + "valid"), self.ports.get(channel + "ready")
        return bool(valid and ready and values[valid] and values[ready])

    def _answer(self, values: dict[str, int | None], channel: str, requests: int) -> str | None:
        valid = self.ports.get(channel + "valid")
        if valid is None or not values[valid]:
            return None
        if self.answered[channel] >= requests:
            return f"{valid} is 1 without a request that waits for its answer"
        response = self.ports.get(channel + "resp")
        if response is not None and values[response] == self.EXOKAY:
            return f"{response} is EXOKAY, which AXI4-Lite doesn't have"
        self.answered[channel] += self._crosses(values, channel)
        return None
