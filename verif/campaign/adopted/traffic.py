"""Adopted benches' traffic: recorded beside their own tests, kept in the workspace, read back."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from verif.bench import inside
from verif.bench.traffic import Job, Traffic, TrafficPort, read_traffic
from verif.campaign.benches.run import BenchRun, Beside
from verif.design.model import Design, Direction, SourceSet
from verif.errors import InputError, Unsupported
from verif.workspace import Workspace

RECORDER = "posedge_record"
FOLDER = "traffic"
"""Folder of recordings in a bench's folder of the workspace."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Recording:
    """A recording in the workspace: what is recorded of one configuration with one seed."""

    design: Design
    seed: int
    job: Job
    file: Path

    def prepared(self) -> Beside:
        """Write the job and return what records in the next run; an older recording goes."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.unlink(missing_ok=True)
        job = self.file.with_suffix(".json")
        job.write_text(self.job.text(self.file), encoding="utf-8")
        folder = Path(inside.__file__).resolve().parent
        return Beside(module=RECORDER, python_path=folder, env={"POSEDGE_RECORD": str(job)})

    def read(self) -> Traffic | None:
        """Return what was recorded; None where nothing was."""
        if not self.file.is_file():
            return None
        traffic = read_traffic(self.job, self.file)
        return traffic if traffic.length else None


def recording_of(run: BenchRun, workspace: Workspace, seed: int) -> Recording:
    """Return the recording of a bench's configuration with ``seed``.

    Unsupported PE830 where the design can't be read or its ports aren't plain.
    """
    try:
        design = design_of(run.sources)
    except InputError as error:
        raise Unsupported(
            "PE830", f"its traffic can't be recorded: {error.sentence.rstrip('.')}", where=run.manifest.top
        ) from error
    safe = re.sub(r"[^\w.-]", "_", run.config.name)
    file = workspace.bench(run.directory) / FOLDER / f"{safe}-{seed}.txt"
    return Recording(design=design, seed=seed, job=job_of(design), file=file)


def design_of(sources: SourceSet) -> Design:
    """Read an adopted bench's design; as Icarus does, leave out overrides of parameters that the top doesn't have."""
    from verif.design.frontend import read_design

    try:
        return read_design(sources)
    except InputError as error:
        if error.code != "PE119":
            raise
    known = {
        parameter.name for parameter in read_design(replace(sources, parameters={})).parameters if not parameter.local
    }
    kept = {name: value for name, value in sources.parameters.items() if name in known}
    return read_design(replace(sources, parameters=kept))


def job_of(design: Design) -> Job:
    """Return what to record of ``design``: inputs and outputs, at the edges of clocks and asynchronous resets."""
    ports = [port for port in design.ports if port.direction is not Direction.INOUT]
    uneven = next((port.name for port in ports if not port.flat), None)
    if uneven:
        raise Unsupported("PE830", f"its traffic can't be recorded: {uneven} is not a plain port", where=design.top)
    inputs = [port for port in ports if port.direction is Direction.INPUT]
    outputs = [port for port in ports if port.direction is Direction.OUTPUT]
    clocks = [clock.name for clock in design.clocks]
    resets = [reset.name for reset in design.resets if reset.asynchronous]
    return Job(
        ports=tuple(
            TrafficPort(name=port.name, width=port.width, output=port.direction is Direction.OUTPUT)
            for port in (*inputs, *outputs)
        ),
        edges=tuple(dict.fromkeys((*clocks, *resets))) if clocks else (),
        clocks=tuple(clocks),
    )
