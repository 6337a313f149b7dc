"""What the pages show is what the commands say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import Command
from tests.support.snippets import Snippet, check, matches, snippets


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
