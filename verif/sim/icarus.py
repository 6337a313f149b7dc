"""Icarus Verilog: four states, no code coverage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from verif.errors import ToolError
from verif.sim import toolchain
from verif.sim.builds import build_key, build_once
from verif.sim.diagnosis import icarus_refusal, warnings_in
from verif.sim.keywords import compile_again_if_older, with_marks
from verif.sim.process import BUILD_TIMEOUT_SECONDS, Processes
from verif.sim.sandbox import Sandbox, build_prefix
from verif.sim.seam import Build, BuildRequest, RunOutcome, RunRequest, ToolStatus
from verif.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Icarus:
    """The Icarus backend; waves are VCD or FST."""

    workspace: Workspace
    processes: Processes = field(default_factory=Processes)
    sandbox: Sandbox | None = None
    """Compile and run inside it; None runs in the open."""
    name: str = "icarus"

    def status(self) -> ToolStatus:
        return toolchain.status("iverilog")

    def build(self, request: BuildRequest) -> Build:
        tool = toolchain.need("iverilog")
        key = build_key(request, self.name, (tool.identity,))
        return build_once(self.workspace, key, request, self.name, lambda d, log: self._compile(request, d, log))

    def run(self, request: RunRequest) -> RunOutcome:
        from verif.sim import cocotb_runner, running

        toolchain.need("vvp")
        return running.run_tests(
            cocotb_runner.Icarus,
            request,
            processes=self.processes,
            sandbox=self.sandbox,
            # -n: $stop ends the run; the interactive prompt would wait for ever.
            arguments=("-n",),
            plusargs=(f"+dumpfile_path={request.waves}",) if request.waves else (),
        )

    def _compile(self, request: BuildRequest, scratch: Path, log: Path) -> Sequence[str]:
        def once(asked: BuildRequest) -> None:
            self._compile_once(asked, scratch, log)

        notes = compile_again_if_older(once, lambda older: with_marks(older, scratch), request, log)
        return (*notes, *warnings_in(log))

    def _compile_once(self, request: BuildRequest, scratch: Path, log: Path) -> None:
        from verif.sim import cocotb_runner

        execution = cocotb_runner.Execution(
            processes=self.processes,
            log=log,
            timeout_seconds=BUILD_TIMEOUT_SECONDS,
            prefix=build_prefix(self.sandbox, request, scratch),
        )
        arguments = ["-Wall", "-Wno-timescale", *(["-i"] if request.sources.blackboxes else [])]
        try:
            cocotb_runner.build(cocotb_runner.Icarus(execution, waves=request.waves), request, scratch, arguments)
        except cocotb_runner.CommandFailed as failure:
            if failure.ended.timed_out:
                raise ToolError("PE313", f"iverilog did not end within {failure.ended.seconds:.0f} s") from failure
            raise icarus_refusal(log, request, failure.ended.returncode) from failure
