"""The rule that an offer on a ready/valid interface stands until it is taken."""


class ValidStableRule:
    """Once ``valid`` is 1 it stays 1, with its payload unchanged, until a cycle in which ``ready`` is 1 too.

    ``valid`` and ``payload`` are outputs of the design, ``ready`` is an input; ``clock`` paces them. AMBA AXI4-Stream
    2.2.1 and AMBA AXI A3.2.1 demand it. ``settings`` are inputs that may choose or change what is offered (a select,
    a gain, a flush): an offer isn't judged within SETTLES cycles of a change of one of them.
    """

    SETTLES = 3

    def __init__(
        self,
        *,
        valid: str,
        ready: str,
        payload: list[str],
        clock: str,
        reset: tuple[str, int, bool] | None,
        settings: list[str] | None = None,
    ) -> None:
        self.valid = valid
        self.ready = ready
        self.payload = payload
        self.clock = clock
        self.reset_port, self.reset_level = (reset or ("", 1, False))[:2]
        self.settings = settings or []
        self.reset()

    def reset(self) -> None:
        """Forget the offer."""
        self.offered: dict[str, int | None] | None = None
        self.set_to: list[int] = []
        self.settled = 0

    def observe(self, inputs: dict[str, int], outputs: dict[str, int | None]) -> str | None:
        """Return what is wrong in this cycle, or None."""
        if inputs.get(self.reset_port) == self.reset_level:
            self.reset()
            return None
        if not inputs[self.clock]:
            return None
        self._follow(inputs)
        offered, valid = self.offered, outputs[self.valid]
        now = {port: outputs[port] for port in self.payload}
        self.offered = now if valid and not inputs[self.ready] else None
        if offered is None or self.settled < self.SETTLES * bool(self.settings):
            return None
        if not valid:
            return f"{self.valid} fell before {self.ready} took the offer"
        changed = [port for port in self.payload if now[port] != offered[port]]
        if changed:
            port = changed[0]
            return f"{port} changed from {offered[port]} to {now[port]} while {self.valid} waited for {self.ready}"
        return None

    def _follow(self, inputs: dict[str, int]) -> None:
        """Count the cycles since a setting changed."""
        set_to = [inputs[port] for port in self.settings]
        self.settled = self.settled + 1 if set_to == self.set_to else 0
        self.set_to = set_to
