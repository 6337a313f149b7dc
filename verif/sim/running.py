"""What the cocotb backends share: one run from request to outcome."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from verif.sim import cocotb_runner
from verif.sim.process import Processes
from verif.sim.results import judge
from verif.sim.sandbox import Sandbox
from verif.sim.seam import RunOutcome, RunRequest


def run_tests(
    backend: type[cocotb_runner.Icarus] | type[cocotb_runner.Verilator],
    request: RunRequest,
    *,
    processes: Processes,
    sandbox: Sandbox | None,
    arguments: Sequence[str] = (),
    plusargs: Sequence[str] = (),
    coverage: Path | None = None,
) -> RunOutcome:
    """Run the request's tests in one process and judge what they left behind."""
    request.directory.mkdir(parents=True, exist_ok=True)
    log = request.directory / "run.log"
    for stale in (log, request.waves, coverage):
        if stale is not None:
            stale.unlink(missing_ok=True)
    execution = cocotb_runner.Execution(
        processes=processes,
        log=log,
        timeout_seconds=request.timeout_seconds,
        env=cocotb_runner.run_environment(request),
        prefix=_run_prefix(sandbox, request),
    )
    machine = backend(execution, waves=request.waves is not None)
    results = cocotb_runner.run(machine, request, arguments, plusargs)
    judged = judge(results, log, machine.ended)
    return RunOutcome(
        verdict=judged.verdict,
        tests=judged.tests,
        log=log,
        seconds=machine.ended.seconds,
        waves=_made(request.waves),
        coverage=_made(coverage),
        problem=judged.problem,
        skipped=judged.skipped,
    )


def _run_prefix(sandbox: Sandbox | None, request: RunRequest) -> tuple[str, ...]:
    if sandbox is None:
        return ()
    writable = {request.directory} | ({request.waves.parent} if request.waves else set())
    return sandbox.prefix(readable=(request.build.directory, *request.python_path), writable=sorted(writable))


def _made(file: Path | None) -> Path | None:
    return file if file is not None and file.is_file() else None
