"""The rule that an offer on a ready/valid interface stands until it is taken."""


class ValidStableRule:
    """Once ``valid`` is 1 it stays 1, with its payload unchanged, until a cycle in which ``ready`` is 1 too.

    ``valid`` and ``payload`` are outputs of the design, ``ready`` is an input; ``clock`` paces them. AMBA AXI4-Stream
    2.2.1 and AMBA AXI A3.2.1 demand it.
    """

    def __init__(
        self, *, valid: str, ready: str, payload: list[str], clock: str, reset: tuple[str, int, bool] | None
    ) -> None:
        self.valid = valid
        self.ready = ready
        self.payload = payload
        self.clock = clock
        self.reset_port, self.reset_level = (reset or ("", 1, False))[:2]
        self.reset()

    def reset(self) -> None:
        """Forget the offer."""
        self.offered: dict[str, int | None] | None = None

    def observe(self, inputs: dict[str, int], outputs: dict[str, int | None]) -> str | None:
        """Return what is wrong in this cycle, or None."""
        if inputs.get(self.reset_port) == self.reset_level:
            self.reset()
            return None
        if not inputs[self.clock]:
            return None
        offered, valid = self.offered, outputs[self.valid]
        now = {port: outputs[port] for port in self.payload}
        self.offered = now if valid and not inputs[self.ready] else None
        if offered is None:
            return None
        if not valid:
            return f"{self.valid} fell before {self.ready} took the offer"
        changed = [port for port in self.payload if now[port] != offered[port]]
        if changed:
            port = changed[0]
            return f"{port} changed from {offered[port]} to {now[port]} while {self.valid} waited for {self.ready}"
        return None
