"""Cut a specification down to what a small model can read: plain sentences, no tables, no port lists."""

from __future__ import annotations

import re

_TABLE = re.compile(r"^\s*\|.*$", re.MULTILINE)
_FENCED = re.compile(r"^```.*?^```\s*$", re.MULTILINE | re.DOTALL)
_MARKS = re.compile(r"[`*_#>]+(?=\w)|(?<=\w)[`*]+|^#+\s*", re.MULTILINE)
_PORT_SECTION = re.compile(
    r"^(?:#+ *)?(?:ports?|(?:input|output) ports?|parameters?|module name|interface)\b[^\n]*\n"
    r"(?:(?!#|[A-Z][\w ]*:\s*$)[^\n]*\n)*",
    re.MULTILINE | re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+")


def brief(text: str, *, words: int) -> str:
    """Return the beginning of what ``text`` says, whole sentences, at most about ``words`` words."""
    text = _PORT_SECTION.sub("", f"{text}\n")
    text = _MARKS.sub("", _TABLE.sub("", _FENCED.sub("", text)))
    lines = [re.sub(r"^\s*(?:[-*+]|\d+[.)])\s+", "", line).strip() for line in text.splitlines()]
    sentences = _SENTENCE.split(" ".join(line for line in lines if line))
    taken: list[str] = []
    for sentence in sentences:
        if taken and sum(len(entry.split()) for entry in taken) + len(sentence.split()) > words:
            break
        taken.append(sentence)
    return " ".join(" ".join(taken).split()[: 2 * words])
