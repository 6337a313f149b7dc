"""Stored stimuli: ``recorded.json`` and ``regressions/*.json``, which benches replay without us.

``inputs`` names the columns of ``rows`` (resets included, clocks not: they follow the bench's schedule); row t holds
the inputs of cycle t. ``expected`` beside ``outputs`` makes it RECORDED: a number, a pattern of bits with ``?`` for
any, or null for any value.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SCHEMA = 1
Expected = int | str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """A stimulus at the input ports, what it is for, and where it came from."""

    id: str
    inputs: tuple[str, ...]
    rows: tuple[tuple[int, ...], ...]
    outputs: tuple[str, ...] = ()
    expected: tuple[tuple[Expected, ...], ...] | None = None
    facts: Mapping[str, Any] | None = None
    """Further keys of the file: oracle, check, message, seed, schedule ..."""

    def text(self) -> str:
        """Return the file's text: one line a row, so that version control shows small differences."""
        head: dict[str, Any] = {"schema": SCHEMA, "id": self.id, **(self.facts or {}), "inputs": list(self.inputs)}
        lines = [f" {json.dumps(key)}: {json.dumps(value)}," for key, value in head.items()]
        if self.expected is not None:
            lines += [f' "outputs": {json.dumps(list(self.outputs))},', f' "expected": [{_rows(self.expected)}],']
        lines += [f' "rows": [{_rows(self.rows)}]']
        return "\n".join(["{", *lines, "}"]) + "\n"


def _rows(rows: Sequence[Sequence[Expected]]) -> str:
    if not rows:
        return ""
    return "\n" + ",\n".join(f"  {json.dumps(list(row), separators=(',', ':'))}" for row in rows) + "\n "


def read_stored(text: str) -> Stored:
    """Read the text of a stored stimulus."""
    data = json.loads(text)
    expected = data.get("expected")
    own = {"schema", "id", "inputs", "rows", "outputs", "expected"}
    return Stored(
        id=data["id"],
        inputs=tuple(data["inputs"]),
        rows=tuple(tuple(row) for row in data["rows"]),
        outputs=tuple(data.get("outputs", ())),
        expected=None if expected is None else tuple(tuple(row) for row in expected),
        facts={key: value for key, value in data.items() if key not in own},
    )
