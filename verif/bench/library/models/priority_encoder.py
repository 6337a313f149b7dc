"""Reference model of a combinational priority encoder."""


class PriorityEncoderModel:
    """Predict the winner among the lines that are 1; without a winner ``index`` and ``onehot`` are ``idle``.

    ``idle`` None means that any value is right then. Without ``enable`` the encoder always works.
    """

    def __init__(self, *, ports: dict[str, str], highest_wins: bool, idle: int | None) -> None:
        self.ports = ports
        self.highest_wins = highest_wins
        self.idle = idle

    def reset(self) -> None:
        """Do nothing: there is no state."""

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs for the inputs of this cycle."""
        lines = inputs[self.ports["lines"]]
        if "enable" in self.ports and not inputs[self.ports["enable"]]:
            lines = 0
        winner = lines.bit_length() - 1 if self.highest_wins else (lines & -lines).bit_length() - 1
        values = {
            "index": winner if lines else self.idle,
            "onehot": 1 << winner if lines else self.idle,
            "valid": int(lines != 0),
            "multiple": int(lines & (lines - 1) != 0) if lines else 0,
        }
        return {self.ports[signal]: value for signal, value in values.items() if signal in self.ports}
