"""The rule for the grants of an arbiter."""


class GrantRule:
    """At most one requester is granted, and only one that requests.

    With ``registered`` a grant may answer the requests of the cycle before.
    """

    def __init__(
        self, *, req: str, gnt: str, clock: str, reset: tuple[str, int, bool] | None, registered: bool = False
    ) -> None:
        self.req = req
        self.gnt = gnt
        self.clock = clock
        self.registered = registered
        self.reset_port, self.reset_level = (reset or ("", 1, False))[:2]
        self.reset()

    def reset(self) -> None:
        """Forget the requests of the cycle before."""
        self.before = 0

    def observe(self, inputs: dict[str, int], outputs: dict[str, int | None]) -> str | None:
        """Return what is wrong in this cycle, or None."""
        if inputs.get(self.reset_port) == self.reset_level:
            self.reset()
            return None
        if not inputs[self.clock]:
            return None
        requests = inputs[self.req] | (self.before if self.registered else 0)
        self.before = inputs[self.req]
        granted = outputs[self.gnt]
        if granted is None:
            return None
        if granted & (granted - 1):
            return f"{self.gnt} grants several at once: {granted:#b}"
        if granted & ~requests:
            return f"{self.gnt} grants {granted:#b}, who does not request ({self.req} is {inputs[self.req]:#b})"
        return None
