"""What a compiler's log says: the first error with its place, the warnings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from verif.errors import ToolError, Unsupported
from verif.sim.seam import BuildRequest

_ICARUS_ERROR = re.compile(r"^(?P<file>[^\s:][^:]*):(?P<line>\d+): (?P<text>(?:error|sorry|syntax error|.*rror).*)$")
_VERILATOR_ERROR = re.compile(
    r"^%Error(?:-(?P<kind>[A-Z0-9]+))?: (?:(?P<file>[^\s:][^:]*):(?P<line>\d+)(?::\d+)?: )?(?P<text>.*)$"
)
_WARNING = re.compile(r"^(%Warning-|[^\s:][^:]*:\d+: (?:\w+: )?warning|warning:)")
_ENDED = re.compile(r"%Error|FATAL: |ERROR: |.*\$(?:finish|stop)(?:\(\d\))? called at ")
_COUNT = re.compile(r"\d+ error\(s\)")
_WARNINGS_KEPT = 200


def warnings_in(log: Path) -> tuple[str, ...]:
    """Return the first 200 different warnings of a compiler's log, in order."""
    lines = (line.strip() for line in _lines(log) if _WARNING.match(line))
    return tuple(dict.fromkeys(lines))[:_WARNINGS_KEPT]


def icarus_refusal(log: Path, request: BuildRequest, status: int) -> Unsupported:
    """Return why iverilog did not take the sources, with the first error's place."""
    for line in _lines(log):
        if match := _ICARUS_ERROR.match(line):
            return _refusal(
                "PE310", "Icarus", match["text"].removeprefix("error: "), f"{match['file']}:{match['line']}"
            )
    return _unplaced("PE310", "Icarus", log, request, status)


def verilator_refusal(log: Path, request: BuildRequest, status: int) -> Unsupported:
    """Return why Verilator did not take the sources, with the first error's place."""
    for line in _lines(log):
        if (match := _VERILATOR_ERROR.match(line)) and match["file"]:
            return _refusal("PE311", "Verilator", match["text"], f"{match['file']}:{match['line']}")
    return _unplaced("PE311", "Verilator", log, request, status)


def tool_broke(code: str, what: str, log: Path) -> ToolError:
    """Return the error of a tool that broke on something that isn't the user's; the log's last words are in it."""
    return ToolError(code, f"{what}: {last_words(log)}", hint=f"the whole log is {log}")


def last_words(log: Path) -> str:
    """Return the last line of a log that says something, shortened."""
    lines = [line.strip() for line in _lines(log) if line.strip()]
    errors = [line for line in lines if re.search(r"\berror\b|%Error|Error:", line) and not _COUNT.match(line)]
    return (errors or lines or ["no output"])[-1][:300]


def simulator_says(log: Path) -> str:
    """Return why a simulation ended by itself: the simulator's error, $fatal, $stop or $finish; empty for none."""
    return next((line.strip()[:300] for line in _lines(log) if _ENDED.match(line)), "")


def _refusal(code: str, tool: str, text: str, where: str) -> Unsupported:
    return Unsupported(code, f"{tool} can't compile this: {text.strip().rstrip('.')}", where=where)


def _unplaced(code: str, tool: str, log: Path, request: BuildRequest, status: int) -> Unsupported:
    """Return the refusal where the log names no place: the first source stands in for it."""
    where = f"{request.sources.files[0]}:1" if request.sources.files else request.top
    how = f"stopped by signal {-status}" if status < 0 else f"exit status {status}"
    return _refusal(code, tool, f"{last_words(log)} ({how})", where)


def _lines(log: Path) -> Iterable[str]:
    if not log.is_file():
        return ()
    return log.read_text(encoding="utf-8", errors="replace").splitlines()
