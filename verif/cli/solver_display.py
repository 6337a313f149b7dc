"""The bar that people see while a solver works."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verif.cli.session import Session


class SolverDisplay:
    """A bar on stderr that fills as properties are decided, for people who look at a terminal."""

    def __init__(self, session: Session) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        hidden = session.json or session.quiet or not console.is_terminal
        self._bar = Progress(*columns, console=console, transient=True, disable=hidden)
        self._task = self._bar.add_task("reading the bench", total=None)

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

    def show(self, done: int, total: int, text: str) -> None:
        """Say what is being done and how many properties are decided."""
        self._bar.update(self._task, description=text, completed=done, total=total or None)
