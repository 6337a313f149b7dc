import os
import stat
from pathlib import Path

import pytest

from verif.bench.merge import BASE, check_writable, merge_draft, write_bench
from verif.errors import InputError

FIRST = {"test_a.py": "one\ntwo\nthree\nfour\nfive\n", "bench.toml": "x = 1\n", "recorded.json": "{}\n"}
PORT_ADDED = FIRST | {"test_a.py": "one\ntwo\nthree\nfour\nfive\nport\n", "a_wrap.sv": "module\n"}


def written(directory: Path, draft: dict[str, str]) -> None:
    write_bench(directory, draft, merge_draft(directory, draft))


def content(directory: Path) -> dict[str, str]:
    files = (file for file in directory.rglob("*") if file.is_file())
    return {file.relative_to(directory).as_posix(): file.read_text(encoding="utf-8") for file in files}


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    directory = tmp_path / "tb" / "a"
    written(directory, FIRST)
    return directory


def test_first_draft_is_written_with_its_base(bench: Path) -> None:
    assert content(bench) == FIRST | {f"{BASE.as_posix()}/{name}": text for name, text in FIRST.items()}
    assert [path.name for path in bench.parent.iterdir()] == ["a"]


def test_hand_edit_stays_and_an_added_port_arrives(bench: Path) -> None:
    (bench / "test_a.py").write_text("mine\none\ntwo\nthree\nfour\nfive\n", encoding="utf-8")
    merged = merge_draft(bench, PORT_ADDED)
    assert merged.edited == ("test_a.py",)
    write_bench(bench, PORT_ADDED, merged)
    assert (bench / "test_a.py").read_text() == "mine\none\ntwo\nthree\nfour\nfive\nport\n"
    assert (bench / "a_wrap.sv").exists()
    assert (bench / BASE / "test_a.py").read_text() == PORT_ADDED["test_a.py"]


def test_conflict_names_file_and_line_and_changes_nothing(bench: Path) -> None:
    (bench / "test_a.py").write_text("one\ntwo\nmy three\nfour\nfive\n", encoding="utf-8")
    before = content(bench)
    draft = FIRST | {"test_a.py": "one\ntwo\nother three\nfour\nfive\n"}
    merged = merge_draft(bench, draft)
    (conflict,) = merged.conflicts
    assert (conflict.file, conflict.line) == ("test_a.py", 3)
    assert conflict.text.splitlines()[0] == "<<<<<<< yours: test_a.py"
    assert "my three" in conflict.text
    assert "other three" in conflict.text
    with pytest.raises(ValueError, match="not written"):
        write_bench(bench, draft, merged)
    assert content(bench) == before


def test_file_of_the_user_is_left_alone(bench: Path) -> None:
    (bench / "notes.md").write_text("mine\n", encoding="utf-8")
    written(bench, PORT_ADDED)
    assert (bench / "notes.md").read_text() == "mine\n"


def test_file_that_the_user_deleted_stays_deleted_until_the_draft_changes_it(bench: Path) -> None:
    (bench / "test_a.py").unlink()
    written(bench, FIRST)
    assert not (bench / "test_a.py").exists()
    written(bench, PORT_ADDED)
    assert (bench / "test_a.py").exists()


def test_file_that_the_draft_drops_goes_only_where_it_was_not_edited(bench: Path) -> None:
    smaller = {"bench.toml": FIRST["bench.toml"], "recorded.json": "{}\n"}
    written(bench, smaller)
    assert not (bench / "test_a.py").exists()
    written(bench, FIRST)
    (bench / "test_a.py").write_text("mine\n", encoding="utf-8")
    written(bench, smaller)
    assert (bench / "test_a.py").read_text() == "mine\n"


def test_regressions_of_earlier_drafts_stay(bench: Path) -> None:
    written(bench, FIRST | {"regressions/r.json": "{}\n"})
    written(bench, FIRST)
    assert (bench / "regressions" / "r.json").exists()


def test_recording_is_always_the_newest(bench: Path) -> None:
    (bench / "recorded.json").write_text("edited\n", encoding="utf-8")
    written(bench, FIRST | {"recorded.json": "new\n"})
    assert (bench / "recorded.json").read_text() == "new\n"


def test_output_below_a_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        check_writable(tmp_path / "file" / "tb")
    assert caught.value.code == "PE410"
    assert caught.value.sentence == (
        f"{tmp_path}/file/tb: a bench can't be written here ({tmp_path}/file is a file); choose another with --out."
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_read_only_directory_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        with pytest.raises(InputError, match=r"a bench can't be written here \(Permission denied\)"):
            check_writable(tmp_path / "tb" / "a")
        assert list(tmp_path.iterdir()) == []
    finally:
        tmp_path.chmod(stat.S_IRWXU)


def test_writability_check_leaves_nothing_behind(tmp_path: Path) -> None:
    check_writable(tmp_path / "tb" / "a")
    assert list(tmp_path.iterdir()) == []
