"""Reading .f file lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from verif.design.file_list import read_file_list
from verif.errors import InputError


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("a.v", "b.sv", "lib/cell.v", "sub/c.v"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("module m; endmodule\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _list(project: Path, text: str, name: str = "all.f") -> Path:
    path = project / name
    path.write_text(text)
    return path


def test_file_list_reads_files_includes_and_defines_in_order(project: Path) -> None:
    found = read_file_list(_list(project, "b.sv\n+incdir+inc+more\na.v\n+define+FAST+WIDTH=8\n-D DEBUG -Isub\n"))
    assert found.files == [project / "b.sv", project / "a.v"]
    assert found.include_dirs == [project / "inc", project / "more", project / "sub"]
    assert found.defines == {"FAST": "", "WIDTH": "8", "DEBUG": ""}


def test_file_list_skips_comments_of_all_kinds(project: Path) -> None:
    found = read_file_list(_list(project, "// b.sv\n# b.sv\n/* b.sv\n b.sv */ a.v // rest\n"))
    assert found.files == [project / "a.v"]


def test_nested_lists_are_read_in_place(project: Path) -> None:
    _list(project, "a.v\n", "inner.f")
    assert read_file_list(_list(project, "b.sv\n-f inner.f\nlib/cell.v\n")).files == [
        project / "b.sv",
        project / "a.v",
        project / "lib/cell.v",
    ]


def test_paths_of_a_list_elsewhere_fall_back_to_its_own_directory(project: Path) -> None:
    assert read_file_list(_list(project, "c.v\n", "sub/list.f")).files == [project / "sub/c.v"]


def test_list_given_with_capital_f_takes_paths_from_its_own_directory(project: Path) -> None:
    (project / "sub/a.v").write_text("module other; endmodule\n")
    _list(project, "a.v\n", "sub/list.f")
    assert read_file_list(_list(project, "-F sub/list.f\n")).files == [project / "sub/a.v"]
    assert read_file_list(_list(project, "-f sub/list.f\n")).files == [project / "a.v"]


def test_environment_variables_are_expanded_in_three_spellings(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RTL", str(project))
    found = read_file_list(_list(project, "$RTL/a.v ${RTL}/b.sv $(RTL)/sub/c.v\n"))
    assert found.files == [project / "a.v", project / "b.sv", project / "sub/c.v"]


def test_unset_variable_is_named(project: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_file_list(_list(project, "$NOWHERE_SET/a.v\n"))
    assert caught.value.code == "PE114"
    assert caught.value.sentence == (
        "all.f: the environment variable NOWHERE_SET is not set; set it, for example with export NOWHERE_SET=DIR."
    )


def test_missing_file_is_named_with_the_places_that_were_looked_at(project: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_file_list(_list(project, "gone.v\n", "sub/list.f"))
    assert caught.value.code == "PE101"
    assert caught.value.sentence.startswith("sub/list.f: the list names gone.v, which doesn't exist; looked in ")


def test_list_that_names_itself_is_refused(project: Path) -> None:
    with pytest.raises(InputError, match="names itself"):
        read_file_list(_list(project, "-f all.f\n"))


def test_unknown_option_is_noted_and_left_out(project: Path) -> None:
    found = read_file_list(_list(project, "a.v -timescale 1ns/1ps +notimingcheck -sverilog\n"))
    assert found.files == [project / "a.v"]
    assert found.notes == [
        "all.f: the option -timescale 1ns/1ps is left out",
        "all.f: the option +notimingcheck is left out",
        "all.f: the option -sverilog is left out",
    ]


def test_libraries_and_top_are_kept_apart(project: Path) -> None:
    found = read_file_list(_list(project, "-y lib -v a.v +libext+.v+.vlib -top m\n"))
    assert (found.library_dirs, found.library_files) == ([project / "lib"], [project / "a.v"])
    assert (found.library_suffixes, found.top) == ([".v", ".vlib"], "m")
