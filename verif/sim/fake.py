"""A simulator without a simulator: for tests of what stands above the seam, and where none is installed.

It takes the same benches, keeps the same promises (``tests/conformance``) and starts in a tenth of the time. It judges
RTL by its brackets only, and no signal of the design ever does anything; see ``verif.sim.fake_kernel``.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from verif.errors import Unsupported
from verif.sim import fake_kernel
from verif.sim.builds import build_key, build_once
from verif.sim.process import Processes
from verif.sim.results import judge
from verif.sim.seam import Build, BuildRequest, RunOutcome, RunRequest, ToolStatus, WaveFormat
from verif.workspace import Workspace

_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_TOKEN = re.compile(r"\n|[()]|\bendmodule\b|\bmodule\s+(\w+)")
_PARAMETERS = "parameters.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Fake:
    """The fake backend."""

    workspace: Workspace
    processes: Processes = field(default_factory=Processes)
    name: str = "fake"

    def status(self) -> ToolStatus:
        return ToolStatus(name="fake", found=True, version="1", path=fake_kernel.__file__, origin="posedge")

    def build(self, request: BuildRequest) -> Build:
        request = replace(request, wave_format=WaveFormat.VCD)
        key = build_key(request, self.name, ())
        return build_once(self.workspace, key, request, self.name, lambda d, log: _compile(request, d, log))

    def run(self, request: RunRequest) -> RunOutcome:
        from verif.sim.cocotb_runner import clean_environment, run_environment

        request.directory.mkdir(parents=True, exist_ok=True)
        log, results = request.directory / "run.log", request.directory / "results.xml"
        for stale in (log, results, request.waves):
            if stale is not None:
                stale.unlink(missing_ok=True)
        job = request.directory / "job.json"
        job.write_text(json.dumps(_job(request, results)), encoding="utf-8")
        ended = self.processes.run(
            (sys.executable, fake_kernel.__file__, str(job)),
            cwd=request.directory,
            env={**clean_environment(), **run_environment(request)},
            log=log,
            timeout_seconds=request.timeout_seconds,
        )
        judged = judge(results, log, ended)
        return RunOutcome(
            verdict=judged.verdict,
            tests=judged.tests,
            log=log,
            seconds=ended.seconds,
            waves=request.waves if request.waves and request.waves.is_file() else None,
            problem=judged.problem,
            skipped=judged.skipped,
        )


def _compile(request: BuildRequest, scratch: Path, log: Path) -> Sequence[str]:
    modules = {name for file in request.sources.files for name in _modules(file)}
    if request.top not in modules:
        where = f"{request.sources.files[0]}:1" if request.sources.files else request.top
        raise Unsupported("PE316", f"the fake simulator finds no module '{request.top}'", where=where)
    log.write_text("", encoding="utf-8")
    (scratch / _PARAMETERS).write_text(json.dumps(dict(request.sources.parameters)), encoding="utf-8")
    return ()


def _modules(file: Path) -> list[str]:
    """Return the modules of a file; Unsupported with its line where a module ends with a bracket open."""
    text = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), file.read_text(encoding="utf-8"))
    line, depth, names = 1, 0, []
    for token in _TOKEN.finditer(text):
        line += token[0].count("\n")
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        if token[1]:
            names.append(token[1])
        if depth < 0 or (token[0] == "endmodule" and depth):
            raise Unsupported("PE316", "the fake simulator finds brackets that don't match", where=f"{file}:{line}")
    return names


def _job(request: RunRequest, results: Path) -> dict[str, object]:
    parameters = (request.build.directory / _PARAMETERS).read_text(encoding="utf-8")
    return {
        "modules": list(request.test_modules),
        "python_path": [str(folder) for folder in request.python_path],
        "seed": request.seed,
        "filter": request.test_filter,
        "plusargs": list(request.plusargs),
        "parameters": json.loads(parameters),
        "waves": str(request.waves) if request.waves else None,
        "results": str(results),
    }
