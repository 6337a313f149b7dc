"""Read a design: sources in, ``Design`` out."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from verif.design.clock_choice import choose_clocks
from verif.design.clocking import ClockingSurvey
from verif.design.cones import Cones, data_cones
from verif.design.elaboration import Elaborated, elaborate
from verif.design.fsm import find_fsms
from verif.design.manifest import DesignManifest, read_manifest
from verif.design.model import Design, SourceSet
from verif.design.overrides import apply_manifest
from verif.design.ports import hierarchy_of, parameters_of, ports_of, with_roles
from verif.design.protocols import recognise
from verif.design.racing import Racing
from verif.design.scope import Scopes

_FRAMES = 12_000
"""Python frames: slang's nesting limit, 1024, times the frames that a walk needs for a level, and room."""


def read_design(sources: SourceSet) -> Design:
    """Elaborate ``sources`` and return what is recognised about the top.

    InputError PE1xx tells what is wrong with the sources, Unsupported what this build can't take.
    """
    elaborated = elaborate(sources)
    manifest = read_manifest(sources.manifest) if sources.manifest else None
    with _deep_nesting():
        design = _recognise(elaborated, sources, manifest)
    return apply_manifest(design, manifest) if manifest else design


@contextlib.contextmanager
def _deep_nesting() -> Iterator[None]:
    """Let the walks below go as deep as slang's parser does."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _recognise(elaborated: Elaborated, sources: SourceSet, manifest: DesignManifest | None) -> Design:
    top = elaborated.top
    scopes = Scopes()
    ports, port_notes = ports_of(top.body)
    survey = ClockingSurvey(scopes).of(top)
    known = [entry.name for entry in manifest.clocks] if manifest else []
    cones = Cones(scopes).of(top)
    racing = Racing(scopes).outputs(top)
    idle = {port.name for port in ports}.difference(*cones.values()) if cones else set()
    chosen = choose_clocks(survey, ports, elaborated.place, known=known, idle=idle)
    ports = with_roles(ports, chosen.clocks, chosen.resets)
    protocols, near_misses = recognise(ports, top.name)
    design = Design(
        top=top.name,
        sources=replace(sources, top=top.name),
        ports=ports,
        parameters=parameters_of(top.body),
        clocks=tuple(chosen.clocks),
        resets=tuple(chosen.resets),
        protocols=protocols,
        fsms=find_fsms(top, scopes),
        hierarchy=hierarchy_of(top, scopes, elaborated.place),
        racing=racing,
        notes=(*sources.notes, *elaborated.notes, *port_notes, *_black_boxes(survey), *chosen.notes, *near_misses),
    )
    return replace(design, cones=data_cones(cones, design), cones_by="slang")


def _black_boxes(survey: Any) -> list[str]:
    names = survey.black_boxes
    if not names:
        return []
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return [f"black boxes: {', '.join(names[:3])}{more}"]
