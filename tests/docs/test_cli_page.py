"""docs/cli.md is what the help texts say."""

from __future__ import annotations

import importlib.util
from types import ModuleType

from tests.support.command import ROOT, Command
from verif.cli.main import VERBS


def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_cli", ROOT / "docs" / "make_cli.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_cli_page_is_up_to_date() -> None:
    make_cli = maker()
    assert make_cli.FILE.read_text(encoding="utf-8") == make_cli.page(), "run: python docs/make_cli.py"


def test_every_verb_helps_and_says_what_it_does(posedge: Command) -> None:
    for name in VERBS:
        answer = posedge(name, "--help")
        assert answer.code == 0
        assert answer.out.startswith(f"Usage: posedge {name} ")


def test_unknown_verb_is_wrong_use(posedge: Command) -> None:
    answer = posedge("bananas")
    assert (answer.code, answer.out) == (2, "")
    assert "No such command 'bananas'" in answer.err
