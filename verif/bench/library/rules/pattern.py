"""The rule that a flag tells each occurrence of a pattern in a line of bits."""

from typing import Any

from verif.bench.library.rules.readings import ReadingsRule


class PatternReading:
    """The flag is 1 for the cycle ``delay`` after the pattern's last bit; a match may share bits where ``overlap``."""

    def __init__(self, *, ports: dict[str, str], pattern: str, overlap: bool, delay: int) -> None:
        self.ports = ports
        self.pattern = pattern
        self.overlap = overlap
        self.delay = delay

    def start(self) -> Any:
        """Begin without any bit."""
        return {("", (0,) * self.delay)}

    def _taken(self, state: Any, inputs: dict[str, int]) -> Any:
        """Return the bits with this cycle's, and whether they end the pattern."""
        bits, _ = state
        if "valid" in self.ports and not inputs[self.ports["valid"]]:
            return bits, None
        bits += str(inputs[self.ports["bit"]])
        found = bits.endswith(self.pattern)
        kept = "" if found and not self.overlap else bits[-len(self.pattern) + 1 :]
        return kept, int(found)

    def shows(self, state: Any, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the flag."""
        line = (self._taken(state, inputs)[1], *state[1])
        return {self.ports["found"]: line[self.delay]}

    def step(self, state: Any, inputs: dict[str, int]) -> Any:
        """Return the state after the clock edge."""
        if state is None:
            return None
        bits, found = self._taken(state, inputs)
        return {(bits, (found, *state[1])[: self.delay])}


class PatternRule(ReadingsRule):
    """The flag follows one of the allowed readings: with or without overlap, after one of ``delays``."""

    def __init__(self, *, ports: dict[str, str], pattern: str, overlaps: list[bool], delays: list[int]) -> None:
        super().__init__(
            readings=[
                PatternReading(ports=ports, pattern=pattern, overlap=overlap, delay=delay)
                for overlap in overlaps
                for delay in delays
            ]
        )
