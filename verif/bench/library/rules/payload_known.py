"""The rule that data which is offered is known."""


class PayloadKnownRule:
    """No payload output is X or Z while its valid is 1; ``payload`` maps each to its valid output."""

    def __init__(self, *, payload: dict[str, str], resets: list[tuple[str, int, bool]]) -> None:
        self.payload = payload
        self.resets = resets
        self.reset()

    def reset(self) -> None:
        """Do nothing: the rule looks at one cycle at a time."""

    def observe(self, inputs: dict[str, int], outputs: dict[str, int | None]) -> str | None:
        """Return what is wrong in this cycle, or None."""
        if any(inputs[port] == level for port, level, _ in self.resets):
            return None
        for port, valid in self.payload.items():
            if outputs[valid] and outputs[port] is None:
                return f"{port} is X or Z while {valid} is 1"
        return None
