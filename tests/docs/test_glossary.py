"""The glossary names what there is."""

from __future__ import annotations

import re

from tests.support.command import ROOT
from verif.bench.library.select import RECOGNISERS
from verif.verdict import Oracle, Outcome, ProofStatus, Verdict

TEXT = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")


def test_glossary_lists_every_kind() -> None:
    section = TEXT.partition("## Kinds")[2].partition("##")[0].partition("in `design.toml`:")[2]
    assert re.findall(r"`(\w+)`", section) == sorted(RECOGNISERS)


def test_glossary_explains_every_verdict_word() -> None:
    words = {*Verdict, *Outcome, *Oracle, *ProofStatus}
    assert {word for word in words if f"**{word}**" not in TEXT} == set()
