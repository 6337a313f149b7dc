"""Verilog expressions over the nets of a harness, for the ports of a design."""

from __future__ import annotations

from collections.abc import Iterable

from verif.design.model import Design, Edge
from verif.harness.monitors.arguments import Uncovered


def literal(value: int, width: int) -> str:
    """Return ``value`` as a Verilog literal of ``width`` bits."""
    return f"{width}'h{value & ((1 << width) - 1):x}"


class Nets:
    """The nets ``obs_<port>`` of a design and its clocks."""

    def __init__(self, design: Design) -> None:
        self._ports = {port.name: port for port in design.ports}
        self._clocks = {clock.name: clock for clock in design.clocks}

    def width(self, port: str) -> int:
        """Return the width of ``port``; Uncovered where there is no such flat port."""
        if port not in self._ports or not self._ports[port].flat:
            raise Uncovered(f"its port {port}")
        return self._ports[port].width

    def clock(self, name: str) -> str:
        """Return an expression that rises at the active edge of the clock called ``name``."""
        if name not in self._clocks:
            raise Uncovered(f"its clock {name!r}")
        return name if self._clocks[name].edge is Edge.RISING else f"~{name}"

    def the_clock(self) -> str:
        """Return an expression that rises at the active edge of the only clock."""
        if len(self._clocks) != 1:
            raise Uncovered(f"{len(self._clocks)} clocks")
        return self.clock(next(iter(self._clocks)))

    def bit(self, port: str) -> str:
        """Return a port of one bit."""
        if self.width(port) != 1:
            raise Uncovered(f"{port}, which has {self.width(port)} bits")
        return f"obs_{port}"

    def fit(self, port: str, width: int) -> str:
        """Return ``port`` with zeros above it up to ``width``; Uncovered where it is wider."""
        missing = width - self.width(port)
        if missing < 0:
            raise Uncovered(f"{port}, which has more than {width} bits")
        return f"{{{missing}'b0, obs_{port}}}" if missing else f"obs_{port}"

    def joined(self, ports: Iterable[str]) -> str:
        """Return the ports side by side, the first highest; one 0 where there are none."""
        names = [f"obs_{port}" for port in ports if self.width(port)]
        return f"{{{', '.join(names)}}}" if names else "1'b0"

    def total(self, ports: Iterable[str]) -> int:
        """Return the width of what ``joined`` returns."""
        return sum(self.width(port) for port in ports) or 1
