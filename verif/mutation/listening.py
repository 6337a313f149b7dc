"""Combinational processes that list what they wait for (``always @(a or b)``)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyslang import ast

from verif.design.texts import Texts
from verif.mutation.typed import processes

_T = ast.TimingControlKind
_EDGES = (ast.EdgeKind.PosEdge, ast.EdgeKind.NegEdge, ast.EdgeKind.BothEdges)


def event_lists(design: Any, texts: Texts) -> Iterator[tuple[Path, int, int, int]]:
    """Yield file, first and last offset of each such process, and the offset behind its last event."""
    for block in processes(design.top):
        last = _last_event(block)
        text = texts.of(last) if last is not None else None
        first, end = block.syntax.getFirstToken(), block.syntax.getLastToken()
        if text is not None and texts.of(first) is text and texts.of(end) is text:
            yield text.path, texts.start(first), texts.end(end), texts.end(last)


def _last_event(block: Any) -> Any:
    """Return the last token of a list of plain signals; None for other processes."""
    body = block.body
    timing = getattr(body, "timing", None)
    if timing is None or timing.kind not in (_T.EventList, _T.SignalEvent):
        return None
    events = list(timing.events) if timing.kind == _T.EventList else [timing]
    if any(event.kind != _T.SignalEvent or event.edge in _EDGES for event in events):
        return None
    return events[-1].expr.syntax.getLastToken()
