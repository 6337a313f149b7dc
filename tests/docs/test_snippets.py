"""What the pages show is what the commands say."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.support.command import ROOT, Command
from tests.support.snippets import Snippet, check, matches, snippets
from tests.support.tools import need


@pytest.mark.parametrize(
    ("shown", "came", "same"),
    [
        (("a", "b"), "a\nb\n", True),
        (("a", "b"), "a\nc\nb\n", False),
        (("a", "...", "b"), "a\nc\nd\nb\n", True),
        (("a", "...", "b"), "a\nb\n", True),
        (("a", "..."), "a\nx\ny\n", True),
        (("a", "..."), "b\nx\n", False),
        (("took … s",), "took 12.5 s", True),
        (("took … s",), "took 12.5 min", False),
        ((), "", True),
        ((), "unexpected", False),
    ],
)
def test_shown_output_is_compared_with_what_came(shown: tuple[str, ...], came: str, same: bool) -> None:
    assert matches(shown, came) is same


def test_page_is_read_command_by_command(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "text\n```console\n$ make demo\nmuch\n$ posedge a 'b c'  # why\nout\n```\n```sh\n$ posedge no\n```\n"
    )
    (found,) = snippets(page)
    assert (found.arguments, found.shown) == (["a", "b c"], ("out",))


def test_page_that_shows_something_else_is_told(posedge: Command) -> None:
    assert "but there came" in check(Snippet("page.md", "posedge metrics", ("profit",)), posedge)
    assert "exit code 2" in check(Snippet("page.md", "posedge bananas", ("...",)), posedge)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """What a reader has after cloning, without our settings."""
    need("iverilog")
    shutil.copytree(ROOT / "rtl", tmp_path / "rtl")
    (tmp_path / "posedge.toml").write_text("")
    return tmp_path


PAGES = sorted({ROOT / "README.md", *(ROOT / "docs").rglob("*.md")} - {ROOT / "docs" / "cli.md"})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_page_shows_what_the_commands_say(page: Path, repository: Path, posedge: Command) -> None:
    for snippet in snippets(page):
        assert check(snippet, posedge) == ""


def test_readme_has_commands_and_fits_a_page() -> None:
    assert len(list(snippets(ROOT / "README.md"))) >= 5
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 120


LINK = re.compile(r"\]\(([^)#:\s]+)(?:#([\w-]+))?\)")


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CONTRIBUTING.md"], ids=lambda page: page.stem)
def test_links_of_a_page_lead_somewhere(page: Path) -> None:
    for target, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        path = page.parent / target
        assert path.exists(), f"{page.name}: {target}"
        if anchor:
            titles = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {title.lower().replace(" ", "-") for title in titles}, f"{page.name}: {target}#{anchor}"
