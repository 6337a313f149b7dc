"""From RTL to a netlist of gates with the hierarchy kept, by Yosys in a process of its own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verif.design.model import SourceSet
from verif.errors import InputError, ToolError

MEMORY_BITS = 512
"""Memories from this size on are macros, smaller ones flip-flops."""
SECONDS = 1800.0
_MODES = ("--keep-hierarchy", "--best-effort-hierarchy")
"""read_slang's ways to keep the hierarchy; the first calls itself experimental, so the second stands behind it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Netlist:
    """Yosys' JSON netlist: one module for every instance that differs."""

    top: str
    modules: dict[str, Any]
    seconds: float
    """Wall time of reading and synthesis."""
    notes: tuple[str, ...] = ()


def synthesise(
    sources: SourceSet,
    top: str,
    *,
    liberty: Path | None = None,
    memory_bits: int = MEMORY_BITS,
    seconds: float = SECONDS,
) -> Netlist:
    """Return the netlist of ``top``; InputError PE740 in Yosys' words, ToolError PE306 or PE742."""
    began = time.monotonic()
    notes: tuple[str, ...] = ()
    with tempfile.TemporaryDirectory(prefix="posedge-yosys-") as scratch:
        file = Path(scratch) / "netlist.json"
        for mode in _MODES:
            request = _request(sources, top, liberty, memory_bits, mode, file)
            done = _ask(request, scratch, seconds)
            if done.returncode >= 0:
                break
            notes = ("Yosys crashed with the whole hierarchy kept; some instances were flattened",)
        if done.stdout.rstrip().splitlines()[-1:] != ["done"]:
            raise _refusal(done, top, scratch)
        modules = json.loads(file.read_text(encoding="utf-8"))["modules"]
    return Netlist(top=top, modules=modules, seconds=time.monotonic() - began, notes=notes)


def _request(
    sources: SourceSet, top: str, liberty: Path | None, memory_bits: int, mode: str, file: Path
) -> dict[str, Any]:
    return {
        "files": [str(path) for path in sources.files if path not in sources.libraries],
        "libraries": [str(path) for path in sources.libraries],
        "include_dirs": [str(path) for path in sources.include_dirs],
        "defines": [f"{name}={text}" if text else name for name, text in sources.defines.items()],
        "parameters": [f"{name}={value}" for name, value in sources.parameters.items()],
        "blackboxes": list(sources.blackboxes),
        "top": top,
        "liberty": str(liberty.resolve()) if liberty else "",
        "memory_bits": memory_bits,
        "hierarchy": mode,
        "netlist": str(file),
    }


def _ask(request: dict[str, Any], scratch: str, seconds: float) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).resolve().parents[2]
    code = f"import sys; sys.path.insert(0, {str(root)!r}); from verif.floorplan.yosys_worker import main; main()"
    try:
        return subprocess.run(
            [sys.executable, "-c", code],
            input=json.dumps(request),
            capture_output=True,
            text=True,
            cwd=scratch,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ToolError("PE742", f"synthesis of {request['top']} took more than {seconds:g} s and was ended") from error


def _refusal(done: subprocess.CompletedProcess[str], top: str, scratch: str) -> InputError | ToolError:
    text = done.stdout + done.stderr
    if "No module named 'pyosys'" in text:
        return ToolError(
            "PE306", "synthesis needs the Python package pyosys", hint="install it with: pip install pyosys"
        )
    if found := re.search(r"(?m)^(?:(\S+:\d+): )?\s*ERROR: (.*)$", text):
        where, what = found[1] or "", found[2].rstrip(".")
        hint = "give a file with its empty module: ports and nothing else" if "unknown module" in what else ""
        return InputError("PE740", f"Yosys can't synthesise {top}: {what}", where=_whole(where, scratch), hint=hint)
    return ToolError(
        "PE742",
        f"Yosys broke off while synthesising {top} (exit code {done.returncode})",
        hint="black-box what it can't take with --blackbox",
    )


def _whole(where: str, scratch: str) -> str:
    """Return ``file:line`` with the whole path; the front end prints it relative to the scratch directory."""
    file, colon, line = where.rpartition(":")
    return f"{(Path(scratch) / file).resolve()}{colon}{line}" if file else ""
