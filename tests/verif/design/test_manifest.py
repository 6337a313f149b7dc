"""Reading design.toml."""

from __future__ import annotations

from pathlib import Path

import pytest

from verif.design.manifest import read_manifest
from verif.design.model import Edge, PortRole
from verif.errors import InputError

_FULL = """
top = "fifo"
kind = "sync_fifo"
files = ["rtl/fifo.sv"]
include_dirs = ["inc"]
spec = "spec.md"
[defines]
FAST = ""
[parameters]
DEPTH = 16
[[clock]]
name = "clk"
edge = "falling"
ratio = 2
[[reset]]
name = "rst_n"
active_high = false
cycles = 3
[[protocol]]
protocol = "axi_stream"
role = "target"
[protocol.signals]
tvalid = "s_valid"
[ports.mode]
role = "data"
[facts]
data_passes_through = true
depth = 16
[[bug]]
file = "bugs/full.sv"
breaks = "R6"
what = "full rises late"
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _read(tmp_path: Path, text: str):  # type: ignore[no-untyped-def]
    (tmp_path / "design.toml").write_text(text)
    return read_manifest(tmp_path / "design.toml")


def test_manifest_reads_every_table(tmp_path: Path) -> None:
    found = _read(tmp_path, _FULL)
    assert (found.top, found.kind, found.spec) == ("fifo", "sync_fifo", tmp_path / "spec.md")
    assert (found.files, found.include_dirs) == ((tmp_path / "rtl/fifo.sv",), (tmp_path / "inc",))
    assert (found.defines, found.parameters) == ({"FAST": ""}, {"DEPTH": "16"})
    assert (found.clocks[0].edge, found.clocks[0].ratio) == (Edge.FALLING, 2)
    assert (found.resets[0].active_high, found.resets[0].asynchronous, found.resets[0].cycles) == (False, None, 3)
    assert (found.protocols[0].role, found.protocols[0].name) == ("sink", "axi_stream")
    assert found.roles == {"mode": PortRole.DATA}
    assert found.facts == {"data_passes_through": "true", "depth": "16"}
    assert (found.bugs[0].file, found.bugs[0].breaks) == (tmp_path / "bugs/full.sv", "R6")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("top = ", "design.toml: not valid TOML: Invalid value (at end of document)."),
        (
            'top = "m"',
            'design.toml: files: the key is missing or empty; list the sources, for example files = ["fifo.sv"].',
        ),
        ('files = "m.v"', "design.toml: files: expected a list of strings, found 'm.v'."),
        (
            'files = ["m.v"]\n[[clock]]\nname = "c"\nedge = "up"',
            "design.toml: clock[0].edge: expected one of rising, falling, found 'up'.",
        ),
        (
            'files = ["m.v"]\n[[clock]]\nname = "c"\nratio = 0',
            "design.toml: clock[0].ratio: expected an integer of at least 1, found 0.",
        ),
        (
            'files = ["m.v"]\n[[reset]]\nname = "r"\nactive = true',
            "design.toml: reset[0].active: no such key; allowed here: active_high, asynchronous, clock, cycles, name.",
        ),
        (
            'files = ["m.v"]\n[[reset]]\nactive_high = "no"',
            "design.toml: reset[0].name: the key is missing or empty.",
        ),
        (
            'files = ["m.v"]\n[[protocol]]\nprotocol = "spi"\nrole = "target"',
            "design.toml: protocol[0].protocol: expected one of axi4_lite, axi_stream, apb, wishbone, fifo, "
            "ready_valid, request_grant, found 'spi'.",
        ),
        ('files = ["m.v"]\nclock = "clk"', "design.toml: clock: expected tables written as [[clock]]."),
        ('files = ["m.v"]\nfacts = 3', "design.toml: facts: expected a table, found 3."),
    ],
)
def test_wrong_manifest_is_told_with_file_and_key(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        _read(tmp_path, text)
    assert (caught.value.code, caught.value.sentence) == ("PE116", sentence)


def test_missing_manifest_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_manifest(tmp_path / "none.toml")
    assert caught.value.sentence == "none.toml: no such file or directory."
