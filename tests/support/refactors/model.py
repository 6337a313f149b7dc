"""A version of a design that acts as it does: what a designer changes without meaning to change anything.

It is a list of small edits of the text; a word in angle brackets, ``<state>``, stands for that word wherever it occurs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.support.rtl import Kept


@dataclass(frozen=True)
class Refactor:
    """A version of a design that acts as it does."""

    design: str
    name: str
    kind: str
    """``rename``, ``fsm``, ``logic``, ``case to if``, ``hoist``, ``inverted`` or ``counter``."""
    edits: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """The source of this version; every edit changes it."""
        text = Kept(self.design).source.read_text(encoding="utf-8")
        for old, new in self.edits:
            before = text
            if old.startswith("<") and old.endswith(">"):
                text = re.sub(rf"\b{old[1:-1]}\b", new, text)
            else:
                text = text.replace(old, new)
            assert text != before, f"{self.design} {self.name}: {old!r} is not there"
        return text


def renames(**names: str) -> tuple[tuple[str, str], ...]:
    """Give words other names."""
    return tuple((f"<{old}>", new) for old, new in names.items())


def states(width: int, **codes: str) -> tuple[tuple[str, str], ...]:
    """Give the states of a machine with three-bit localparams other codes."""
    found = [("logic [2:0]             state;", f"logic [{width - 1}:0]             state;")] if width != 3 else []
    numbers = {"IDLE": 0, "START": 1, "DATA": 2, "CHECK": 3, "STOP": 4, "HOLD": 5}
    for name, code in codes.items():
        old = f"localparam logic [2:0] {name:<9} = 3'd{numbers[name]};"
        found.append((old, f"localparam logic [{width - 1}:0] {name} = {width}'{code};"))
    return tuple(found)
