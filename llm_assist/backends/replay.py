"""Cassettes: answers of another model, kept by the digest of the request and given again without it."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from llm_assist.model import Capabilities, Completion, Constraint, Message, Model
from llm_assist.request import Request
from verif.errors import InputError

_SCHEMA = 1


class ReplayModel:
    """Answers from the cassette only; a request that it doesn't hold is an InputError."""

    capabilities = Capabilities(json_schema=True, lark=True, seeded=True)

    def __init__(self, file: Path) -> None:
        self.name = f"replay:{file}"
        self._file = file
        self._entries = read_cassette(file)

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
        request = Request(
            messages=tuple(messages), n=n, constraint=constraint, seed=seed, max_tokens=max_tokens, prefix=prefix
        )
        entry = self._entries.get(request.digest)
        if entry is None:
            raise InputError(
                "PE514",
                f"the cassette holds {len(self._entries)} answers but none to request {request.digest}",
                where=str(self._file),
                hint=f"the prompt, seed or model changed: record it again with --model record:{self._file}:MODEL",
            )
        return [replace(Completion(**fields), cached=True) for fields in entry["completions"]]


class RecordingModel:
    """Passes requests on to ``inner`` and keeps its answers in the cassette."""

    def __init__(self, inner: Model, file: Path) -> None:
        self.name = inner.name
        self.capabilities = inner.capabilities
        self._inner = inner
        self._file = file
        self._entries = read_cassette(file) if file.exists() else {}

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
        request = Request(
            messages=tuple(messages), n=n, constraint=constraint, seed=seed, max_tokens=max_tokens, prefix=prefix
        )
        completions = request.ask(self._inner)
        self._entries[request.digest] = {
            "model": self._inner.name,
            "prompt": request.messages[-1].content if request.messages else "",
            "completions": [asdict(completion) for completion in completions],
        }
        _write_cassette(self._file, self._entries)
        return completions


def read_cassette(file: Path) -> dict[str, Any]:
    """Return the entries of the cassette ``file`` by request digest; InputError where it can't be read."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        if data["schema"] != _SCHEMA:
            raise ValueError(f"schema {data['schema']}")
        return dict(data["answers"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is damaged or of another version"
        raise InputError(
            "PE511",
            f"not a cassette: {reason}",
            where=str(file),
            hint=f"record one with --model record:{file}:MODEL",
        ) from error


def _write_cassette(file: Path, entries: dict[str, Any]) -> None:
    scratch = file.with_name(f"{file.name}.tmp{os.getpid()}")
    scratch.write_text(json.dumps({"schema": _SCHEMA, "answers": entries}, indent=1, sort_keys=True), encoding="utf-8")
    scratch.replace(file)
