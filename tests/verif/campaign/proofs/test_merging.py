"""What earlier calls said of other properties stays in the saved result."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from verif.campaign.proofs.merging import result_name, with_earlier
from verif.workspace import Workspace


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    for name in ("dut.sv", "dut_props.sv", "more.sv"):
        (tmp_path / name).write_text("", encoding="utf-8")
        os.utime(tmp_path / name, (1000, 1000))
    return tmp_path


def result(bench: Path, status: str, *names: str, assumes: str = "reset") -> dict[str, Any]:
    """Return a result about properties called ``FILE.NAME``, or ``NAME`` for a rule of the bench."""
    places = {name: f"{bench / name.partition('.')[0]}.sv:3" if "." in name else "" for name in names}
    files = {str(bench / "dut.sv"), *(place.rpartition(":")[0] for place in places.values() if place)}
    return {
        "properties": [{"name": name, "status": status, "place": place} for name, place in places.items()],
        "assumptions": [{"name": assumes, "text": f"{assumes} is assumed"}],
        "files": sorted(files),
        "notes": [],
    }


def told(found: dict[str, Any]) -> dict[str, str]:
    return {entry["name"]: entry["status"] for entry in found["properties"]}


def test_part_of_the_properties_replaces_that_part(bench: Path, workspace: Workspace) -> None:
    workspace.save_result(bench, "prove", result(bench, "BOUNDED", "rule", "dut_props.a", assumes="drivers"))
    merged = with_earlier(result(bench, "PROVED", "rule"), bench, "prove", workspace, partial=True)
    assert told(merged) == {"rule": "PROVED", "dut_props.a": "BOUNDED"}
    assert [entry["name"] for entry in merged["assumptions"]] == ["drivers", "reset"]
    assert set(merged["files"]) == {str(bench / "dut.sv"), str(bench / "dut_props.sv")}
    assert merged["notes"] == ["1 of these properties were answered by an earlier call"]


def test_whole_call_keeps_what_stands_in_further_files_only(bench: Path, workspace: Workspace) -> None:
    workspace.save_result(bench, "prove", result(bench, "PROVED", "gone", "dut_props.gone", "more.b"))
    merged = with_earlier(result(bench, "FAILED", "rule", "dut_props.a"), bench, "prove", workspace, partial=False)
    assert told(merged) == {"rule": "FAILED", "dut_props.a": "FAILED", "more.b": "PROVED"}


def test_nothing_is_kept_once_a_file_that_was_read_has_changed(bench: Path, workspace: Workspace) -> None:
    saved = workspace.save_result(bench, "prove", result(bench, "PROVED", "rule", "more.b"))
    later = saved.stat().st_mtime + 10
    os.utime(bench / "dut.sv", (later, later))
    now = result(bench, "PROVED", "other")
    assert with_earlier(now, bench, "prove", workspace, partial=True) == now
    os.utime(bench / "dut.sv", (1000, 1000))
    (bench / "more.sv").unlink()
    assert with_earlier(now, bench, "prove", workspace, partial=True) == now


def test_proofs_on_other_sources_are_apart(bench: Path, workspace: Workspace) -> None:
    workspace.save_result(bench, "prove", result(bench, "PROVED", "rule"))
    name = result_name((bench / "bug.sv",))
    assert (result_name(()), name) == ("prove", "prove@bug")
    now = result(bench, "FAILED", "other")
    assert with_earlier(now, bench, name, workspace, partial=True) == now
