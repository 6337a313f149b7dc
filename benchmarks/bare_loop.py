"""A bare C++ loop over a Verilated harness: what is left of the batch engine when everything but ``eval`` is gone.

It drives rows from memory, sums the monitors' outputs, knows no lanes, no reset between them, no results by monitor and
no process. The model's C++ and the compiler's flags are those of the batch library.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np

from verif.design.model import Edge
from verif.sim import toolchain
from verif.sim.batch import BatchBuild
from verif.sim.batch.build import compile_flags
from verif.sim.batch.layout import Rows
from verif.sim.batch.shim import encoded
from verif.sim.runtime import read_classes

MAIN = """
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

void vl_fatal(const char*, int, const char*, const char*) {{ abort(); }}
void vl_finish(const char*, int, const char*) {{ abort(); }}
void vl_stop(const char*, int, const char*) {{ abort(); }}

static double seconds() {{
    timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec + now.tv_nsec * 1e-9;
}}

int main(int, char** words) {{
    const long count = atol(words[2]);
    const int turns = atoi(words[3]);
    std::vector<uint32_t> rows(count * {words});
    FILE* file = fopen(words[1], "rb");
    if (fread(rows.data(), sizeof(uint32_t) * {words}, count, file) != static_cast<size_t>(count)) return 1;
    VerilatedContext context;
    context.randReset(2);
    context.randSeed(1);
    Vtop model(&context);
    auto& root = *model.rootp;
    uint64_t sum = 0;
    const double start = seconds();
    for (int turn = 0; turn < turns; ++turn) {{
        const uint32_t* row = rows.data();
        for (long now = 0; now < count; ++now, row += {words}) {{
            {drive}
            {inactive}
            model.eval();
            {add}
            {active}
            model.eval();
        }}
    }}
    printf("[%f, %lu]\\n", turns * count / (seconds() - start), sum);
}}
"""


class BareLoop:
    """The loop, compiled for one batch build with one clock."""

    def __init__(self, build: BatchBuild, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._program = directory / "bare"
        self._rows = directory / "rows.bin"
        (directory / "bare.cpp").write_text(_source(build), encoding="utf-8")
        verilated = read_classes(build.build.directory)
        include = verilated.root / "include"
        command = [str(toolchain.need("g++").path), *compile_flags()]
        command += [f"-I{folder}" for folder in (build.build.directory, include, include / "vltstd")]
        sources = [include / f"{name}.cpp" for name in verilated.runtime]
        command += [str(directory / "bare.cpp"), *map(str, sources), "-lpthread", "-o", str(self._program)]
        subprocess.run(command, check=True)

    def run(self, rows: Rows, turns: int) -> float:
        """Return cycles per CPU second over ``rows``, given ``turns`` times."""
        flat = np.ascontiguousarray(rows.reshape(-1, rows.shape[-1]))
        flat.tofile(self._rows)
        words = [str(self._program), str(self._rows), str(len(flat)), str(turns)]
        speed, _ = json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
        return float(speed)


def _source(build: BatchBuild) -> str:
    models = sorted(file.name for file in build.build.directory.glob("V*.cpp"))
    (clock,) = build.harness.clocks
    high = clock.edge is Edge.RISING
    drive = []
    for slot in build.stimulus.slots:
        port = f"root.{encoded(slot.name)}"
        if slot.width <= 64:
            upper = f" | uint64_t{{row[{slot.offset + 1}]}} << 32" if slot.words == 2 else ""
            drive.append(f"{port} = row[{slot.offset}]{upper};")
        else:
            drive += [f"{port}[{word}] = row[{slot.offset + word}];" for word in range(slot.words)]
    ports = [encoded(port) for monitor in build.harness.monitors for port in (monitor.fail, monitor.seen)]
    watched = ports or [encoded(port.name) for port in build.harness.observed if port.width <= 32]
    main = MAIN.format(
        words=build.stimulus.words,
        drive="\n            ".join(drive),
        inactive=f"root.{encoded(clock.name)} = {int(not high)};",
        active=f"root.{encoded(clock.name)} = {int(high)};",
        add="sum += " + " + ".join(f"root.{port}" for port in watched) + ";",
    )
    return "\n".join([*(f'#include "{name}"' for name in models), main])
