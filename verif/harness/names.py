"""Names in a harness: plain identifiers, each once."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PLAIN = re.compile(r"[A-Za-z_]\w*\Z", re.ASCII)


def is_plain(name: str) -> bool:
    """Whether ``name`` needs no escape in Verilog (keywords aside, which no tool lets a design use)."""
    return _PLAIN.match(name) is not None


def reference(name: str) -> str:
    """Return ``name`` as Verilog writes it: as it is, or as an escaped identifier with its space."""
    return name if is_plain(name) else f"\\{name} "


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
