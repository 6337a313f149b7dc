"""Waivers in bench.toml: a reason is required, a date is a date."""

from __future__ import annotations

from pathlib import Path

import pytest

from verif.bench.manifest import Waiver, manifest_text, read_manifest
from verif.errors import InputError

HEAD = """
top = "fifo"
test_modules = ["test_fifo"]
[sources]
files = ["fifo.sv"]
[[waiver]]
"""


def manifest(tmp_path: Path, waiver: str) -> Path:
    (tmp_path / "bench.toml").write_text(HEAD + waiver)
    return tmp_path


def test_waiver_is_read_and_written(tmp_path: Path) -> None:
    path = manifest(tmp_path, 'id = "fifo:42:*"\nreason = "tied off"\nwho = "ada"\nuntil = "2027-03-31"\n')
    read = read_manifest(path)
    assert read.waiver == (Waiver(id="fifo:42:*", reason="tied off", who="ada", until="2027-03-31"),)
    (path / "bench.toml").write_text(manifest_text(read))
    assert read_manifest(path) == read


@pytest.mark.parametrize(
    ("waiver", "sentence"),
    [
        ('id = "x"', r"waiver\.0\.reason: Field required"),
        ('id = "x"\nreason = " "', r"waiver\.0\.reason: .*a waiver needs a reason"),
        ('id = ""\nreason = "why"', r"waiver\.0\.id: "),
        ('id = "x"\nreason = "why"\nuntil = "soon"', r"waiver\.0\.until: .*isoformat"),
        ('id = "x"\nreason = "why"\nbecause = "y"', r"waiver\.0\.because: Extra inputs are not permitted"),
    ],
)
def test_waiver_that_is_wrong_is_told(tmp_path: Path, waiver: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence) as caught:
        read_manifest(manifest(tmp_path, waiver))
    assert caught.value.code == "PE403"
