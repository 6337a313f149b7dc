"""A request as one value, so that it can be named by its digest."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256

from llm_assist.model import Completion, Constraint, Message, Model


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """Everything that is given to ``Model.generate``."""

    messages: tuple[Message, ...]
    n: int = 1
    constraint: Constraint | None = None
    seed: int = 0
    max_tokens: int = 256
    prefix: str = ""

    @property
    def prompt_digest(self) -> str:
        """Sixteen hex digits over what the model reads: messages, constraint and prefix."""
        return _digest([[asdict(m) for m in self.messages], self.prefix, _plain(self.constraint)])

    @property
    def digest(self) -> str:
        """Sixteen hex digits over the whole request; equal requests to a seeded model have equal answers."""
        return _digest([self.prompt_digest, self.n, self.seed, self.max_tokens])

    def ask(self, model: Model) -> list[Completion]:
        """Put the request to ``model``."""
        return model.generate(
            self.messages,
            n=self.n,
            constraint=self.constraint,
            seed=self.seed,
            max_tokens=self.max_tokens,
            prefix=self.prefix,
        )


def _plain(constraint: Constraint | None) -> object:
    if constraint is None:
        return None
    return [constraint.json_schema, constraint.lark]


def _digest(value: object) -> str:
    return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]
