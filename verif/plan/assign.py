"""The bookkeeping of driver choice: which inputs are still free, which drivers were chosen."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from verif.design.model import Design, Direction, Port
from verif.plan import naming
from verif.plan.kinds import Option, driven_ports, make_entry
from verif.plan.model import Driver, Setting

_NONE: Mapping[str, Any] = MappingProxyType({})


class Assignment:
    """The inputs of a design that still need a driver, and the drivers so far."""

    def __init__(self, design: Design) -> None:
        self.design = design
        self.left: dict[str, Port] = {port.name: port for port in design.data_inputs}
        self.drivers: list[Driver] = []

    def take(
        self,
        kind: str,
        name: str,
        ports: Mapping[str, str],
        options: Mapping[str, Option] = _NONE,
        defaults: Mapping[str, Setting] = _NONE,
        clock: str = "",
    ) -> bool:
        """Add a driver if every port that it would drive is free; returns whether it was added.

        ``clock`` paces it where the design has several and this is one of them; else the one whose name fits best.
        """
        entry = make_entry(kind, self._free_name(name), ports, options=options, defaults=defaults)
        driven = driven_ports(entry)
        if not driven or not all(port in self.left for port in driven):
            return False
        clocks = self.design.clocks
        known = len(clocks) > 1 and clock in {each.name for each in clocks}
        self.add(entry.model_copy(update={"clock": clock if known else naming.clock_of(driven, clocks)}))
        return True

    def add(self, entry: Driver) -> None:
        """Add a driver as it is; its ports are taken."""
        for port in driven_ports(entry):
            self.left.pop(port, None)
        self.drivers.append(entry)

    def width(self, port: str) -> int:
        """Return the bits of a port of the design."""
        return self.design.port(port).width

    def direction(self, port: str) -> Direction | None:
        """Return the direction of a port; None where the design has no such port."""
        return next((p.direction for p in self.design.ports if p.name == port), None)

    def find(self, words: Iterable[str], direction: Direction, width: int | None = None) -> str | None:
        """Return the first port (a free one, if an input) whose name contains one of ``words`` as a word."""
        wanted = frozenset(words)
        for port in self.design.ports:
            free = port.name in self.left if direction is Direction.INPUT else True
            fits = port.direction is direction and width in (None, port.width)
            if free and fits and naming.words(port.name) & wanted:
                return port.name
        return None

    def _free_name(self, name: str) -> str:
        """Return ``name`` as a Python identifier that no driver has yet."""
        plain = re.sub(r"\W", "_", name).strip("_") or "input"
        if keyword.iskeyword(plain) or plain[0].isdigit():
            plain = f"in_{plain}"
        taken = {driver.name for driver in self.drivers}
        if plain not in taken:
            return plain
        return next(f"{plain}_{n}" for n in range(2, len(taken) + 3) if f"{plain}_{n}" not in taken)
