"""The process that runs Yosys: a request as JSON on stdin, a netlist as JSON in a file.

Only this file imports pyosys. A Yosys error ends its process, and reading with the hierarchy kept may crash, so
``verif.floorplan.synthesis`` starts it in a scratch directory and reads what is left of it.

Request: ``files``, ``libraries``, ``include_dirs``, ``defines`` and ``parameters`` (``NAME=TEXT``), ``blackboxes``,
``top``, ``liberty`` (a file or empty), ``memory_bits`` (memories of at least so many bits stay macros), ``hierarchy``
(read_slang's option), ``netlist`` (the file to write). The last line on stdout is ``done`` where all went well.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from pyosys import libyosys

_SCRIPT = "-script +strash;dc2;map"


def main() -> None:
    """Answer one request."""
    request = json.load(sys.stdin)
    design = libyosys.yosys_get_design()
    # Of a line read_slang would keep the quotes of its words.
    libyosys.Pass.call(design, _front(request))
    for command in (f"hierarchy -top {request['top']}", *_coarse()):
        libyosys.run_pass(command)
    small = _small_memories(request["memory_bits"], request["netlist"])
    for command in (*_fine(small), *_mapping(request["liberty"]), f"write_json {_quoted(request['netlist'])}"):
        libyosys.run_pass(command)
    print("done", flush=True)
    os._exit(0)  # Python would take the design apart, which crashes


def _front(request: dict[str, Any]) -> list[str]:
    words = ["read_slang", request["hierarchy"], "--top", request["top"], "--ignore-assertions", "--ignore-initial"]
    words += ["--empty-blackboxes", "--ignore-timing"]
    for flag, key in (("-I", "include_dirs"), ("-D", "defines"), ("-G", "parameters")):
        for value in request[key]:
            words += [flag, value]
    for file in request["libraries"]:
        words += ["-v", file]
    for name in request["blackboxes"]:
        words += ["--blackboxed-module", name]
    return [*words, *request["files"]]


def _coarse() -> list[str]:
    """Word-level clean-up; memories become ``$mem_v2`` cells."""
    return [
        "proc",
        "opt_expr",
        "opt_clean",
        "opt -nodffe -nosdff",
        "wreduce",
        "alumacc",
        "opt",
        "memory -nomap",
        "opt_clean",
    ]


def _small_memories(bits: int, scratch: str) -> list[str]:
    """Return the memories below ``bits``, which become flip-flops, and those never written, which become logic."""
    libyosys.run_pass(f"write_json {_quoted(scratch)}")
    modules = json.loads(Path(scratch).read_text(encoding="utf-8"))["modules"]
    return [
        f"{module}/{name}"
        for module, content in modules.items()
        for name, cell in content["cells"].items()
        if cell["type"] == "$mem_v2"
        and (_value(cell, "SIZE") * _value(cell, "WIDTH") < bits or not _value(cell, "WR_PORTS"))
    ]


def _value(cell: dict[str, Any], name: str) -> int:
    return int(cell["parameters"][name], 2)


def _fine(small: list[str]) -> list[str]:
    """Map to single-bit gates."""
    maps = [f"memory_map {name}" for name in small]
    return [*maps, "opt -fast -full", "techmap", "opt -fast"]


def _mapping(liberty: str) -> list[str]:
    """Map to gates or to the library's cells, with little effort: areas are wanted, not a netlist to build."""
    if not liberty:
        return [f"abc -g cmos {_SCRIPT}", "opt_clean"]
    library = f"-liberty {_quoted(liberty)}"
    return [f"dfflibmap {library}", "opt_clean", f"abc {library} {_SCRIPT}", "opt_clean"]


def _quoted(text: str) -> str:
    return f'"{text}"' if any(sign in text for sign in " ;#") else text


if __name__ == "__main__":
    main()
