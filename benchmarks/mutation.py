"""What judging mutants costs: one build for all of them, against a build for each; lanes against one after the other.

    python benchmarks/mutation.py [DESIGN...] [--count 500] [--peers 20] [--ticks 2000] [--skip builds lanes] [--json]

*builds*: the same mutants on the same stimulus. Ours is all of it: texts, the batch build, the lane build, their
comparison, the gate's proof and the run. Peers build each mutant: Verilator's own makefile with its default flags (the
run not counted), our batch engine with its prebuilt runtime, Icarus with a bench that plays the rows. They are timed on
sampled mutants, and the sum is **extrapolated** to all. CPU seconds of all processes count.

*lanes*: mutants as lanes against the Verilated build with a selector, both in process, CPU seconds of the process that
simulates, on ``--stimuli`` stimuli of so many ticks, of which lanes run several at once where there are few mutants.
Every mutant runs all ticks (``whole``), or ends at its first failure (``stopped``). Designs are those of
``rtl/``, serv, picorv32 and ibex_core. ``--count 0`` takes all mutants.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import resource
import statistics
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from lanes import worker_seconds
from pruned_mutants import Pruned
from subjects import PICORV32, ROOT, SERV, Subject

from verif.design.frontend import read_design
from verif.design.model import Design
from verif.design.sources import resolve_sources
from verif.harness.model import FieldKind, Harness
from verif.lanes.build import Limits
from verif.mutation import MutantBuilds, Mutants, build_mutants, check_gate, judge, mutants_of, mutated, trusted
from verif.mutation.crowd import Crowd, Played
from verif.search.stimulus import StimulusMaker
from verif.sim import toolchain
from verif.sim.batch import Batch, build_batch
from verif.sim.batch.build import harness_sources
from verif.sim.batch.layout import Layout, Rows
from verif.sim.placing import placed
from verif.sim.process import Processes
from verif.sim.seam import BuildRequest
from verif.sim.verilator import Verilator
from verif.workspace import Workspace

IBEX = "ibex_core"
KEPT = tuple(sorted(path.parent.name for path in (ROOT / "rtl").glob("*/design.toml")))
DESIGNS = (*KEPT, PICORV32)
_LIMITS = Limits(tables=400_000, seconds=900.0)
_EPISODE = 200
"""Ticks between resets of a CPU: most programs trap soon."""


class MutatedSubject(Subject):
    """Also ibex_core, without its assertions."""

    @cached_property
    def design(self) -> Design:
        """The elaborated design."""
        if self.name != IBEX:
            return Subject(self.name).design
        package = importlib.util.find_spec("pythondata_cpu_ibex")
        if package is None or package.origin is None:
            raise SystemExit("ibex is not installed: pip install pythondata-cpu-ibex")
        folder = Path(package.origin).parent / "system_verilog"
        return read_design(resolve_sources([folder], top=IBEX, defines=["SYNTHESIS"]))


def stimuli_of(subject: Subject, harness: Harness, ticks: int, count: int) -> list[Rows]:
    """Return stimuli of ``ticks`` rows out of the plan; a CPU runs legal instructions, with a reset now and then."""
    maker = StimulusMaker(harness, subject.plan, seed=1)
    lanes = maker.block(maker.rungs - 1).stimulus
    return [
        _instructed(harness, np.ascontiguousarray(np.resize(lanes[n % len(lanes)], (ticks, lanes.shape[2]))), n + 1)
        for n in range(count)
    ]


def _instructed(harness: Harness, rows: Rows, seed: int) -> Rows:
    ticks = len(rows)
    modes = [each.name for each in harness.stimulus if each.kind is FieldKind.MODE and "instruction" in each.meaning]
    if not modes:
        return rows
    layout, rng, now = Layout.of(harness.stimulus), np.random.default_rng(seed), np.arange(ticks)
    for each in harness.stimulus:
        if each.name in modes:
            layout.put(rows, each.name, np.ones(ticks, np.uint32))
        elif each.kind is FieldKind.RESET:
            layout.put(rows, each.name, ((now % _EPISODE < 2) & (now > 1)).astype(np.uint32))
        elif each.kind is FieldKind.RATE and "answers" in each.meaning:
            layout.put(rows, each.name, (rng.random(ticks) < 0.8).astype(np.uint32))
        elif each.kind is FieldKind.DATA and each.style and each.driver == "mem":
            layout.put(rows, each.name, rng.integers(0, 1 << 32, ticks, dtype=np.uint32))
    return rows


def cpu_seconds() -> float:
    parts = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(part.ru_utime + part.ru_stime for part in parts)


@dataclass
class Clock:
    """CPU and wall seconds of named pieces of work."""

    cpu: dict[str, float] = field(default_factory=dict)
    wall: dict[str, float] = field(default_factory=dict)

    def time(self, name: str, work: Callable[[], Any]) -> Any:
        before, start = cpu_seconds(), time.perf_counter()
        result = work()
        self.cpu[name] = round(cpu_seconds() - before, 3)
        self.wall[name] = round(time.perf_counter() - start, 3)
        return result


@dataclass
class Case:
    """One design with its mutants and stimulus."""

    name: str
    count: int
    ticks: int
    workspace: Workspace
    jobs: int = 1
    count_of_stimuli: int = 8

    @cached_property
    def subject(self) -> MutatedSubject:
        return MutatedSubject(self.name)

    @cached_property
    def harness(self) -> Harness:
        return self.subject.checked

    @cached_property
    def mutants(self) -> Mutants:
        everything = mutants_of(self.harness.design)
        switched = everything.switched
        if not self.count or self.count >= len(switched):
            return Mutants(chosen=switched, total=len(everything))
        from verif.mutation.sampling import sampled

        return Mutants(chosen=sampled(switched, self.count, 1), total=len(everything))

    @cached_property
    def stimuli(self) -> list[Rows]:
        return stimuli_of(self.subject, self.harness, self.ticks, self.count_of_stimuli)

    @property
    def rows(self) -> Rows:
        return self.stimuli[0]

    def build(self) -> MutantBuilds:
        return trusted(build_mutants(self.harness, self.mutants, workspace=self.workspace, limits=_LIMITS))

    def ours(self, gate_seconds: float) -> dict[str, Any]:
        """Judge all mutants, all that it takes counted."""
        clock = Clock()
        self.stimuli, self.mutants  # noqa: B018
        builds = clock.time("build", self.build)
        gate = clock.time("gate", lambda: check_gate(builds, workspace=self.workspace, seconds=gate_seconds))
        judged = clock.time("run", lambda: judge(builds, [self.rows], jobs=self.jobs))
        return {
            "engine": "lanes" if builds.lanes else "batch",
            "reason": builds.reason,
            "gate": gate.sentence,
            "proved": gate.proved,
            "cpu_seconds": clock.cpu,
            "wall_seconds": clock.wall,
            "status": dict(Counter(str(one.status) for one in judged.judgements)),
            "propagated": sum(one.propagated for one in judged.judgements),
            "judged": len(judged.judgements),
            "total_cpu": round(sum(clock.cpu.values()), 2),
        }

    def peers(self, count: int) -> dict[str, Any]:
        """Time a build for each of some mutants."""
        step = max(1, len(self.mutants) // count)
        chosen = self.mutants.chosen[::step][:count]
        taken: dict[str, list[float]] = {"default": [], "batch": [], "icarus": []}
        for mutant in chosen:
            design = self.harness.design
            sources = placed(design.sources, mutated(design, mutant), self.workspace, "peers")
            harness = replace(self.harness, design=replace(design, sources=sources))
            for name, work in (("batch", self._batch), ("default", self._default), ("icarus", self._icarus)):
                clock = Clock()
                ok = clock.time("cpu", lambda work=work, harness=harness: work(harness))
                if ok:
                    taken[name].append(clock.cpu["cpu"])
        return {
            name: {"timed": len(each), "cpu_seconds_each": round(statistics.median(each), 3)}
            for name, each in taken.items()
            if each
        }

    def _batch(self, harness: Harness) -> bool:
        with (
            tempfile.TemporaryDirectory() as place,
            Batch(build_batch(harness, workspace=Workspace(Path(place)))) as run,
        ):
            run.run(self.rows, observe=True, seed=None)
        return True

    def _default(self, harness: Harness) -> bool:
        with tempfile.TemporaryDirectory() as place:
            workspace = Workspace(Path(place))
            backend = Verilator(workspace=workspace, processes=Processes(), fast_build=False)
            backend.build(BuildRequest(sources=harness_sources(harness, workspace), top=harness.top))
        return True

    def _icarus(self, harness: Harness) -> bool:
        with tempfile.TemporaryDirectory() as name:
            place = Path(name)
            sources = harness_sources(harness, Workspace(place / "b"))
            (place / "play.sv").write_text(player(harness, len(self.rows)), encoding="utf-8")
            (place / "rows.hex").write_text(hex_rows(harness, self.rows), encoding="utf-8")
            compiler, runner = toolchain.need("iverilog"), toolchain.need("vvp")
            words = [str(compiler.path), "-g2012", "-o", "play.vvp", "-s", "play"]
            words += [f"-I{folder}" for folder in sources.include_dirs]
            words += [f"-D{key}={text}" for key, text in sources.defines.items()]
            made = subprocess.run([*words, *map(str, sources.files), "play.sv"], cwd=place, capture_output=True)
            if made.returncode:
                return False
            ended = subprocess.run([str(runner.path), "-n", "play.vvp"], cwd=place, capture_output=True, text=True)
            return "played" in ended.stdout

    def lanes(self, rounds: int) -> dict[str, Any]:
        """Time one stimulus on all mutants, in lanes and one after the other."""
        builds = self.build()
        if builds.lanes is None:
            return {"mutants": len(builds.order), "reason": builds.reason}
        numbers = [number for number in range(1, len(builds.order) + 1) if number in builds.in_lanes]
        found: dict[str, Any] = {
            "mutants": len(builds.order),
            "in_lanes": len(numbers),
            "build_seconds": round(builds.seconds, 1),
        }
        with builds.open() as lanes, builds.open(lanes=False) as batch:
            for name, stop in (("whole", False), ("stopped", True)):
                pairs = [
                    (played(lanes, self.stimuli, numbers, stop), played(batch, self.stimuli, numbers, stop))
                    for _ in range(rounds)
                ]
                ours, theirs = (statistics.median(pair[side][0] for pair in pairs) for side in (0, 1))
                one, two = pairs[0][0][1], pairs[0][1][1]
                broken = {number for each in two for number in each.faults}
                known = [place for place, number in enumerate(numbers) if number not in broken]
                same = np.all([_alike(ours, theirs) for ours, theirs in zip(one, two, strict=True)], axis=0)
                pruned = Pruned.of(lanes, self.stimuli, numbers, builds.in_lanes, stop)
                if pruned.played:
                    same &= np.all([_alike(*pair) for pair in zip(pruned.played, two, strict=True)], axis=0)
                found[name] = {
                    "lanes_ms": round(ours * 1e3, 3),
                    "verilated_ms": round(theirs * 1e3, 3),
                    "ratio": round(statistics.median(pair[1][0] / pair[0][0] for pair in pairs), 1),
                    "ms_a_mutant": round(ours * 1e3 / len(numbers) / len(self.stimuli), 5),
                    "pruned": pruned.told(batch, self.stimuli, theirs, stop),
                    "same_verdicts": int(same[known].sum()),
                    "compared": len(known),
                }
            found["stimuli"] = len(self.stimuli)
            found["at_once"] = min(lanes.at_once(len(numbers)), len(self.stimuli))
            found["killed"] = int(np.any([(each.first_fail >= 0).any(axis=1) for each in one], axis=0).sum())
            found["propagated"] = int(np.any([each.differs >= 0 for each in one], axis=0).sum())
        return found


def _alike(ours: Played, theirs: Played) -> Any:
    """Return for each mutant whether both saw the same ticks."""
    return (ours.first_fail == theirs.first_fail).all(axis=1) & (ours.differs == theirs.differs)


def played(crowd: Crowd, stimuli: list[Rows], numbers: Sequence[int], stop: bool) -> tuple[float, list[Played]]:
    box: list[Played] = []
    room = crowd.at_once(len(numbers))

    def work() -> None:
        for start in range(0, len(stimuli), room):
            box.extend(crowd.play_all(stimuli[start : start + room], numbers, stop=stop))

    return worker_seconds(crowd.engine, work), box


def player(harness: Harness, ticks: int) -> str:
    """Return a bench that plays the rows, as the batch engine does, and folds all outputs into one word."""
    bits, connections = 0, []
    for each in harness.stimulus:
        connections.append(f".{each.name}(row[{bits + each.width - 1}:{bits}])")
        bits += each.width
    outputs = [each.name for each in harness.observed]
    declared = [f"wire [{each.width - 1}:0] {each.name};" for each in harness.observed]
    connections += [f".{name}({name})" for name in outputs]
    clocks = [clock.name for clock in harness.clocks]
    connections += [f".{name}({name})" for name in clocks]
    clock = clocks[0] if clocks else ""
    edge = f"{clock} = 1'b1; #1 {clock} = 1'b0; #1;" if clock else "#2;"
    return "\n".join(
        [
            "`timescale 1ns/1ps",
            "module play;",
            *(f"  reg {name} = 1'b0;" for name in clocks),
            *declared,
            f"  reg [{bits - 1}:0] rows [0:{ticks - 1}];",
            f"  reg [{bits - 1}:0] row;",
            "  reg [31:0] folded = 0;",
            "  integer tick;",
            f"  {harness.top} harness ({', '.join(connections)});",
            "  initial begin",
            '    $readmemh("rows.hex", rows);',
            f"    for (tick = 0; tick < {ticks}; tick = tick + 1) begin",
            "      row = rows[tick]; #1;",
            *(f"      folded = {{folded[30:0], folded[31]}} ^ {name};" for name in outputs),
            f"      {edge}",
            "    end",
            '    $display("played %h", folded); $finish;',
            "  end",
            "endmodule",
            "",
        ]
    )


def hex_rows(harness: Harness, rows: Rows) -> str:
    """Return the rows as ``$readmemh`` reads them."""
    layout, lines = Layout.of(harness.stimulus), []
    values = {each.name: layout.get(rows, each.name, integers=True) for each in harness.stimulus}
    for tick in range(len(rows)):
        word = at = 0
        for each in harness.stimulus:
            word |= int(values[each.name][tick]) << at
            at += each.width
        lines.append(f"{word:x}")
    return "\n".join(lines) + "\n"


def builds_part(case: Case, peers: int, gate_seconds: float) -> dict[str, Any]:
    """Compare one build for all with a build for each."""
    ours = case.ours(gate_seconds)
    theirs = case.peers(peers) if peers else {}
    for peer in theirs.values():
        peer["extrapolated_cpu_seconds"] = round(peer["cpu_seconds_each"] * len(case.mutants), 1)
        peer["ratio"] = round(peer["extrapolated_cpu_seconds"] / ours["total_cpu"], 1)
    return {"mutants": len(case.mutants), "of": case.mutants.total, "ours": ours, "peers": theirs}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("designs", nargs="*", default=list(DESIGNS), help=f"of rtl/, {SERV}, {PICORV32}, {IBEX}")
    parser.add_argument("--count", type=int, default=500, help="mutants of a design, spread; 0 takes all")
    parser.add_argument("--peers", type=int, default=20, help="mutants that are built one by one; 0 for none")
    parser.add_argument("--ticks", type=int, default=2000)
    parser.add_argument("--stimuli", type=int, default=64, help="how many, of so many ticks each: for lanes")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--gate", type=float, default=60.0, help="seconds for the gate's proof")
    parser.add_argument("--skip", nargs="*", default=[], choices=["builds", "lanes"])
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    os.environ["CCACHE_DISABLE"] = "1"  # on all sides: mutants would find each other's objects
    found: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name:
        for design in options.designs:
            workspace = Workspace(Path(name) / "sim_builds")
            case = Case(design, options.count, options.ticks, workspace, options.jobs, options.stimuli)
            row: dict[str, Any] = {"design": design}
            if "builds" not in options.skip:
                row["builds"] = builds_part(case, options.peers, options.gate)
            if "lanes" not in options.skip:
                row["lanes"] = case.lanes(options.rounds)
            found.append(row)
            if not options.json:
                print(json.dumps(row, indent=1), flush=True)
    if options.json:
        load = os.getloadavg()[0]
        print(json.dumps({"cores": os.cpu_count(), "load": load, "ticks": options.ticks, "designs": found}, indent=2))


if __name__ == "__main__":
    main()
