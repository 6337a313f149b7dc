"""Prompts and answers as files, for air-gapped use: a person, a company's chat or another agent answers.

Each prompt becomes ``DIR/outbox/<digest>.md``, readable as it is; its answers are expected in ``DIR/inbox``. A run
that finds answers missing writes what it has to ask and stops with AnswersPending; run again, it goes on from the
answers that are there. The same prompt has the same file names always, so nothing is asked twice.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from llm_assist.constrain.check import complaint
from llm_assist.model import Capabilities, Completion, Constraint, Message
from llm_assist.request import Request
from verif.errors import InputError, PosedgeError

_FENCE = re.compile(r"\A\s*```[^\n]*\n(.*?)\n?```\s*\Z", re.DOTALL)


class AnswersPending(PosedgeError):
    """Prompts wait in a mailbox; the question is left open until somebody answers."""

    exit_code: ClassVar[int] = 4


class MailboxModel:
    """Asks through files. It may return fewer answers than asked for: all that the inbox holds, at least one."""

    capabilities = Capabilities(json_schema=True, lark=True, seeded=False, instructable=True)

    def __init__(self, directory: Path) -> None:
        self.name = f"mailbox:{directory}"
        self._outbox = directory / "outbox"
        self._inbox = directory / "inbox"

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
        request = Request(messages=tuple(messages), n=n, constraint=constraint, max_tokens=max_tokens, prefix=prefix)
        files = self._answers(request.prompt_digest)[:n]
        if not files:
            self._post(request)
            raise self._pending()
        texts = [_read(file, request) for file in files]
        return [
            Completion(text=text, prompt_tokens=0, completion_tokens=0, seconds=0.0, finished=True) for text in texts
        ]

    def _answers(self, digest: str) -> list[Path]:
        """Return the answer files of a prompt: ``<digest>.txt``, ``<digest>-2.json`` and the like."""
        return sorted(file for file in self._inbox.glob(f"{digest}*") if file.is_file())

    def _post(self, request: Request) -> None:
        """Write the prompt's file, in one step."""
        try:
            self._outbox.mkdir(parents=True, exist_ok=True)
            self._inbox.mkdir(parents=True, exist_ok=True)
            file = self._outbox / f"{request.prompt_digest}.md"
            scratch = file.with_suffix(f".tmp{os.getpid()}")
            scratch.write_text(_letter(request), encoding="utf-8")
            scratch.replace(file)
        except OSError as error:
            raise InputError(
                "PE512", f"can't use this mailbox: {error.strerror}", where=str(self._outbox.parent)
            ) from error

    def _pending(self) -> AnswersPending:
        waiting = [file for file in self._outbox.glob("*.md") if not self._answers(file.stem)]
        count = f"{len(waiting)} prompts wait" if len(waiting) != 1 else "1 prompt waits"
        return AnswersPending(
            "PE515",
            f"{count} in {self._outbox}",
            hint=f"put the answers into {self._inbox} and run the same command again",
        )


def _read(file: Path, request: Request) -> str:
    """Return the checked answer in ``file``; InputError names the file and what is wrong in it."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("PE516", f"can't read the answer: {error}", where=str(file)) from error
    text = _tidy(text, request)
    if problem := complaint(request.constraint, text):
        raise InputError(
            "PE516",
            f"the answer does not have the form that was asked for: {problem}",
            where=str(file),
            hint="correct the file, or delete it to be asked again",
        )
    return text


def _tidy(text: str, request: Request) -> str:
    """Take off what a chat puts around an answer: a code fence, a repeated prefix, loose line ends."""
    text = text.replace("\r\n", "\n")
    if fenced := _FENCE.match(text):
        text = fenced.group(1) + "\n"
    if request.prefix and text.lstrip().startswith(request.prefix.strip()):
        text = text.lstrip()[len(request.prefix.strip()) :].removeprefix("\n")
    if request.constraint is not None and request.constraint.json_schema is not None:
        return text.strip()
    return text.rstrip() + "\n"


def _letter(request: Request) -> str:
    """Return the prompt as a Markdown page for whoever answers."""
    parts = [
        f"# Prompt {request.prompt_digest}",
        f"Put the answer, and nothing else, into a file `inbox/{request.prompt_digest}.txt` beside this folder."
        + _several(request),
        _form(request),
        *(f"## {message.role.capitalize()}\n\n{message.content}" for message in request.messages),
    ]
    if request.prefix:
        parts.append(f"## The answer goes on from here (don't repeat it)\n\n```\n{request.prefix.rstrip()}\n```")
    return "\n\n".join(part for part in parts if part) + "\n"


def _several(request: Request) -> str:
    if request.n == 1:
        return ""
    digest = request.prompt_digest
    return (
        f" Up to {request.n} different answers are welcome: `{digest}.txt`, `{digest}-2.txt`, and so on; one is enough."
    )


def _form(request: Request) -> str:
    constraint = request.constraint
    if constraint is None:
        return ""
    if constraint.json_schema is not None:
        schema = json.dumps(constraint.json_schema, indent=1)
        return f"The answer must be one JSON value that this JSON Schema allows:\n\n```json\n{schema}\n```"
    return f"The answer must be a text that this grammar (Lark) allows:\n\n```\n{(constraint.lark or '').strip()}\n```"
