"""How a conversation is written for models of the ChatML family."""

from __future__ import annotations

from collections.abc import Sequence

from llm_assist.model import Message

END_OF_TURN = "<|im_end|>"
_DEFAULT_SYSTEM = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"
"""What the model's own template puts where no system message is given."""


def render(messages: Sequence[Message]) -> str:
    """Return the prompt up to the point where the assistant's answer begins."""
    turns = list(messages)
    if not turns or turns[0].role != "system":
        turns.insert(0, Message(role="system", content=_DEFAULT_SYSTEM))
    text = "".join(f"<|im_start|>{turn.role}\n{turn.content}{END_OF_TURN}\n" for turn in turns)
    return f"{text}<|im_start|>assistant\n"
