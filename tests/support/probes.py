"""What a drafted bench's own Python counts, without a simulator; random rows for probed harnesses."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from tests.support.harness_runs import any_rows
from verif.bench.render import BenchSource, render_python
from verif.harness.model import FieldKind, Harness
from verif.sim.batch import BatchBuild

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
    rows = build.stimulus.pack({name: [row[name] for row in drawn] for name in drawn[0]} if drawn[0] else {})
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
