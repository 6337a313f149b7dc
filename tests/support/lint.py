"""What four tools say about Verilog files: Icarus, Verilator, slang and Yosys. No words from a tool is a clean file."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.support.tools import need as need_program
from verif.sim.toolchain import need

_YOSYS = """
import sys
from pyosys import libyosys
design = libyosys.Design()
for name in sys.argv[1:]:
    print("READING", name, flush=True)
    libyosys.run_pass(f"design -reset; read_slang {name}; hierarchy -auto-top; proc; check -assert", design)
print("FINISHED", flush=True)
"""


def icarus(*files: Path, parameters: Sequence[str] = (), top: str = "") -> str:
    """Return what ``iverilog -Wall`` says; ``parameters`` of ``top`` are given as ``NAME=VALUE``."""
    overrides = [*(["-s", top] if top else []), *(f"-P{top}.{parameter}" for parameter in parameters)]
    done = _run(need_program("iverilog"), "-g2012", "-Wall", "-t", "null", *overrides, *files)
    return done.stdout + done.stderr + (f"exit status {done.returncode}" if done.returncode else "")


def verilator(*files: Path, allow: Sequence[str] = (), parameters: Sequence[str] = ()) -> str:
    """Return what ``verilator --lint-only -Wall`` says, but for the warnings in ``allow``."""
    tool = need("verilator")
    quiet = [f"-Wno-{name}" for name in allow] + [f"-G{parameter}" for parameter in parameters]
    done = _run(tool.path, "--lint-only", "-Wall", "--quiet", *quiet, *files, env=tool.env)
    return done.stderr + (f"exit status {done.returncode}" if done.returncode else "")


def slang(*files: Path) -> list[str]:
    """Return slang's diagnostics, a line each."""
    import pyslang
    from pyslang import ast, syntax

    manager = pyslang.SourceManager()
    compilation = ast.Compilation()
    for file in files:
        compilation.addSyntaxTree(syntax.SyntaxTree.fromFile(str(file), manager))
    engine = pyslang.DiagnosticEngine(manager)
    return [engine.formatMessage(diagnostic) for diagnostic in compilation.getAllDiagnostics()]


def yosys(*files: Path) -> str:
    """Read each file alone into Yosys, check it, and return its warnings; a Yosys error ends its worker process."""
    done = _run(sys.executable, "-c", _YOSYS, *files)
    lines = done.stdout.splitlines() + done.stderr.splitlines()
    said = [line for line in lines if line.startswith(("READING", "Warning", "ERROR")) or ": error:" in line]
    words = [line for line in said if not line.startswith("READING")]
    if "FINISHED" not in lines:
        words.append(f"yosys stopped after {said[-1] if said else done.stderr}")
    return "\n".join(words)


def _run(program: str | Path, *arguments: str | Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess:
    command = [str(program), *map(str, arguments)]
    return subprocess.run(command, env={**os.environ, **(env or {})}, capture_output=True, text=True, check=False)
