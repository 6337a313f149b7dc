"""``posedge report``: what is known about a bench, as text, JSON or a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from verif.cli.session import Session, verb

if TYPE_CHECKING:
    from verif.report.model import Report


@verb
@click.argument("path", type=click.Path(path_type=Path), default=Path())
@click.option(
    "--html", type=click.Path(path_type=Path, dir_okay=False), help="Write a self-contained page to this file."
)
def report(session: Session, path: Path, html: Path | None) -> int:
    """Show what is known about the bench at PATH, or about all benches below PATH.

    Reads what draft, run and replay have saved; runs nothing.
    """
    from verif.report.collect import collect
    from verif.report.terminal import render_text

    found = collect(path)
    session.say(render_text(found))
    written = _write(session, found, html) if html else {}
    session.result("report", found.model_dump(mode="json") | written)
    return 0


def _write(session: Session, found: Report, html: Path) -> dict[str, str]:
    from verif.report.html import write_html

    write_html(found, html)
    session.say(f"\npage: {html}")
    return {"html": str(html)}


command = report
