"""Reference model of a read-only memory with combinational reads."""


class RomModel:
    """Predict the words whose contents are told; the others may be anything."""

    def __init__(self, *, ports: dict[str, str], words: dict[int, int]) -> None:
        self.ports = ports
        self.words = words

    def reset(self) -> None:
        """Do nothing: there is no state."""

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs for the inputs of this cycle."""
        return {self.ports["data"]: self.words.get(inputs[self.ports["address"]])}
