"""Take RECORDED expectations: replay a stimulus on the design and keep what is sure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from verif.bench.recording import cautious_expectations, expectations
from verif.bench.stored import Stored
from verif.bench.traces import Cycle
from verif.campaign.drafts.acceptance_result import Stop
from verif.campaign.drafts.trial import Ran, Trial, points_of
from verif.sim.seam import Build, Simulator
from verif.sim.verilator import ALL_ONES, ALL_ZEROS
from verif.verdict import Oracle, Outcome

STARTS: tuple[tuple[str, ...], ...] = ((), (ALL_ZEROS,), (ALL_ONES,))
"""Start states of Verilator's registers that are recorded: drawn ones, of which a bit may agree by chance, and two in
which every bit that shows a register's own start value differs."""
CAUTIOUS_STARTS = (*STARTS, ())


def record(
    trial: Trial, builds: Sequence[tuple[Simulator, Build]], stimulus: Stored, *, seed: int, cautious: bool
) -> Stored:
    """Return ``stimulus`` with expectations from replays on all ``builds``.

    ``cautious`` records from more start states, also after other tests ran, and doubts an output until the next reset
    once it differed.
    """
    file = trial.folder / "stimulus.json"
    file.write_text(replace(stimulus, expected=None).text(), encoding="utf-8")
    work: dict[str, Any] = {"replays": [["fresh", str(file)], ["again", str(file)]]}
    names = ["test_fresh", "test_again"]
    if cautious:
        work |= {"points": points_of(trial.source.plan), "replays_after": [["after", str(file)]]}
        names.append("test_after")
    recordings: list[list[Cycle]] = []
    for simulator, build in builds:
        several = CAUTIOUS_STARTS if cautious else STARTS
        for number, start in enumerate(several if simulator.name == "verilator" else ((),)):
            ran = trial.job(simulator, build, f"record-{number}", work, seed=seed + number, plusargs=start)
            trace = trusted(ran, "recording does not run").trace
            recordings += [trace.get(name, []) for name in names]
    if any(len(cycles) != len(stimulus.rows) for cycles in recordings):
        raise Stop(Outcome.REJECTED, "a replay of the recorded stimulus ended early")
    design = trial.source.design
    expected = cautious_expectations(design, stimulus, recordings) if cautious else expectations(design, recordings)
    facts = {"oracle": Oracle.RECORDED.value, "seed": seed, "simulators": [simulator.name for simulator, _ in builds]}
    outputs = tuple(port.name for port in design.outputs)
    return replace(stimulus, outputs=outputs, expected=expected, facts=facts)


def trusted(ran: Ran, what: str) -> Ran:
    """Return ``ran``; Stop with ``what`` and the reason where it says nothing about the design."""
    if ran.trouble:
        raise Stop(Outcome.REJECTED, f"{what}: {ran.trouble}")
    return ran
