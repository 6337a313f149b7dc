"""docs/properties.md: its example is read and its code runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "properties.md").read_text(encoding="utf-8")


def test_the_example_becomes_monitors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = re.search(r"```systemverilog\n(.*?)```", TEXT, re.DOTALL)
    code = re.search(r"```python\n(.*?)```", TEXT, re.DOTALL)
    assert source
    assert code
    (tmp_path / "sync_fifo_props.sv").write_text(source[1], encoding="utf-8")
    (tmp_path / "rtl").symlink_to(ROOT / "rtl")
    monkeypatch.chdir(tmp_path)
    exec(compile(code[1], "docs/properties.md", "exec"), {})
    labels = ("drains", "fills", "full_soon", "never_both", "pointer", "polite")
    assert sorted(file.stem for file in tmp_path.glob("*_props_*.sv")) == [f"sync_fifo_props_{one}" for one in labels]
