"""Bounded checks of a harness: the shortest stimulus that breaks a monitor, from the reset that a run begins with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from verif.errors import Unsupported
from verif.formal.bmc import Bounded, Port, Solver, check_bounded
from verif.formal.model import write_model
from verif.harness.model import Field, FieldKind, Harness, Monitor
from verif.sim.process import Processes


def check_monitor(
    harness: Harness,
    monitor: Monitor,
    folder: Path,
    *,
    depth: int,
    processes: Processes,
    solver: Solver | None = None,
) -> Bounded:
    """Search ``depth`` rows after the reset for the first failure of ``monitor``; files go to ``folder``.

    Registers without a reset start free, each X is free. Steps count from the first row of the reset. Unsupported
    PE874 for a design with several clocks: a step would be an edge of all of them.
    """
    if len(harness.clocks) > 1:
        names = ", ".join(clock.name for clock in harness.clocks)
        raise Unsupported("PE874", f"a bounded check takes one clock, and {harness.design.top} has {names}")
    files = list(harness.design.sources.files)
    for name, text in harness.files.items():
        files.append(folder / name)
        files[-1].write_text(text, encoding="utf-8")
    sources = replace(harness.design.sources, files=tuple(files))
    model = write_model(sources, harness.top, folder, processes=processes)
    return check_bounded(
        model,
        [monitor.fail],
        prefix=[[_in_reset(field) for field in harness.stimulus]] * harness.reset_ticks,
        depth=harness.reset_ticks + depth,
        processes=processes,
        solver=solver,
    )


def failing_rows(harness: Harness, found: Bounded) -> list[tuple[int, ...]]:
    """Return the stimulus of a failing check after the reset: a value a field in each row, the last of which fails."""
    steps = found.witness[harness.reset_ticks :]
    return [tuple(step.get(field.name, 0) for field in harness.stimulus) for step in steps]


def _in_reset(field: Field) -> Port:
    """Return what a field holds in the reset before a run."""
    value = 1 if field.kind is FieldKind.RESET else field.default
    return Port(name=field.name, value=value, width=field.width)
