"""Plain text for a terminal: aligned columns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def columns(rows: Sequence[Sequence[str]], *, right: Sequence[int] = (), gap: str = "  ", indent: str = "") -> str:
    """Return ``rows`` with aligned columns, those numbered in ``right`` flush right."""
    if not rows:
        return ""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = [
        gap.join(
            cell.rjust(width) if number in right else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return "\n".join((indent + line).rstrip() for line in lines)


def seconds(value: float) -> str:
    """Return a duration as people say it: ``0.4 s``, ``35 s``, ``12 min 5 s``, ``2 h 3 min``."""
    if value < 10:
        return f"{value:.1f} s"
    whole = round(value)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def shown(path: Path) -> str:
    """Return ``path`` as short as it can be said: relative where it lies below the current directory."""
    resolved = path.resolve()
    return str(resolved.relative_to(Path.cwd())) if resolved.is_relative_to(Path.cwd()) else str(path)


def count(number: int, noun: str) -> str:
    """Return ``1 test``, ``3 tests``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
