"""The picture of a difference: both versions' outputs over the inputs that tell them apart."""

from __future__ import annotations

from pathlib import Path

from verif.campaign.differences.result import DiffResult
from verif.report.model import Failure, TestResult
from verif.report.picture import save_pictures
from verif.verdict import Verdict

_BEFORE = 24
"""Cycles before the difference that the picture shows."""


def draw_difference(result: DiffResult) -> tuple[Path, ...]:
    """Write an SVG picture and WaveJSON beside the test of a difference; nothing where there is none."""
    found = result.difference
    if found is None or not result.files:
        return ()
    place = result.files[0].parent / f"{result.top}_difference"
    test = TestResult(name=result.files[0].stem, simulator=found.judged_on, seed=0, verdict=Verdict.FAIL)
    failure = Failure(
        test=test,
        rule=f"{result.old} against {result.new}",
        title="The outputs of both versions are the same.",
        cycle=found.tick,
        detail=found.sentence,
        signals=tuple(f"{port} {side}" for port in found.ports for side in ("OLD", "NEW")),
        trace=found.trace.window(found.tick, before=_BEFORE),
    )
    saved = save_pictures(failure, svg=place.with_suffix(".svg"), waves=place.with_suffix(".wave.json"))
    return (saved.svg, saved.wavejson) if saved else ()
