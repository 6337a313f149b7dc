"""The rule for the answers of a Wishbone target in classic cycles."""


class WishboneTargetRule:
    """Acknowledge, error and retry come only while the bus cycle and its strobe are 1, and one at a time.

    Wishbone B4, rules 3.35, 3.45 and 3.50. ``request`` holds the cycle and strobe inputs that the design has. A target
    that is ``maybe_pipelined`` may answer in the cycle after a strobe too, as a pipelined one without wait states does.
    """

    def __init__(
        self,
        *,
        request: list[str],
        answers: list[str],
        clock: str,
        reset: tuple[str, int, bool] | None,
        maybe_pipelined: bool = False,
    ) -> None:
        self.request = request
        self.answers = answers
        self.clock = clock
        self.reset_port, self.reset_level = (reset or ("", 1, False))[:2]
        self.maybe_pipelined = maybe_pipelined
        self.reset()

    def reset(self) -> None:
        """Forget the request of the cycle before."""
        self.requested = False

    def observe(self, inputs: dict[str, int], outputs: dict[str, int | None]) -> str | None:
        """Return what is wrong in this cycle, or None."""
        if inputs.get(self.reset_port) == self.reset_level:
            self.reset()
            return None
        if not inputs[self.clock]:
            return None
        given = [port for port in self.answers if outputs[port]]
        missing = [port for port in self.request if not inputs[port]]
        excused, self.requested = self.maybe_pipelined and self.requested, not missing
        if given and missing and not excused:
            return f"{given[0]} is 1 while {missing[0]} is 0"
        if len(given) > 1:
            return f"{given[0]} and {given[1]} are 1 at once"
        return None
