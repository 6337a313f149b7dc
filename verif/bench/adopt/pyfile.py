"""A runner script or pytest file, read by executing it with recorders in place of the runners.

So its parametrisation, fixtures and helper functions mean what they mean. It runs in a process of its own; in the
sandbox it sees a copy of its folder, so that what it writes there (wrappers that it generates) isn't the user's.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verif.bench.adopt import plugin
from verif.bench.adopt.calls import Confine, FoundCall, sort_arguments
from verif.bench.adopt.reading import run_to_read
from verif.errors import InputError, Unsupported

_MARKS = re.compile(r"\bget_runner\b|\bcocotb_test\b")
_NOT_COPIED = shutil.ignore_patterns("sim_build", "sim_builds", "__pycache__", ".git", "*.vcd", "*.fst")
_VHDL = (".vhd", ".vhdl")


@dataclass(frozen=True, slots=True)
class Recording:
    """The calls of a file, and the files that it made in its folder by name and content."""

    calls: tuple[FoundCall, ...]
    made: Mapping[Path, bytes]


def starts_simulations(file: Path) -> bool:
    """Tell whether a Python file seems to call a runner."""
    return bool(_MARKS.search(file.read_text(encoding="utf-8", errors="replace")))


def simulators_of(file: Path) -> tuple[str, ...]:
    """Return the simulators of ours that a file is for: Icarus as cocotb's default, Verilator where it is named."""
    text = file.read_text(encoding="utf-8", errors="replace")
    forced = re.findall(r"""get_runner\(\s*["'](icarus|verilator)["']""", text)
    named = ["verilator"] if re.search(r"\bverilator\b", text) else []
    return tuple(dict.fromkeys(forced or ["icarus", *named]))


def read_pyfile(file: Path, simulator: str, confine: Confine) -> Recording:
    """Return what the file would simulate on ``simulator``; InputError PE443 where it breaks or calls no runner."""
    with tempfile.TemporaryDirectory(prefix="posedge-adopt-") as name:
        scratch = Path(name)
        folder = scratch / "copy"
        shutil.copytree(file.parent, folder, ignore=_NOT_COPIED, symlinks=True)
        calls, problem = _recorded(file, simulator, scratch, confine({scratch: scratch, folder: file.parent}))
        if not calls:
            raise InputError(
                "PE443",
                f"it starts no simulation that could be recorded{problem and ': '}{problem}",
                where=str(file),
                allowed="calls of cocotb_tools.runner and cocotb_test.simulator.run are understood",
            )
        return Recording(tuple(_found(call, file) for call in calls), _made(file.parent, folder))


def _recorded(file: Path, simulator: str, scratch: Path, prefix: Sequence[str]) -> tuple[list[dict[str, Any]], str]:
    output = scratch / "calls.json"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("COCOTB_", "PYTEST_"))},
        "SIM": simulator,
        "POSEDGE_ADOPT": str(output),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(scratch), os.environ.get("PYTHONPATH", "")])),
    }
    shutil.copyfile(plugin.__file__, scratch / "posedge_adopt.py")
    pytest = [sys.executable, "-m", "pytest", "-p", "posedge_adopt", "-p", "no:cacheprovider", "-q", file.name]
    script = [sys.executable, str(scratch / "posedge_adopt.py"), file.name]
    problem = ""
    for command in (pytest, script):
        done = run_to_read([*prefix, *command], file, environment)
        calls = json.loads(output.read_text(encoding="utf-8")) if output.is_file() else []
        if calls:
            return calls, ""
        problem = problem or _reason(done.stdout + done.stderr)
    return [], problem


def _reason(text: str) -> str:
    """Return the exception that pytest or Python tells, pytest's shortened summary left out."""
    lines = [line.strip() for line in text.splitlines() if not line.startswith(("FAILED", "ERROR"))]
    errors = [line for line in lines if re.match(r"(?:E\s+)?[\w.]*(?:Error|Exception)\b.*:", line)]
    return re.sub(r"^E\s+", "", errors[-1])[:300] if errors else ""


def _made(folder: Path, copy: Path) -> dict[Path, bytes]:
    """Return the files that are in the copy of the folder only, by the path that they would have had."""
    new = (path for path in copy.rglob("*") if path.is_file() and not (folder / path.relative_to(copy)).exists())
    return {folder / path.relative_to(copy): path.read_bytes() for path in new if "__pycache__" not in path.parts}


def _found(call: dict[str, Any], file: Path) -> FoundCall:
    """Return the call in the manifest's words."""
    told = _from_runner(call) if call["kind"] == "runner" else _from_cocotb_test(call)
    cwd = Path(call["cwd"])
    sources = tuple(_path(cwd, name) for name in told["sources"])
    for source in sources:
        if source.suffix in _VHDL:
            raise Unsupported("PE442", "this bench is for VHDL, and only Verilog is taken", where=f"{file}:1")
    arguments = sort_arguments(told["arguments"])
    work = _path(cwd, told["work"]) if told["work"] else None
    return FoundCall(
        label=_label(call["node"]),
        top=str(told["top"]),
        test_modules=tuple(told["modules"]),
        sources=sources,
        python_path=(*(_path(cwd, entry) for entry in (*told["python"], *call["python_path"])), file.parent),
        include_dirs=tuple(_path(cwd, name) for name in (*told["includes"], *arguments.include_dirs)),
        defines={**arguments.defines, **told["defines"]},
        parameters={**arguments.parameters, **told["parameters"]},
        env={**call["env"], **told["env"]},
        compile_args=tuple(arguments.rest),
        plusargs=tuple(word for word in told["plusargs"] if word.startswith("+")),
        timescale=told["timescale"],
        test_filter=told["filter"],
        data_folder=work if work is not None and work.is_dir() else None,
    )


def _from_runner(call: dict[str, Any]) -> dict[str, Any]:
    built, tested = call["build"], call["test"]
    scale = built.get("timescale")
    return {
        "top": tested.get("hdl_toplevel") or built.get("hdl_toplevel"),
        "modules": _words(tested.get("test_module")),
        "sources": [*_list(built, "sources"), *_list(built, "verilog_sources"), *_list(built, "vhdl_sources")],
        "includes": _list(built, "includes"),
        "defines": _texts(built.get("defines")),
        "parameters": _texts({**(built.get("parameters") or {}), **(tested.get("parameters") or {})}),
        "arguments": _list(built, "build_args"),
        "plusargs": [*_list(tested, "plusargs"), *_list(tested, "test_args")],
        "env": _texts(tested.get("extra_env")),
        "python": [],
        "timescale": "/".join(scale) if scale else "",
        "filter": tested.get("test_filter") or _any_of(_words(tested.get("testcase"))),
        "work": tested.get("test_dir"),
    }


def _from_cocotb_test(call: dict[str, Any]) -> dict[str, Any]:
    told = call["test"]
    scale = told.get("timescale") or ""
    tops = _words(told.get("toplevel"))
    arguments = ("compile_args", "verilog_compile_args", "extra_args")
    defines = told.get("defines") or {}
    return {
        "top": tops[0] if tops else "",
        "modules": _words(told.get("module")),
        "sources": [*_list(told, "verilog_sources"), *_list(told, "vhdl_sources")],
        "includes": _list(told, "includes"),
        "defines": _texts(defines if isinstance(defines, dict) else dict(d.partition("=")[::2] for d in defines)),
        "parameters": _texts(told.get("parameters")),
        "arguments": [word for name in arguments for word in _list(told, name)],
        "plusargs": [*_list(told, "plus_args"), *_list(told, "sim_args")],
        "env": _texts(told.get("extra_env")),
        "python": _list(told, "python_search"),
        "timescale": scale,
        "filter": _any_of(_words(told.get("testcase"))),
        "work": told.get("work_dir"),
    }


def _any_of(names: Sequence[str]) -> str:
    return rf"\.(?:{'|'.join(map(re.escape, names))})$" if names else ""


def _label(node: str) -> str:
    match = re.fullmatch(r"[^\[]*\[(.*)\]", node)
    return match[1] if match else "default"


def _list(told: dict[str, Any], name: str) -> list[str]:
    return [str(word) for word in told.get(name) or ()]


def _words(value: Any) -> list[str]:
    if value is None:
        return []
    return [word.strip() for word in (value.split(",") if isinstance(value, str) else value) if word.strip()]


def _texts(mapping: Mapping[str, Any] | None) -> dict[str, str]:
    return {str(name): str(value) for name, value in (mapping or {}).items()}


def _path(folder: Path, name: str) -> Path:
    return Path(os.path.normpath(folder / name))
