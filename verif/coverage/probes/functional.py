"""Functional bins and crosses of a testplan as expressions over the harness's ``obs_`` outputs.

A bin is hit in a tick under the condition under which the bench's Python counts it: sampled just before the active
edge, in every tick of whatever clock, resets or not; a value with an X or Z bit is in no bin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod

from verif.coverage.model import CoverPoint, PointKind
from verif.coverage.probes.model import Probe
from verif.harness.model import Harness, Observed
from verif.plan import model as plan_model
from verif.plan.model import Testplan

MAX_CROSS = 4096
"""Combinations of one cross; a cross with more is left to Python."""

_FORBIDDEN = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class FunctionalProbes:
    """The probes of a testplan."""

    probes: tuple[Probe, ...]
    notes: tuple[str, ...]


def functional_probes(harness: Harness, plan: Testplan) -> FunctionalProbes:
    """Return a probe for each bin and each combination of bins, in the plan's order."""
    work = _Work({port.port: port for port in harness.observed})
    for point in plan.coverage:
        if not point.cross:
            work.single(point)
    for point in plan.coverage:
        if point.cross:
            work.crossed(point)
    return FunctionalProbes(tuple(work.probes), tuple(work.notes))


def bin_id(point: str, label: str) -> str:
    """Return the id of a bin."""
    return _id(PointKind.BIN, (point, label))


def cross_id(cross: str, labels: Iterable[str]) -> str:
    """Return the id of a combination of bins."""
    return _id(PointKind.CROSS, (cross, *labels))


def _id(kind: PointKind, parts: Iterable[str]) -> str:
    return f"{kind.value}:{'.'.join(_FORBIDDEN.sub('_', part) for part in parts)}"


@dataclass(slots=True)
class _Work:
    ports: Mapping[str, Observed]
    probes: list[Probe] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    bits: dict[str, dict[str, str]] = field(default_factory=dict)
    """Point to bin to expression."""

    def single(self, point: plan_model.CoverPoint) -> None:
        """Add the bins of a point over one port."""
        port = self.ports.get(point.port or "")
        if port is None:
            self.notes.append(f"The bins of {point.name} are counted in Python only: {point.port} isn't observed.")
            return
        self.bits[point.name] = {label: _within(port, *span) for label, span in point.bins.items()}
        for label, bit in self.bits[point.name].items():
            title = f"{port.port} {_span(*point.bins[label])}"
            self._add(bin_id(point.name, label), PointKind.BIN, title, bit)

    def crossed(self, point: plan_model.CoverPoint) -> None:
        """Add the combinations of a cross."""
        missing = [name for name in point.cross if name not in self.bits]
        if missing:
            self.notes.append(
                f"The cross {point.name} is counted in Python only: {', '.join(missing)} has no bins here."
            )
            return
        parts = [self.bits[name] for name in point.cross]
        combinations = prod(map(len, parts))
        if combinations > MAX_CROSS:
            self.notes.append(
                f"The cross {point.name} is counted in Python only: it has {combinations} combinations, "
                f"the hardware takes {MAX_CROSS}."
            )
            return
        for labels in product(*parts):
            bits = [part[label] for part, label in zip(parts, labels, strict=True)]
            self._add(cross_id(point.name, labels), PointKind.CROSS, _met(point.cross, labels), _all(bits))

    def _add(self, name: str, kind: PointKind, title: str, bit: str) -> None:
        self.probes.append(Probe(point=CoverPoint(id=name, kind=kind, title=title), expression=bit))


def property_probes(harness: Harness, inside: str) -> tuple[Probe, ...]:
    """Return a probe for each cover property of ``harness``, whose instance is called ``inside``."""
    return tuple(
        Probe(
            point=CoverPoint(id=one.id, kind=PointKind.BIN, title=f"{one.title} ({one.file}:{one.line})"),
            expression=f"{inside}.{one.net}",
        )
        for one in harness.properties_covered
    )


def functional_hits(bins: Mapping[str, Mapping[str, int]], plan: Testplan) -> Iterator[str]:
    """Yield the ids of the points that a bench's functional coverage (point to bin to hits) shows as hit."""
    crosses = {point.name: point.cross for point in plan.coverage if point.cross}
    ranges = {point.name: point.bins for point in plan.coverage}
    for name, counts in bins.items():
        for parts in product(*(ranges.get(point, {}) for point in crosses[name])) if name in crosses else ():
            if counts.get(" x ".join(parts)):
                yield cross_id(name, parts)
        if name not in crosses:
            yield from (bin_id(name, label) for label, count in counts.items() if count)


def _within(port: Observed, low: int, high: int) -> str:
    """Return the expression for an inclusive range, without comparisons that are always true."""
    top = (1 << port.width) - 1
    high = min(high, top)
    if low > high:
        return "1'b0"
    if low == high:
        return f"({port.name} == {port.width}'h{low:x})"
    bounds = [f"{port.name} >= {port.width}'h{low:x}"] if low > 0 else []
    bounds += [f"{port.name} <= {port.width}'h{high:x}"] if high < top else []
    return f"({' & '.join(f'({bound})' for bound in bounds)})" if bounds else _known(port)


def _known(port: Observed) -> str:
    """Return what is 1 for every known value and X for the others, which is no hit."""
    return f"({port.name} == {port.name})"


def _all(bits: Sequence[str]) -> str:
    return " & ".join(bits)


def _span(low: int, high: int) -> str:
    return f"is {low}" if low == high else f"from {low} to {high}"


def _met(points: Sequence[str], labels: Sequence[str]) -> str:
    return " with ".join(f"{point} {label}" for point, label in zip(points, labels, strict=True))
