"""Mine invariants of a bench's design and write them as assertions into ``<dut>_mined.sv`` of the bench."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verif.campaign.adopted.stand_in import stand_in
from verif.campaign.benches.harness import bench_harness
from verif.campaign.benches.options import RunOptions
from verif.campaign.benches.properties import identifier
from verif.campaign.benches.run import BenchRun, bench_runs
from verif.errors import Unsupported
from verif.formal.solver import command_of
from verif.property.mining import most_interesting, strongest_first
from verif.property.mining.sva import file_name, labels, mined_text
from verif.search.mining.engine import Mined, Mining, mine
from verif.search.mining.pruning import independent
from verif.sim.process import Processes
from verif.verdict import Oracle, ProofStatus
from verif.workspace import Workspace

MOST = 36
"""Invariants that are written."""
MOST_OF_KIND = 12
FOLDER = "mine"


@dataclass(frozen=True, kw_only=True, slots=True)
class MineOptions:
    """What a user can choose about mining."""

    seconds: float = 60.0
    seed: int = 1
    solver: str = "auto"
    sources: tuple[Path, ...] = ()
    config: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MineResult:
    """What mining gave, as told to users."""

    bench: Path
    top: str
    solver: str
    files: tuple[Path, ...]
    """The RTL that was mined."""
    file: Path
    """Where the assertions are."""
    kept: tuple[tuple[str, str, Mined], ...]
    """Label, assertion and proof of each invariant that was written."""
    mining: Mining
    independent: int
    """Invariants of the design alone that don't follow from others."""
    seconds: float
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the ``--json`` object of ``prove --mine``."""
        return {
            "bench": str(self.bench),
            "top": self.top,
            "solver": self.solver,
            "files": [str(file) for file in self.files],
            "file": str(self.file),
            "properties": [_entry(label, text, mined) for label, text, mined in self.kept],
            "guessed": self.mining.guessed,
            "sifted": self.mining.sifted,
            "proved": len(self.mining.mined),
            "independent": self.independent,
            "cycles": self.mining.cycles,
            "notes": [text for text in (self.mining.why, self.note) if text],
            "seconds": round(self.seconds, 3),
        }


def _entry(label: str, text: str, mined: Mined) -> dict[str, Any]:
    return {
        "name": label,
        "oracle": str(Oracle.RECORDED),
        "kind": str(mined.candidate.kind),
        "rule": text,
        "status": str(ProofStatus.PROVED),
        "bound": mined.proof.depth,
        "method": mined.proof.method,
    }


def mine_bench(
    bench: Path,
    options: MineOptions,
    *,
    workspace: Workspace,
    processes: Processes,
    progress: Callable[[str], None] = lambda text: None,
) -> MineResult:
    """Mine one bench; what the user changed in the file of an earlier call stays.

    InputError PE840 for a bench without a plan; Unsupported PE874 for a design that proofs don't take, PE883 for one
    without a clock; ToolError PE872 for a solver that is missing.
    """
    started = time.monotonic()
    command_of(options.solver)
    run_options = RunOptions(configs=(options.config,) if options.config else (), sources=options.sources)
    run = bench_runs(bench, run_options)[0]
    progress("reading the bench")
    parts = bench_harness(stand_in(run, workspace))
    if not parts.harness.clocks:
        raise Unsupported(
            "PE883",
            "invariants are mined of what a design does from cycle to cycle, and this one has no clock",
            where=parts.harness.design.top,
            hint="write what its outputs are as assertions in a file for '--props'",
        )
    folder = workspace.bench(run.directory) / FOLDER
    mining = mine(
        parts.harness,
        parts.plan,
        folder,
        workspace=workspace,
        processes=processes,
        seconds=options.seconds,
        seed=options.seed,
        solver=options.solver,
        assumptions=[monitor.fail for monitor in parts.harness.monitors if monitor.assumption],
        progress=progress,
    )
    progress("leaving out what follows from the rest")
    own = strongest_first(each.candidate for each in mining.mined if each.candidate.own and not _is_wiring(each))
    free = independent(own, folder / "pruning", processes=processes, solver=options.solver)
    chosen = most_interesting(free, MOST, MOST_OF_KIND)
    proofs = {each.candidate: each for each in mining.mined}
    file, note = _write(run, mined_text(parts.harness.design, chosen, identifier(run.manifest.top)), folder)
    named = labels(parts.harness.design, chosen)
    return MineResult(
        bench=run.directory,
        top=run.manifest.top,
        solver=options.solver,
        files=tuple(path.resolve() for path in run.sources.files),
        file=file,
        kept=tuple((label, text, proofs[candidate]) for candidate, (label, text) in named.items()),
        mining=mining,
        independent=len(free),
        seconds=time.monotonic() - started,
        note=note,
    )


def _is_wiring(mined: Mined) -> bool:
    """Return whether it says no more than that one signal is connected to another one."""
    return mined.proof.method == "constant" and mined.candidate.holds == "{0} == {1}"


def _write(run: BenchRun, text: str, folder: Path) -> tuple[Path, str]:
    """Write the file; beside the workspace's other files where the user changed the one of an earlier call."""
    name = file_name(identifier(run.manifest.top))
    file, base = run.directory / name, folder / f"{name}.base"
    known = base.read_text(encoding="utf-8") if base.is_file() else None
    if file.is_file() and file.read_text(encoding="utf-8") not in (known, text):
        beside = folder / name
        beside.write_text(text, encoding="utf-8")
        return beside, f"{file} was changed by hand and stays; what was mined now is in {beside}"
    file.write_text(text, encoding="utf-8")
    base.write_text(text, encoding="utf-8")
    return file, ""
