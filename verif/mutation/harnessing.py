"""The harness of a design with all its mutants: one more stimulus field, which chooses the mutant of a lane."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from verif.design.model import Direction, Port, SourceSet
from verif.harness.model import Field, FieldKind, Harness
from verif.mutation.model import Schemata
from verif.sim.batch.build import harness_sources
from verif.sim.placing import placed
from verif.workspace import Workspace

_MEANING = "the mutant: 0 is the original"


def mutated_harness(harness: Harness, schemata: Schemata, *, workspace: Workspace) -> Harness:
    """Return ``harness`` around the design with its mutants; the texts go to the workspace.

    Its last stimulus field holds the number of the mutant, or a bit for each where the schemata are one-hot; a lane
    keeps the value of its first row from before its reset on. The errors are those of ``elaborate``.
    """
    from verif.design.elaboration import elaborate
    from verif.design.texts import Texts
    from verif.mutation.forcing import force_outputs
    from verif.mutation.plumbing import Plumbing

    design = harness.design
    port = Port(name=schemata.selector, direction=Direction.INPUT, width=schemata.width)
    mutated = replace(
        design,
        sources=placed(design.sources, schemata.texts, workspace, "mutants"),
        ports=(*design.ports, port),
    )
    inner = replace(harness, design=mutated)
    sources = harness_sources(inner, workspace)
    elaborated = elaborate(sources)
    texts = Texts(elaborated, sources)
    plumbing = Plumbing.of(elaborated, texts)
    plumbing.connect({design.top}, schemata.selector, schemata.width, having={design.top})
    force_outputs(plumbing, design, schemata)
    edited = {text.path: text.edited.decode() for text in texts.edited()}
    kind = FieldKind.RATE if schemata.one_hot else FieldKind.DATA
    field = Field(name=schemata.selector, width=schemata.width, kind=kind, held=True, meaning=_MEANING)
    files = {name: edited.get(file, text) for (name, text), file in _files(harness, sources)}
    return replace(inner, files=files, stimulus=(*harness.stimulus, field))


def _files(harness: Harness, sources: SourceSet) -> list[tuple[tuple[str, str], Path]]:
    """Pair the harness's files with where they were written."""
    written = sources.files[-len(harness.files) :]
    return list(zip(harness.files.items(), written, strict=True))
