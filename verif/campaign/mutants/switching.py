"""The harness of a design that holds its mutants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from verif.campaign.mutants.runs import SOURCES, Switched
from verif.design.identifiers import reference
from verif.harness.model import Field, FieldKind, Harness
from verif.harness.names import vector
from verif.mutation.model import LeftOut, Mutant, Schemata
from verif.mutation.schemata import schemata
from verif.sim.placing import placed
from verif.workspace import Workspace


def switched(
    harness: Harness, mutants: Sequence[Mutant], workspace: Workspace
) -> tuple[Switched | None, tuple[LeftOut, ...]]:
    """Return the harness with all mutants that can be switched, and the others with the reason."""
    made = schemata(harness.design, mutants)
    if not made.order:
        return None, made.left_out
    sources = placed(harness.design.sources, made.texts, workspace, SOURCES)
    numbers = {mutant.id: number for number, mutant in enumerate(made.order, start=1)}
    design = replace(harness.design, sources=sources)
    return Switched(harness=_with_switch(replace(harness, design=design), made), numbers=numbers), made.left_out


def _with_switch(harness: Harness, made: Schemata) -> Harness:
    file = f"{harness.top}.sv"
    text = harness.files[file]
    head, dut = f"module {harness.top} (\n", f"    {reference(harness.design.top)}"
    start = text.rindex(" dut (\n", 0, text.index("\nendmodule")) + len(" dut (\n")
    assert text.rfind(dut, 0, start) >= 0
    text = f"{text[:start]}        .{made.selector}({made.selector}),\n{text[start:]}"
    text = text.replace(head, f"{head}    input wire {vector(made.width)}{made.selector},\n", 1)
    switch = Field(name=made.selector, width=made.width, kind=FieldKind.DATA, meaning="which mutant is there")
    return replace(harness, files={**harness.files, file: text}, stimulus=(*harness.stimulus, switch))
