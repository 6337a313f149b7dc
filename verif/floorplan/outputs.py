"""All files of a floorplan, written into one directory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from verif.errors import InputError
from verif.floorplan.bookshelf import write_bookshelf, write_placement
from verif.floorplan.lefdef import safe, write_def, write_lef
from verif.floorplan.model import Placement, Problem
from verif.floorplan.picture import draw
from verif.floorplan.png import write_png
from verif.floorplan.scripts import write_klayout, write_openroad
from verif.floorplan.svg import write_svg


def write_outputs(problem: Problem, placement: Placement, figures: dict[str, Any], directory: Path) -> dict[str, str]:
    """Write every format into ``directory`` and return the files by kind. InputError PE732 where it can't."""
    stem = directory / safe(problem.name).replace("/", "_")
    files = {
        "svg": stem.with_suffix(".svg"),
        "png": stem.with_suffix(".png"),
        "def": stem.with_suffix(".def"),
        "lef": stem.with_suffix(".lef"),
        "openroad": stem.with_suffix(".tcl"),
        "klayout": stem.with_suffix(".py"),
        "bookshelf": stem.with_suffix(".blocks"),
        "placement": stem.with_name(stem.name + "_placed.pl"),
        "json": stem.with_suffix(".json"),
    }
    try:
        directory.mkdir(parents=True, exist_ok=True)
        picture = draw(problem, placement, caption=_caption(figures))
        write_svg(picture, files["svg"])
        write_png(picture, files["png"])
        write_lef(problem, placement, files["lef"])
        write_def(problem, placement, files["def"])
        write_openroad(problem, placement, files["openroad"])
        write_klayout(problem, placement, files["klayout"])
        write_bookshelf(problem, stem)
        write_placement(placement, problem, files["placement"])
        named = {kind: str(file) for kind, file in files.items()}
        files["json"].write_text(json.dumps({**figures, **named}, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(
            "PE732",
            f"the floorplan can't be written ({error.strerror})",
            where=str(directory),
            hint="give another --out",
        ) from error
    return named


def _caption(figures: dict[str, Any]) -> str:
    return (
        f"{figures['name']}: HPWL {figures['hpwl']:.5g}, dead space {100 * figures['deadspace']:.1f} %, "
        f"{figures['outline']['w']:.5g} x {figures['outline']['h']:.5g}"
    )
