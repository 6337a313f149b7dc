"""What a drafted bench's own Python counts, without a simulator; random rows for probed harnesses."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tests.support.harness_runs import any_rows
from verif.bench.oracles import OracleSet
from verif.bench.render import BenchSource, render_python
from verif.coverage.probes import with_probes
from verif.design.frontend import read_design
from verif.design.model import Design
from verif.design.sources import resolve_sources
from verif.harness import assemble
from verif.harness.model import FieldKind, Harness
from verif.plan.model import Testplan
from verif.sim.batch import Batch, BatchBuild, build_batch
from verif.workspace import Workspace

_USED = {"POINTS", "CROSSES", "Coverage", "labels"}


def bench_coverage(source: BenchSource) -> Any:
    """Return an object of the class ``Coverage`` of the bench that is rendered from ``source``."""
    text = render_python(source)[f"{source.module}_tb.py"]
    tree = ast.parse(text)
    tree.body = [node for node in tree.body if _kept(node)]
    names: dict[str, Any] = {}
    exec(compile(tree, "tb.py", "exec"), names)
    return names["Coverage"]()


def _kept(node: ast.stmt) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.module in ("__future__", "collections", "collections.abc", "itertools")
    if isinstance(node, ast.Assign | ast.AnnAssign):
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        return isinstance(target, ast.Name) and target.id in _USED
    return isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name in _USED


def random_rows(build: BatchBuild, ticks: int, seed: int, *, resets: bool = True) -> np.ndarray:
    """Return rows in which every field has a new habit every few ticks; now and then a reset is active."""
    harness = build.harness
    drawn = list(any_rows(harness, ticks, seed))
    rows = build.stimulus.pack(
        {name: np.array([row[name] for row in drawn], object) for name in drawn[0]} if drawn[0] else {}
    )
    rows = rows if drawn[0] else build.stimulus.rows(ticks)
    held = np.repeat(np.random.default_rng(seed).random(-(-ticks // 4)) < 0.03, 4)[:ticks]
    for field in harness.stimulus:
        if field.kind is FieldKind.RESET and resets:
            build.stimulus.put(rows, field.name, held.astype(np.uint32))
    return rows


def sampled(build: BatchBuild, observed: np.ndarray | None) -> Iterator[dict[str, int]]:
    """Yield the ports' values tick by tick."""
    assert observed is not None
    values = build.observed.unpack(observed, integers=True)
    named = {port.port: values[port.name].tolist() for port in build.harness.observed}
    for line in zip(*named.values(), strict=True):
        yield dict(zip(named, line, strict=True))


def hit_ids(harness: Harness, words: Iterable[int] | None) -> set[str]:
    """Return the ids of the points whose bits are 1."""
    assert words is not None
    row = [int(word) for word in words]
    return {name for bit, name in enumerate(harness.covers) if row[bit // 32] >> bit % 32 & 1}


def rows_of(build: BatchBuild, rows: Iterable[Mapping[str, int]]) -> np.ndarray:
    """Return stimulus from field values, the others at rest."""
    return np.stack([build.stimulus.pack(dict(row)) for row in rows])


class Probed:
    """A design in a few lines of text, its inputs driven as they are, and the ids that rows of values hit."""

    def __init__(self, directory: Path, text: str, *, top: str = "dut", name: str = "dut.sv", **options: Any) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        (directory / name).write_bytes(text.encode())
        self.design = read_design(resolve_sources([directory / name], top=top, **options))
        self.workspace = Workspace(directory / "sim_builds")
        self.plain = assemble(self.design, Testplan(dut=top, drivers=(), points=()), OracleSet(drivers=(), **_NOTHING))
        self.probed = with_probes(self.plain, Testplan(dut=top, drivers=(), points=()), workspace=self.workspace)

    @property
    def ids(self) -> list[str]:
        """The ids of all points."""
        return [point.id for point in self.probed.points]

    @property
    def notes(self) -> list[str]:
        """The notes on probes, without the folder of the sources."""
        folder = f"{self.design.sources.files[0].parent}/"
        return [note.replace(folder, "") for note in self.probed.notes]

    @property
    def text(self) -> str:
        """The instrumented text."""
        return self.probed.harness.design.sources.files[0].read_bytes().decode()

    def ticks(self, *rows: Mapping[str, int]) -> dict[str, int]:
        """Return the points that rows of inputs hit, and in which of the rows first; resets by their levels."""
        build = build_batch(self.probed.harness, workspace=self.workspace)
        with Batch(build) as batch:
            found = batch.hit_ticks(rows_of(build, [self._fields(row) for row in rows]), fresh=True)
        return {name: tick for name, tick in zip(self.ids, found.tolist(), strict=True) if tick >= 0}

    def _fields(self, row: Mapping[str, int]) -> dict[str, int]:
        names = {field.meaning: field.name for field in self.plain.stimulus}
        resets = dict(zip((reset.name for reset in self.design.resets), self.plain.stimulus, strict=False))
        return {
            resets[port].name if port in resets else names[port]: (
                int(value == int(reset_of(self.design, port))) if port in resets else value
            )
            for port, value in row.items()
        }


_NOTHING: dict[str, Any] = {"model": None, "rules": ()}


def reset_of(design: Design, name: str) -> bool:
    """Return the active level of a reset."""
    return next(reset.active_high for reset in design.resets if reset.name == name)
