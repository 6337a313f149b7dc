"""The rule that outputs have values."""


class KnownRule:
    """No output is X or Z once the design was reset and its inputs are driven."""

    def __init__(self, *, outputs: list[str]) -> None:
        self.outputs = outputs

    def reset(self) -> None:
        """Nothing is remembered."""

    def observe(self, inputs: dict[str, int], outputs: dict[str, int | None]) -> str | None:
        """Return which output has no value in this cycle, or None."""
        unknown = [name for name in self.outputs if outputs[name] is None]
        return f"{', '.join(unknown)} unknown (X or Z)" if unknown else None
