"""Names as Verilog writes them."""

from __future__ import annotations

import pytest

from verif.design.identifiers import is_plain, reference


@pytest.mark.parametrize("name", ["do", "logic", "bit", "final", "a.b", "1st", "wire\n", "µ", ""])
def test_name_that_would_be_read_as_something_else_is_escaped(name: str) -> None:
    assert not is_plain(name)
    assert reference(name) == f"\\{name} "


@pytest.mark.parametrize("name", ["clk", "_x1", "Do", "logic_"])
def test_plain_name_stays(name: str) -> None:
    assert reference(name) == name
