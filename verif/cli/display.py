"""The bar that people see while a verb works on a bench."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verif.cli.session import Session


class Display:
    """A bar on stderr; nothing under ``--json``, ``--quiet`` or without a terminal."""

    def __init__(self, session: Session, title: str = "reading the bench", total: float | None = None) -> None:
        """``total``: what a full bar stands for; None where that is not known yet."""
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        console = Console(stderr=True)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[last]}", style="dim"),
        )
        hidden = session.json or session.quiet or not console.is_terminal
        self._bar = Progress(*columns, console=console, transient=True, disable=hidden)
        self._task = self._bar.add_task(title, total=total, last="")

    def shown(self) -> AbstractContextManager[object]:
        """Show the bar for the time of a ``with``."""
        return self._bar

    @contextmanager
    def away(self) -> Iterator[None]:
        """Take the bar away while something else is printed."""
        self._bar.stop()
        try:
            yield
        finally:
            self._bar.start()

    def say(self, text: str) -> None:
        """Say what is being done."""
        self._bar.update(self._task, description=text)

    def show(self, done: float, total: float | None, text: str, last: str = "") -> None:
        """Say what is being done, how far it is, and ``last`` beside the clock."""
        self._bar.update(self._task, description=text, completed=done, total=total or None, last=last)
