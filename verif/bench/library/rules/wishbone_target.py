"""The rule for the answers of a Wishbone target in classic cycles."""


class WishboneTargetRule:
    """Acknowledge, error and retry come only while the bus cycle and its strobe are 1, and one at a time.

    Wishbone B4, rules 3.35, 3.45 and 3.50. ``request`` holds the cycle and strobe inputs that the design has.
    """

    def __init__(
        self, *, request: list[str], answers: list[str], clock: str, reset: tuple[str, int, bool] | None
    ) -> None:
        self.request = request
        self.answers = answers
        self.clock = clock
        self.reset_port, self.reset_level = (reset or ("", 1, False))[:2]
        self.reset()

    def reset(self) -> None:
        """Do nothing: the rule looks at one cycle at a time."""

    def observe(self, inputs: dict[str, int], outputs: dict[str, int | None]) -> str | None:
        """Return what is wrong in this cycle, or None."""
        if inputs.get(self.reset_port) == self.reset_level or not inputs[self.clock]:
            return None
        given = [port for port in self.answers if outputs[port]]
        missing = [port for port in self.request if not inputs[port]]
        if given and missing:
            return f"{given[0]} is 1 while {missing[0]} is 0"
        if len(given) > 1:
            return f"{given[0]} and {given[1]} are 1 at once"
        return None
