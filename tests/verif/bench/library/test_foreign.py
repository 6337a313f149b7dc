"""Designs and specifications in other people's words: good ones break no check, bugs and wrong words are found."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tests.support.foreign import FOLDER, Foreign, foreign
from tests.support.judging import verdict
from tests.support.tools import need
from verif.bench.oracles import OracleSet
from verif.verdict import Oracle


@cache
def cases() -> tuple[Foreign, ...]:
    return tuple(case for file in sorted(FOLDER.glob("*.txt")) for case in foreign(file))


JUDGED = [case for case in cases() if case.bugs]
PECULIAR = [case for case in cases() if not case.bugs and not case.silent]
SILENT = [case for case in cases() if case.silent]


def specified(oracles: OracleSet) -> bool:
    return oracles.model is not None or any(rule.oracle is Oracle.SPEC for rule in oracles.rules)


@pytest.mark.parametrize("case", JUDGED, ids=lambda case: case.name)
def test_good_design_breaks_no_check_and_every_bug_does(case: Foreign, tmp_path: Path) -> None:
    need("iverilog")
    design, oracles = case.read(tmp_path)
    assert specified(oracles), oracles.notes
    assert verdict(design, oracles, tmp_path) is None
    assert len(case.bugs) >= 3
    for index, rtl in enumerate(case.broken()):
        bug = tmp_path / f"bug{index}.sv"
        bug.write_text(rtl, encoding="utf-8")
        found = verdict(design, oracles, tmp_path, files=[bug], seeds=(1, 2))
        assert found is not None, case.bugs[index]
        assert found.oracle is Oracle.SPEC


@pytest.mark.parametrize("case", [case for case in JUDGED if case.wrong], ids=lambda case: case.name)
def test_wrong_specification_is_not_taken_as_right(case: Foreign, tmp_path: Path) -> None:
    need("iverilog")
    design, oracles = case.read(tmp_path, spec=case.misread())
    found = verdict(design, oracles, tmp_path, seeds=(1, 2))
    assert not specified(oracles) or (found is not None and found.oracle is Oracle.SPEC)


@pytest.mark.parametrize("case", SILENT, ids=lambda case: case.name)
def test_design_that_only_looks_like_a_kind_is_not_judged(case: Foreign, tmp_path: Path) -> None:
    _, oracles = case.read(tmp_path)
    assert not specified(oracles)
    assert oracles.notes


@pytest.mark.parametrize("case", PECULIAR, ids=lambda case: case.name)
def test_peculiar_design_that_does_as_told_is_not_accused(case: Foreign, tmp_path: Path) -> None:
    design, oracles = case.read(tmp_path)
    if specified(oracles):
        need("iverilog")
        assert verdict(design, oracles, tmp_path, seeds=(1, 2)) is None


@pytest.mark.parametrize("case", JUDGED, ids=lambda case: case.name)
def test_rule_says_where_its_words_stand_and_names_outputs_once(case: Foreign, tmp_path: Path) -> None:
    _, oracles = case.read(tmp_path)
    rules = [rule for rule in oracles.rules if rule.oracle is Oracle.SPEC]
    whole = [port for rule in rules if not rule.id.startswith(("starts", "keeps")) for port in rule.ports]
    assert len(whole) == len(set(whole))
    assert [rule.title for rule in rules if "spec.md:" not in rule.title] == []
