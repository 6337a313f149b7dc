"""Laws of ``doctor``."""

from __future__ import annotations

from pathlib import Path

from tests.support.command import Command
from verif.sim.toolchain import WANTED


def test_every_tool_is_named_with_its_fix(posedge: Command) -> None:
    told = posedge("doctor", "--json").json
    assert [tool["name"] for tool in told["tools"]] == [wanted.name for wanted in WANTED]
    keys = {"name", "found", "version", "path", "needed_for", "fix", "required"}
    assert all(keys <= set(tool) for tool in told["tools"])


def test_exit_code_is_three_exactly_where_something_required_is_missing(posedge: Command, tmp_path: Path) -> None:
    here = posedge("doctor", "--json")
    missing = [tool for tool in here.json["tools"] if tool["required"] and not tool["found"]]
    assert here.code == (3 if missing else 0)
    gone = posedge("doctor", env={"PATH": str(tmp_path)})
    assert gone.code == 3
    lines = gone.out.splitlines()
    assert "MISSING  iverilog      -          simulation with four states (run, draft)" in lines
    assert lines[-1].startswith("draft, run and report need iverilog, vvp, g++, make: apt install iverilog; ")


def test_verilator_tells_where_it_came_from(posedge: Command) -> None:
    (tool,) = [tool for tool in posedge("doctor", "--json").json["tools"] if tool["name"] == "verilator"]
    assert tool["origin"] in ("PATH", "the Python package verilator")
