"""The model seam: one method, and the values that cross it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Constraint:
    """What the answer must look like; exactly one of the two is given."""

    json_schema: Mapping[str, Any] | None = None
    lark: str | None = None
    """A Lark grammar in llguidance's dialect."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Completion:
    """One answer and what it cost."""

    text: str
    """The answer without the request's prefix."""
    prompt_tokens: int
    """Tokens of the prompt read for this answer; 0 where it shares an earlier answer's reading, or unknown."""
    completion_tokens: int
    """Tokens of the answer; 0 where the backend doesn't know."""
    seconds: float
    finished: bool
    """False where the answer was cut at the token limit."""
    cached: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Capabilities:
    """What a backend can do; probed, never assumed."""

    json_schema: bool
    lark: bool
    seeded: bool
    """The same request and seed give the same answers."""
    instructable: bool = False
    """It follows longer instructions and can correct an answer; a small embedded model can't."""


class Model(Protocol):
    """A language model behind one method."""

    name: str
    capabilities: Capabilities

    def generate(
        self,
        messages: Sequence[Message],
        *,
        n: int = 1,
        constraint: Constraint | None = None,
        seed: int = 0,
        max_tokens: int = 256,
        prefix: str = "",
    ) -> list[Completion]:
        """Return ``n`` completions; ``prefix`` is text that the answer must continue.

        A backend whose answers are dear (mailbox) may return fewer, at least one. ``constraint`` rules what follows the
        prefix; a backend whose capabilities lack its kind ignores it, so callers validate always.
        ToolError where the backend is missing or broke, ModelRequestForbidden where requests are switched off.
        """
        ...
