"""The table of diagnostic codes."""

from __future__ import annotations

import re
from pathlib import Path

from verif.diagnostics import DIAGNOSTICS, MEANINGS

ROOT = Path(__file__).resolve().parents[2]
_CODE = re.compile(r"""["'](PE\d{3})["']""")


def codes_in(text: str) -> set[str]:
    return set(_CODE.findall(text))


def _used() -> dict[str, str]:
    files = [path for package in ("verif", "llm_assist") for path in (ROOT / package).rglob("*.py")]
    return {
        code: path.relative_to(ROOT).as_posix()
        for path in files
        if path.name != "diagnostics.py"
        for code in codes_in(path.read_text(encoding="utf-8"))
    }


def test_every_code_that_is_raised_is_registered() -> None:
    assert {code: file for code, file in _used().items() if code not in DIAGNOSTICS} == {}


def test_every_registered_code_is_raised_somewhere() -> None:
    assert set(DIAGNOSTICS) - set(_used()) == set()


def test_a_code_in_source_is_seen() -> None:
    assert codes_in('raise InputError("PE777", "no")') == {"PE777"}


def test_names_are_unique_and_short() -> None:
    assert len(set(DIAGNOSTICS.values())) == len(DIAGNOSTICS)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+){0,4}", name) for name in DIAGNOSTICS.values())


def test_meanings_belong_to_codes_and_are_sentences() -> None:
    assert set(MEANINGS) <= set(DIAGNOSTICS)
    assert {code for code in DIAGNOSTICS if code.startswith(("PE1", "PE9"))} <= set(MEANINGS)
    assert all(text[0].isupper() and text.endswith(".") and "\n" not in text for text in MEANINGS.values())
