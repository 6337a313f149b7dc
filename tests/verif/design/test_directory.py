"""Directories as sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.rtl import write
from verif.design.directory import scan_directory
from verif.errors import InputError


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _names(directory: Path, top: str | None = None) -> list[str]:
    return [path.name for path in scan_directory(directory, top).files]


def test_packages_come_first_and_in_the_order_that_they_need(tmp_path: Path) -> None:
    write(
        tmp_path,
        a_mod__sv="module a_mod (input b_pkg::t x, output y); assign y = x; endmodule\n",
        b_pkg__sv="package b_pkg; import z_pkg::*; typedef logic t; endpackage\n",
        z_pkg__sv="package z_pkg; endpackage\n",
    )
    assert _names(tmp_path) == ["z_pkg.sv", "b_pkg.sv", "a_mod.sv"]


def test_modules_go_from_the_top_downwards(tmp_path: Path) -> None:
    write(
        tmp_path,
        a_leaf__v="module a_leaf (input a, output b); assign b = a; endmodule\n",
        b_mid__v="module b_mid (input a, output b); a_leaf u (a, b); endmodule\n",
        c_top__v="module c_top (input a, output b); b_mid u (a, b); endmodule\n",
    )
    assert _names(tmp_path) == ["c_top.v", "b_mid.v", "a_leaf.v"]


def test_file_that_brings_a_macro_comes_before_its_user(tmp_path: Path) -> None:
    write(
        tmp_path,
        a_top__v="module a_top (input a, output b); z_leaf u (a, b); wire x = `ON; endmodule\n",
        z_leaf__v="`define ON 1'b1\nmodule z_leaf (input a, output b); assign b = a; endmodule\n",
        config__v="`define UNUSED 1\n",
    )
    assert _names(tmp_path) == ["config.v", "z_leaf.v", "a_top.v"]


def test_testbench_is_left_out_with_its_reason(tmp_path: Path) -> None:
    write(
        tmp_path,
        dut__v="module dut (input a, output b); assign b = a; endmodule\n",
        tb__v="`timescale 1ns/1ps\nmodule tb; reg a; wire b; dut u (a, b); initial $finish; endmodule\n",
    )
    scan = scan_directory(tmp_path)
    assert [path.name for path in scan.files] == ["dut.v"]
    assert scan.notes == ("tb.v: left out, tb has no ports and no user: a testbench",)
    assert "tb.v" in [path.name for path in scan_directory(tmp_path, "tb").files]


def test_module_with_old_style_port_declarations_is_no_testbench(tmp_path: Path) -> None:
    write(tmp_path, m__v="module m (a, b);\ninput a;\noutput b;\nassign b = a;\nendmodule\n")
    assert _names(tmp_path) == ["m.v"]


def test_included_file_is_left_out_and_its_directory_searched(tmp_path: Path) -> None:
    (tmp_path / "inc").mkdir()
    write(tmp_path, m__v='`include "body.v"\nmodule m (input a, output b); assign b = a; endmodule\n')
    write(tmp_path / "inc", body__v="`define BODY\nmodule ghost; endmodule\n")
    scan = scan_directory(tmp_path)
    assert (scan.files, scan.include_dirs) == ((tmp_path / "m.v",), (tmp_path / "inc",))
    assert scan.notes == ("inc/body.v: left out, another file includes it",)


def test_name_in_a_comment_or_string_is_no_definition(tmp_path: Path) -> None:
    write(
        tmp_path, m__v='// module fake\n/* package p; */\nmodule m (input a); initial $display("module x"); endmodule\n'
    )
    assert _names(tmp_path) == ["m.v"]


def test_top_keeps_only_what_it_needs(tmp_path: Path) -> None:
    write(
        tmp_path,
        top__v="module top (input a, output b); leaf u (a, b); endmodule\n",
        leaf__v="module leaf (input a, output b); assign b = a; endmodule\n",
        other__v="module other (input a); endmodule\n",
    )
    scan = scan_directory(tmp_path, "top")
    assert sorted(path.name for path in scan.files) == ["leaf.v", "top.v"]
    assert scan.notes == ("1 file(s) left out, top doesn't need them",)


def test_of_two_definitions_the_nearest_to_the_user_is_taken(tmp_path: Path) -> None:
    leaf = "module leaf (input a, output b); assign b = a; endmodule\n"
    for folder in ("near", "far"):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder, leaf__v=leaf)
    write(tmp_path / "near", top__v="module top (input a, output b); leaf u (a, b); endmodule\n")
    assert scan_directory(tmp_path, "top").files == (tmp_path / "near/top.v", tmp_path / "near/leaf.v")


@pytest.mark.parametrize(
    ("files", "what"),
    [
        ({"notes__md": "text"}, "the directory holds no Verilog or SystemVerilog"),
        ({"m__vhd": "entity m is"}, "the directory holds VHDL (1 files) and no Verilog"),
    ],
)
def test_directory_without_rtl_is_one_sentence(tmp_path: Path, files: dict[str, str], what: str) -> None:
    folder = tmp_path / "doc"
    folder.mkdir()
    write(folder, **files)
    with pytest.raises(InputError) as caught:
        scan_directory(folder)
    assert caught.value.code == "PE105"
    assert caught.value.sentence == f"doc: {what}; name a directory with .v or .sv files."


def test_unusable_files_of_a_directory_are_noted(tmp_path: Path) -> None:
    write(tmp_path, m__v="module m (input a); endmodule\n", empty__v="")
    (tmp_path / "blob.v").write_bytes(b"\0\1")
    assert scan_directory(tmp_path).notes == (
        "blob.v: left out, the file is binary, not source text",
        "empty.v: left out, the file is empty",
    )
