"""Verilator: two states, fast, with code coverage; builds tuned for the time until the first test runs."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from verif.errors import ToolError
from verif.sim import toolchain
from verif.sim.builds import build_key, build_once
from verif.sim.diagnosis import tool_broke, verilator_refusal, warnings_in
from verif.sim.keywords import compile_again_if_older, with_extension
from verif.sim.process import BUILD_TIMEOUT_SECONDS, Processes
from verif.sim.runtime import RuntimeCache, Verilated, prebuilt_runtime, read_classes
from verif.sim.sandbox import Sandbox, build_prefix
from verif.sim.seam import Build, BuildRequest, RunOutcome, RunRequest, ToolStatus, WaveFormat
from verif.sim.verilating import common_arguments, start_seed
from verif.workspace import Workspace

OPTIMISATION = ("OPT_FAST=-O1", "OPT_SLOW=-O0", "OPT_GLOBAL=-O1")
"""cocotb's Python dominates a run, so the design's C++ is compiled for a short build."""
_START = "+verilator+rand+reset+"
ALL_ZEROS, ALL_ONES = f"{_START}0", f"{_START}1"
"""Plusargs of a run whose registers start so; else each starts at a value that is drawn."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Verilator:
    """The Verilator backend; waves are VCD or FST, registers start at random values drawn from the run's seed."""

    workspace: Workspace
    processes: Processes = field(default_factory=Processes)
    sandbox: Sandbox | None = None
    """Compile and run inside it; None runs in the open."""
    fast_build: bool = True
    """False compiles as Verilator's own makefile does, runtime library included (for comparison)."""
    name: str = "verilator"

    def status(self) -> ToolStatus:
        """Tell of Verilator, and count it as missing where its C++ can't be compiled."""
        tools = [toolchain.status(name) for name in ("verilator", "g++", "make")]
        return next((tool for tool in tools if not tool.found), tools[0])

    def build(self, request: BuildRequest) -> Build:
        tools = (toolchain.need("verilator"), toolchain.need("g++"))
        if request.waves and request.wave_format is WaveFormat.FST and toolchain.find("lz4") is None:
            request = replace(request, wave_format=WaveFormat.VCD)
        key = build_key(request, self.name, (*(tool.identity for tool in tools), *OPTIMISATION, str(self.fast_build)))
        return build_once(self.workspace, key, request, self.name, lambda d, log: self._compile(request, d, log))

    def run(self, request: RunRequest) -> RunOutcome:
        from verif.sim import cocotb_runner, running

        coverage = request.directory / "coverage.dat"
        told = any(word.startswith(_START) for word in request.plusargs)
        return running.run_tests(
            cocotb_runner.Verilator,
            request,
            processes=self.processes,
            sandbox=self.sandbox,
            arguments=("--trace-file", str(request.waves)) if request.waves else (),
            plusargs=(
                *(() if told else (f"{_START}2",)),
                f"+verilator+seed+{start_seed(request.seed)}",
                f"+verilator+coverage+file+{coverage}",
            ),
            coverage=coverage,
        )

    def _compile(self, request: BuildRequest, scratch: Path, log: Path) -> Sequence[str]:
        notes = compile_again_if_older(lambda asked: self._verilate(asked, scratch, log), with_extension, request, log)
        verilated = read_classes(scratch)
        variables = self._variables(verilated)
        if self.fast_build:
            variables = (*variables, *self._shortcuts(request, verilated, scratch, log, variables))
        self._make(request, scratch, log, (*variables, f"VM_TRACE={int(request.waves)}"))
        for leftover in (*scratch.glob("*.o"), *scratch.glob("*.a"), *scratch.glob("*.gch")):
            leftover.unlink()
        return (*notes, *warnings_in(log))

    def _verilate(self, request: BuildRequest, scratch: Path, log: Path) -> None:
        from verif.sim import cocotb_runner

        tool = toolchain.need("verilator")
        execution = cocotb_runner.Execution(
            processes=self.processes,
            log=log,
            timeout_seconds=BUILD_TIMEOUT_SECONDS,
            env=tool.env,
            prefix=build_prefix(self.sandbox, request, scratch),
        )
        machine = cocotb_runner.Verilator(execution, waves=request.waves)
        machine.program = str(tool.path)
        try:
            cocotb_runner.build(machine, request, scratch, ("--timing", *_trace(request), *common_arguments(request)))
        except cocotb_runner.CommandFailed as failure:
            if failure.ended.timed_out:
                raise ToolError("PE313", f"verilator did not end within {failure.ended.seconds:.0f} s") from failure
            raise verilator_refusal(log, request, failure.ended.returncode) from failure

    def _variables(self, verilated: Verilated) -> tuple[str, ...]:
        """Return make variables that replace what the wheel's makefile remembers of the machine that built it."""
        compiler = str(toolchain.need("g++").path)
        ccache = toolchain.find("ccache") if self.sandbox is None else None
        return (
            *(f"{name}={compiler}" for name in ("CXX", "LINK")),
            "AR=ar",
            "CFG_CXXFLAGS_PCH_I=-include",  # the wheel leaves it empty, so designs split into several files fail
            f"PYTHON3={sys.executable}",
            *((f"OBJCACHE={ccache.path}",) if ccache else ()),
            *(("CFG_CXXFLAGS_STD=-std=gnu++20", "CFG_CXXFLAGS_COROUTINES=-fcoroutines") if verilated.timing else ()),
        )

    def _shortcuts(
        self, request: BuildRequest, verilated: Verilated, scratch: Path, log: Path, variables: Sequence[str]
    ) -> tuple[str, ...]:
        """Return make variables that take the runtime as an archive and cocotb's main into the design's one file."""
        runtime = self._runtime(request, verilated, scratch, log, (*variables, *OPTIMISATION))
        shortcuts = (*OPTIMISATION, "VM_GLOBAL_FAST=", "VM_GLOBAL_SLOW=", f"USER_LDLIBS={runtime}")
        if verilated.parallel:
            return shortcuts
        from cocotb_tools import config

        main = config.share_dir / "lib" / "verilator" / "verilator.cpp"
        shutil.copyfile(main, scratch / "cocotb_main.cpp")
        slow = (*verilated.lists.get("VM_CLASSES_SLOW", ()), *verilated.lists.get("VM_SUPPORT_SLOW", ()))
        return (*shortcuts, "VM_USER_CLASSES=", f"VM_SLOW={' '.join((*slow, 'cocotb_main'))}")

    def _runtime(
        self, request: BuildRequest, verilated: Verilated, scratch: Path, log: Path, variables: Sequence[str]
    ) -> Path:
        tools = (toolchain.need("verilator"), toolchain.need("g++"))

        def make(targets: Sequence[str]) -> None:
            self._make(request, scratch, log, (*variables, *targets))

        flags = [word for word in variables if not word.startswith(("OBJCACHE=", "PYTHON3="))]
        cache = RuntimeCache.of(self.workspace)
        return cache.use(lambda folder: prebuilt_runtime(verilated, scratch, tools, flags, make, folder))

    def _make(self, request: BuildRequest, scratch: Path, log: Path, words: Sequence[str]) -> None:
        from verif.sim import cocotb_runner

        jobs = min(4, os.cpu_count() or 1)
        runtimes = RuntimeCache.of(self.workspace).folders
        prefix = build_prefix(self.sandbox, request, scratch, readable=runtimes)
        ended = self.processes.run(
            (*prefix, str(toolchain.need("make").path), f"-j{jobs}", "-C", str(scratch), "-f", "Vtop.mk", *words),
            cwd=scratch,
            env={**cocotb_runner.clean_environment(), **toolchain.need("verilator").env},
            log=log,
            timeout_seconds=BUILD_TIMEOUT_SECONDS,
        )
        if ended.returncode != 0:
            raise tool_broke("PE314", f"the C++ that Verilator made of {request.top} did not compile", log)


def _trace(request: BuildRequest) -> tuple[str, ...]:
    return ("--trace-fst",) if request.waves and request.wave_format is WaveFormat.FST else ()
