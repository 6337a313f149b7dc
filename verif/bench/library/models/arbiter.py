"""Reference model of an arbiter with combinational grants."""


class ArbiterModel:
    """Predict the grant: the first requester from ``start`` upwards, around the end; nobody while disabled.

    With ``round_robin`` the start moves behind each winner; without it the priority is fixed, requester 0 highest.
    """

    def __init__(
        self, *, ports: dict[str, str], reset: tuple[str, int, bool] | None, requesters: int, round_robin: bool = True
    ) -> None:
        self.ports = ports
        self.reset_port, self.reset_level, self.asynchronous = reset or ("", 1, False)
        self.requesters = requesters
        self.round_robin = round_robin
        self.reset()

    def reset(self) -> None:
        """Give requester 0 the highest priority."""
        self.start = 0

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs of this cycle, then take the clock edge."""
        active = inputs.get(self.reset_port) == self.reset_level
        if active and self.asynchronous:
            self.reset()
        winner = self._winner(inputs)
        granted = {"gnt": 0 if winner is None else 1 << winner, "gnt_valid": int(winner is not None), "gnt_id": winner}
        if active:
            self.reset()
        elif winner is not None and self.round_robin:
            self.start = (winner + 1) % self.requesters
        return {self.ports[signal]: value for signal, value in granted.items() if signal in self.ports}

    def _winner(self, inputs: dict[str, int]) -> int | None:
        if "en" in self.ports and not inputs[self.ports["en"]]:
            return None
        requests = inputs[self.ports["req"]]
        order = ((self.start + offset) % self.requesters for offset in range(self.requesters))
        return next((index for index in order if requests >> index & 1), None)
