"""Names in a harness: plain identifiers, each once."""

from __future__ import annotations

import re
from collections.abc import Iterable


def vector(width: int) -> str:
    """Return the range of a vector with a space behind it; nothing for one bit."""
    return f"[{width - 1}:0] " if width > 1 else ""


class Names:
    """Gives out identifiers that nobody else has."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def take(self, wanted: str) -> str:
        """Return ``wanted`` with other characters as underscores, and with a number where it is taken."""
        plain = re.sub(r"\W", "_", wanted, flags=re.ASCII)
        name, number = plain, 2
        while name in self._taken:
            name, number = f"{plain}_{number}", number + 1
        self._taken.add(name)
        return name
