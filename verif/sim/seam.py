"""The simulator seam: what every backend (icarus, verilator, fake, later batch and lanes) takes and gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from verif.design.model import SourceSet
from verif.verdict import Verdict


class WaveFormat(StrEnum):
    """The format of a wave dump, and its file's suffix."""

    VCD = "vcd"
    """Text that any viewer reads."""
    FST = "fst"
    """Compressed; GTKWave and Surfer read it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BuildRequest:
    """RTL to compile for cocotb."""

    sources: SourceSet
    top: str
    """The HDL module to elaborate."""
    coverage: bool = False
    """Instrument for line and toggle coverage where the simulator can."""
    waves: bool = False
    """Make the build able to dump waves."""
    wave_format: WaveFormat = WaveFormat.VCD
    """What it dumps; without ``waves`` it means nothing."""
    timescale: str = "1ns/1ps"
    extra_args: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Build:
    """A compiled design; its directory is named by the digest of all that went in."""

    simulator: str
    directory: Path
    key: str
    top: str
    reused: bool
    """True where nothing had to be compiled."""
    seconds: float
    """Wall time of this call."""
    warnings: tuple[str, ...] = ()
    wave_format: WaveFormat = WaveFormat.VCD
    """What it dumps where it dumps; VCD in place of FST where the simulator can't write that here."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RunRequest:
    """cocotb test modules to run on a build, in one simulator process."""

    build: Build
    test_modules: tuple[str, ...]
    python_path: tuple[Path, ...]
    """Directories put before everything else on the simulator's sys.path."""
    seed: int
    """Becomes COCOTB_RANDOM_SEED."""
    test_filter: str | None = None
    """Regular expression on test names (COCOTB_TEST_FILTER)."""
    plusargs: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    timeout_seconds: float = 600.0
    waves: Path | None = None
    """Where to put the wave dump; the build must have been made with ``waves`` and write the suffix's format."""
    directory: Path
    """Working directory of the run; logs and results are written here."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TestOutcome:
    """The verdict on one cocotb test."""

    __test__ = False

    name: str
    verdict: Verdict
    seconds: float
    """Wall time of the test."""
    sim_time_ns: float = 0.0
    message: str = ""
    """The assertion's text for FAIL, the reason for the others."""
    module: str = ""
    """The Python module that the test is in; empty where the log did not tell."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RunOutcome:
    """What became of one simulator process."""

    verdict: Verdict
    """The tests' verdicts combined; ERROR where the process broke, UNKNOWN where no test ran."""
    tests: tuple[TestOutcome, ...]
    log: Path
    seconds: float
    waves: Path | None = None
    coverage: Path | None = None
    """Verilator's coverage.dat."""
    problem: str = ""
    """One sentence on the process where the tests' verdicts don't tell the whole: it crashed, hung, ran no test."""
    skipped: tuple[str, ...] = ()
    """Tests that the bench itself marks as skipped; they have no verdict."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ToolStatus:
    """Whether a tool is there, which one, and how to get it."""

    name: str
    found: bool
    version: str = ""
    path: str = ""
    origin: str = ""
    """Where it was found: ``PATH`` or the Python package that carries it."""
    fix: str = ""
    """The command that installs it."""
    needed_for: str = ""


class Simulator(Protocol):
    """A backend. ``build`` and ``run`` raise ToolError where the tool is missing, breaks or hangs."""

    @property
    def name(self) -> str:
        """What users call it."""
        ...

    def status(self) -> ToolStatus:
        """Look the tool up; never raises."""
        ...

    def build(self, request: BuildRequest) -> Build:
        """Compile, or reuse the build of the same content; Unsupported with file:line where the RTL isn't taken."""
        ...

    def run(self, request: RunRequest) -> RunOutcome:
        """Run the tests in one process; a time-out gives Verdict.TIMEOUT and leaves no orphan."""
        ...
