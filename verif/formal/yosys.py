"""Run Yosys commands in a process that can be killed."""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from verif.design.model import SourceSet
from verif.design.source_file import absolute, display
from verif.errors import InputError, ToolError, Unsupported
from verif.sim import toolchain
from verif.sim.process import Ended, Processes

SECONDS = 300.0
"""Limit of one script, unless told."""
_PLACE = re.compile(r"(?<=what is at )(\S+?)(:\d+)[.\d-]*")
"""Of a cell without a name, as Yosys has it: its file seen from the folder, its line and column."""


def run_yosys(commands: Sequence[str], folder: Path, *, processes: Processes, seconds: float = SECONDS) -> str:
    """Run commands with ``folder`` as the current directory; return the log.

    InputError PE870 in Yosys' words where it refuses, ToolError PE306 without pyosys, PE871 where it breaks off;
    Unsupported PE874 where one of our own passes finds that a tick is more than one step.
    """
    toolchain.need("yosys")
    script, log = folder / "yosys.script", folder / "yosys.log"
    script.write_text("\n".join(commands) + "\n", encoding="utf-8")
    log.unlink(missing_ok=True)
    root = Path(__file__).resolve().parents[2]
    code = (
        f"import sys; sys.path.insert(0, {str(root)!r}); from verif.formal.yosys_worker import main; main(sys.argv[1])"
    )
    command = (sys.executable, "-c", code, str(script))
    ended = processes.run(command, cwd=folder, env=os.environ, log=log, timeout_seconds=seconds)
    text = log.read_text(encoding="utf-8", errors="replace")
    if text.rstrip().splitlines()[-1:] != ["done"]:
        told = _PLACE.sub(lambda found: f"{display(absolute(found[1], folder.resolve()))}{found[2]}", text)
        raise _refusal(told, ended, seconds)
    return text


def read_command(sources: SourceSet, top: str) -> str:
    """Return the command that reads a design, hierarchical references, packages and all; quoted as a shell would."""
    words = ["read_slang", "--top", top, "--ignore-timing"]
    for flag, values in (
        ("-I", sources.include_dirs),
        ("-D", (f"{name}={text}" if text else name for name, text in sources.defines.items())),
        ("-G", (f"{name}={value}" for name, value in sources.parameters.items())),
        ("-v", sources.libraries),
    ):
        words += [part for value in values for part in (flag, str(value))]
    words += [str(path) for path in sources.files if path not in sources.libraries]
    return shlex.join(words)


def quoted(text: object) -> str:
    """Return a word of a Yosys command."""
    return f'"{text}"' if any(sign in str(text) for sign in " ;#") else str(text)


def _refusal(text: str, ended: Ended, seconds: float) -> InputError | ToolError | Unsupported:
    if refused := re.search(r"(?m)^REFUSED: (.*)$", text):
        return Unsupported("PE874", f"proofs take designs whose ticks are one step each, and {refused[1]}")
    if ended.timed_out:
        return ToolError("PE871", f"Yosys took more than {seconds:g} s and was ended")
    if found := re.search(r"(?m)^(?:(.+?:\d+)(?::\d+)?: )?\s*(?:ERROR|error): (.*)$", text):
        return InputError("PE870", f"Yosys can't read the design: {found[2].rstrip('.')}", where=found[1] or "")
    return ToolError("PE871", f"Yosys broke off with exit code {ended.returncode}")
