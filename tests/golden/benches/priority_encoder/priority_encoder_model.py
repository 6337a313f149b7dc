"""What priority_encoder is judged by.

A reference model of kind priority_encoder predicts the outputs cycle by cycle. Standard library only.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Check(NamedTuple):
    """Something that judges the design, and where its expectation comes from."""

    oracle: str
    """SPEC, PROTOCOL or GENERIC."""
    id: str
    requirements: tuple[str, ...]
    """Ids of the specification's requirements that it checks."""
    judge: Any
    """A model predicts with ``step(inputs)``, a rule tells with ``observe(inputs, outputs)`` what is broken."""


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


def make_model() -> Check:
    """Return the reference model; it predicts index, onehot, valid, multiple."""
    # spec.md:3: highest-numbered
    # spec.md:33: While `valid` = 0, `index` and `onehot` are 0
    return Check(
        "SPEC",
        "priority-encoder-model",
        ("R1", "R2", "R3", "R4", "R5"),
        PriorityEncoderModel(
            ports={
                "enable": "enable",
                "lines": "lines",
                "index": "index",
                "onehot": "onehot",
                "valid": "valid",
                "multiple": "multiple",
            },
            highest_wins=True,
            idle=0,
        ),
    )
