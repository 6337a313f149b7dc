"""What a port of a bound module is connected to, in names of the design."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reference:
    """A signal of the design."""

    path: str
    """Its hierarchical name below the top, for example ``u_core.state``; a name without dots is one of the top's."""

    def __str__(self) -> str:
        return self.path


@dataclass(frozen=True, slots=True)
class Wiring:
    """An expression over signals of the design."""

    pieces: tuple[str | Reference, ...]

    @property
    def references(self) -> tuple[Reference, ...]:
        """The signals in it, each once."""
        return tuple(dict.fromkeys(piece for piece in self.pieces if isinstance(piece, Reference)))

    @property
    def single(self) -> str:
        """The path of the only signal, where it is nothing else; else empty."""
        first = self.pieces[0] if len(self.pieces) == 1 else ""
        return first.path if isinstance(first, Reference) else ""

    def text(self, net: Callable[[Reference], str]) -> str:
        """Return it with ``net`` of each signal."""
        return "".join(net(piece) if isinstance(piece, Reference) else piece for piece in self.pieces)

    def inverted(self) -> Wiring:
        """Return what rises where this falls."""
        return Wiring(("~(", *self.pieces, ")"))

    def __str__(self) -> str:
        return self.text(str)
