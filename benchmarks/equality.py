"""Ten designs, a million cycles each: the batch engine, cocotb on Verilator and Icarus give the same bits.

    python benchmarks/equality.py [DESIGN...] [--cycles 1000000] [--results FILE.jsonl] [--control] [--json]

The stimulus is a search's own, resets in mid-run included. The batch engine plays it through the harness; what the
harness then applied to the design is replayed at the design's ports by a small cocotb test, edge by edge as drafted
benches do it. Bits that Icarus knows must be equal on all three; a bit that is X or Z there is compared between the
two-state sides alone, and counts as a difference of X only. Work is cut into chunks, and a chunk that stands in the
results file is not run again. ``--control`` gives a broken variant to the batch engine: it must come out DIFFERENT.
The whole takes about eight CPU minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from subjects import ROOT, Subject

from verif.design.manifest import read_manifest
from verif.design.model import Direction, Edge
from verif.harness import FieldKind
from verif.search.stimulus import StimulusMaker
from verif.sim.batch import Batch, BatchBuild, build_batch
from verif.sim.batch.layout import Rows
from verif.sim.registry import simulator
from verif.sim.seam import BuildRequest, RunRequest
from verif.verdict import Verdict
from verif.workspace import Workspace

DESIGNS = (
    *("sync_fifo", "skid_buffer", "arbiter", "uart_tx", "uart_rx"),
    *("axi_lite_regs", "apb_timer", "wishbone_ram", "async_fifo", "spi_master"),
)
SIMULATORS = ("verilator", "icarus")
CHUNK = 100_000
Bits = npt.NDArray[np.uint8]
"""One row a cycle, one column a bit: the characters that a simulator shows."""

RECORDER = '''"""Apply rows at the ports and record the outputs, in the order of edges of a drafted bench."""

import json
import os

import cocotb
from cocotb.handle import Immediate
from cocotb.triggers import Timer


@cocotb.test()
async def test_record(dut):
    plan = json.load(open("plan.json"))
    inputs = [dut[name] for name in plan["inputs"]]
    outputs = [dut[name] for name in plan["outputs"]]
    clocks = {name: (dut[name], level) for name, level in plan["clocks"].items()}
    schedule = plan["schedule"]
    settled, half = Timer(4, "ns"), Timer(3, "ns")
    last = plan["rest"]
    for turn in range(2):
        # Verilator draws the start values of inputs, and an undriven clock's may count as an edge: it needs the first
        # turn. Icarus loses what is written in the very first time step, and for good.
        if turn or plan["at_once"]:
            for handle, level in clocks.values():
                handle.value = Immediate(level)
            for handle, value in zip(inputs, last):
                handle.value = Immediate(value)
        await settled
    with open("rows.txt") as rows, open("outputs.txt", "w") as record:
        for tick, line in enumerate(rows):
            row = [int(word, 16) for word in line.split()]
            for handle, value, before in zip(inputs, row, last):
                if value != before:
                    handle.value = Immediate(value)
            last = row
            await settled
            record.write("".join([str(handle.value) for handle in outputs]) + "\\n")
            if schedule:
                handle, level = clocks[schedule[(plan["first"] + tick) % len(schedule)]]
                handle.value = Immediate(1 - level)
                await half
                handle.value = Immediate(level)
                await half
'''


@dataclass(frozen=True)
class Case:
    """One design with everything built."""

    subject: Subject
    workspace: Workspace
    control: bool

    @cached_property
    def batch(self) -> BatchBuild:
        """The batch library; of the first seeded bug where it is the control."""
        harness = self.subject.raw
        if self.control:
            bug = read_manifest(ROOT / "rtl" / self.subject.name / "design.toml").bugs[0].file
            sources = replace(harness.design.sources, files=(bug,))
            harness = replace(harness, design=replace(harness.design, sources=sources))
        return build_batch(harness, workspace=self.workspace)

    def chunk(self, number: int, cycles: int, scratch: Path) -> dict[str, Any]:
        """Play chunk ``number`` on all three and compare."""
        observed = self._play(number, cycles)
        mine = _bits(self.batch, observed, Direction.OUTPUT)
        theirs = {name: self._replay(name, observed, number, scratch) for name in SIMULATORS}
        known = (theirs["icarus"] == ord("0")) | (theirs["icarus"] == ord("1"))
        return {
            "design": self.subject.name,
            "chunk": number,
            "control": self.control,
            "cycles": len(mine),
            "bits": int(known.sum()),
            "unknown_bits": int((~known).sum()),
            "differ_from_verilator": int(((mine != theirs["verilator"]) & known).sum()),
            "differ_from_icarus": int(((mine != theirs["icarus"]) & known).sum()),
            "differ_in_x_only": int(((mine != theirs["verilator"]) & ~known).sum()),
            "toggled": int((mine.min(axis=0) != mine.max(axis=0)).sum()),
            "columns": int(mine.shape[1]),
        }

    def _play(self, number: int, cycles: int) -> Rows:
        """Return what the harness observed: a reset that is part of the rows, then a search's stimulus."""
        build = self.batch
        maker = StimulusMaker(build.harness, self.subject.plan, seed=number + 1)
        parts = [build.stimulus.rows(2 * max(1, build.harness.reset_ticks))]
        for field in build.harness.stimulus:
            if field.kind is FieldKind.RESET:
                build.stimulus.put(parts[0], field.name, 1)
        block = 0
        while sum(map(len, parts)) < cycles:
            stimulus = maker.block(block).stimulus
            parts.append(stimulus.reshape(-1, stimulus.shape[-1]))
            block += 1
        with Batch(build) as batch:
            run = batch.run(np.concatenate(parts)[:cycles], observe=True, seed=number + 1)
        assert run.fault is None, run.fault
        assert run.observed is not None
        return run.observed

    def _replay(self, name: str, observed: Rows, number: int, scratch: Path) -> Bits:
        """Return the outputs of one simulator under cocotb."""
        folder = scratch / f"{self.subject.name}-{name}"
        folder.mkdir(parents=True, exist_ok=True)
        harness, design = self.batch.harness, self.subject.design
        inputs = [port for port in harness.observed if port.direction is Direction.INPUT]
        inactive = {reset.name: int(not reset.active_high) for reset in design.resets}
        plan = {
            "inputs": [port.port for port in inputs],
            "outputs": [port.port for port in harness.observed if port.direction is Direction.OUTPUT],
            "rest": [inactive.get(port.port, 0) for port in inputs],
            "clocks": {clock.name: int(clock.edge is Edge.FALLING) for clock in design.clocks},
            "schedule": list(harness.schedule),
            "first": harness.reset_ticks,
            "at_once": name == "verilator",
        }
        (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
        (folder / "recorder.py").write_text(RECORDER, encoding="utf-8")
        columns = [self.batch.observed.get(observed, port.name, integers=True).tolist() for port in inputs]
        with (folder / "rows.txt").open("w", encoding="ascii") as rows:
            rows.writelines(" ".join(f"{value:x}" for value in row) + "\n" for row in zip(*columns, strict=True))
        backend = simulator(name, workspace=self.workspace)
        request = RunRequest(
            build=backend.build(BuildRequest(sources=design.sources, top=design.top)),
            test_modules=("recorder",),
            python_path=(folder,),
            seed=number + 1,
            timeout_seconds=3600.0,
            directory=folder,
        )
        outcome = backend.run(request)
        if outcome.verdict is not Verdict.PASS:
            raise SystemExit(f"{name} did not replay {self.subject.name}: {outcome.problem or outcome.tests}")
        text = np.fromfile(folder / "outputs.txt", np.uint8)
        return text.reshape(len(observed), -1)[:, :-1]


def _bits(build: BatchBuild, observed: Rows, direction: Direction) -> Bits:
    """Return the ports of one direction as characters, each port with its highest bit first."""
    columns = []
    for port in build.harness.observed:
        if port.direction is direction:
            words = np.ascontiguousarray(observed[:, build.observed.slot(port.name).span])
            bits = np.unpackbits(words.view(np.uint8), axis=1, bitorder="little")[:, : port.width]
            columns.append(bits[:, ::-1] + ord("0"))
    return np.concatenate(columns, axis=1).astype(np.uint8)


def summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add up the chunks of each design and say what came out."""
    found = []
    for design in dict.fromkeys(row["design"] for row in rows):
        chunks = [row for row in rows if row["design"] == design]
        total: Counter[str] = Counter()
        for row in chunks:
            total.update({key: value for key, value in row.items() if key not in ("design", "chunk", "control")})
        wrong = total["differ_from_verilator"] + total["differ_from_icarus"]
        verdict = "DIFFERENT" if wrong else "X_ONLY" if total["differ_in_x_only"] else "EQUAL"
        found.append(
            {
                "design": design,
                "verdict": verdict,
                **{key: value for key, value in total.items() if key not in ("toggled", "columns")},
                "toggled_columns": max(row["toggled"] for row in chunks),
                "columns": chunks[0]["columns"],
            }
        )
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("designs", nargs="*", default=list(DESIGNS), help="names under rtl/")
    parser.add_argument("--cycles", type=int, default=1_000_000)
    parser.add_argument("--results", type=Path, help="file to go on from, and to add each finished chunk to")
    parser.add_argument("--control", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    started = time.monotonic()
    stood = options.results.read_text().splitlines() if options.results and options.results.exists() else []
    done = {(row["design"], row["chunk"], row["control"], row["cycles"]): row for row in map(json.loads, stood)}
    rows = []
    with tempfile.TemporaryDirectory() as name:
        for design in options.designs:
            case = Case(Subject(design), Workspace.locate(ROOT), options.control)
            for number, first in enumerate(range(0, options.cycles, CHUNK)):
                cycles = min(CHUNK, options.cycles - first)
                row = done.get((design, number, options.control, cycles))
                if row is None:
                    row = case.chunk(number, cycles, Path(name))
                    if options.results:
                        with options.results.open("a", encoding="utf-8") as file:
                            print(json.dumps(row), file=file)
                rows.append(row)
            if not options.json:
                show(summary(rows)[-1])
    found = summary(rows)
    equal = all(row["verdict"] != "DIFFERENT" for row in found)
    if options.json:
        cores, seconds = os.cpu_count(), round(time.monotonic() - started, 1)
        print(json.dumps({"equal": equal, "cores": cores, "seconds": seconds, "designs": found}, indent=2))
    else:
        print(f"{'equal' if equal else 'DIFFERENT'} on {len(found)} designs ({time.monotonic() - started:.0f} s)")
    return 0 if equal else 1


def show(row: dict[str, Any]) -> None:
    print(
        f"{row['design']:<16} {row['verdict']:<10} {row['cycles']:>9} cycles {row['bits']:>10} bits"
        f"  unknown on Icarus {row['unknown_bits']}, of these different {row['differ_in_x_only']};"
        f" other than Verilator {row['differ_from_verilator']}, than Icarus {row['differ_from_icarus']};"
        f" {row['toggled_columns']}/{row['columns']} output bits toggled",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
