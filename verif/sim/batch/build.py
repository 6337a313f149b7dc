"""Build a harness as a batch library: Verilated, compiled as one file with the loop that runs it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from verif.design.model import SourceSet
from verif.errors import PosedgeError, ToolError, Unsupported
from verif.harness.model import Harness
from verif.sim import toolchain
from verif.sim.batch.layout import Layout
from verif.sim.batch.points import Point, counters_of, read_points
from verif.sim.batch.shim import unity_source
from verif.sim.builds import build_key, build_once
from verif.sim.content import search_path
from verif.sim.diagnosis import tool_broke, verilator_refusal, warnings_in
from verif.sim.keywords import compile_again_if_older, with_extension
from verif.sim.placing import put
from verif.sim.process import BUILD_TIMEOUT_SECONDS, Ended, Processes
from verif.sim.runtime import RuntimeCache, Verilated, kept, prebuilt_runtime, read_classes
from verif.sim.sandbox import Sandbox, build_prefix
from verif.sim.seam import Build, BuildRequest
from verif.sim.verilating import common_arguments
from verif.workspace import Workspace

NAME = "batch"
"""What the engine is called in builds."""

NATIVE = Path(__file__).resolve().parent / "native"
"""Where ``call.h`` is, which every library that the worker runs includes."""
_NATIVE_FILES = ("call.h", "loop.h", "mutants.h", "worker.cpp")
_FLAGS = ("-O2", "-fno-finite-loops", "-std=gnu++17", "-fPIC", "-fvisibility=hidden", "-w")
_MACROS: tuple[str, ...] = ("VERILATOR=1", "VM_COVERAGE=0", "VM_SC=0", "VM_TIMING=0", "VM_TRACE=0", "VM_TRACE_FST=0")
_MACROS += ("VM_TRACE_VCD=0", "VM_TRACE_SAIF=0", "VL_USER_FATAL", "VL_USER_FINISH", "VL_USER_STOP")
_HEADER = "#include <memory>\n#include <type_traits>\n#include <verilated.h>\n#include <verilated_cov.h>\n"
_DELAY = re.compile(r"^%Error-(?:NOTIMING|STMTDLY): (?P<file>[^\s:][^:]*):(?P<line>\d+)", re.MULTILINE)
_TIMING = ("--no-timing", "-Werror-STMTDLY")
"""Delays inside assignments (``q <= #1 d``) are taken for 0, since nothing looks between the edges; statements that
wait are refused."""
_CCACHE = {"CCACHE_SLOPPINESS": "pch_defines,time_macros", "CCACHE_PCH_EXTSUM": "1"}


def compile_flags() -> tuple[str, ...]:
    """Return how models and the runtime library are compiled, include folders apart."""
    return (*_FLAGS, *(f"-D{macro}" for macro in _MACROS))


@dataclass(frozen=True, kw_only=True)
class BatchBuild:
    """A harness as a library that ``Batch`` runs."""

    harness: Harness
    build: Build

    @property
    def library(self) -> Path:
        """The shared library: model, shim and loop."""
        return self.build.directory / "libbatch.so"

    @property
    def worker(self) -> Path:
        """The program that runs it."""
        return self.build.directory / "worker"

    @cached_property
    def stimulus(self) -> Layout:
        """The row of the stimulus port."""
        return Layout.of(self.harness.stimulus)

    @cached_property
    def observed(self) -> Layout:
        """The row of observed ports."""
        return Layout.of(self.harness.observed)

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """The points of code coverage of the design (not of the harness), sorted by place; empty without coverage."""
        stored = json.loads((self.build.directory / "points.json").read_text(encoding="utf-8"))
        return tuple(Point(**point) for point in stored["points"])

    @cached_property
    def counters(self) -> int:
        """How many coverage counters the library has."""
        return int(json.loads((self.build.directory / "points.json").read_text(encoding="utf-8"))["counters"])


def build_batch(
    harness: Harness,
    *,
    workspace: Workspace,
    coverage: bool = False,
    processes: Processes | None = None,
    sandbox: Sandbox | None = None,
    extra_args: Sequence[str] = (),
) -> BatchBuild:
    """Compile ``harness`` with its design, or reuse the build of the same content.

    Unsupported PE820 where a statement of the design waits, PE311 where Verilator refuses it otherwise; ToolError where
    a tool is missing or breaks.
    """
    request = BuildRequest(
        sources=harness_sources(harness, workspace), top=harness.top, coverage=coverage, extra_args=tuple(extra_args)
    )
    builder = _Builder(
        harness=harness,
        request=request,
        workspace=workspace,
        processes=processes or Processes(),
        sandbox=sandbox,
    )
    key = build_key(request, NAME, (*(tool.identity for tool in builder.tools), *compile_flags(), _native_digest()))
    build = build_once(workspace, _with_shim(key, harness), request, NAME, builder.compile)
    return BatchBuild(harness=harness, build=build)


def harness_sources(harness: Harness, workspace: Workspace) -> SourceSet:
    """Return the design's sources with the harness's files after them, written to the workspace."""
    digest = sha256(json.dumps(list(harness.files.items())).encode()).hexdigest()[:20]
    folder = workspace.builds / "harnesses" / digest
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in harness.files.items():
        file = folder / name
        put(file, text.encode())
        written.append(file)
    sources = harness.design.sources
    # The parameters are the design's; the harness passes them on.
    return replace(sources, files=(*sources.files, *written), parameters={}, top=harness.top)


def worker_program(cache: Path, compiler: toolchain.Tool, scratch: Path, gcc: Callable[..., None]) -> Path:
    """Return the program that runs libraries; where it is missing, ``gcc(*words)`` compiles it in ``scratch``."""

    def build() -> Path:
        gcc(str(NATIVE / "worker.cpp"), "-o", "worker.made", "-ldl", "-lpthread")
        return scratch / "worker.made"

    return kept(cache, ("worker", _native_digest(), compiler.identity, *compile_flags()), "worker", build)


def _with_shim(key: str, harness: Harness) -> str:
    """Return the key with all that the shim is made of beside the harness's text."""
    ports = (harness.stimulus, harness.observed, harness.monitors, len(harness.covers))
    facts = (*ports, harness.schedule, harness.reset_ticks, harness.clocks)
    return f"{key}-{sha256(repr(facts).encode()).hexdigest()[:8]}"


def _native_digest() -> str:
    return sha256(b"\0".join((NATIVE / name).read_bytes() for name in _NATIVE_FILES)).hexdigest()


@dataclass(frozen=True, kw_only=True)
class _Builder:
    """One build: Verilator, then g++ on one file, then the linker."""

    harness: Harness
    request: BuildRequest
    workspace: Workspace
    processes: Processes
    sandbox: Sandbox | None
    tools: tuple[toolchain.Tool, toolchain.Tool] = field(
        default_factory=lambda: (toolchain.need("verilator"), toolchain.need("g++"))
    )

    def compile(self, scratch: Path, log: Path) -> Sequence[str]:
        """Make the library, the worker and the points in ``scratch``; return the compilers' warnings."""
        notes = compile_again_if_older(
            lambda asked: self._verilate(asked, scratch, log), with_extension, self.request, log
        )
        verilated = read_classes(scratch)
        own = [str(file) for file in self.request.sources.files if file.name in self.harness.files]
        counters = counters_of((scratch / "Vtop__Syms.h").read_text(encoding="utf-8"))
        models = [(file.name, file.read_text(encoding="utf-8")) for file in scratch.glob("*.cpp")]
        (scratch / "batch.cpp").write_text(unity_source(self.harness, models, counters), encoding="utf-8")
        cache = RuntimeCache.of(self.workspace)
        compiler = _Compiler(self, verilated, scratch, log)
        header = cache.use(compiler.header)
        archive = cache.use(compiler.runtime)
        worker = cache.use(compiler.worker)
        compiler.library(header, archive)
        (scratch / "worker").write_bytes(worker.read_bytes())
        (scratch / "worker").chmod(0o755)
        points = [point.as_json() for point in read_points(scratch, without=own)]
        (scratch / "points.json").write_text(json.dumps({"counters": counters, "points": points}), encoding="utf-8")
        for leftover in (*scratch.glob("*.o"), *scratch.glob("*.d"), *scratch.glob("*.dat")):
            leftover.unlink()
        return (*notes, *warnings_in(log))

    def _verilate(self, request: BuildRequest, scratch: Path, log: Path) -> None:
        sources = request.sources
        without = [f'coverage_off -file "{file}"' for file in sources.files if file.name in self.harness.files]
        (scratch / "coverage.vlt").write_text("\n".join(["`verilator_config", *without, ""]), encoding="utf-8")
        unit = request.timescale
        ended = self.call(
            (
                *(str(self.tools[0].path), "--cc", "-Mdir", str(scratch), "--prefix", "Vtop"),
                *("--top-module", request.top, "-O3", "--timescale", unit, *_TIMING),
                *common_arguments(request),
                *(f"-I{folder}" for folder in search_path(sources)),
                *(f"-D{name}={text}" if text else f"-D{name}" for name, text in sources.defines.items()),
                *request.extra_args,
                str(scratch / "coverage.vlt"),
                *map(str, sources.files),
            ),
            scratch,
            log,
        )
        if ended.timed_out:
            raise ToolError("PE313", f"verilator did not end within {ended.seconds:.0f} s")
        if ended.returncode != 0:
            raise _refusal(log, request, ended.returncode) from None

    def call(self, command: Sequence[str], scratch: Path, log: Path, *, readable: Sequence[Path] = ()) -> Ended:
        """Run a compiler in ``scratch``, inside the sandbox where there is one."""
        prefix = build_prefix(self.sandbox, self.request, scratch, readable=(NATIVE, *readable))
        return self.processes.run(
            (*prefix, *command),
            cwd=scratch,
            env={**os.environ, **_CCACHE, **self.tools[0].env},
            log=log,
            timeout_seconds=BUILD_TIMEOUT_SECONDS,
        )


@dataclass(frozen=True)
class _Compiler:
    """g++ on the files of one build."""

    builder: _Builder
    verilated: Verilated
    scratch: Path
    log: Path

    def header(self, cache: Path) -> Path:
        """Return the header that is compiled once for all builds; parsing it takes longer than most designs."""
        facts = self._facts("header", _HEADER)
        header = kept(cache, facts, "batch.h", lambda: self._written("batch.h", _HEADER))

        def build() -> Path:
            made = self._written("batch_header.h", _HEADER)
            self._gcc("-x", "c++-header", made.name, "-o", "batch.h.gch")
            return self.scratch / "batch.h.gch"

        kept(cache, facts, "batch.h.gch", build)
        return header

    def runtime(self, cache: Path) -> Path:
        """Return Verilator's runtime library, with our own endings of a simulation left to be defined."""
        names = [name for name in self.verilated.runtime if name != "verilated_cov"]
        runtime = replace(self.verilated, switches={}, lists={"VM_GLOBAL_FAST": tuple(names)})

        def make(objects: Sequence[str]) -> None:
            sources = (self.verilated.root / "include" / Path(name).with_suffix(".cpp") for name in objects)
            self._gcc("-c", *map(str, sources))

        return prebuilt_runtime(runtime, self.scratch, self.builder.tools, compile_flags(), make, cache)

    def worker(self, cache: Path) -> Path:
        """Return the program that runs libraries, the same for all."""
        return worker_program(cache, self.builder.tools[1], self.scratch, self._gcc)

    def library(self, header: Path, archive: Path) -> None:
        """Compile and link the library."""
        ccache = toolchain.find("ccache") if self.builder.sandbox is None else None
        self._gcc(
            *("-include", str(header), "-c", "batch.cpp", "-o", "batch.o"),
            readable=(header.parent,),
            before=[str(ccache.path)] if ccache else [],
        )
        self._gcc("-shared", "-o", "libbatch.so", "batch.o", str(archive), "-lpthread", readable=(archive.parent,))
        (self.scratch / "libbatch.so").chmod(0o755)

    def _gcc(self, *words: str, readable: Sequence[Path] = (), before: Sequence[str] = ()) -> None:
        include = self.verilated.root / "include"
        command = (
            *before,
            str(self.builder.tools[1].path),
            *compile_flags(),
            *(f"-I{folder}" for folder in (".", include, include / "vltstd", NATIVE)),
            *words,
        )
        ended = self.builder.call(command, self.scratch, self.log, readable=readable)
        if ended.returncode != 0:
            top = self.builder.request.top
            raise tool_broke("PE314", f"the C++ that Verilator made of {top} did not compile", self.log)

    def _facts(self, what: str, text: str) -> tuple[str, ...]:
        return (what, text, *(tool.identity for tool in self.builder.tools), *compile_flags())

    def _written(self, name: str, text: str) -> Path:
        file = self.scratch / name
        file.write_text(text, encoding="utf-8")
        return file


def _refusal(log: Path, request: BuildRequest, status: int) -> PosedgeError:
    delay = _DELAY.search(log.read_text(encoding="utf-8", errors="replace"))
    if delay is None:
        return verilator_refusal(log, request, status)
    return Unsupported(
        "PE820",
        "the batch engine goes from edge to edge and can't wait for a delay or an event here",
        where=f"{delay['file']}:{delay['line']}",
        hint="leave it to the cocotb bench, or move it out of the design",
    )
