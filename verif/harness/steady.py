"""Nets that transactors and monitors can read at a clock's edge without a race."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from verif.design.model import Design, Edge
from verif.harness.names import Names, vector

RACES = "changes by a blocking assignment at the edge at which it would be read"


class Steady:
    """The net to read for each port: the port's own, or a copy that stands still at the active edge.

    An output that a blocking assignment changes at the active edge, and nothing else until the next one, is copied at
    the inactive edge in between: up to the next active edge the copy is equal, and at that edge it stands.
    """

    def __init__(self, design: Design, names: Names, nets: Mapping[str, str]) -> None:
        """``nets``: port to its own net."""
        self.nets = dict(nets)
        self._copies: dict[str, list[str]] = {}
        """Copy to what makes it."""
        self.lost: set[str] = set()
        """Ports that have no net without a race."""
        plain = design.clocks[0] if len(design.clocks) == 1 and design.clocks[0].plain else None
        for port, still in design.racing.items():
            if port not in nets:
                continue
            if not still or plain is None:
                self.lost.add(port)
                continue
            name = self.nets[port] = names.take(f"steady_{port}")
            back = "negedge" if plain.edge is Edge.RISING else "posedge"
            self._copies[name] = [
                f"logic {vector(design.port(port).width)}{name};",
                f"always @({back} {plain.name}) {name} <= {nets[port]};",
            ]

    def copies(self, readers: Iterable[str]) -> Iterator[str]:
        """Yield the lines that make those copies that the lines of ``readers`` name."""
        text = "\n".join(readers)
        for name, lines in self._copies.items():
            if re.search(rf"\b{name}\b", text):
                yield from lines
