"""Run the console blocks of a Markdown page and compare what they show with what comes.

A block is fenced with ```console. A line ``$ posedge ...`` is run (other commands are only shown); the lines below it
must come in that order. ``...`` alone on a line stands for any lines, ``…`` within a line for any text.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.command import Command

_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Snippet:
    """One command of a page and what the page shows of its output."""

    page: str
    command: str
    shown: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page}: {self.command}"

    @property
    def arguments(self) -> list[str]:
        """The arguments after ``posedge``."""
        return shlex.split(self.command, comments=True)[1:]


def snippets(page: Path) -> Iterator[Snippet]:
    """Yield the ``posedge`` commands of ``page``."""
    for block in _BLOCK.findall(page.read_text(encoding="utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *shown = part.rstrip("\n").split("\n")
            if command.split()[0] == "posedge":
                yield Snippet(page.name, command, tuple(line.rstrip() for line in shown))


def matches(shown: tuple[str, ...], came: str) -> bool:
    """Whether ``came`` is what the page shows."""
    lines = [re.escape(line).replace("…", ".*") for line in shown]
    pattern = "\n".join(r"(?:.*\n?)*?" if line == r"\.\.\." else line for line in lines)
    pattern = pattern.replace("(?:.*\\n?)*?\n", "(?:.*\\n)*?")
    return re.fullmatch(pattern, "\n".join(line.rstrip() for line in came.strip("\n").split("\n"))) is not None


def check(snippet: Snippet, posedge: Command) -> str:
    """Run the snippet and return what is wrong, or nothing."""
    answer = posedge(*snippet.arguments)
    came = answer.out + answer.err
    if answer.code not in (0, 1):
        return f"{snippet}: exit code {answer.code}: {came}"
    if not matches(snippet.shown, came):
        return f"{snippet}: shows\n{chr(10).join(snippet.shown)}\nbut there came\n{came}"
    return ""
