"""Runs to mine from: what the plan's phases do to a design, with its registers in sight."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from verif.design.model import Direction
from verif.design.registers import Register, find_registers
from verif.harness.model import FieldKind, Harness
from verif.property.mining import Table, Watched
from verif.search.mining.watching import Around
from verif.search.stimulus import StimulusMaker
from verif.sim.batch import Batch
from verif.sim.batch.layout import Layout

WIDEST = 64
"""Bits of the widest signal that is looked at."""
MOST_SIGNALS = 160
WINDOW = 256
"""Cycles of a piece of a run."""
MOST_PIECES = 400

_INSIDE = "dut."
_UNNAMED = re.compile(r"\bgenblk\d+\b")


def watched(harness: Harness, folder: Path) -> tuple[Watched, ...]:
    """Return the signals of a harness that mining looks at: ports, registers, those of drivers and monitors last.

    The harness's files are written to ``folder``.
    """
    ports = [
        Watched(path=each.port, width=each.width, role="input" if each.direction is Direction.INPUT else "output")
        for each in harness.observed
        if each.direction is not Direction.INOUT and each.port not in {reset.name for reset in harness.resets}
    ]
    names = {port.path for port in ports}
    registers = [_watched(register) for register in _registers(harness, folder) if _readable(register)]
    inner = [register for register in registers if register.path not in names]
    found = [*ports, *sorted(inner, key=lambda register: not register.own)]
    return tuple(signal for signal in found if signal.width <= WIDEST)[:MOST_SIGNALS]


def _registers(harness: Harness, folder: Path) -> tuple[Register, ...]:
    folder.mkdir(parents=True, exist_ok=True)
    files = list(harness.design.sources.files)
    for name, text in harness.files.items():
        files.append(folder / name)
        files[-1].write_text(text, encoding="utf-8")
    # The parameters are the design's; the harness passes them on.
    return find_registers(
        replace(harness.design.sources, files=tuple(files), top=harness.top, parameters={}, manifest=None)
    )


def _readable(register: Register) -> bool:
    """Return whether simulators and slang call it the same, and its bits too: blocks without a name have none."""
    return register.from_zero and not _UNNAMED.search(register.path)


def _watched(register: Register) -> Watched:
    own = register.path.startswith(_INSIDE)
    path = register.path.removeprefix(_INSIDE) if own else f"^{register.path}"
    return Watched(path=path, width=register.width)


def table_of(batch: Batch, around: Around, maker: StimulusMaker, *, blocks: int) -> Table:
    """Simulate ``blocks`` blocks of a watching harness and return what was seen in pieces of runs."""
    harness = batch.harness
    layout = Layout.of(harness.observed)
    parts: list[Mapping[str, np.ndarray]] = []
    offs: list[np.ndarray] = []
    for number in _long_blocks(maker, blocks):
        block = maker.block(number)
        answer = batch.lanes(block.stimulus, observe=True)
        assert answer.observed is not None
        parts.append({each.port: _pieces(layout.get(answer.observed, each.name)) for each in harness.observed})
        offs.append(_pieces(_in_reset(harness, block.stimulus) | _ended(answer.ended, block.ticks)))
    columns = {
        signal.path: np.concatenate([part[signal.path] for part in parts]).astype(np.uint64)[:MOST_PIECES]
        for signal in around.signals
    }
    states = {fsm.register: fsm.states for fsm in harness.design.fsms}
    return Table(around.signals, columns, np.concatenate(offs)[:MOST_PIECES].astype(np.bool_), states)


def _long_blocks(maker: StimulusMaker, blocks: int) -> Iterator[int]:
    """Yield the numbers of blocks whose runs are long enough for a piece."""
    found, number = 0, 0
    while found < blocks:
        if maker.shape(number)[1] >= WINDOW:
            found += 1
            yield number
        number += 1


def _pieces(values: np.ndarray) -> np.ndarray:
    lanes, ticks = values.shape
    whole = ticks // WINDOW
    return values[:, : whole * WINDOW].reshape(lanes * whole, WINDOW)


def _in_reset(harness: Harness, stimulus: np.ndarray) -> np.ndarray:
    layout = Layout.of(harness.stimulus)
    off = np.zeros(stimulus.shape[:2], np.bool_)
    for field in harness.stimulus:
        if field.kind is FieldKind.RESET:
            off |= layout.get(stimulus, field.name) != 0
    return off


def _ended(ended: np.ndarray, ticks: int) -> np.ndarray:
    """Return where a run has ended itself."""
    last = np.where(ended < 0, ticks, ended)[:, None]
    found: np.ndarray = np.arange(ticks)[None, :] >= last
    return found
