"""Take the id of a branch point apart: ``<module>:<line>:<arm>``, with a column before the arm where that is needed."""

from __future__ import annotations

from verif.coverage.model import CoverPoint


def statement_of(point: CoverPoint) -> str:
    """Return the id without its arm; arms of one statement share it."""
    return point.id.removesuffix(f":{arm_of(point)}")


def arm_of(point: CoverPoint) -> str:
    """Return which arm it is: ``if``, ``else``, ``case_IDLE``; a case item may hold colons."""
    rest = point.id.split(":", 2)[-1]
    column, _, arm = rest.partition(":")
    return arm if column.isdecimal() and arm else rest
