"""Play stimulus rows on a harness with Icarus, and stimulus that turns every knob at random."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from verif.design.model import Design, Direction, Port, PortRole
from verif.harness.model import Field, FieldKind, Harness
from verif.sim.playback import play_on_icarus
from verif.stimulus.rows import Stimulus
from verif.verdict import Verdict

Sampled = dict[str, int | None]
"""Port of the design, or output of a monitor, to what was sampled; None for X or Z."""


def written(harness: Harness, directory: Path) -> list[Path]:
    """Write the harness behind its design's sources; return all files in compile order."""
    directory.mkdir(parents=True, exist_ok=True)
    files = list(harness.design.sources.files)
    for name, text in harness.files.items():
        (directory / name).write_text(text, encoding="utf-8")
        files.append(directory / name)
    return files


def play(harness: Harness, rows: Sequence[Mapping[str, int]], directory: Path) -> list[Sampled]:
    """Play rows (field to value, the others at rest) after the run's reset; return what was sampled in each."""
    return play_all(harness, rows, directory)[harness.reset_ticks :]


def play_all(harness: Harness, rows: Sequence[Mapping[str, int]], directory: Path) -> list[Sampled]:
    """Do the same, and return what was sampled during reset too."""
    design = as_design(harness, written(harness, directory))
    resting = {field.name: field.default for field in harness.stimulus}
    in_reset = {field.name: 1 for field in harness.stimulus if field.kind is FieldKind.RESET}
    every = [*({**resting, **in_reset} for _ in range(harness.reset_ticks)), *({**resting, **row} for row in rows)]
    clocks = [clock.name for clock in harness.clocks]
    period = harness.schedule or ("",)
    ports = (*clocks, *resting)
    lines = [
        (*(int(clock == period[tick % len(period)]) for clock in clocks), *(row[name] for name in resting))
        for tick, row in enumerate(every)
    ]
    played = play_on_icarus(
        design.sources, design, Stimulus(ports=ports, rows=tuple(lines)), directory / "run", sandbox=None
    )
    assert played.verdict is Verdict.PASS, played.message
    named = {o.name: o.port for o in harness.observed}
    outputs = [(named.get(port.name, port.name), port.width) for port in design.outputs]
    return [_values(bits, outputs) for bits in played.outputs]


def as_design(harness: Harness, files: Sequence[Path]) -> Design:
    """Return the harness as a design of its own."""
    inputs = [(clock.name, 1, PortRole.CLOCK) for clock in harness.clocks]
    inputs += [(field.name, field.width, PortRole.DATA) for field in harness.stimulus]
    outputs = [(port.name, port.width) for port in harness.observed]
    outputs += [(name, 1) for monitor in harness.monitors for name in (monitor.fail, monitor.seen)]
    ports = [
        *(Port(name=name, direction=Direction.INPUT, width=width, role=role) for name, width, role in inputs),
        *(Port(name=name, direction=Direction.OUTPUT, width=width) for name, width in outputs),
    ]
    sources = replace(harness.design.sources, files=tuple(files), parameters={}, top=harness.top)
    return Design(top=harness.top, sources=sources, ports=tuple(ports), clocks=harness.clocks)


def _values(bits: str, outputs: Sequence[tuple[str, int]]) -> Sampled:
    sampled: Sampled = {}
    for name, width in outputs:
        mine, bits = bits[:width], bits[width:]
        sampled[name] = int(mine, 2) if set(mine) <= {"0", "1"} else None
    return sampled


def any_rows(
    harness: Harness, ticks: int, seed: int, fixed: Mapping[str, int] | None = None
) -> Iterator[dict[str, int]]:
    """Yield rows in which each field has a new habit every few ticks; resets stay inactive."""
    rng = random.Random(seed)
    fields = [field for field in harness.stimulus if field.kind is not FieldKind.RESET]
    done = 0
    while done < ticks:
        stretch = min(rng.randint(10, 60), ticks - done)
        done += stretch
        habits = {field.name: rng.choice((0.0, 0.1, 0.5, 0.9, 1.0)) for field in fields}
        for _ in range(stretch):
            yield {field.name: _drawn(rng, field, habits[field.name]) for field in fields} | dict(fixed or {})


def _drawn(rng: random.Random, field: Field, rate: float) -> int:
    if field.kind is FieldKind.RATE:
        return sum((rng.random() < rate) << bit for bit in range(field.width))
    if field.choices:
        return rng.choice(field.choices)
    return rng.getrandbits(field.width)


def bare(harness: Harness, rows: Sequence[Sampled], directory: Path) -> list[Sampled]:
    """Play the design's inputs, as a harness sampled them, on the design alone, as a bench would; return its outputs.

    ``rows`` begin with the harness's reset.
    """
    design = harness.design
    inputs = [port.port for port in harness.observed if port.direction is Direction.INPUT]
    clocks = [clock.name for clock in design.clocks]
    period = harness.schedule or ("",)
    lines = [
        (*(int(clock == period[tick % len(period)]) for clock in clocks), *(row[name] or 0 for name in inputs))
        for tick, row in enumerate(rows)
    ]
    stimulus = Stimulus(ports=(*clocks, *inputs), rows=tuple(lines))
    played = play_on_icarus(design.sources, design, stimulus, directory / "bare", sandbox=None)
    assert played.verdict is Verdict.PASS, played.message
    outputs = [(port.name, port.width) for port in design.outputs]
    return [_values(bits, outputs) for bits in played.outputs]
