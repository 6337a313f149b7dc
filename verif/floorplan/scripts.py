"""Hand-over scripts: OpenROAD Tcl, and a Python script for KLayout."""

from __future__ import annotations

from pathlib import Path

from verif.floorplan.lefdef import Names, safe
from verif.floorplan.model import PORT, Placement, Problem, on_edge


def write_openroad(problem: Problem, placement: Placement, file: Path) -> None:
    """Write Tcl for OpenROAD: die, pins, ``place_macro`` for each macro, and a variable with the guides of soft blocks.

    Instance names are those of the RTL with ``/`` between levels. Set ``site``, ``pin_layer_h`` and ``pin_layer_v`` to
    those of your technology before sourcing it.
    """
    names, outline = Names(problem), placement.outline
    area = f"0 0 {outline.width:.3f} {outline.height:.3f}"
    rows = [
        f"# floorplan of {safe(problem.name)}; lengths in microns",
        "if {![info exists site]} { set site unit }",
        f'initialize_floorplan -die_area "{area}" -core_area "{area}" -site $site',
        "if {![info exists pin_layer_h]} { set pin_layer_h metal3 }",
        "if {![info exists pin_layer_v]} { set pin_layer_v metal2 }",
    ]
    for pad in problem.pads:
        x, y = on_edge(pad, outline)
        layer = "$pin_layer_h" if x in (0.0, outline.width) else "$pin_layer_v"
        rows.append(
            f"place_pin -pin_name {{{pad.name.removeprefix(PORT)}}} -layer {layer} -location {{{x:.3f} {y:.3f}}}"
        )
    guides = []
    for block, place in zip(problem.blocks, placement.places, strict=True):
        name, spot = names.block[block.name], f"{{{place.x:.3f} {place.y:.3f}}}"
        if block.soft:
            guides.append(
                f"  {name} {{{place.x:.3f} {place.y:.3f} {place.x + place.width:.3f} {place.y + place.height:.3f}}}"
            )
        else:
            turn = "R90" if place.turned else "R0"
            rows.append(f"place_macro -macro_name {name} -location {spot} -orientation {turn}")
    for k in problem.keepouts:
        rows.append(f"create_blockage -region {{{k.x:.3f} {k.y:.3f} {k.x + k.width:.3f} {k.y + k.height:.3f}}}")
    rows += ["# soft blocks: instance and the region to guide it into (left bottom right top)"]
    rows += ["set floorplan_guides {", *guides, "}"]
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")


def write_klayout(problem: Problem, placement: Placement, file: Path) -> None:
    """Write a Python script that draws the floorplan in KLayout (``klayout -rm FILE``) or with its Python module.

    Layers: 1/0 outline, 2/0 soft blocks, 3/0 hard blocks, 4/0 keep-outs, 10/0 names. Where it runs without a window it
    writes a GDS file beside itself.
    """
    boxes = [(1, "outline", 0.0, 0.0, placement.outline.width, placement.outline.height)]
    for block, place in zip(problem.blocks, placement.places, strict=True):
        layer = 2 if block.soft else 3
        boxes.append((layer, block.name, place.x, place.y, place.x + place.width, place.y + place.height))
    boxes += [(4, "keep-out", k.x, k.y, k.x + k.width, k.y + k.height) for k in problem.keepouts]
    rows = "\n".join(
        f"    ({layer}, {name!r}, {a:.3f}, {b:.3f}, {c:.3f}, {d:.3f})," for layer, name, a, b, c, d in boxes
    )
    file.write_text(_KLAYOUT.format(title=safe(problem.name), rows=rows), encoding="utf-8")


_KLAYOUT = '''"""Floorplan of {title}, for KLayout: (layer, name, left, bottom, right, top) in microns."""

import os

try:
    import pya
except ImportError:
    import klayout.db as pya

BOXES = [
{rows}
]

layout = pya.Layout()
layout.dbu = 0.001
cell = layout.create_cell("{title}")
for number, name, left, bottom, right, top in BOXES:
    cell.shapes(layout.layer(number, 0)).insert(pya.DBox(left, bottom, right, top))
    if number != 1:
        text = pya.DText(name, pya.DTrans((left + right) / 2, (bottom + top) / 2))
        cell.shapes(layout.layer(10, 0)).insert(text)

window = pya.MainWindow.instance() if hasattr(pya, "MainWindow") else None
if window is None:
    layout.write(os.path.splitext(os.path.abspath(__file__))[0] + ".gds")
else:
    index = window.create_view()
    window.view(index).show_layout(layout, True)
    window.view(index).max_hier()
'''
