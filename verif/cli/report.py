"""``posedge report``: what is known about a bench, as text, JSON or a page."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verif.cli.session import Session, verb

if TYPE_CHECKING:
    from verif.report.model import Report


@verb
@click.argument("path", type=click.Path(path_type=Path), default=Path())
@click.option(
    "--html", type=click.Path(path_type=Path, dir_okay=False), help="Write a self-contained page to this file."
)
@click.option(
    "--export",
    "exports",
    type=(click.Choice(["lcov", "ucis", "json", "hjson"]), click.Path(path_type=Path, dir_okay=False)),
    multiple=True,
    metavar="FORMAT FILE",
    help="Write the coverage points as lcov, ucis or json, or the testplan as OpenTitan's hjson.",
)
@click.option(
    "--import",
    "counted",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    metavar="F",
    help="Add the branches that a coverage.dat of Verilator has counted.",
)
def report(
    session: Session, path: Path, html: Path | None, exports: tuple[tuple[str, Path], ...], counted: tuple[Path, ...]
) -> int:
    """Show what is known about the bench at PATH, or about all benches below PATH.

    Reads what draft, run, close and the other verbs have saved; runs nothing.
    """
    from verif.report.collect import collect
    from verif.report.terminal import render_text

    written = {"exports": _export(session, path, exports)} if exports else {}
    if written and html is None and not session.json:
        return 0
    found = collect(path, counted=counted)
    session.say(render_text(found))
    written |= _write(session, found, html) if html else {}
    session.result("report", found.model_dump(mode="json") | written)
    return 0


def _export(session: Session, path: Path, exports: tuple[tuple[str, Path], ...]) -> list[dict[str, Any]]:
    from verif.report.collect import benches_at, refuse_several
    from verif.report.exports import export
    from verif.workspace import Workspace

    directories = benches_at(path)
    refuse_several(directories, path, "--export")
    told = []
    for name, file in exports:
        made = export(directories[0], name, file, Workspace.locate(path), now=datetime.now(UTC))
        session.say(f"{name}: {file}")
        for note in made.notes:
            session.say(f"    {note}")
        told.append({"format": name, "file": str(file), "notes": list(made.notes)})
    return told


def _write(session: Session, found: Report, html: Path) -> dict[str, Any]:
    from verif.report.html import write_html

    write_html(found, html)
    session.say(f"\npage: {html}")
    return {"html": str(html)}


command = report
