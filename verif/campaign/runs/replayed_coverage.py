"""Code coverage of adopted benches that ran on Icarus: their recorded traffic played back on Verilator."""

from __future__ import annotations

from collections.abc import Sequence

from verif.campaign.adopted.replay import Played, play
from verif.campaign.adopted.traffic import Recording
from verif.campaign.benches.run import BenchRun
from verif.campaign.runs.outcome import PlayedRecording, ReplayedCoverage
from verif.coverage.verilator_dat import CodeCoverage, added
from verif.errors import ToolError, Unsupported
from verif.sim.process import Processes
from verif.verdict import Verdict
from verif.workspace import Workspace


def covered_by_replay(
    recordings: Sequence[tuple[BenchRun, Recording]],
    notes: Sequence[str],
    workspace: Workspace,
    processes: Processes,
) -> ReplayedCoverage:
    """Play all recordings and add up what they cover; ``notes`` say what could not be recorded."""
    entries: list[PlayedRecording] = []
    found: list[CodeCoverage] = []
    for run, recording in recordings:
        entry, coverage = _played(run, recording, workspace, processes)
        entries.append(entry)
        found += [coverage] if coverage else []
    whole = added(point for coverage in found for point in coverage.points) if found else None
    return ReplayedCoverage(coverage=whole, recordings=tuple(entries), notes=tuple(notes))


def _played(
    run: BenchRun, recording: Recording, workspace: Workspace, processes: Processes
) -> tuple[PlayedRecording, CodeCoverage | None]:
    def entry(verdict: Verdict, message: str, steps: int = 0, compared: int = 0) -> PlayedRecording:
        name, seed = run.config.name, recording.seed
        return PlayedRecording(config=name, seed=seed, verdict=verdict, steps=steps, compared=compared, message=message)

    traffic = recording.read()
    if traffic is None:
        return entry(Verdict.UNKNOWN, "nothing was recorded"), None
    arguments = run.manifest.compile_args.get("verilator", ())
    try:
        played = play(traffic, recording.design, workspace, processes=processes, extra_args=arguments)
    except Unsupported as error:
        return entry(Verdict.UNSUPPORTED, error.sentence), None
    except ToolError as error:
        return entry(Verdict.ERROR, error.sentence), None
    message = _message(played, cut=traffic.cut, unknown=traffic.unknown_inputs)
    return entry(played.verdict, message, played.steps, played.compared), played.coverage


def _message(played: Played, *, cut: bool, unknown: Sequence[str]) -> str:
    told = [played.divergence.sentence if played.divergence else "", played.message]
    told += [f"X and Z at {', '.join(unknown)} were played as 0"] if unknown and played.divergence else []
    told += ["only the first part of the traffic was recorded"] if cut else []
    return "; ".join(text for text in told if text)
