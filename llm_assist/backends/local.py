"""A model that runs in this process: transformers on the CPU, answers held to their constraint by llguidance.

The prompt is read once and its cache shared by all ``n`` answers, which then grow side by side in one batch. Tokens
that the constraint forces are not sampled but fed together with the next sampled one.
"""

from __future__ import annotations

import importlib.util
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from llm_assist.chat import END_OF_TURN, render
from llm_assist.constrain.matcher import Matchers
from llm_assist.model import Capabilities, Completion, Constraint, Message
from llm_assist.permission import demand_permission
from llm_assist.store import installed
from verif.errors import ToolError

_PACKAGES = ("torch", "transformers", "tokenizers", "llguidance")


class LocalModel:
    """An embedded model, loaded at the first request. The same request and seed give the same answers on one machine.

    ``temperature`` 0 takes the likeliest token always; then all ``n`` answers are equal.
    """

    capabilities = Capabilities(json_schema=True, lark=True, seeded=True)

    def __init__(
        self, name: str, *, folder: Path | None = None, threads: int | None = None, temperature: float = 0.7
    ) -> None:
        self.name = name
        self._folder = folder
        self._threads = threads or os.cpu_count() or 1
        self._temperature = temperature
        self._engine: Any = None

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
        demand_permission(self.name)
        started = time.perf_counter()
        engine = self.load()
        prompt: list[int] = engine.tokenizer.encode(render(messages) + prefix).ids
        rows = engine.sample(
            prompt, n=n, constraint=constraint, seed=seed, max_tokens=max_tokens, temperature=self._temperature
        )
        seconds = time.perf_counter() - started
        return [
            Completion(
                text=engine.tokenizer.decode(row.answer, skip_special_tokens=True),
                prompt_tokens=len(prompt) if index == 0 else 0,
                completion_tokens=len(row.answer),
                seconds=seconds / n,
                finished=row.finished,
            )
            for index, row in enumerate(rows)
        ]

    def load(self) -> Any:
        """Load weights and tokenizer unless that was done; ToolError where they or a library are missing."""
        if self._engine is None:
            missing = [name for name in _PACKAGES if not importlib.util.find_spec(name)]
            if missing:
                raise ToolError(
                    "PE503",
                    f"the model '{self.name}' needs Python packages that are missing: {', '.join(missing)}",
                    hint="install them with: pip install 'posedge[local]'",
                )
            there = installed(self.name, self._folder)
            if there is None:
                raise ToolError(
                    "PE509",
                    f"the model '{self.name}' is not on this machine",
                    hint=f"fetch it (about 93 MB, once) with: posedge models pull {self.name}",
                )
            os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # spinning threads stall each other on a busy machine
            from llm_assist.backends.decoding import Engine

            self._engine = Engine(there, threads=self._threads, end_of_turn=END_OF_TURN, matchers=Matchers)
        return self._engine
