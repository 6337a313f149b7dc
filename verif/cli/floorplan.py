"""``posedge floorplan``: an early floorplan."""

from __future__ import annotations

import importlib.util
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verif.cli.durations import Duration
from verif.cli.session import Session, verb
from verif.cli.sources import source_options
from verif.errors import InputError, ToolError

if TYPE_CHECKING:
    from verif.floorplan.engine import Result
    from verif.floorplan.model import Outline, Problem

_FILE = click.Path(path_type=Path)


@verb
@source_options()
@click.option("--blocks", "blocks", type=_FILE, help="Bookshelf blocks in place of RTL.")
@click.option("--nets", "nets", type=_FILE, help="Bookshelf nets.")
@click.option("--pl", "pl", type=_FILE, help="Bookshelf positions of the pads.")
@click.option("--whitespace", type=float, default=0.10, show_default=True, help="Outline over block area, less 1.")
@click.option("--aspect", type=float, default=1.0, show_default=True, help="Outline's height over its width.")
@click.option("--least-area", is_flag=True, help="No outline: pack into the least area, whatever the nets.")
@click.option("--budget", type=Duration(), default="60s", show_default=True, help="Time to search.")
@click.option("--starts", type=click.IntRange(min=1), help="Search with this many starts instead; repeats exactly.")
@click.option("--out", type=_FILE, help="Directory for the files; sim_builds/floorplans/NAME unless told.")
def floorplan(session: Session, *, out: Path | None, **options: Any) -> int:
    """Sketch an early floorplan: from RTL (SRC), or from bookshelf files (--blocks, --nets, --pl).

    Writes a picture (SVG, PNG), LEF and DEF, bookshelf files and JSON; prints wirelength, dead space, congestion and
    the farthest connected blocks. Exit code 1 where no floorplan fits the outline.
    """
    _need_extra()
    from verif.floorplan.outputs import write_outputs
    from verif.floorplan.report import as_text, figures
    from verif.workspace import Workspace

    problem = _problem(options)
    result = _search(session, problem, options)
    found = figures(problem, result)
    directory = out or Workspace.locate().root / "floorplans" / problem.name
    files = write_outputs(problem, result.placement, found, directory)
    session.result("floorplan", {**found, **files})
    session.say(as_text(found))
    session.say(f"picture        {files['svg']}")
    return 0 if found["legal"] else 1


def _need_extra() -> None:
    for name in ("numba", "scipy", "highspy", "PIL"):
        if importlib.util.find_spec(name) is None:
            raise ToolError(
                "PE308",
                f"floorplan needs the Python package {name}",
                hint="install it with: pip install 'posedge[floorplan]'",
            )


def _problem(options: dict[str, Any]) -> Problem:
    from verif.floorplan.bookshelf import read_bookshelf

    blocks, nets = options["blocks"], options["nets"]
    if not blocks and not nets:
        raise InputError(
            "PE730", "nothing to plan", allowed="RTL files, or --blocks FILE with --nets FILE", hint="name the sources"
        )
    if not blocks or not nets:
        raise InputError("PE730", "--blocks and --nets belong together", hint="give both files")
    return read_bookshelf(blocks, nets, options["pl"])


def _outline(problem: Problem, options: dict[str, Any]) -> Outline | None:
    if options["least_area"]:
        return None
    if not options["whitespace"] > -1 or not options["aspect"] > 0:
        raise InputError(
            "PE722",
            f"--whitespace {options['whitespace']:g} with --aspect {options['aspect']:g} gives no outline",
            allowed="whitespace is above -1, aspect above 0",
        )
    return problem.outline(whitespace=options["whitespace"], aspect=options["aspect"])


def _search(session: Session, problem: Problem, options: dict[str, Any]) -> Result:
    from verif.cli.progress import bar
    from verif.floorplan import engine

    began = time.monotonic()
    with bar(session, "floorplan") as advance:

        def progress(share: float, best: float | None) -> None:
            text = "no floorplan fits yet" if best is None else f"best {best:.6g}"
            advance(round(100 * share), 100, f"{text}, {time.monotonic() - began:.0f} s")

        return engine.floorplan(
            problem,
            _outline(problem, options),
            seed=session.seed,
            budget=options["budget"],
            starts=options["starts"],
            jobs=session.jobs,
            progress=progress,
        )


command = floorplan
