"""A progress bar on stderr, for people who look at a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from verif.cli.session import Session


@contextmanager
def bar(session: Session, title: str) -> Iterator[Callable[[int, int, str], None]]:
    """Give ``progress(done, total, text)``; it draws nothing under ``--json``, ``--quiet`` or without a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[last]}", style="dim"),
    )
    hidden = session.json or session.quiet or not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as progress:
        task = progress.add_task(title, total=None, last="")

        def advance(done: int, total: int, text: str) -> None:
            progress.update(task, completed=done, total=total, last=text)

        yield advance
