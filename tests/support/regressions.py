"""Drafted benches with stored regressions, written without running anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.support.drafts import ROOT, rtl_source
from verif.bench.folder import bench_files
from verif.bench.manifest import Provenance
from verif.bench.render import BenchSource
from verif.bench.stored import Stored

FIFO = ("rst_n", "wr_en", "wr_data", "rd_en")
DETECTOR = ("rst_n", "din_valid", "din")
ASYNC_FIFO = ("wr_rst_n", "rd_rst_n", "wr_en", "wr_data", "rd_en")


def overfilled() -> Stored:
    """Seventeen writes into the FIFO of sixteen places, then reads: what ``full_one_late`` loses."""
    rows = [(0, 0, 0, 0)] * 2 + [(1, 1, 0x10 + n, 0) for n in range(17)] + [(1, 0, 0, 1)] * 3
    return stored("sync-fifo-model", FIFO, rows, requirements=["R7"])


def overlapping() -> Stored:
    """1011011: two matches that share a bit, of which ``no_overlap`` sees one."""
    rows = [(0, 0, 0)] * 2 + [(1, 1, int(bit)) for bit in "1011011"] + [(1, 0, 0)] * 2
    return stored("sequence-detector-model", DETECTOR, rows)


def reset_again() -> Stored:
    """A word through the FIFO of two clocks, then a reset in mid-run, as ``reset_misses_read_pointer`` needs it."""
    active, idle = (0, 0, 0, 0, 0), (1, 1, 0, 0, 0)
    write, read = (1, 1, 1, 0xA5, 0), (1, 1, 0, 0, 1)
    steps = [(active, 15), (idle, 5), (write, 2), (idle, 15), (read, 3), (idle, 10), (active, 15), (idle, 10)]
    return stored("async-fifo-model", ASYNC_FIFO, [row for row, times in steps for _ in range(times)])


def one_side_reset() -> Stored:
    """A word on its way through the FIFO of two clocks, then a reset of the write side alone.

    The word has left for the read side when the reset comes, so ``empty`` falls: no specification speaks of that.
    """
    active, idle, side = (0, 0, 0, 0, 0), (1, 1, 0, 0, 0), (0, 1, 0, 0, 0)
    write = (1, 1, 1, 0xA5, 0)
    steps = [(active, 15), (idle, 5), (write, 2), (idle, 2), (side, 1), (idle, 10)]
    return stored("async-fifo-model", ASYNC_FIFO, [row for row, times in steps for _ in range(times)])


def stored(check: str, inputs: Sequence[str], rows: Iterable[tuple[int, ...]], **facts: Any) -> Stored:
    """Return a regression that fails ``check``, as a search saves it."""
    about = {"oracle": "SPEC", "check": check, "rule": "The outputs are those of the reference model.", "seed": 7}
    return Stored(id=check, inputs=tuple(inputs), rows=tuple(rows), facts={**about, **facts})


def drafted(folder: Path, name: str, *regressions: Stored) -> Path:
    """Write the bench of a design under ``rtl/`` with ``regressions`` and return its folder."""
    return written(folder, rtl_source(name), *regressions)


def specified(folder: Path, name: str, *regressions: Stored) -> Path:
    """Write the bench of a design under ``rtl/``, its specification named, and return its folder."""
    return written(folder, rtl_source(name), *regressions, spec=ROOT / "rtl" / name / "spec.md")


def written(folder: Path, source: BenchSource, *regressions: Stored, spec: Path | None = None) -> Path:
    """Write the bench of ``source`` with ``regressions`` and return its folder."""
    files: Mapping[str, str] = bench_files(
        source,
        Stored(id="recorded", inputs=(), rows=()),
        folder,
        simulators=("icarus", "verilator"),
        spec=spec,
        provenance=Provenance(),
        regressions=regressions,
    )
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def bug(name: str, broken: str) -> Path:
    """Return the file of a seeded bug."""
    return ROOT / "rtl" / name / "bugs" / f"{broken}.sv"
