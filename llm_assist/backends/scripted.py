"""A model whose answers are written beforehand: for tests, demonstrations and dry runs.

The script is a JSON file: a list of rules ``{"when": "a part of the prompt", "answers": ["...", "..."]}``. The first
rule whose ``when`` occurs in the last message answers; its answers are given in turn and from the start again. A rule
without ``when`` always applies. A bare list of strings is one such rule.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from llm_assist.model import Capabilities, Completion, Constraint, Message
from verif.errors import InputError


class Rule(BaseModel):
    """Answers to the prompts that contain ``when``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    when: str = ""
    answers: tuple[str, ...] = Field(min_length=1)


class ScriptedModel:
    """The shipped fake. It ignores constraints and the prefix, as a careless server would: callers must validate."""

    capabilities = Capabilities(json_schema=False, lark=False, seeded=False, instructable=True)

    def __init__(self, rules: Sequence[Rule], *, name: str = "scripted") -> None:
        self.name = name
        self.prompts: list[str] = []
        """The last message of each request so far."""
        self._rules = tuple(rules)
        self._given = [0] * len(self._rules)

    @classmethod
    def answering(cls, *answers: str) -> ScriptedModel:
        """Return a model that gives ``answers`` in turn, whatever it is asked."""
        return cls([Rule(answers=answers)])

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
        prompt = messages[-1].content if messages else ""
        self.prompts.append(prompt)
        for index, rule in enumerate(self._rules):
            if rule.when in prompt:
                return [self._answer(index, prompt if i == 0 else "") for i in range(n)]
        raise InputError(
            "PE513", f"no rule of the script answers the prompt that begins '{prompt[:60]}'", where=self.name
        )

    def _answer(self, index: int, prompt: str) -> Completion:
        answers = self._rules[index].answers
        text = answers[self._given[index] % len(answers)]
        self._given[index] += 1
        return Completion(
            text=text,
            prompt_tokens=len(prompt.split()),
            completion_tokens=len(text.split()),
            seconds=0.0,
            finished=True,
        )


def read_script(file: Path) -> ScriptedModel:
    """Return the model of the script in ``file``; InputError where it can't be read."""
    try:
        data: Any = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(data, list) and all(isinstance(entry, str) for entry in data):
            data = [{"answers": data}]
        rules = TypeAdapter(tuple[Rule, ...]).validate_python(data)
    except (OSError, ValueError) as error:
        reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise InputError(
            "PE511",
            f"not a script: {reason}",
            where=str(file),
            allowed='a script is JSON: [{"when": "part of a prompt", "answers": ["..."]}]',
        ) from error
    return ScriptedModel(rules, name=f"scripted:{file}")
