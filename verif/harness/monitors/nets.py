"""Verilog expressions over the nets of a harness, for the ports of a design."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from verif.design.model import Design, Edge
from verif.harness.monitors.arguments import Uncovered


def literal(value: int, width: int) -> str:
    """Return ``value`` as a Verilog literal of ``width`` bits."""
    return f"{width}'h{value & ((1 << width) - 1):x}"


class Nets:
    """The nets of a design's ports: clocks under their own names, others as ``names`` tells or as ``obs_<port>``."""

    def __init__(self, design: Design, names: Mapping[str, str] | None = None) -> None:
        self._names = names or {}
        self._has_resets = bool(design.resets)
        self._ports = {port.name: port for port in design.ports}
        self._clocks = {clock.name: clock for clock in design.clocks}

    @property
    def has_resets(self) -> bool:
        """Whether the design has a reset."""
        return self._has_resets

    def net(self, port: str) -> str:
        """Return the net of ``port``."""
        return self._names.get(port, f"obs_{port}")

    @property
    def widths(self) -> dict[str, int]:
        """Flat ports, clocks apart, and their widths."""
        return {name: port.width for name, port in self._ports.items() if port.flat and name not in self._clocks}

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
        return self.net(port)

    def active(self, reset: str, level: int) -> str:
        """Return an expression that is 1 while a reset is active."""
        return self.bit(reset) if level else f"~{self.bit(reset)}"

    def fit(self, port: str, width: int) -> str:
        """Return ``port`` with zeros above it up to ``width``; Uncovered where it is wider."""
        missing = width - self.width(port)
        if missing < 0:
            raise Uncovered(f"{port}, which has more than {width} bits")
        return f"{{{missing}'b0, {self.net(port)}}}" if missing else self.net(port)

    def joined(self, ports: Iterable[str]) -> str:
        """Return the ports side by side, the first highest; one 0 where there are none."""
        names = [self.net(port) for port in ports if self.width(port)]
        return f"{{{', '.join(names)}}}" if names else "1'b0"

    def total(self, ports: Iterable[str]) -> int:
        """Return the width of what ``joined`` returns."""
        return sum(self.width(port) for port in ports) or 1
