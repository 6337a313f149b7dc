"""The exceptions that a user can meet.

PosedgeError
├── InputError      wrong use or bad input                 exit code 2
├── ToolError       a tool is missing, broke or timed out  exit code 3
├── Unsupported     legal input that this build can't take exit code 2
└── AnswersPending  prompts wait in a mailbox              exit code 4  (llm_assist.backends.mailbox)

Library code raises these and never calls ``sys.exit``; ``verif.cli`` turns them into one sentence and an exit code.
"""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar


class PosedgeError(Exception):
    """An error told in one sentence: what is wrong, where, what is allowed, what to do next.

    ``code`` is the stable id of the diagnostic (see ``verif.diagnostics``), for example ``PE101``.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, code: str, what: str, *, where: str = "", allowed: str = "", hint: str = "") -> None:
        self.code = code
        self.what = what
        self.where = where
        self.allowed = allowed
        self.hint = hint
        super().__init__(self.sentence)

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep all parts on the way from a worker process."""
        parts = {"where": self.where, "allowed": self.allowed, "hint": self.hint}
        return partial(type(self), **parts), (self.code, self.what)

    @property
    def sentence(self) -> str:
        """The four parts as one sentence, without the code."""
        text = f"{self.where}: {self.what}" if self.where else self.what
        return "; ".join(part for part in (text, self.allowed, self.hint) if part) + "."


class InputError(PosedgeError):
    """The command line, a file or a value is wrong."""

    exit_code = 2


class Unsupported(PosedgeError):
    """The input is legal but outside of what this build handles; ``where`` is ``file:line``."""

    exit_code = 2


class ToolError(PosedgeError):
    """A program that posedge needs is missing, crashed or ran out of time."""

    exit_code = 3
