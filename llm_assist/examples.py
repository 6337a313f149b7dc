"""Solved tasks that a small model reads before its own: the ones whose words are most like the task's."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from importlib import resources

_EXAMPLE = re.compile(
    r"^# (?P<name>[^\n]+)\n(?P<task>[^\n]+)\n```systemverilog\n(?P<module>.*?)^```$", re.MULTILINE | re.DOTALL
)
_WORD = re.compile(r"[a-z]{3,}|[01]{2,}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """A task in words and a module that does it."""

    name: str
    task: str
    module: str

    @property
    def clocked(self) -> bool:
        """Whether the module has a clock."""
        return "posedge" in self.module


def read_examples() -> tuple[Example, ...]:
    """Return the examples that come with posedge."""
    text = resources.files("llm_assist.prompts").joinpath("rtl_examples.md").read_text(encoding="utf-8")
    return tuple(Example(**match.groupdict()) for match in _EXAMPLE.finditer(text))


def nearest(
    task: str, *, clocked: bool, most: int, examples: Sequence[Example], without: Collection[str] = ()
) -> tuple[Example, ...]:
    """Return up to ``most`` examples of the same kind of module, the most like ``task`` last.

    Words count by their rarity among the examples; ``without`` names examples that must not be shown.
    """
    known = [example for example in examples if example.clocked == clocked and example.name not in without]
    rarity = Counter(word for example in known for word in _words(example.task))
    wanted = _words(task)

    def likeness(example: Example) -> float:
        shared = wanted & _words(example.task)
        return sum(math.log(1 + len(known) / rarity[word]) for word in shared) / math.sqrt(len(_words(example.task)))

    return tuple(sorted(known, key=likeness)[-most:])


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))
