"""The rule that control outputs are never unknown."""


class ControlKnownRule:
    """Once reset is over, and once each port was known, the ports are neither X nor Z.

    ``from_reset`` ports must be known in every cycle after reset; ``from_first`` ports in every cycle after the
    first one in which they are. ``while_high`` maps data ports to the output that says when they count.
    """

    def __init__(
        self,
        *,
        from_reset: list[str],
        from_first: list[str],
        while_high: dict[str, str],
        resets: list[tuple[str, int, bool]],
    ) -> None:
        self.from_reset = from_reset
        self.from_first = from_first
        self.while_high = while_high
        self.resets = resets
        self.reset()

    def reset(self) -> None:
        """Forget which ports were known."""
        self.known: set[str] = set()

    def observe(self, inputs: dict[str, int], outputs: dict[str, int | None]) -> str | None:
        """Return what is wrong in this cycle, or None."""
        if any(inputs[port] == level for port, level, _ in self.resets):
            self.reset()
            return None
        for port in self.from_reset:
            if outputs[port] is None:
                return f"{port} is X or Z after reset"
        for port in self.from_first:
            if outputs[port] is not None:
                self.known.add(port)
            elif port in self.known:
                return f"{port} has become X or Z"
        for port, valid in self.while_high.items():
            if outputs[valid] and outputs[port] is None:
                return f"{port} is X or Z while {valid} is 1"
        return None
