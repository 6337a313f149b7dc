"""From SRC arguments to a source set."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.rtl import write
from verif.design.sources import resolve_sources
from verif.errors import InputError

_MODULE = "module m (input a, output b); assign b = a; endmodule\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _sentence(*names: str | Path, **options: object) -> str:
    with pytest.raises(InputError) as caught:
        resolve_sources(names, **options)  # type: ignore[arg-type]
    return f"{caught.value.code}: {caught.value.sentence}"


def test_options_land_in_the_source_set(tmp_path: Path) -> None:
    write(tmp_path, m__v=_MODULE)
    (tmp_path / "inc").mkdir()
    found = resolve_sources(
        ["m.v"],
        include_dirs=["inc"],
        defines=["FAST", "W=3"],
        parameters=["DEPTH=4"],
        blackboxes=["PLL"],
        top="m",
    )
    assert found.files == (tmp_path / "m.v",)
    assert found.include_dirs == (tmp_path / "inc",)
    assert (found.defines, found.parameters) == ({"FAST": "", "W": "3"}, {"DEPTH": "4"})
    assert (found.blackboxes, found.top) == (("PLL",), "m")


def test_missing_file_is_one_sentence() -> None:
    assert _sentence("gone.sv") == "PE101: gone.sv: no such file or directory."


def test_empty_file_is_one_sentence(tmp_path: Path) -> None:
    write(tmp_path, m__v=" \n")
    assert _sentence("m.v") == "PE102: m.v: the file is empty; Verilog and SystemVerilog sources are read."


def test_binary_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "m.v").write_bytes(b"\x7fELF\x00\x01")
    assert _sentence("m.v") == (
        "PE103: m.v: the file is binary, not source text; Verilog and SystemVerilog sources are read."
    )


@pytest.mark.parametrize("name", ["m.vhd", "m.txt"])
def test_vhdl_is_one_sentence_by_suffix_and_by_content(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("library ieee;\nentity m is\nend m;\n")
    assert _sentence(name) == (
        f"PE104: {name}: this is VHDL; Verilog and SystemVerilog sources are read; translate it first, for "
        "example with 'ghdl synth --out=verilog', or leave it out and pass --blackbox MODULE."
    )


def test_no_source_at_all_is_one_sentence() -> None:
    assert _sentence() == (
        "PE105: no source file is named; name a .v or .sv file, a directory, a .f list, a .core or a design.toml."
    )


def test_header_alone_is_one_sentence(tmp_path: Path) -> None:
    write(tmp_path, defs__vh="`define X 1\n")
    assert _sentence("defs.vh").startswith("PE105: only header files are named; name a .v or .sv file")


def test_unreadable_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "dir.v").mkdir()
    (tmp_path / "list.f").write_text("dir.v/x.v\n")
    assert _sentence("list.f").startswith("PE101: list.f: the list names dir.v/x.v, which doesn't exist")


def test_missing_include_directory_is_one_sentence(tmp_path: Path) -> None:
    write(tmp_path, m__v=_MODULE)
    assert _sentence("m.v", include_dirs=["inc"]) == "PE101: inc: no such include directory; check -I."


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"defines": ["8=3"]}, "PE119: -D 8: not a Verilog name; letters, digits and _ are allowed."),
        ({"parameters": ["W"]}, "PE119: -P W: a value is missing; write -P NAME=VALUE."),
        ({"blackboxes": ["a b"]}, "PE119: --blackbox a b: not a Verilog name; letters, digits and _ are allowed."),
    ],
)
def test_malformed_option_is_one_sentence(tmp_path: Path, options: dict[str, object], sentence: str) -> None:
    write(tmp_path, m__v=_MODULE)
    assert _sentence("m.v", **options) == sentence


def test_latin_1_source_is_read_and_said_so(tmp_path: Path) -> None:
    (tmp_path / "m.v").write_bytes(b"// caf\xe9\n" + _MODULE.encode())
    assert resolve_sources(["m.v"]).notes == ("m.v: not UTF-8, read as Latin-1",)


def test_header_given_as_source_becomes_an_include_directory(tmp_path: Path) -> None:
    write(tmp_path, m__v=_MODULE, defs__vh="`define X 1\n")
    found = resolve_sources(["m.v", "defs.vh"])
    assert (found.files, found.include_dirs) == ((tmp_path / "m.v",), (tmp_path,))


def test_library_files_are_taken_only_where_they_are_instantiated(tmp_path: Path) -> None:
    write(tmp_path, top__v="module top (input a, output b); cell_a u (.a(a), .b(b)); endmodule\n")
    lib = tmp_path / "lib"
    lib.mkdir()
    write(
        lib,
        cell_a__v="module cell_a (input a, output b); cell_b u (a, b); endmodule\n",
        cell_b__v="module cell_b (input a, output b); assign b = a; endmodule\n",
        cell_c__v="module cell_c; endmodule\n",
    )
    (tmp_path / "list.f").write_text("top.v\n-y lib\n")
    found = resolve_sources(["list.f"])
    assert found.libraries == (lib / "cell_a.v", lib / "cell_b.v")
    assert found.files == (tmp_path / "top.v", *found.libraries)


def test_manifest_gives_files_top_and_parameters_and_options_win(tmp_path: Path) -> None:
    write(
        tmp_path,
        m__sv=_MODULE,
        design__toml='top = "m"\nfiles = ["m.sv"]\n[parameters]\nW = 8\nD = 2\n[defines]\nFAST = true\n',
    )
    found = resolve_sources(["design.toml"], parameters=["W=16"])
    assert (found.top, found.manifest) == ("m", tmp_path / "design.toml")
    assert (found.parameters, found.defines) == ({"W": "16", "D": "2"}, {"FAST": "1"})


def test_directory_with_a_manifest_is_read_through_it(tmp_path: Path) -> None:
    write(tmp_path, m__sv=_MODULE, other__sv="module other; endmodule\n", design__toml='files = ["m.sv"]\n')
    assert resolve_sources([tmp_path]).files == (tmp_path / "m.sv",)


def test_two_manifests_are_refused(tmp_path: Path) -> None:
    write(tmp_path, m__sv=_MODULE, a__toml='files = ["m.sv"]\n', b__toml='files = ["m.sv"]\n')
    assert _sentence("a.toml", "b.toml") == "PE116: b.toml: a second design.toml beside a.toml; give one of them."


def test_manifest_that_names_a_missing_file_says_which(tmp_path: Path) -> None:
    write(tmp_path, design__toml='files = ["gone.sv"]\n')
    assert _sentence("design.toml") == "PE101: design.toml: files: gone.sv doesn't exist."
