"""Put coverage probes round and into a harness."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from verif.coverage.probes.around import around_text, top_name
from verif.coverage.probes.functional import functional_probes
from verif.coverage.probes.model import ProbedHarness
from verif.design.model import Instance
from verif.errors import Unsupported
from verif.harness.model import COVERS, Harness
from verif.plan.model import Testplan
from verif.workspace import Workspace


def with_probes(harness: Harness, plan: Testplan, *, workspace: Workspace) -> ProbedHarness:
    """Return ``harness`` with its coverage points at the output ``covers``; the same arguments give the same bytes.

    A harness without any point comes back as it is. Unsupported PE891 where a port of it is called ``covers``.
    """
    functional = functional_probes(harness, plan)
    probes = functional.probes
    if not probes:
        return ProbedHarness(harness=harness, points=(), notes=functional.notes)
    if any(clock.name == COVERS for clock in harness.clocks):
        raise Unsupported(
            "PE891",
            f"a clock called {COVERS} leaves no name for the output that shows coverage points",
            where=harness.design.top,
            hint="rename the port",
        )
    top = top_name(harness, list(_modules(harness.design.hierarchy)))
    probed = replace(
        harness,
        top=top,
        files={**harness.files, f"{top}.sv": around_text(harness, top, probes)},
        covers=tuple(probe.point.id for probe in probes),
    )
    return ProbedHarness(harness=probed, points=tuple(probe.point for probe in probes), notes=functional.notes)


def _modules(instance: Instance | None) -> Iterator[str]:
    """Yield the names of all modules of the design."""
    if instance:
        yield instance.module
        for child in instance.children:
            yield from _modules(child)
