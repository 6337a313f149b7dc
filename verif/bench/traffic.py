"""Recorded traffic: what the ports of a bench's design carried, read from what ``inside/posedge_record.py`` wrote.

Played back it becomes steps. A step sets inputs, then everything settles. An edge that the design waits for has a step
of its own, so that what changes with it or after it comes later, as it did in the recording; edges of clocks at one
time share a step. X and Z at inputs are played as 0.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

MOST_EVENTS = 1_000_000
"""Edges of one process that are recorded: about ten seconds and twenty megabytes."""
_UNKNOWN = str.maketrans("XZxz", "0000")
_KNOWN = str.maketrans("01XZxz", "110000")


@dataclass(frozen=True, kw_only=True, slots=True)
class TrafficPort:
    """A recorded port."""

    name: str
    width: int
    output: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """What to record."""

    ports: tuple[TrafficPort, ...]
    """Inputs first."""
    edges: tuple[str, ...]
    """Inputs whose edges the design waits for."""
    clocks: tuple[str, ...] = ()
    """Those that are clocks: their edges at one time are simultaneous. A reset that changes with a clock's edge
    changes after it."""
    most: int = MOST_EVENTS

    def text(self, file: Path) -> str:
        """Return the job's file; the recording goes to ``file``."""
        names = [port.name for port in self.ports]
        job = {
            "file": str(file),
            "ports": [[port.name, port.width] for port in self.ports],
            "inputs": sum(not port.output for port in self.ports),
            "edges": [names.index(name) for name in self.edges],
            "clocks": list(self.clocks),
            "most": self.most,
        }
        return json.dumps(job)


def read_job(text: str) -> Job:
    """Read the text of a job's file."""
    job = json.loads(text)
    ports = tuple(
        TrafficPort(name=name, width=width, output=index >= job["inputs"])
        for index, (name, width) in enumerate(job["ports"])
    )
    edges = tuple(ports[index].name for index in job["edges"])
    return Job(ports=ports, edges=edges, clocks=tuple(job["clocks"]), most=job["most"])


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """The steps of one test."""

    test: str
    first: int
    stop: int
    """The step after the last one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A port over all steps, as its changes."""

    port: TrafficPort
    steps: npt.NDArray[np.int64]
    """The steps with a new value, ascending."""
    values: tuple[int, ...]
    """The new values, unknown bits as 0."""
    known: tuple[int, ...]
    """A mask of the bits that are 0 or 1."""

    def whole(self, length: int, *, known: bool = False) -> npt.NDArray[Any]:
        """Return a value (or mask of known bits) for each of ``length`` steps; 0 before the first change."""
        numbers = (0, *(self.known if known else self.values))
        array = np.array(numbers, np.uint64 if self.port.width <= 64 else object)
        lengths = np.diff(np.concatenate(([0], self.steps, [length])))
        return np.repeat(array, lengths)


@dataclass(frozen=True, kw_only=True, slots=True)
class Traffic:
    """One recorded process."""

    columns: tuple[Column, ...]
    """Inputs first."""
    length: int
    """Steps."""
    settled: npt.NDArray[np.int64]
    """The steps after which the outputs were sampled."""
    edges: tuple[str, ...]
    """Inputs whose every change is a step of its own."""
    parts: tuple[Part, ...]
    unknown_inputs: tuple[str, ...]
    """Inputs that were X or Z in a step after they had once been driven."""
    cut: bool
    """Whether there were more events than were recorded."""

    @property
    def inputs(self) -> tuple[Column, ...]:
        """Those of inputs."""
        return tuple(column for column in self.columns if not column.port.output)

    @property
    def outputs(self) -> tuple[Column, ...]:
        """Those of outputs."""
        return tuple(column for column in self.columns if column.port.output)

    def test_at(self, step: int) -> str:
        """Return the test that made ``step``."""
        return next((part.test for part in self.parts if part.first <= step < part.stop), "")


@dataclass(slots=True)
class _Changes:
    steps: list[int] = field(default_factory=list)
    values: list[int] = field(default_factory=list)
    known: list[int] = field(default_factory=list)


class _Reader:
    """Turns the lines of a recording into steps."""

    def __init__(self, job: Job) -> None:
        self.ports = job.ports
        self.inputs = sum(not port.output for port in job.ports)
        self.changes = [_Changes() for _ in job.ports]
        self.length = 0
        self.settled: list[int] = []
        self.begun: list[tuple[str, int]] = []
        self.unknown: dict[str, None] = {}
        self._sampled: dict[int, str] = {}
        """Outputs that changed since the last step that is known to have settled."""
        self._after_edge = False
        """Whether the last step holds edges of clocks, and nothing else."""
        self._clocks = {index for index, port in enumerate(job.ports) if port.name in job.clocks}

    def sample(self, changes: Mapping[int, str], *, settled: bool) -> None:
        """Take the ports that changed; outputs count where all had settled, which it had not at a second edge."""
        moved = {index: bits for index, bits in changes.items() if index < self.inputs}
        if moved or not self.length:
            self._after_edge = False
            self.length += 1
        for index, bits in moved.items():
            self._set(index, bits)
        self._sampled.update((index, bits) for index, bits in changes.items() if index >= self.inputs)
        if settled:
            for index, bits in self._sampled.items():
                self._set(index, bits)
            self._sampled = {}
            self.settled.append(self.length - 1)

    def edge(self, index: int, bits: str, *, same_time: bool) -> None:
        """Take an edge as a step of its own; those of clocks at the same time share one."""
        clock = index in self._clocks
        if not (same_time and clock and self._after_edge):
            self.length += 1
        self._after_edge = clock
        self._set(index, bits)

    def _set(self, index: int, bits: str) -> None:
        changes, step = self.changes[index], self.length - 1
        if changes.steps and changes.steps[-1] == step:
            for values in (changes.steps, changes.values, changes.known):
                values.pop()
        elif index < self.inputs and changes.steps and not set(bits) <= {"0", "1"}:
            self.unknown[self.ports[index].name] = None
        changes.steps.append(step)
        changes.values.append(int(bits.translate(_UNKNOWN), 2))
        changes.known.append(int(bits.translate(_KNOWN), 2))


def read_traffic(job: Job, file: Path) -> Traffic:
    """Read the recording that was made as ``job`` says; a last line that was cut off is left out."""
    reader = _Reader(job)
    ending = ""
    waiting: Mapping[int, str] = {}
    for line in _whole_lines(file):
        kind, _, rest = line.partition(" ")
        if kind == "T":
            reader.begun.append((rest, reader.length))
        elif kind == "S":
            waiting = dict(map(_change, rest.split()))
            if not job.edges:
                reader.sample(waiting, settled=True)
        elif kind == "E":
            index, bits = _change(rest.removeprefix("@"))
            reader.sample(waiting, settled=not rest.startswith("@"))
            reader.edge(index, bits, same_time=rest.startswith("@"))
        else:
            ending = kind
    return Traffic(
        columns=tuple(_column(port, changes) for port, changes in zip(job.ports, reader.changes, strict=True)),
        length=reader.length,
        settled=np.unique(np.array(reader.settled, np.int64)),
        edges=job.edges,
        parts=tuple(_parts(reader.begun, reader.length)),
        unknown_inputs=tuple(reader.unknown),
        cut=ending == "CUT",
    )


def _whole_lines(file: Path) -> Iterator[str]:
    with file.open(encoding="ascii") as text:
        yield from (line.rstrip("\n") for line in text if line.endswith("\n"))


def _change(text: str) -> tuple[int, str]:
    index, _, bits = text.partition("=")
    return int(index), bits


def _column(port: TrafficPort, changes: _Changes) -> Column:
    return Column(
        port=port,
        steps=np.array(changes.steps, np.int64),
        values=tuple(changes.values),
        known=tuple(changes.known),
    )


def _parts(begun: Sequence[tuple[str, int]], length: int) -> Iterator[Part]:
    ends = [*(first for _, first in begun), length][1:]
    for (test, first), stop in zip(begun, ends, strict=True):
        if stop > first:
            yield Part(test=test, first=first, stop=stop)
