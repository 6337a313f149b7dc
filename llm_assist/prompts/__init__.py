"""The texts that models read, one Markdown file a conversation.

A heading ``# system``, ``# user`` or ``# assistant`` begins a turn; ``$name`` is filled in.
"""

from __future__ import annotations

import re
from importlib import resources
from string import Template

from llm_assist.model import Message

_TURN = re.compile(r"^# (system|user|assistant)\n", re.MULTILINE)


def conversation(prompt: str, **values: str) -> tuple[Message, ...]:
    """Return the conversation in ``<prompt>.md`` with ``values`` filled in; KeyError for one that is missing."""
    text = resources.files(__name__).joinpath(f"{prompt}.md").read_text(encoding="utf-8")
    pieces = _TURN.split(text)
    turns = zip(pieces[1::2], pieces[2::2], strict=True)
    return tuple(Message(role=role, content=Template(body.strip()).substitute(values)) for role, body in turns)  # type: ignore[arg-type]
