"""A design under Icarus, stepped cycle by cycle from Python through a pipe: no cocotb, one process."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

from verif.design.model import Design, Direction, Edge


class LiveDut:
    """Step a design as DESIGN section 5 says: drive, settle, sample, then the active edge of the ticking clock.

    ``step`` takes all inputs (a clock's name maps to 1 where its active edge ends the tick) and returns the outputs,
    None where any bit is X or Z.
    """

    def __init__(self, design: Design, directory: Path, files: Sequence[Path] = ()) -> None:
        self.design = design
        directory.mkdir(parents=True, exist_ok=True)
        bench = directory / "live.v"
        bench.write_text(_bench(design), encoding="utf-8")
        program = directory / "live.vvp"
        sources = [str(file) for file in (files or design.sources.files)]
        include = [f"-I{path}" for path in design.sources.include_dirs]
        command = ["iverilog", "-g2012", "-s", "live", *include, "-o", str(program), str(bench), *sources]
        subprocess.run(command, check=True, capture_output=True, text=True)
        self.process = subprocess.Popen(
            ["vvp", "-n", str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> LiveDut:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(timeout=10)

    def step(self, inputs: Mapping[str, int]) -> dict[str, int | None]:
        """Apply ``inputs`` for one tick and return the outputs sampled in it."""
        assert self.process.stdin and self.process.stdout
        words = [f"{inputs.get(port.name, 0):x}" for port in _inputs(self.design)]
        self.process.stdin.write(" ".join(words) + "\n")
        self.process.stdin.flush()
        fields = next(line for line in iter(self.process.stdout.readline, "") if line.startswith("@")).split()[1:]
        return {
            port.name: int(field, 2) if set(field) <= {"0", "1"} else None
            for port, field in zip(_outputs(self.design), fields, strict=True)
        }


def _inputs(design: Design) -> list:
    return [port for port in design.ports if port.direction is Direction.INPUT]


def _outputs(design: Design) -> list:
    return [port for port in design.ports if port.direction is Direction.OUTPUT]


def _bench(design: Design) -> str:
    clocks = {clock.name: clock for clock in design.clocks}
    inputs, outputs = _inputs(design), _outputs(design)
    declared = [f"  reg [{p.width - 1}:0] {p.name}, {p.name}_in;" for p in inputs]
    declared += [f"  wire [{p.width - 1}:0] {p.name};" for p in outputs]
    overrides = ", ".join(f".{name}({value})" for name, value in design.sources.parameters.items())
    ports = ", ".join(f".{p.name}({p.name})" for p in (*inputs, *outputs))
    scan = " ".join(["%h"] * len(inputs))
    show = " ".join(["%b"] * len(outputs))
    idle = {name: int(clock.edge is Edge.FALLING) for name, clock in clocks.items()}
    data = [p.name for p in inputs if p.name not in clocks]
    lines = [
        "`timescale 1ns/1ps",
        "module live;",
        *declared,
        "  integer live_count;",
        f"  {design.top} {'#(' + overrides + ') ' if overrides else ''}dut ({ports});",
        "  initial begin",
        *[f"    {name} = {level};" for name, level in idle.items()],
        f'    live_count = $fscanf(32\'h8000_0000, "{scan}", {", ".join(p.name + "_in" for p in inputs)});',
        f"    while (live_count == {len(inputs)}) begin",
        *[f"      {name} = {name}_in;" for name in data],
        "      #4;",
        f'      $display("@ {show}", {", ".join(p.name for p in outputs)});',
        "      $fflush(32'h8000_0001);",
        *[f"      if ({name}_in) {name} = {1 - level};" for name, level in idle.items()],
        "      #3;",
        *[f"      {name} = {level};" for name, level in idle.items()],
        "      #3;",
        f'      live_count = $fscanf(32\'h8000_0000, "{scan}", {", ".join(p.name + "_in" for p in inputs)});',
        "    end",
        "    $finish;",
        "  end",
        "endmodule",
    ]
    return "\n".join(lines) + "\n"
