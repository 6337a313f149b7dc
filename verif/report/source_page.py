"""A source file on the page: each line with what is known about its points in the margin, details one click away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from verif.coverage.model import PointResult
from verif.report.point_view import known, state, worst
from verif.verdict import PointStatus

MARKS = {"hit": "✓", "unknown": "?", "unreachable": "∅", "waived": "w"}
"""A sign for each state, so that colour is not all that tells them apart."""
_QUIET = 12
"""From so many lines on, a stretch without points is folded, but for its first and last lines."""
_KEPT = 3


def source_html(
    lines: Sequence[str], points: Mapping[int, Sequence[PointResult]], names: Mapping[str, str], prefix: str = ""
) -> str:
    """Return the lines as HTML; ``names`` are the anchors of points, ``prefix`` begins those of witnesses."""
    digits = len(str(len(lines)))
    parts: list[str] = []
    quiet: list[str] = []
    for number, text in enumerate(lines, start=1):
        head = f'<i class="n">{number:>{digits}}</i>'
        here = points.get(number)
        if here is None:
            quiet.append(f'<div>{head}<i class="m"></i>{escape(text)}</div>')
            continue
        parts += folded(quiet)
        quiet = []
        parts.append(_marked(head, text, here, names, prefix))
    return "".join([*parts, *folded(quiet)])


def folded(quiet: Sequence[str], what: str = "without points") -> Iterator[str]:
    """Yield lines; of a long stretch all but the first and last in a fold that says how many lines are ``what``."""
    if len(quiet) < _QUIET:
        yield from quiet
        return
    middle = quiet[_KEPT:-_KEPT]
    yield from quiet[:_KEPT]
    yield f'<details class="fold"><summary>{len(middle)} lines {what}</summary>{"".join(middle)}</details>'
    yield from quiet[-_KEPT:]


def _marked(head: str, text: str, points: Sequence[PointResult], names: Mapping[str, str], prefix: str) -> str:
    kind = worst(points)
    within = [result for result in points if result.status is not PointStatus.UNREACHABLE]
    hit = sum(result.status is PointStatus.HIT for result in within)
    mark = MARKS[kind] if len(points) == 1 or not within else f"{MARKS[kind]} {hit}/{len(within)}"
    line = f'{head}<i class="m">{mark}</i>{escape(text)}'
    listed = "".join(_point(result, names, prefix) for result in points)
    return f'<details class="{kind}"><summary>{line}</summary><ul>{listed}</ul></details>'


def _point(result: PointResult, names: Mapping[str, str], prefix: str) -> str:
    name = names[result.point.id]
    kind = state(result)
    told = escape(known(result))
    if result.witness:
        witness = escape(result.witness)
        told = told.replace(witness, f'<a href="#{prefix}{witness}">{witness}</a>', 1)
    return (
        f'<li id="{name}"><b class="{kind}">{MARKS[kind]}</b> <code>{escape(result.point.id)}</code> '
        f"{escape(result.point.title)} <span>{told}</span></li>"
    )
