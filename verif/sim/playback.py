"""Play a stimulus on RTL without cocotb, inside the sandbox: rows in, sampled outputs out.

One plain Verilog harness drives the inputs, samples the outputs just before the active edge and prints them. Icarus
runs it in a tenth of a second, so many candidates can be judged; Verilator runs the same harness through its backend.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from verif.design.model import Design, Direction, Edge, Port, SourceSet
from verif.errors import PosedgeError, ToolError
from verif.sim import toolchain
from verif.sim.process import Processes
from verif.sim.sandbox import Sandbox
from verif.sim.seam import BuildRequest, RunRequest
from verif.sim.verilator import Verilator
from verif.stimulus.rows import Stimulus
from verif.verdict import Verdict
from verif.workspace import Workspace

HARNESS = "posedge_playback"
_MARK = "POSEDGE "
_TIMEOUT_SECONDS = 60.0
_WAITER = '''"""Wait for the harness to finish; everything else is in the HDL."""

import cocotb
from cocotb.triggers import RisingEdge


@cocotb.test()
async def test_playback(dut):
    """Let the harness play to its end."""
    await RisingEdge(dut.done)
'''


@dataclass(frozen=True, kw_only=True, slots=True)
class Playback:
    """What one simulator made of one stimulus on one version of the RTL."""

    verdict: Verdict
    """PASS where it ran to its end; UNSUPPORTED where the simulator refuses the RTL, TIMEOUT, ERROR."""
    message: str = ""
    """Why it isn't PASS, in the simulator's words."""
    outputs: tuple[str, ...] = ()
    """One text of 0, 1, x and z a tick: the outputs of the design in port order, each with its highest bit first."""


def play_on_icarus(
    rtl: SourceSet, design: Design, stimulus: Stimulus, directory: Path, *, sandbox: Sandbox | None
) -> Playback:
    """Compile ``rtl`` with the harness in ``directory`` and run ``stimulus``."""
    _write(directory, design, stimulus)
    sources = (directory / f"{HARNESS}.v", *rtl.files)
    prefix = sandbox.prefix(readable=(*rtl.files, *rtl.include_dirs), writable=(directory,)) if sandbox else ()
    compiled = directory / "playback.vvp"
    compiler, runner = toolchain.need("iverilog"), toolchain.need("vvp")
    command = [str(compiler.path), "-g2012", "-o", str(compiled), "-s", HARNESS]
    command += [f"-I{folder}" for folder in rtl.include_dirs]
    command += [f"-D{name}={text}" if text else f"-D{name}" for name, text in rtl.defines.items()]
    done, text = _call((*prefix, *command, *map(str, sources)), directory, "compile.log")
    if done is not Verdict.PASS:
        return Playback(verdict=Verdict.UNSUPPORTED if done is Verdict.ERROR else done, message=_first_complaint(text))
    done, text = _call((*prefix, str(runner.path), "-n", str(compiled)), directory, "run.log")
    return _read(done, text, len(stimulus))


def play_on_verilator(
    rtl: SourceSet, design: Design, stimulus: Stimulus, directory: Path, *, sandbox: Sandbox | None
) -> Playback:
    """Build ``rtl`` with the harness through the Verilator backend and run ``stimulus`` in ``directory``."""
    _write(directory, design, stimulus)
    (directory / "posedge_playback_wait.py").write_text(_WAITER, encoding="utf-8")
    sources = replace(rtl, files=(directory / f"{HARNESS}.v", *rtl.files), top=HARNESS)
    backend = Verilator(workspace=Workspace(directory / "sim_builds"), sandbox=sandbox)
    try:
        build = backend.build(BuildRequest(sources=sources, top=HARNESS))
        request = RunRequest(
            build=build,
            test_modules=("posedge_playback_wait",),
            python_path=(directory,),
            seed=1,
            timeout_seconds=_TIMEOUT_SECONDS,
            directory=directory,
        )
        outcome = backend.run(request)
    except ToolError:
        raise
    except PosedgeError as error:
        return Playback(verdict=Verdict.UNSUPPORTED, message=error.sentence)
    return _read(outcome.verdict, outcome.log.read_text(encoding="utf-8", errors="replace"), len(stimulus))


def harness_source(design: Design, stimulus: Stimulus) -> str:
    """Return the harness: one register for all inputs, one wire for all outputs, a loop over the rows."""
    clocks = {clock.name: clock for clock in design.clocks}
    columns = _columns(design, stimulus)
    outputs = [port for port in design.ports if port.direction is Direction.OUTPUT]
    connections = [f".{name}({name})" for name in clocks]
    connections += [f".{port.name}(row[{low + port.width - 1}:{low}])" for port, low in _slices(columns)]
    connections += [f".{port.name}(sampled[{low + port.width - 1}:{low}])" for port, low in _slices(outputs)]
    rest = {name: "1'b0" if clock.edge is Edge.RISING else "1'b1" for name, clock in clocks.items()}
    raises = [f"if (edges[{index}]) {name} = !{name};" for index, name in enumerate(clocks)]
    joined = ",\n    ".join(connections)
    given = ", ".join(f".{name}({value})" for name, value in design.sources.parameters.items())
    lines = [
        "`timescale 1ns/1ps",
        f"module {HARNESS};",
        *(f"  reg {name} = {value};" for name, value in rest.items()),
        f"  reg [{_width(columns) - 1}:0] rows [0:{len(stimulus) - 1}];",
        f"  reg [{_width(columns) - 1}:0] row;",
        f"  reg [{max(len(clocks), 1) - 1}:0] clocked [0:{len(stimulus) - 1}];",
        f"  reg [{max(len(clocks), 1) - 1}:0] edges;",
        f"  wire [{max(_width(outputs), 1) - 1}:0] sampled;",
        "  reg done = 1'b0;",
        "  integer tick;",
        f"  {design.top}{f' #({given})' if given else ''} dut (\n    {joined}\n  );",
        "  initial begin",
        '    $readmemh("rows.hex", rows);',
        '    $readmemh("edges.hex", clocked);',
        "    #1;",  # every process waits for its events by then: the first reset edge is seen
        f"    for (tick = 0; tick < {len(stimulus)}; tick = tick + 1) begin",
        "      row = rows[tick];",
        "      edges = clocked[tick];",
        "      #1;",
        f'      $display("{_MARK}%b", sampled);',
        "      #1;",
        *(f"      {text}" for text in raises),
        "      #1;",
        *(f"      {text}" for text in raises),
        "      #1;",
        "    end",
        "    done = 1'b1;",
        "    #1000 $finish;",
        "  end",
        "endmodule",
    ]
    return "\n".join(lines) + "\n"


def _write(directory: Path, design: Design, stimulus: Stimulus) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    (directory / f"{HARNESS}.v").write_text(harness_source(design, stimulus), encoding="utf-8")
    columns = _columns(design, stimulus)
    indices = [stimulus.ports.index(port.name) for port in columns]
    clocks = [stimulus.ports.index(clock.name) for clock in design.clocks]
    rows, edges = [], []
    for values in stimulus.rows:
        word = 0
        for port, index in zip(columns, indices, strict=True):
            word = word << port.width | values[index]
        rows.append(f"{word:x}")
        edges.append(f"{sum(values[index] << place for place, index in enumerate(clocks)):x}")
    (directory / "rows.hex").write_text("\n".join(rows) + "\n", encoding="ascii")
    (directory / "edges.hex").write_text("\n".join(edges) + "\n", encoding="ascii")


def _columns(design: Design, stimulus: Stimulus) -> list[Port]:
    """Return the inputs that the rows hold, clocks apart, in port order."""
    clocks = {clock.name for clock in design.clocks}
    return [
        port
        for port in design.ports
        if port.direction is Direction.INPUT and port.name not in clocks and port.name in stimulus.ports
    ]


def _width(ports: Sequence[Port]) -> int:
    return max(sum(port.width for port in ports), 1)


def _slices(ports: Sequence[Port]) -> list[tuple[Port, int]]:
    """Return each port with its lowest bit in the joined word, in which the first port is the highest."""
    low = sum(port.width for port in ports)
    found = []
    for port in ports:
        low -= port.width
        found.append((port, low))
    return found


def _call(command: Sequence[str], directory: Path, log: str) -> tuple[Verdict, str]:
    file = directory / log
    file.unlink(missing_ok=True)
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(directory)}
    ended = Processes().run(command, cwd=directory, env=environment, log=file, timeout_seconds=_TIMEOUT_SECONDS)
    text = file.read_text(encoding="utf-8", errors="replace")
    if ended.timed_out or ended.flooded:
        return Verdict.TIMEOUT, "it did not end"
    return (Verdict.PASS if ended.returncode == 0 else Verdict.ERROR), text


def _read(verdict: Verdict, text: str, ticks: int) -> Playback:
    """Take the samples out of a run's log; a run that lost some is an ERROR."""
    if verdict is not Verdict.PASS:
        return Playback(verdict=verdict, message=_first_complaint(text))
    outputs = tuple(line.split(_MARK, 1)[1].strip() for line in text.splitlines() if _MARK in line)
    if len(outputs) != ticks:
        return Playback(verdict=Verdict.ERROR, message=f"it ended after {len(outputs)} of {ticks} cycles")
    return Playback(verdict=Verdict.PASS, outputs=outputs)


def _first_complaint(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower()]
    return (errors or lines or ["it said nothing"])[0][:200]
