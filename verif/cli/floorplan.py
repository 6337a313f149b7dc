"""``posedge floorplan``: an early floorplan."""

from __future__ import annotations

import importlib.util
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verif.cli.durations import Duration
from verif.cli.session import Session, verb
from verif.cli.signals import INTERRUPT_CODE, INTERRUPTED, interrupted_by_sigterm
from verif.cli.sources import resolve, source_options
from verif.errors import InputError, ToolError

if TYPE_CHECKING:
    from verif.floorplan.constraints import Constraints
    from verif.floorplan.engine import Result, Spot
    from verif.floorplan.from_rtl import Plannable
    from verif.floorplan.keeping import Keeper
    from verif.floorplan.model import Outline, Problem
    from verif.workspace import Workspace

_FILE = click.Path(path_type=Path)
_SOURCES = ("src", "file_lists", "include_dirs", "defines", "parameters", "blackboxes", "top")


@verb
@source_options()
@click.option("--blocks", "blocks", type=_FILE, help="Bookshelf blocks in place of RTL.")
@click.option("--nets", "nets", type=_FILE, help="Bookshelf nets.")
@click.option("--pl", "pl", type=_FILE, help="Bookshelf positions of the pads.")
@click.option("--whitespace", type=float, default=0.10, show_default=True, help="Outline over block area, less 1.")
@click.option("--aspect", type=float, default=1.0, show_default=True, help="Outline's height over its width.")
@click.option("--least-area", is_flag=True, help="No outline: pack into the least area, whatever the nets.")
@click.option(
    "--constraints", "constraints", type=_FILE, help="TOML: outline, sizes, halos, preplaced, keep-outs, pins."
)
@click.option("--liberty", type=_FILE, help="Areas by this library; gate equivalents unless told.")
@click.option("--utilisation", type=click.FloatRange(0.05, 1), default=0.7, show_default=True, help="Cells over block.")
@click.option(
    "--depth", type=click.IntRange(min=1), help="Levels of hierarchy to plan; by balance of size unless told."
)
@click.option("--budget", type=Duration(), default="60s", show_default=True, help="Time to search.")
@click.option("--starts", type=click.IntRange(min=1), help="Search with this many starts instead; repeats exactly.")
@click.option("--fresh", is_flag=True, help="Forget what an interrupted call found.")
@click.option("--compare", "old", type=_FILE, metavar="OLD", help="Stay near an earlier floorplan; tell what changed.")
@click.option("--out", type=_FILE, help="Directory for the files; sim_builds/floorplans/NAME unless told.")
def floorplan(session: Session, *, out: Path | None, old: Path | None, **options: Any) -> int:
    """Sketch an early floorplan: from RTL (SRC), or from bookshelf files (--blocks, --nets, --pl).

    Writes a picture (SVG, PNG), LEF and DEF, bookshelf files, scripts for OpenROAD and KLayout, and JSON; prints
    wirelength, dead space, congestion and the farthest connected blocks. Exit code 1 where none fits the outline. An
    interrupted call writes the best so far, and the same call again goes on from there.
    """
    _need_extra()
    from verif.floorplan import compare, report
    from verif.floorplan.outputs import write_outputs
    from verif.workspace import Workspace

    earlier = compare.read_old(old) if old else None
    constraints = _constraints(options["constraints"])
    plannable = _plannable(session, options)
    problem, outline = _with_outline(plannable, constraints, options)
    previous = compare.spots(earlier) if earlier else None
    workspace = Workspace.locate()
    keeper = _keeper(session, workspace, (problem, outline, previous), options)
    result = _search(session, problem, outline, previous, keeper, options)
    if result.interrupted and not result.legal:
        raise KeyboardInterrupt
    found = report.figures(problem, result, synthesis=plannable.seconds)
    if earlier is not None:
        found["compare"] = compare.compare(earlier, found)
    files = write_outputs(problem, result.placement, found, out or workspace.root / "floorplans" / problem.name)
    if not result.interrupted:
        keeper.forget()
        _record(workspace, problem, found)
    session.result("floorplan", {**found, "interrupted": result.interrupted, "notes": plannable.notes, **files})
    session.say("\n".join([report.as_text(found), *(f"note           {note}" for note in plannable.notes)]))
    session.say(f"picture        {files['svg']}")
    if earlier is not None:
        session.say(compare.as_text(found["compare"]))
    if result.interrupted:
        session.note(f"{INTERRUPT_CODE}: interrupted; this is the best so far, run the same command again to go on.")
        return INTERRUPTED
    return 0 if found["legal"] else 1


def _need_extra() -> None:
    for name in ("numba", "scipy", "highspy", "PIL"):
        if importlib.util.find_spec(name) is None:
            raise ToolError(
                "PE308",
                f"floorplan needs the Python package {name}",
                hint="install it with: pip install 'posedge[floorplan]'",
            )


def _constraints(file: Path | None) -> Constraints:
    from verif.floorplan.constraints import Constraints, read_constraints

    return read_constraints(file) if file else Constraints()


def _plannable(session: Session, options: dict[str, Any]) -> Plannable:
    """Return what is to be planned; its pads are still missing where it comes from RTL."""
    from verif.floorplan.bookshelf import read_bookshelf
    from verif.floorplan.from_rtl import Plannable

    blocks, nets = options["blocks"], options["nets"]
    if options["src"] or options["file_lists"]:
        if blocks or nets or options["pl"]:
            raise InputError("PE730", "both RTL and bookshelf files are given", allowed="one of them")
        return _from_rtl(session, options)
    if not blocks and not nets:
        raise InputError(
            "PE730", "nothing to plan", allowed="RTL files, or --blocks FILE with --nets FILE", hint="name the sources"
        )
    if not blocks or not nets:
        raise InputError("PE730", "--blocks and --nets belong together", hint="give both files")
    return Plannable(problem=read_bookshelf(blocks, nets, options["pl"]))


def _from_rtl(session: Session, options: dict[str, Any]) -> Plannable:
    from verif.cli.progress import bar
    from verif.design.frontend import read_design
    from verif.floorplan.from_rtl import Choices, problem_from_rtl

    sources = resolve(**{name: options[name] for name in _SOURCES})
    sources = replace(sources, defines={"SYNTHESIS": "", **sources.defines})
    choices = Choices(liberty=options["liberty"], utilisation=options["utilisation"], depth=options["depth"])
    with bar(session, "synthesis"):
        design = read_design(sources)
        return problem_from_rtl(design.sources, design.top, choices)


def _with_outline(
    plannable: Plannable, constraints: Constraints, options: dict[str, Any]
) -> tuple[Problem, Outline | None]:
    """Apply the constraints; with the outline known, the pins get their places."""
    from verif.floorplan.constraints import constrain
    from verif.floorplan.from_rtl import pads_in_order
    from verif.floorplan.model import check_problem

    problem = constrain(plannable.problem, constraints)
    if options["least_area"] and not plannable.ports:
        return problem, None
    if not options["whitespace"] > -1 or not options["aspect"] > 0:
        raise InputError(
            "PE722",
            f"--whitespace {options['whitespace']:g} with --aspect {options['aspect']:g} gives no outline",
            allowed="whitespace is above -1, aspect above 0",
        )
    check_problem(replace(problem, nets=()))
    outline = constraints.outline or problem.outline(whitespace=options["whitespace"], aspect=options["aspect"])
    if plannable.ports:
        sides = constraints.sides(list(plannable.ports))
        problem = replace(problem, pads=pads_in_order(plannable.ports, outline, sides))
    return problem, None if options["least_area"] else outline


def _keeper(session: Session, workspace: Workspace, facts: tuple[object, ...], options: dict[str, Any]) -> Keeper:
    """Return where the search keeps what it finds: the same for the same floorplan, seed and amount of search."""
    from verif.floorplan.keeping import keeper_in

    keeper = keeper_in(
        workspace.root / "floorplan_searches", *facts, session.seed, options["budget"], options["starts"]
    )
    if options["fresh"]:
        keeper.forget()
    return keeper


def _search(
    session: Session,
    problem: Problem,
    outline: Outline | None,
    previous: dict[str, Spot] | None,
    keeper: Keeper,
    options: dict[str, Any],
) -> Result:
    from verif.cli.progress import bar
    from verif.floorplan import engine

    began = time.monotonic()
    with bar(session, "floorplan") as advance:

        def progress(share: float, best: float | None) -> None:
            text = "no floorplan fits yet" if best is None else f"best {best:.6g}"
            advance(round(100 * share), 100, f"{text}, {time.monotonic() - began:.0f} s")

        with interrupted_by_sigterm():
            return engine.floorplan(
                problem,
                outline,
                seed=session.seed,
                budget=options["budget"],
                starts=options["starts"],
                jobs=session.jobs,
                previous=previous,
                progress=progress,
                keeper=keeper,
            )


def _record(workspace: Workspace, problem: Problem, found: dict[str, Any]) -> None:
    """Leave planning time and wirelength against row by row in the ledger."""
    from verif.campaign.ledger import Ledger, LedgerEntry

    lengths = f"HPWL {found['hpwl']:.5g}, row by row {found['row_by_row']['hpwl']:.5g}"
    outcome = f"{lengths if found['legal'] else 'NOT LEGAL'}, planned in {found['seconds']['planning']:.1f} s"
    seconds = sum(found["seconds"].values())
    Ledger(workspace.ledger).record(LedgerEntry(bench=problem.name, verb="floorplan", seconds=seconds, outcome=outcome))


command = floorplan
