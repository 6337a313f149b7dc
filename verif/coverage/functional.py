"""Functional coverage as benches write it: one JSON line per test, bins merged by adding."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from verif.errors import InputError
from verif.verdict import Ratio

Bins = Mapping[str, Mapping[str, int]]
"""Cover point to bin to hits."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FunctionalCoverage:
    """Cover points with their bins' hits, merged over tests; and what each test hit."""

    points: Bins = field(default_factory=dict)
    tests: Mapping[str, Bins] = field(default_factory=dict)
    """Test name to its own bins, merged over simulators, configurations and seeds."""

    @property
    def bins(self) -> Ratio:
        """Bins that were hit, of all bins that any test named."""
        return _ratio(self.points)

    def as_json(self) -> dict[str, Any]:
        """Return the object that ``--json`` shows, keys sorted."""
        return {
            **_counts(self.bins),
            "points": {
                name: {**_counts(_ratio({name: bins})), "bins": dict(sorted(bins.items()))}
                for name, bins in sorted(self.points.items())
            },
            "tests": {
                test: {
                    "hit": _ratio(points).count,
                    "total": self.bins.total,
                    "bins": sorted(f"{p}.{b}" for p, named in points.items() for b, n in named.items() if n),
                }
                for test, points in sorted(self.tests.items())
            },
        }


def read_functional(files: Iterable[Path]) -> FunctionalCoverage:
    """Read and merge the files that benches wrote to ``BENCH_COVERAGE``; InputError PE415 names a line that is wrong.

    The result doesn't depend on the order of the files.
    """
    points: dict[str, dict[str, int]] = {}
    tests: dict[str, dict[str, dict[str, int]]] = {}
    for file in files:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            test, bins = _entry(line, f"{file}:{number}")
            _add(points, bins)
            _add(tests.setdefault(test, {}), bins)
    return FunctionalCoverage(points=points, tests=tests)


def _entry(line: str, where: str) -> tuple[str, Bins]:
    try:
        entry = json.loads(line)
        bins = {str(p): {str(b): int(n) for b, n in named.items()} for p, named in entry["bins"].items()}
        return str(entry["test"]), bins
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            "PE415",
            "not a line of functional coverage",
            where=where,
            allowed='it is {"test": name, "seed": n, "bins": {point: {bin: hits}}}',
        ) from error


def _add(into: dict[str, dict[str, int]], bins: Bins) -> None:
    for point, named in bins.items():
        hits = into.setdefault(point, {})
        for name, count in named.items():
            hits[name] = hits.get(name, 0) + count


def _ratio(points: Bins) -> Ratio:
    counts = [count for bins in points.values() for count in bins.values()]
    return Ratio(count=sum(count > 0 for count in counts), total=len(counts))


def _hit(points: Bins) -> list[str]:
    return sorted(f"{point}.{name}" for point, bins in points.items() for name, count in bins.items() if count)


def _counts(ratio: Ratio) -> dict[str, int]:
    return {"hit": ratio.count, "total": ratio.total}
