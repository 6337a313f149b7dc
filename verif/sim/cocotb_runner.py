"""The only module that touches ``cocotb_tools.runner``: its rough edges stay in here.

What they are: it prefers the caller's environment to its own arguments, calls ``sys.exit`` in library code, acts
differently under pytest, knows no time-out and starts programs in the caller's process group. The two classes below
keep its knowledge of the simulators (command lines, GPI libraries) and replace the rest by overriding its hooks.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import find_libpython
from cocotb_tools import config, runner

from verif.errors import ToolError, Unsupported
from verif.sim.content import search_path
from verif.sim.process import Ended, Processes
from verif.sim.seam import BuildRequest, RunRequest

_RESULTS = "results.xml"
_SCRUBBED = ("COCOTB_", "GPI_", "PYGPI_", "VERILATOR_", "BENCH_", "SIM_CMD_")
_SCRUBBED_NAMES = frozenset(
    {
        "MODULE",
        "TESTCASE",
        "TOPLEVEL",
        "TOPLEVEL_LANG",
        "RANDOM_SEED",
        "WAVES",
        "GUI",
        "PYTHONHOME",
        "MAKEFLAGS",
        "MFLAGS",
    }
)
_VHDL = (".vhd", ".vhdl")


@dataclass(frozen=True, kw_only=True, slots=True)
class Execution:
    """How the runner's commands are executed."""

    processes: Processes
    log: Path
    timeout_seconds: float
    env: Mapping[str, str] = field(default_factory=dict)
    """Variables on top of the scrubbed environment."""
    prefix: tuple[str, ...] = ()
    """Put before each command: the sandbox."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CommandFailed(Exception):
    """A command ended with a status other than zero, or had to be ended."""

    ended: Ended


def clean_environment() -> dict[str, str]:
    """Return this process's environment without the variables that would steer cocotb or a simulator."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(_SCRUBBED) and name not in _SCRUBBED_NAMES
    }


class _Supervised(runner.Runner):  # type: ignore[misc]
    """A runner whose environment, output and processes are ours."""

    env: dict[str, str]

    def __init__(self, execution: Execution, *, waves: bool) -> None:
        self._execution = execution
        self._wants_waves = waves
        self.ended = Ended(returncode=0, seconds=0.0)
        super().__init__()
        self.log = logging.Logger("posedge.cocotb", level=logging.CRITICAL)

    def _simulator_in_path(self) -> None:
        """Leave the search to ``verif.sim.toolchain``."""

    def _set_env_common(self) -> None:
        # The runner reads WAVES and GUI just before this call; our request decides.
        self.waves, self.gui = self._wants_waves, False
        environment = clean_environment()
        environment["PATH"] = os.pathsep.join((environment.get("PATH", os.defpath), str(config.libs_dir)))
        self.env = {
            **environment,
            **self.env,
            "PYGPI_PYTHON_BIN": sys.executable,
            "GPI_USERS": f"{_libpython()};{config.pygpi_entry_point()}",
            **self._execution.env,
        }

    def _get_sim_cmd_prefix(self) -> list[str]:
        return []

    def _get_sim_cmd_suffix(self) -> list[str]:
        return []

    def _execute(self, cmds: Sequence[list[str]], cwd: Any) -> None:
        for command in cmds:
            self.ended = self._execution.processes.run(
                (*self._execution.prefix, *command),
                cwd=Path(cwd),
                env=self.env,
                log=self._execution.log,
                timeout_seconds=self._execution.timeout_seconds,
            )
            if self.ended.returncode != 0 or self.ended.timed_out:
                raise CommandFailed(ended=self.ended)


class Icarus(_Supervised, runner.Icarus):  # type: ignore[misc]
    """cocotb's Icarus runner; waves are written where the plusarg says, in the format of its suffix."""

    def _test_command(self) -> list[list[str]]:
        commands: list[list[str]] = super()._test_command()
        fst = any(word.startswith("+dumpfile_path=") and word.endswith(".fst") for word in self.plusargs)
        return commands if fst else [["-vcd" if word == "-fst" else word for word in each] for each in commands]


class Verilator(_Supervised, runner.Verilator):  # type: ignore[misc]
    """cocotb's Verilator runner, up to the generated C++; ``verif.sim.verilator`` compiles that."""

    program = "verilator"

    def _simulator_in_path_build_only(self) -> None:
        self.executable = self.program

    def _build_command(self) -> list[list[str]]:
        return super()._build_command()[:1]  # type: ignore[no-any-return]


def build(machine: Icarus | Verilator, request: BuildRequest, directory: Path, arguments: Sequence[str]) -> None:
    """Run the runner's build step in ``directory``; CommandFailed where the compiler refuses."""
    unit, _, precision = request.timescale.partition("/")
    machine.build(
        sources=[_tagged(file) for file in request.sources.files],
        includes=search_path(request.sources),
        defines=dict(request.sources.defines),
        parameters=dict(request.sources.parameters),
        build_args=[*arguments, *request.extra_args],
        hdl_toplevel=request.top,
        always=True,
        build_dir=directory,
        timescale=(unit, precision or unit),
        waves=request.waves,
    )


def run(machine: Icarus | Verilator, request: RunRequest, arguments: Sequence[str], plusargs: Sequence[str]) -> Path:
    """Run the runner's test step; return where results.xml is, if the run got that far."""
    results = request.directory / _RESULTS
    results.unlink(missing_ok=True)
    with contextlib.suppress(CommandFailed, SystemExit):
        machine.test(
            test_module=list(request.test_modules),
            hdl_toplevel=request.build.top,
            hdl_toplevel_lang="verilog",
            seed=request.seed,
            test_filter=request.test_filter,
            test_args=list(arguments),
            plusargs=[*request.plusargs, *plusargs],
            extra_env={},
            waves=request.waves is not None,
            build_dir=request.build.directory,
            test_dir=request.directory,
            results_xml=str(results),
        )
    return results


def run_environment(request: RunRequest) -> dict[str, str]:
    """Return the variables of a run: where Python looks, a fixed hash seed, nothing written beside the bench."""
    inherited = os.environ.get("PYTHONPATH", "")
    path = os.pathsep.join((*map(str, request.python_path), *([inherited] if inherited else [])))
    return {
        "PYTHONPATH": path,
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "COCOTB_ANSI_OUTPUT": "0",
        **request.env,
    }


def _tagged(file: Path) -> Any:
    if file.suffix in _VHDL:
        raise Unsupported("PE312", "VHDL is not taken, only Verilog and SystemVerilog", where=f"{file}:1")
    return runner.VerilatorControlFile(file) if file.suffix == ".vlt" else runner.Verilog(file)


@functools.cache
def _libpython() -> str:
    found = find_libpython.find_libpython()
    if found is None:
        raise ToolError(
            "PE307",
            f"the shared library of {sys.executable} was not found, and cocotb needs it",
            hint=f"on Debian: apt-get install libpython{sys.version_info.major}.{sys.version_info.minor}; else use a "
            "Python that was built with --enable-shared",
        )
    return str(found)
