"""Laws of a build's digest."""

from __future__ import annotations

from pathlib import Path

from verif.design.model import SourceSet
from verif.sim.content import included_files, named_files, sources_digest


def write(folder: Path, **files: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)


def test_includes_are_followed_however_deep(tmp_path: Path) -> None:
    write(tmp_path / "inc", a_vh='`include "b.vh"\n', b_vh="`define B 1\n", other_vh="")
    write(tmp_path, top_v='  `include "a.vh"\nmodule top; endmodule\n')
    sources = SourceSet(files=(tmp_path / "top.v",), include_dirs=(tmp_path / "inc",))
    assert [file.name for file in included_files(sources)] == ["a.vh", "b.vh"]


def test_include_in_a_comment_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path, top_v='// `include "a.vh"\nmodule top; endmodule\n', a_vh="")
    assert included_files(SourceSet(files=(tmp_path / "top.v",))) == ()


def test_include_named_by_a_macro_counts_every_header(tmp_path: Path) -> None:
    write(tmp_path, top_v="`include `HEADER\n", a_vh="", b_svh="", notes_txt="")
    names = {file.name for file in included_files(SourceSet(files=(tmp_path / "top.v",)))}
    assert names == {"a.vh", "b.svh", "top.v"}


def test_include_cycle_ends(tmp_path: Path) -> None:
    write(tmp_path, a_vh='`include "b.vh"\n', b_vh='`include "a.vh"\n')
    assert len(included_files(SourceSet(files=(tmp_path / "a.vh",)))) == 2


def test_digest_doesnt_depend_on_where_the_files_lie(tmp_path: Path) -> None:
    digests = set()
    for place in ("one", "two"):
        write(tmp_path / place, top_v="module top; endmodule\n")
        digests.add(sources_digest(SourceSet(files=(tmp_path / place / "top.v",))))
    assert len(digests) == 1


def test_a_define_isnt_a_parameter(tmp_path: Path) -> None:
    write(tmp_path, top_v="module top; endmodule\n")
    files = (tmp_path / "top.v",)
    as_define = sources_digest(SourceSet(files=files, defines={"N": "1"}))
    as_parameter = sources_digest(SourceSet(files=files, parameters={"N": "1"}))
    assert as_define != as_parameter


def test_files_that_arguments_name_count(tmp_path: Path) -> None:
    write(tmp_path / "lib", cell_v="")
    write(tmp_path, extra_v="")
    arguments = ["-y", str(tmp_path / "lib"), f"-v{tmp_path / 'extra.v'}", "-Wall", "relative.v"]
    assert [file.name for file in named_files(arguments)] == ["extra.v", "cell.v"]
