"""Why a worker gave no answer, in one sentence."""

from __future__ import annotations

import re
import signal

from verif.errors import ToolError
from verif.sim.batch.library import Library
from verif.sim.batch.worker import Cause, Report

_LOOP = re.compile(r"^%Warning-UNOPTFLAT: (?P<file>[^\s:][^:]*):(?P<line>\d+)")
_UNSETTLED = "DIDNOTCONVERGE: "


def why(build: Library, report: Report, status: int, memory_limit: int) -> str:
    """Return why the worker ended with ``status`` (negative or above 128 for a signal)."""
    top = build.harness.design.top
    if report.cause is Cause.MEMORY:
        return f"{top} took more than {memory_limit / 2**20:.0f} MiB of memory."
    if report.cause is Cause.FATAL and _UNSETTLED in report.message:
        return f"{top} does not settle: {_region(report)}; {_loop(build)}."
    if report.cause is Cause.FATAL:
        return f"{top} stopped at {report.file}:{report.line}: {report.message.rstrip('.')}."
    number = -status if status < 0 else status - 128
    names = {each.value: each.name for each in signal.Signals}
    if number in names:
        return f"The simulation of {top} was ended by {names[number]}."
    return f"The simulation of {top} ended itself with exit status {status}."


def too_long(build: Library, timeout: float) -> str:
    """Return what a call that ran out of time tells."""
    return f"{build.harness.design.top} did not come to an end within {timeout:g} s."


def not_started(build: Library, reason: str) -> ToolError:
    """Return the error of a worker that never began to work."""
    return ToolError(
        "PE821",
        f"the worker of the batch engine can't start: {reason.rstrip('.')}",
        where=str(build.worker),
        hint="delete that build and run again",
    )


def _region(report: Report) -> str:
    """Return which part of the evaluation went round and round, in Verilator's words."""
    return report.message.partition(_UNSETTLED)[2].replace("'--converge-limit' of ", "").rstrip(".")


def _loop(build: Library) -> str:
    """Return where combinational loops are, as far as Verilator warned of them."""
    found = [match for warning in build.build.warnings if (match := _LOOP.match(warning))]
    if not found:
        return "look for a combinational loop"
    return "combinational loop at " + ", ".join(f"{match['file']}:{match['line']}" for match in found[:3])
