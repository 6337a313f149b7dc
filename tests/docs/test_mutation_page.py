"""The page on mutants lists the operators that there are."""

from __future__ import annotations

import re
from pathlib import Path

from verif.mutation import OPERATORS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "mutation.md"


def test_page_lists_every_operator_as_it_is() -> None:
    text = PAGE.read_text(encoding="utf-8").partition("## Operators")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([\w-]+)` \| (.*?) \| (.*) \|$", text, re.MULTILINE)
    told = [(name, does, example.replace("\\|", "|")) for name, does, example in rows]
    assert told == [(each.name, each.does, each.example) for each in OPERATORS.values()]
