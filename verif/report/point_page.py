"""What the page's section on coverage points is rendered from."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from verif.coverage.model import Counts, Coverage, PointKind, PointResult
from verif.coverage.ranking import Ranking
from verif.report import point_view
from verif.report.curve import curves
from verif.report.point_text import source_lines
from verif.report.points import Points, Witness
from verif.report.source_page import source_html
from verif.report.waveform import waveform
from verif.report.wavejson import trace_wavejson

_COVERS = "cover properties"
_PARTS = {PointKind.BIN, PointKind.CROSS}


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownFile:
    """A source file with its points."""

    name: str
    counts: Counts
    lines: int
    """0 where it can't be read."""
    points: tuple[PointResult, ...]
    html: Markup

    @property
    def open(self) -> bool:
        """Whether it has something that is open."""
        return self.counts.unknown > 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """The points of one bench, sorted for the page."""

    coverage: Coverage
    names: Mapping[str, str]
    """Anchors of the points."""
    prefix: str
    """What anchors of witnesses begin with, before the witness's id."""
    files: tuple[ShownFile, ...]
    """Those with holes first."""
    functional: Mapping[str, Sequence[tuple[PointResult, str]]]
    """Cover point to its bins or combinations, each with what it is called there."""
    ranking: Ranking | None
    texts: Mapping[str, Sequence[str]]
    """Source file to its lines."""

    @property
    def holes(self) -> tuple[PointResult, ...]:
        """The points about which nothing is known, those in the code first."""
        return point_view.holes(self.coverage)

    @property
    def unreachable(self) -> tuple[PointResult, ...]:
        """The points that are proven to be out of reach."""
        return point_view.by_state(self.coverage, "unreachable")

    @property
    def waived(self) -> tuple[PointResult, ...]:
        """The unknown points that a waiver excuses."""
        return point_view.by_state(self.coverage, "waived")

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods of the proofs."""
        return tuple(sorted({result.method for result in self.unreachable if result.method}))

    def excerpt(self, hole: PointResult) -> list[tuple[int, str]]:
        """Return the lines around a hole."""
        return list(point_view.excerpt(self.texts.get(hole.point.file, ()), hole.point.line))


def shown(points: Points, prefix: str = "") -> Shown:
    """Return what the page shows; ``prefix`` keeps the anchors of several benches apart. Reads the sources."""
    coverage = points.coverage
    names = {id: f"{prefix}{name}" for id, name in point_view.numbered(coverage.points).items()}
    texts = {source.name: source_lines(Path(source.path)) for source in points.sources}
    files = (_file(name, lines, coverage, names, prefix) for name, lines in texts.items())
    return Shown(
        coverage=coverage,
        names=names,
        prefix=prefix,
        files=tuple(sorted(files, key=lambda file: (not file.open, file.name))),
        functional=_functional(coverage),
        ranking=points.ranking,
        texts=texts,
    )


def _file(name: str, lines: Sequence[str], coverage: Coverage, names: Mapping[str, str], prefix: str) -> ShownFile:
    own = tuple(result for result in coverage.points if result.point.file == name)
    html = source_html(lines, point_view.at_lines(own, name), names, prefix)
    return ShownFile(name=name, counts=Counts.of(own), lines=len(lines), points=own, html=Markup(html))


def _functional(coverage: Coverage) -> dict[str, list[tuple[PointResult, str]]]:
    grouped: dict[str, list[tuple[PointResult, str]]] = {}
    for result in coverage.points:
        if result.point.kind in _PARTS and not result.point.file:
            prefix, _, rest = result.point.id.partition(":")
            name, _, label = rest.partition(".") if prefix != "cover" else (_COVERS, "", rest)
            grouped.setdefault(name, []).append((result, label))
    return grouped


def curves_html(points: Points) -> Markup:
    """Return the charts of the curve."""
    return Markup(curves(points.curve, points.coverage.counts.total))


def witness_picture(witness: Witness) -> Markup:
    """Return the waves of a witness."""
    return Markup(waveform(witness.trace, title=f"Waves of {witness.id}")) if witness.trace else Markup("")


def witness_json(witness: Witness) -> str:
    """Return the waves of a witness as WaveJSON."""
    return json.dumps(trace_wavejson(witness.trace, witness.id), ensure_ascii=False) if witness.trace else ""
