"""A cocotb Makefile, read by make itself.

``make`` runs with a ``cocotb-config`` that points to a Makefile.sim of ours, which prints the variables in place of
simulating. So conditionals, functions and includes mean what they mean; parsing the text would guess at them.
``$(shell)`` runs too: in the sandbox it can change nothing.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from verif.bench.adopt.calls import Confine, FoundCall, sort_arguments
from verif.bench.adopt.reading import run_to_read
from verif.errors import InputError, ToolError, Unsupported

_VARIABLES = (
    "SIM",
    "TOPLEVEL_LANG",
    "VERILOG_SOURCES",
    "VHDL_SOURCES",
    "VERILOG_INCLUDE_DIRS",
    "COCOTB_TOPLEVEL",
    "TOPLEVEL",
    "COCOTB_TEST_MODULES",
    "MODULE",
    "COCOTB_TEST_FILTER",
    "COCOTB_TESTCASE",
    "TESTCASE",
    "COMPILE_ARGS",
    "EXTRA_ARGS",
    "SIM_ARGS",
    "COCOTB_PLUSARGS",
    "PLUSARGS",
    "COCOTB_HDL_TIMEUNIT",
    "COCOTB_HDL_TIMEPRECISION",
)
_MARK = "posedge-adopt:"
_OWN_ENVIRONMENT = re.compile(r"MAKE|MFLAGS|SHLVL|PWD|OLDPWD|_$|COCOTB_|GPI_|PYGPI_|SIM$|SIM_BUILD|OS$|TERM")
_NOT_DATA = frozenset({"Makefile", "sim_build", "sim_builds", "results.xml", "__pycache__", "bench.toml", ".git"})
_NOT_DATA_SUFFIXES = frozenset(
    {".py", ".pyc", ".v", ".sv", ".vh", ".svh", ".vhd", ".vhdl", ".vcd", ".fst", ".gtkw", ".mk", ".core"}
)


def uses_cocotb(makefile: Path) -> bool:
    """Tell whether a Makefile seems to be one of cocotb's."""
    text = makefile.read_text(encoding="utf-8", errors="replace")
    return "cocotb" in text.lower() and ("Makefile.sim" in text or "include" in text)


def read_for_simulators(makefile: Path, confine: Confine) -> dict[str, FoundCall]:
    """Return what a Makefile simulates on each of our simulators: its default, and any that it names.

    One that it refuses (some skip themselves on an old Icarus) is left out, and the other is tried in its place. Where
    it refuses both, the first refusal is raised; see ``read_makefile``.
    """
    calls: dict[str, FoundCall] = {}
    refusals: list[InputError] = []
    wanted = simulators_of(makefile)
    for name in dict.fromkeys((*wanted, "verilator")):
        if name in wanted or not calls:
            try:
                calls[name] = read_makefile(makefile, name, confine)
            except InputError as error:
                refusals.append(error)
    if not calls:
        raise refusals[0]
    return calls


def simulators_of(makefile: Path) -> tuple[str, ...]:
    """Return the simulators of ours that a Makefile is for: its default (Icarus is cocotb's) first."""
    text = makefile.read_text(encoding="utf-8", errors="replace")
    default = re.search(r"^\s*SIM\s*[?:]?=\s*(icarus|verilator)\b", text, re.MULTILINE)
    named = [name for name in ("icarus", "verilator") if re.search(rf"\b{name}\b", text)]
    return tuple(dict.fromkeys((default[1] if default else "icarus", *named)))


def read_makefile(makefile: Path, simulator: str, confine: Confine) -> FoundCall:
    """Return what ``make SIM=simulator`` would simulate.

    InputError PE441 where make fails, Unsupported where it is for VHDL, ToolError PE440 without make.
    """
    values, exported = _variables(makefile, simulator, confine)
    if values["VHDL_SOURCES"] or values["TOPLEVEL_LANG"] == "vhdl":
        raise Unsupported("PE442", "this bench is for VHDL, and only Verilog is taken", where=f"{makefile}:1")
    folder = makefile.parent
    arguments = sort_arguments(shlex.split(f"{values['COMPILE_ARGS']} {values['EXTRA_ARGS']}"))
    plusargs = shlex.split(f"{values['SIM_ARGS']} {values['COCOTB_PLUSARGS']} {values['PLUSARGS']}")
    includes = (*shlex.split(values["VERILOG_INCLUDE_DIRS"]), *arguments.include_dirs)
    tops = shlex.split(values["COCOTB_TOPLEVEL"] or values["TOPLEVEL"])
    modules = (values["COCOTB_TEST_MODULES"] or values["MODULE"]).replace('"', "")
    testcase = values["COCOTB_TESTCASE"] or values["TESTCASE"]
    if not tops or not modules.strip(" ,"):
        raise InputError("PE441", "this Makefile names no top level or no test module", where=str(makefile))
    python_path = (Path(entry) for entry in exported.pop("PYTHONPATH", "").split(os.pathsep) if entry)
    return FoundCall(
        label="default",
        top=tops[0],
        test_modules=tuple(name.strip() for name in modules.split(",") if name.strip()),
        sources=tuple(_path(folder, name) for name in dict.fromkeys(shlex.split(values["VERILOG_SOURCES"]))),
        python_path=(folder, *(_path(folder, str(entry)) for entry in python_path)),
        include_dirs=tuple(_path(folder, name) for name in includes),
        defines=arguments.defines,
        parameters=arguments.parameters,
        env=exported,
        compile_args=tuple(arguments.rest),
        plusargs=tuple(word for word in plusargs if word.startswith("+")),
        timescale=f"{values['COCOTB_HDL_TIMEUNIT'] or '1ns'}/{values['COCOTB_HDL_TIMEPRECISION'] or '1ps'}",
        test_filter=values["COCOTB_TEST_FILTER"] or _any_of(testcase),
        data_folder=folder,
    )


def data_in(folder: Path) -> tuple[Path, ...]:
    """Return what lies beside a Makefile and may be read at run time: neither RTL, nor Python, nor output."""
    return tuple(
        path
        for path in sorted(folder.iterdir())
        if path.name not in _NOT_DATA and path.suffix not in _NOT_DATA_SUFFIXES and not path.name.startswith(".")
    )


def _any_of(names: str) -> str:
    parts = [re.escape(name.strip()) for name in names.split(",") if name.strip()]
    return rf"\.(?:{'|'.join(parts)})$" if parts else ""


def _path(folder: Path, name: str) -> Path:
    return Path(os.path.normpath(folder / name))


def _variables(makefile: Path, simulator: str, confine: Confine) -> tuple[dict[str, str], dict[str, str]]:
    """Return the Makefile's variables, and the environment that it exports."""
    program = shutil.which("make")
    if program is None:
        raise ToolError("PE440", "make was not found, and it reads the Makefile", hint="install it: apt install make")
    with _stub() as stub:
        command = [program, "-s", "-f", makefile.name, "posedge-adopt", f"SIM={simulator}"]
        environment = _environment(stub)
        done = run_to_read([*confine({}), *command], makefile, environment)
    told = done.stdout
    if done.returncode != 0 or _MARK not in told:
        raise InputError("PE441", _refusal(simulator, done.stderr), where=str(makefile))
    values = dict(re.findall(rf"^{_MARK}(\w+)=(.*)$", told, re.MULTILINE))
    exported = dict(
        entry.partition("=")[::2] for entry in told.rpartition(f"{_MARK}env\n")[2].split("\0") if "=" in entry
    )
    return values, _added(exported, environment)


def _refusal(simulator: str, said: str) -> str:
    if not said.strip() or "No rule to make target 'posedge-adopt'" in said:
        return (
            f"with SIM={simulator} this Makefile doesn't come to include cocotb's Makefile.sim, so it simulates nothing"
        )
    return f"make can't read this Makefile: {said.strip().splitlines()[-1]}"


def _added(exported: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
    """Return what the Makefile exports beyond what it was given, make's own and cocotb's variables left out."""
    return {
        name: value
        for name, value in sorted(exported.items())
        if before.get(name) != value and not _OWN_ENVIRONMENT.match(name)
    }


def _environment(stub: Path) -> dict[str, str]:
    keep = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "COCOTB_", "MFLAGS"))}
    keep.pop("PYTHONPATH", None)
    return {**keep, "PATH": f"{stub}{os.pathsep}{keep.get('PATH', os.defpath)}"}


@contextmanager
def _stub() -> Iterator[Path]:
    """Give a folder with the ``cocotb-config`` and the Makefile.sim that answer in place of cocotb's."""
    with tempfile.TemporaryDirectory(prefix="posedge-adopt-") as name:
        stub = Path(name)
        program = stub / "cocotb-config"
        program.write_text(f"#!/bin/sh\necho {shlex.quote(name)}\n", encoding="utf-8")
        program.chmod(0o755)
        told = "".join(f"$(info {_MARK}{variable}=$({variable}))" for variable in _VARIABLES)
        recipe = f"\t@:{told}\n\t@echo '{_MARK}env'; env -0\n"
        rules = f".PHONY: posedge-adopt sim regression\nsim regression:\nposedge-adopt:\n{recipe}"
        (stub / "Makefile.sim").write_text(rules, encoding="utf-8")
        yield stub
