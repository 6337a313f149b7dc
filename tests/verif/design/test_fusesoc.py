"""Reading FuseSoC core files."""

from __future__ import annotations

from pathlib import Path

import pytest

from verif.design.fusesoc import read_core
from verif.design.sources import resolve_sources
from verif.errors import InputError

_CORE = """CAPI=2:
name : ::blinky:1.0
filesets:
  rtl:
    files: [blinky.v, defs.vh: {is_include_file: true}]
    file_type: verilogSource
    depend: ["::shared:1.0", "vendor:lib:elsewhere:2.0"]
  tb:
    files: [tb.v : {file_type: verilogSource}]
  sim_only:
    files: ["tool_icarus ? (fast.v)", "!tool_vivado ? (slow.v)"]
    file_type: verilogSource
  doc: {files: [manual.vhd], file_type: vhdlSource}
targets:
  default:
    filesets: [rtl, sim_only, doc]
    toplevel: blinky
    parameters: [FAST=1]
  sim: {filesets: [rtl, tb]}
parameters:
  FAST: {datatype: bool, paramtype: vlogdefine, default: true}
  UNUSED: {datatype: int, paramtype: vlogdefine, default: 3}
"""


@pytest.fixture
def core(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shared").mkdir()
    for name in ("blinky.v", "slow.v", "shared/util.v"):
        (tmp_path / name).write_text(f"module {Path(name).stem} (input a); endmodule\n")
    (tmp_path / "shared/shared.core").write_text(
        "CAPI=2:\nname: ::shared:1.0\nfilesets:\n  rtl:\n    files: [util.v]\n    file_type: verilogSource\n"
    )
    path = tmp_path / "blinky.core"
    path.write_text(_CORE)
    return path


def test_core_gives_the_default_target_with_dependencies_first(core: Path) -> None:
    found = read_core(core)
    base = core.parent
    assert found.files == [base / "shared/util.v", base / "blinky.v", base / "slow.v"]
    assert found.include_dirs == [base]
    assert (found.top, found.defines) == ("blinky", {"FAST": ""})


def test_core_notes_what_it_can_not_follow(core: Path) -> None:
    assert read_core(core).notes == [
        "blinky.core: the core vendor:lib:elsewhere:2.0 that it depends on is not below its directory",
        "manual.vhd: left out, it is VHDL",
    ]


def test_core_is_a_source_like_any_other(core: Path) -> None:
    found = resolve_sources([core])
    assert found.top == "blinky"
    assert {path.name for path in found.files} == {"util.v", "blinky.v", "slow.v"}


def test_file_that_is_no_core_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.core").write_text("name: x\n")
    with pytest.raises(InputError) as caught:
        read_core(Path("x.core"))
    assert (caught.value.code, caught.value.sentence) == (
        "PE115",
        "x.core: the file doesn't begin with CAPI=2:; CAPI2 cores are read.",
    )


def test_core_with_broken_yaml_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.core").write_text("CAPI=2:\nname: [x\n")
    with pytest.raises(InputError, match=r"^x\.core: not valid YAML: "):
        read_core(Path("x.core"))


def test_core_that_names_a_missing_file_says_which(core: Path) -> None:
    (core.parent / "slow.v").unlink()
    with pytest.raises(InputError) as caught:
        resolve_sources([core])
    assert caught.value.sentence == "blinky.core: the core names slow.v, which doesn't exist."
