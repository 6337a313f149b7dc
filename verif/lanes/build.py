"""Build a harness as a lane library: a netlist by Yosys, C++ of it, compiled."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import ClassVar

from verif.errors import ToolError, Unsupported
from verif.harness.model import Harness
from verif.lanes.draft import Draft
from verif.lanes.drawing import draft_of, drawing_text
from verif.lanes.emitting import lanes_source
from verif.lanes.netlist import Netlist
from verif.lanes.probing import probe_source, probed_harness
from verif.lanes.processor import Processor, this_processor
from verif.lanes.settings import FUNCTIONS, SECONDS, setting
from verif.lanes.synthesis import MOST_BITS_IN_REGISTERS, Synthesis
from verif.plan.model import Testplan
from verif.sim import toolchain
from verif.sim.batch.build import NATIVE as BATCH_NATIVE
from verif.sim.batch.build import harness_sources, worker_program
from verif.sim.batch.layout import Layout
from verif.sim.batch.points import Point
from verif.sim.builds import build_key, build_once
from verif.sim.diagnosis import tool_broke
from verif.sim.process import Processes
from verif.sim.runtime import RuntimeCache
from verif.sim.sandbox import Sandbox, build_prefix
from verif.sim.seam import Build, BuildRequest
from verif.workspace import Workspace

NAME = "lanes"
"""What the engine is called in builds."""
MOST_TABLES = 100_000
"""Netlists with more tables take minutes to compile, and their state leaves the caches."""
MOST_MEMORY_BITS = 2**20
"""A memory with more bits would fill 64 MiB and more with its lanes."""
COMPILE_SECONDS = 120.0
_PROBE = "libprobe.so"

_HERE = Path(__file__).resolve().parent
_NATIVE = _HERE / "native"
_FLAGS = ("-O2", "-std=gnu++17", "-fPIC", "-fvisibility=hidden", "-fno-strict-aliasing", "-w")


@dataclass(frozen=True, kw_only=True)
class LanesBuild:
    """A harness as a library that ``Batch`` runs, many lanes in one step."""

    harness: Harness
    build: Build
    processor: Processor
    plan: Testplan | None = None
    """What the stimulus that it draws follows."""
    file: str = "liblanes.so"

    @property
    def library(self) -> Path:
        """The shared library."""
        return self.build.directory / self.file

    @cached_property
    def probe(self) -> LanesBuild | None:
        """The design alone, whose points tell which mutants matter on a stimulus; None where no probe was built."""
        if not (self.build.directory / _PROBE).is_file():
            return None
        return replace(self, harness=probed_harness(self.harness), file=_PROBE)

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

    @property
    def points(self) -> tuple[Point, ...]:
        """None: what lanes cover are the harness's ``covers``."""
        return ()

    @property
    def counters(self) -> int:
        """None either."""
        return 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What a build may take before the batch engine is the better choice."""

    tables: int = MOST_TABLES
    memory_bits: int = MOST_MEMORY_BITS
    seconds: float = COMPILE_SECONDS
    """Of each run of Yosys, and of the compiler."""

    @classmethod
    def usual(cls) -> Limits:
        """Return what the environment says, else the defaults; InputError PE831."""
        tables = setting(FUNCTIONS, MOST_TABLES)
        return cls(tables=tables, seconds=float(setting(SECONDS, int(COMPILE_SECONDS))))


def build_lanes(
    harness: Harness,
    *,
    workspace: Workspace,
    plan: Testplan | None = None,
    processes: Processes | None = None,
    sandbox: Sandbox | None = None,
    processor: Processor | None = None,
    limits: Limits | None = None,
    register_bits: int = MOST_BITS_IN_REGISTERS,
) -> LanesBuild:
    """Compile ``harness`` with its design, or reuse the build of the same content.

    With a plan, the stimulus that it draws follows the plan's phases. Memories of at most ``register_bits`` become
    registers. InputError PE870 where Yosys can't read the design;
    Unsupported PE825 for what has no place in lanes, PE826 for what is over a limit; ToolError where a tool is missing,
    breaks or takes too long.
    """
    request = BuildRequest(sources=harness_sources(harness, workspace), top=harness.top)
    builder = Builder(
        harness=harness,
        draft=draft_of(harness, plan),
        request=request,
        workspace=workspace,
        processes=processes or Processes(),
        sandbox=sandbox,
        processor=processor or this_processor(),
        limits=limits or Limits.usual(),
        register_bits=register_bits,
    )
    return builder.build(plan)


@dataclass(frozen=True, kw_only=True)
class Builder:
    """One build: Yosys twice, then g++ on one file. Another synthesis is another class."""

    name: ClassVar[str] = NAME
    """What it is called in builds."""

    harness: Harness
    draft: Draft
    request: BuildRequest
    workspace: Workspace
    processes: Processes
    sandbox: Sandbox | None
    processor: Processor
    limits: Limits
    register_bits: int
    compiler: toolchain.Tool = field(default_factory=lambda: toolchain.need("g++"))
    yosys: toolchain.Tool = field(default_factory=lambda: toolchain.need("yosys"))

    def build(self, plan: Testplan | None) -> LanesBuild:
        """Compile, or reuse the build of the same content; ``plan`` is what the draft was made of."""
        build = build_once(self.workspace, self.key, self.request, self.name, self.compile)
        return LanesBuild(harness=self.harness, build=build, processor=self.processor, plan=plan)

    @property
    def key(self) -> str:
        """Name of the build: a digest of all that decides what comes out."""
        tools = (self.compiler.identity, self.yosys.identity, *_FLAGS, *self.processor.flags, _own_digest())
        harness = self.harness
        ports = (harness.stimulus, harness.observed, harness.monitors, harness.covers)
        drawing = sha256("\n".join(drawing_text(self.draft)).encode()).hexdigest()
        facts = (
            *(*ports, harness.schedule, harness.reset_ticks, harness.clocks),
            *(self.processor, self.register_bits, drawing),
        )
        return f"{build_key(self.request, self.name, tools)}-{sha256(repr(facts).encode()).hexdigest()[:8]}"

    def compile(self, scratch: Path, log: Path) -> Sequence[str]:
        """Make the library and the worker in ``scratch``."""
        netlist = self.synthesis(scratch)
        self._check(netlist)
        processor = self.processor
        texts = {"lanes": lanes_source(self.harness, netlist, self.draft, processor)}
        if (text := probe_source(self.harness, netlist, processor)) is not None:
            texts["probe"] = text

        def gcc(*words: str) -> None:
            self._gcc(scratch, log, *words)

        for name, text in texts.items():
            (scratch / f"{name}.cpp").write_text(text, encoding="utf-8")
            gcc(*processor.flags, "-shared", f"{name}.cpp", "-o", f"lib{name}.so")
        program = RuntimeCache.of(self.workspace).use(lambda cache: worker_program(cache, self.compiler, scratch, gcc))
        (scratch / "worker").write_bytes(program.read_bytes())
        for name in ("worker", *(f"lib{name}.so" for name in texts)):
            (scratch / name).chmod(0o755)
        return ()

    def synthesis(self, scratch: Path) -> Netlist:
        """Make the netlist in ``scratch``."""
        made = Synthesis(
            harness=self.harness,
            sources=self.request.sources,
            tables=self.processor.ternary,
            register_bits=self.register_bits,
        )
        return made.run(scratch, self.processes, seconds=self.limits.seconds)

    def _check(self, netlist: Netlist) -> None:
        if len(netlist.tables) > self.limits.tables:
            raise _too_large(f"{len(netlist.tables)} functions of three bits", f"{self.limits.tables}")
        for memory in netlist.memories:
            if memory.width * memory.words > self.limits.memory_bits and not memory.shared:
                size = f"memory {memory.name} of {memory.words} words of {memory.width} bits"
                raise _too_large(size, f"{self.limits.memory_bits} bits a memory")

    def _gcc(self, scratch: Path, log: Path, *words: str) -> None:
        prefix = build_prefix(self.sandbox, self.request, scratch, readable=(_NATIVE, BATCH_NATIVE))
        ended = self.processes.run(
            (*prefix, str(self.compiler.path), *_FLAGS, f"-I{_NATIVE}", f"-I{BATCH_NATIVE}", *words),
            cwd=scratch,
            env={**os.environ, **self.compiler.env},
            log=log,
            timeout_seconds=self.limits.seconds,
        )
        if ended.timed_out:
            raise ToolError(
                "PE827", f"g++ took more than {self.limits.seconds:g} s for the lanes of {self.harness.top}"
            )
        if ended.returncode != 0:
            raise tool_broke("PE827", f"the C++ made of the netlist of {self.harness.top} did not compile", log)


def _too_large(what: str, limit: str) -> Unsupported:
    return Unsupported("PE826", f"the design is too large for lanes: {what}, and the limit is {limit}")


def _own_digest() -> str:
    """Return the digest of all that makes the C++, and of what the C++ includes."""
    files = sorted((*_HERE.glob("*.py"), *_NATIVE.glob("*.h"), *(_HERE / "hdl").glob("*.sv"), BATCH_NATIVE / "call.h"))
    return sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()
