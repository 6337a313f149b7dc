"""The forced fail of a harness with mutants: one more number of the selector, with which all outputs are inverted."""

from __future__ import annotations

from typing import Any

from pyslang import syntax

from verif.design.model import Design
from verif.mutation.model import Schemata
from verif.mutation.plumbing import Plumbing
from verif.mutation.typed import nodes

_K = syntax.SyntaxKind


def force_outputs(plumbing: Plumbing, design: Design, schemata: Schemata) -> None:
    """Connect the outputs of each instance of ``design`` to nets of their own, and those, or their inverse, to what
    they were connected to.
    """
    for number, (instance, around) in enumerate(plumbing.instances(design.top)):
        _force(plumbing, design, schemata, instance, around, f"{schemata.selector}_{number}")


def _force(plumbing: Plumbing, design: Design, schemata: Schemata, instance: Any, around: Any, stem: str) -> None:
    texts, widths = plumbing.texts, {port.name: port.width for port in design.outputs}
    chosen = f"{schemata.selector}[{schemata.forced - 1}]"
    if not schemata.one_hot:
        chosen = f"{schemata.selector} == {schemata.width}'d{schemata.forced}"
    declared, assigned = [f"wire {stem}_forced = {chosen};"], []
    for connection in nodes(instance.connections):
        if connection.kind != _K.NamedPortConnection or connection.expr is None:
            continue
        width = widths.get(str(connection.name.valueText))
        source = texts.of(connection.expr.getFirstToken())
        if width is None or source is None:
            continue
        start, end = texts.start(connection.expr.getFirstToken()), texts.end(connection.expr.getLastToken())
        net, own = source.text[start:end].decode(), f"{stem}_{len(declared)}"
        source.edits.blank(start, end)
        source.edits.insert(start, own, opening=True, depth=0)
        declared.append(f"wire [{width - 1}:0] {own};")
        assigned.append(f"assign {net} = {own} ^ {{{width}{{{stem}_forced}}}};")
    semi, last = around.header.semi, around.endmodule
    source = texts.of(last)
    assert source is not None  # a harness is plain text of ours
    source.edits.insert(texts.end(semi), f" {' '.join(declared)} ", opening=True, depth=1)
    source.edits.insert(texts.start(last), "".join(f"{line}\n" for line in assigned), opening=True, depth=0)
