"""Put coverage probes into a design and round its harness."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from verif.coverage.model import CoverPoint
from verif.coverage.probes.functional import functional_probes, property_probes
from verif.coverage.probes.model import Probe, ProbedHarness
from verif.design.model import Design, Instance, SourceSet
from verif.errors import PosedgeError, Unsupported
from verif.harness.around import Shown, around_text, inside_name, top_name
from verif.harness.model import COVERS, Harness
from verif.plan.model import Testplan
from verif.sim.content import sources_digest
from verif.sim.placing import placed
from verif.workspace import Workspace

INSTANCE = "dut"
"""What every harness calls the design."""


def with_probes(
    harness: Harness, plan: Testplan, *, workspace: Workspace, design: Design | None = None
) -> ProbedHarness:
    """Return ``harness`` with its coverage points at the output ``covers``; the same arguments give the same bytes.

    Instrumented copies of the sources go to the workspace. ``design`` is what is known of the design where the
    harness takes its clocks and resets for plain inputs. A design that can't be instrumented keeps its functional
    points, and a note says why; a harness without any point comes back as it is. Unsupported PE891 where a clock is
    called ``covers``.
    """
    if any(clock.name == COVERS for clock in harness.clocks):
        raise Unsupported(
            "PE891",
            f"a clock called {COVERS} leaves no name for the output that shows coverage points",
            where=harness.design.top,
            hint="rename the port",
        )
    code = probed_sources(design or harness.design, workspace)
    functional = functional_probes(harness, plan)
    inside = inside_name(harness)
    probes = [
        *(Probe(point=p, expression=f"{inside}.{INSTANCE}.{code.vector}[{bit}]") for bit, p in enumerate(code.points)),
        *functional.probes,
        *property_probes(harness, inside),
    ]
    notes = (*code.notes, *functional.notes)
    if not probes:
        return ProbedHarness(harness=harness, points=(), notes=notes)
    top = top_name(harness, list(_modules(harness.design.hierarchy)))
    probed = replace(
        harness,
        top=top,
        design=replace(harness.design, sources=code.sources),
        files={**harness.files, f"{top}.sv": _text(harness, top, probes)},
        covers=tuple(probe.point.id for probe in probes),
    )
    return ProbedHarness(harness=probed, points=tuple(probe.point for probe in probes), notes=notes)


def _text(harness: Harness, top: str, probes: Sequence[Probe]) -> str:
    shown = [Shown(id=probe.point.id, expression=probe.expression) for probe in probes]
    return around_text(harness, top, shown, title=f"The harness {harness.top} and its coverage points")


@dataclass(frozen=True, kw_only=True, slots=True)
class ProbedSources:
    """A design's sources with probes for branches and state machines."""

    sources: SourceSet
    points: tuple[CoverPoint, ...] = ()
    vector: str = ""
    """Signal of the top module: bit n is 1 where the point n is hit."""
    notes: tuple[str, ...] = ()


def probed_sources(design: Design, workspace: Workspace) -> ProbedSources:
    """Write instrumented copies of the sources to the workspace; the originals and a note where that can't be."""
    from verif.coverage.probes.instrument import instrument
    from verif.design.elaboration import elaborate

    try:
        found = instrument(design)
        if not found.points:
            return ProbedSources(sources=design.sources, notes=found.notes)
        sources = placed(design.sources, found.texts, workspace, "probes")
        elaborate(sources)
    except PosedgeError as error:
        note = f"Branches and state machines have no points: {error.sentence}"
        return ProbedSources(sources=design.sources, notes=(note,))
    return ProbedSources(sources=sources, points=found.points, vector=found.vector, notes=found.notes)


def design_digest(design: Design) -> str:
    """Return the digest by which coverage of one design is told from that of another: of its sources as they are."""
    return sources_digest(design.sources)[:16]


def _modules(instance: Instance | None) -> Iterator[str]:
    """Yield the names of all modules of the design."""
    if instance:
        yield instance.module
        for child in instance.children:
            yield from _modules(child)
