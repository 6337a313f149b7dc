"""The rule that a loaded word leaves bit by bit."""

from typing import Any

from verif.bench.library.rules.readings import ReadingsRule


class SerialiserReading:
    """A word that was loaded leaves bit by bit, ``first`` the highest or the lowest; a load comes before a shift."""

    def __init__(self, *, ports: dict[str, str], width: int, highest_first: bool, filled: int | None) -> None:
        self.ports = ports
        self.width = width
        self.highest_first = highest_first
        self.filled = filled

    def start(self) -> Any:
        """Begin with bits that aren't known."""
        return {(None,) * self.width}

    def shows(self, state: Any, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the bit that leaves."""
        return {self.ports["out"]: state[0]}

    def step(self, state: Any, inputs: dict[str, int]) -> Any:
        """Return the bits that are left after the clock edge, the next one first."""
        if state is None:
            return None
        if inputs[self.ports["load"]]:
            bits = [inputs[self.ports["data"]] >> index & 1 for index in range(self.width)]
            return {tuple(reversed(bits)) if self.highest_first else tuple(bits)}
        if "shift" in self.ports and not inputs[self.ports["shift"]]:
            return {state}
        entering = inputs[self.ports["bit"]] if "bit" in self.ports else self.filled
        return {(*state[1:], entering)}


class SerialiserRule(ReadingsRule):
    """The output is the next bit of the word that was loaded; what follows its last bit may be anything."""

    def __init__(self, *, ports: dict[str, str], width: int, highest_first: bool) -> None:
        super().__init__(
            readings=[SerialiserReading(ports=ports, width=width, highest_first=highest_first, filled=None)]
        )
