"""ABC as a program: bounded search and property directed reachability on AIGER files.

Comes with pyosys. What it finds is judged by others: a counterexample is simulated before it counts.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from verif.formal.aiger import Aiger
from verif.sim import toolchain
from verif.sim.process import Ended, Processes

PROGRAM = "yosys-abc"

_GRACE_SECONDS = 10.0
"""How long after its own limit the program may go on."""
_FRAMES = re.compile(r"(\d+) frames")
_INPUT = re.compile(r"^pi(\d+)@(\d+)=1$")
_PROVED = re.compile(r"^Property proved\.", re.MULTILINE)
_FRAME = re.compile(r"^Invariant F\[(\d+)\]", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Counterexample:
    """Inputs that make an output 1 in the last step."""

    steps: tuple[frozenset[int], ...]
    """The inputs that are 1, step by step."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounded:
    """What a bounded search found."""

    found: tuple[Counterexample, ...]
    frames: int
    """Steps that were searched completely: what was not found isn't there."""
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Directed:
    """What reachability came to; neither where the time ran out."""

    proved: bool
    refuted: bool
    """Whether there is a counterexample."""
    found: tuple[Counterexample, ...] = ()
    """That one."""
    frames: int


@dataclass(frozen=True, kw_only=True)
class Abc:
    """Runs ABC in a folder."""

    folder: Path
    processes: Processes
    memory: int = 0
    """Bytes that it may take; 0: all."""

    def bounded(self, circuit: Aiger, *, frames: int, seconds: float) -> Bounded:
        """Search for inputs that make outputs 1, each on its own, in steps 0 to ``frames - 1``."""
        file, traces = self.folder / "bounded.aig", self.folder / "bounded.cex"
        circuit.write(file)
        traces.unlink(missing_ok=True)
        limit = max(1, int(seconds))
        text, ended = self._run(
            f"read_aiger {file.name}; bmc3 -a -x -F {frames} -T {limit}; write_cex -n {traces.name}", seconds
        )
        frame = max((int(number) for number in _FRAMES.findall(text)), default=0)
        timed_out = "Reached timeout" in text or "timeout" in text or ended.timed_out
        done = "are found to be SAT" in text or "reachable states are visited" in text
        return Bounded(
            found=_counterexamples(traces) if traces.exists() else (),
            frames=frames if done else max(0, frame - 1 if timed_out else min(frame, frames)),
            why="" if ended.returncode == 0 else _ended(ended),
        )

    def constant(self, circuit: Aiger, *, depth: int, seconds: float) -> list[int]:
        """Return the outputs that are 0 for ever, found by induction over equal signals of ``depth`` steps."""
        file, swept = self.folder / "correspond.aig", self.folder / "corresponded.aig"
        circuit.write(file)
        swept.unlink(missing_ok=True)
        self._run(f"read_aiger {file.name}; lcorr; scorr -F {depth}; write_aiger {swept.name}", seconds)
        if not swept.exists():
            return []
        return [number for number, literal in enumerate(Aiger.read(swept).outputs) if literal == 0]

    def swept(self, circuit: Aiger, *, seconds: float) -> Aiger | None:
        """Return a circuit without latches in which what is equal is one; None where that took too long."""
        file, swept = self.folder / "sweep.aig", self.folder / "swept.aig"
        circuit.write(file)
        swept.unlink(missing_ok=True)
        self._run(f"read_aiger {file.name}; ifraig; write_aiger {swept.name}", seconds)
        return Aiger.read(swept) if swept.exists() else None

    def directed(self, circuit: Aiger, *, seconds: float) -> Directed:
        """Prove by reachability that all outputs are 0 for ever."""
        file, swept, traces = (self.folder / f"directed{end}" for end in (".aig", "_swept.aig", ".cex"))
        circuit.write(file)
        for stale in (swept, traces):
            stale.unlink(missing_ok=True)
        sweep = f"read_aiger {file.name}; orpos; scleanup; lcorr; scorr; write_aiger {swept.name}"
        text, ended = self._run(f"{sweep}; pdr -T {max(1, int(seconds))}; write_cex -n {traces.name}", seconds)
        # Where the sweep leaves nothing, there is nothing left to decide, and pdr decides nothing.
        constant = swept.exists() and Aiger.read(swept).outputs == (0,)
        proved = constant or (ended.returncode == 0 and bool(_PROVED.search(text)))
        frame = max((int(frame) for frame in _FRAME.findall(text)), default=0)
        refuted = "was asserted in frame" in text
        found = _counterexamples(traces) if refuted and traces.exists() else ()
        return Directed(proved=proved, refuted=refuted, frames=frame, found=found)

    def _run(self, script: str, seconds: float) -> tuple[str, Ended]:
        log = self.folder / "abc.log"
        log.unlink(missing_ok=True)
        program = toolchain.need("yosys").path / PROGRAM
        root = Path(__file__).resolve().parents[2]
        code = (
            f"import sys; sys.path.insert(0, {str(root)!r}); from verif.formal.limited import main; main(sys.argv[1:])"
        )
        ended = self.processes.run(
            (sys.executable, "-c", code, str(self.memory), str(program), "-c", script),
            cwd=self.folder,
            env=os.environ,
            log=log,
            timeout_seconds=seconds + _GRACE_SECONDS,
        )
        return log.read_text(encoding="utf-8", errors="replace"), ended


def _ended(ended: Ended) -> str:
    if ended.timed_out:
        return "the time ran out"
    how = f"was ended by signal {-ended.returncode}" if ended.returncode < 0 else f"ended with code {ended.returncode}"
    return f"{PROGRAM} {how}"


def _counterexamples(file: Path) -> tuple[Counterexample, ...]:
    found: list[list[set[int]]] = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("# COUNTEREXAMPLE LENGTH:"):
            found.append([set() for _ in range(int(line.rpartition(" ")[2]))])
        elif value := _INPUT.match(line):
            found[-1][int(value[2])].add(int(value[1]))
    return tuple(Counterexample(steps=tuple(frozenset(step) for step in steps)) for steps in found)


def stimulus(circuit: Aiger, traces: Sequence[Counterexample]) -> list[list[int]]:
    """Return the inputs of traces side by side: bit n of each value is trace n."""
    steps = max((len(trace.steps) for trace in traces), default=0)
    rows = [[0] * circuit.inputs for _ in range(steps)]
    for lane, trace in enumerate(traces):
        for row, ones in zip(rows, trace.steps, strict=False):
            for number in ones:
                row[number] |= 1 << lane
    return rows
