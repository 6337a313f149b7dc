"""``posedge diff``: tell whether two versions of a design do the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from verif.cli.display import Display
from verif.cli.durations import Duration
from verif.cli.session import Session, verb
from verif.cli.signals import INTERRUPTED, interrupted_by_sigterm
from verif.cli.tidying import tidy
from verif.errors import InputError
from verif.verdict import DiffStatus

if TYPE_CHECKING:
    from verif.campaign.differences.result import DiffResult
    from verif.design.model import SourceSet
    from verif.workspace import Workspace

_USUAL_SECONDS = 60.0
_PATIENCE = 10.0
"""How many times as long that may take where other work has the processor."""
_SOLVERS = ("auto", "abc", "yices", "z3", "bitwuzla")


@verb
@click.argument("versions", nargs=-1, metavar="OLD NEW")
@click.option(
    "--rev", metavar="A..B", help="Compare PATH in two revisions of its git repository: diff --rev A..B -- PATH."
)
@click.option("--top", metavar="MODULE", help="The top module, of both; OLD=NEW where they are called otherwise.")
@click.option("-f", "file_lists", multiple=True, metavar="FILE", help="A .f file list for both, before OLD and NEW.")
@click.option("-I", "include_dirs", multiple=True, metavar="DIR", help="Search DIR for included files.")
@click.option("-D", "defines", multiple=True, metavar="NAME[=TEXT]", help="Define a macro.")
@click.option("-P", "parameters", multiple=True, metavar="NAME=VALUE", help="Set a parameter of the top.")
@click.option(
    "--blackbox",
    "blackboxes",
    multiple=True,
    metavar="MODULE",
    help="MODULE does the same in both for the same inputs.",
)
@click.option(
    "--budget",
    type=Duration(),
    metavar="T",
    help="Time for the comparison; unless told 60s of the processor, which may take 10 minutes on a busy machine.",
)
@click.option("--min-bound", type=click.IntRange(min=1), metavar="N", help="Let BOUNDED pass from N cycles on.")
@click.option(
    "--depth",
    type=click.IntRange(min=1),
    metavar="N",
    help="Search N cycles after the reset, however long it takes unless --budget says so: repeatable.",
)
@click.option(
    "--map", "maps", multiple=True, metavar="OLD=NEW", help="A port, register or memory that NEW calls otherwise."
)
@click.option("--tie", "ties", multiple=True, metavar="NAME=VALUE", help="Hold an input that only NEW has.")
@click.option("--common", is_flag=True, help="Compare the outputs that both have where some are in one only.")
@click.option(
    "--bench",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="B",
    help="A drafted bench of OLD: inputs move as it allows.",
)
@click.option(
    "--stimulus",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="F.fst",
    help="Play the inputs of a recording on both first (FST or VCD).",
)
@click.option("--solver", type=click.Choice(_SOLVERS), default="auto", show_default=True, help="Who proves.")
@click.option("--fresh", is_flag=True, help="Forget what earlier calls found.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Where a difference is shown."
)
def diff(
    session: Session,
    versions: tuple[str, ...],
    rev: str | None,
    top: str | None,
    file_lists: tuple[str, ...],
    include_dirs: tuple[str, ...],
    defines: tuple[str, ...],
    parameters: tuple[str, ...],
    blackboxes: tuple[str, ...],
    budget: float | None,
    min_bound: int | None,
    depth: int | None,
    maps: tuple[str, ...],
    ties: tuple[str, ...],
    common: bool,
    bench: Path | None,
    stimulus: tuple[Path, ...],
    solver: str,
    fresh: bool,
    out: Path | None,
) -> int:
    """Tell whether two versions of a design do the same at their ports, from reset on, for all inputs.

    OLD and NEW are files or directories. PROVED: in every run, however long. BOUNDED: in all runs of so many cycles
    after the reset. DIFFERENT: a run, replayed, in which an output has another value; it is written down as a picture
    and as a cocotb test that passes on OLD and fails on NEW. X_ONLY: Icarus shows an unknown bit in one version only.
    INCOMPARABLE: their ports differ, see --map, --tie and --common.

    All that is found out is kept in the workspace as it comes: called again, with the same versions and options, an
    interrupted comparison goes on, and one that was BOUNDED goes further.

    What the answer assumes is printed, and a control: mutants of NEW that are told DIFFERENT.

    Exit code 0: PROVED, or BOUNDED at --min-bound or above; 1: DIFFERENT or X_ONLY; 4: BOUNDED or INCOMPARABLE.
    """
    from verif.campaign.differences.comparing import DiffOptions
    from verif.campaign.differences.differing import DiffRequest, differ
    from verif.campaign.differences.revisions import revisions
    from verif.design.sources import resolve_sources
    from verif.sim.process import Processes
    from verif.workspace import Workspace

    called, tops = _pairs(maps, "--map"), _tops(top)
    workspace = Workspace.locate(Path.cwd())
    if rev:
        sides = revisions(rev, versions, workspace)
    elif len(versions) == 2:
        sides = (versions[0], versions[1])
    else:
        raise InputError("PE922", f"{len(versions)} versions were given", hint="say: posedge diff OLD NEW")

    def sources(side: int) -> SourceSet:
        return resolve_sources(
            [sides[side]],
            file_lists=file_lists,
            include_dirs=include_dirs,
            defines=defines,
            parameters=parameters,
            blackboxes=blackboxes,
            top=tops[side],
        )

    request = DiffRequest(
        old=sources(0),
        new=sources(1),
        called={**called, **({tops[0]: tops[1]} if tops[0] and tops[1] else {})},
        ties={name: _number(value, name) for name, value in _pairs(ties, "--tie").items()},
        common=common,
        bench=bench,
        recordings=stimulus,
        fresh=fresh,
        out=out,
    )
    options = DiffOptions(
        seconds=budget or (_USUAL_SECONDS if depth is None else 10 * _USUAL_SECONDS),
        patience=_PATIENCE if budget is None else 1.0,
        seed=session.seed,
        solver=solver,
        depth=depth,
    )
    processes = Processes()
    display = Display(session, "reading both versions")
    try:
        with interrupted_by_sigterm(), display.shown():
            found = differ(request, options, workspace=workspace, processes=processes, progress=display.show)
    finally:
        processes.stop()
    return _finish(session, workspace, found, min_bound)


command = diff


def _pairs(given: tuple[str, ...], option: str) -> dict[str, str]:
    found = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not (name and sign and value):
            raise InputError("PE922", f"{option} {text}: it needs a name, an equals sign and what belongs to it")
        found[name] = value
    return found


def _tops(top: str | None) -> tuple[str | None, str | None]:
    """Return the tops of both versions."""
    if top is None:
        return None, None
    old, _, new = top.partition("=")
    return old, new or old


def _number(text: str, name: str) -> int:
    try:
        return int(text, 0)
    except ValueError:
        raise InputError("PE922", f"--tie {name}={text}: {text} is no number", allowed="such as 0, 5 or 0x1f") from None


def exit_code(result: DiffResult, min_bound: int | None) -> int:
    """Return 0 where nothing differs as far as was asked, 1 for a difference, 4 where it is open."""
    if result.status in (DiffStatus.DIFFERENT, DiffStatus.X_ONLY):
        return 1
    if result.interrupted:
        return INTERRUPTED
    if result.status is DiffStatus.PROVED:
        return 0
    reached = result.status is DiffStatus.BOUNDED and min_bound is not None and (result.bound or 0) >= min_bound
    return 0 if reached else 4


def _finish(session: Session, workspace: Workspace, result: DiffResult, min_bound: int | None) -> int:
    from verif.report.differences import draw_difference

    drawn = draw_difference(result)
    found = result.as_json()
    found["files"] += [str(file) for file in drawn]
    for line in tell(result, drawn):
        session.say(line)
    session.result("diff", found)
    tidy(session, workspace)
    return exit_code(result, min_bound)


def tell(result: DiffResult, drawn: tuple[Path, ...] = ()) -> Iterator[str]:
    """Tell the answer to people."""
    from verif.campaign.differences.controls import counted

    for each in result.assumptions:
        yield f"assumed: {each.name}: {each.text}"
    for note in result.notes:
        yield f"note: {note}"
    for apart in result.incomparable:
        yield f"not compared: {apart}"
    yield from _proved(result)
    if result.control:
        yield counted(result.control)
    if result.difference:
        found = result.difference
        yield f"{found.sentence} (found by {found.found_by}, shown by {found.judged_on})"
        for file in (*result.files, *drawn):
            yield f"written: {file}"
    if result.resumed:
        yield "went on from what earlier calls found; --fresh begins anew"
    ended = ", interrupted: the same call goes on from here" if result.interrupted else ""
    yield f"{result.status}{_bound(result)}: {result.old} and {result.new} in {result.seconds:.0f} s{ended}"
    if result.why:
        yield f"         {result.why}"


def _proved(result: DiffResult) -> Iterator[str]:
    proved = [port for port in result.ports if port.proved]
    if proved and result.status is not DiffStatus.DIFFERENT:
        methods = ", ".join(sorted({port.method for port in proved}))
        open_ = [port.port for port in result.ports if not port.proved]
        left = f"; open: {', '.join(open_)}" if open_ else ""
        yield f"{len(proved)} of {len(result.ports)} outputs proved equal ({methods}){left}"
        if result.relations:
            counts = ", ".join(f"{count} {kind}" for kind, count in result.relations.items())
            yield f"with these relations between registers: {counts}"


def _bound(result: DiffResult) -> str:
    return f" for {result.bound} cycles after the reset" if result.status is DiffStatus.BOUNDED else ""
