"""A monitor's module, and how a harness makes an instance of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from verif.harness.model import Monitor


@dataclass(frozen=True, kw_only=True, slots=True)
class MonitorUse:
    """A monitor with the hardware that checks its rule."""

    monitor: Monitor
    module: str
    """Module name, also the name of its file without ``.sv``; several uses may share it."""
    text: str
    """HDL text of the module; equal for all uses of it."""
    connections: Mapping[str, str]
    """Port of the module (``rst``, ``fail`` and ``seen`` apart) to a Verilog expression over the clocks' own names and
    the ``obs_<port>`` nets of the design's other ports; ``clk`` is there where the module remembers, and rises."""
    shared: str = ""
    """HDL text of a module that this one instantiates, and that others may, too; empty where it is alone."""
    shared_module: str = ""
    parameters: Mapping[str, int | str] = field(default_factory=dict)
    """Parameter to its value: an integer below 2**31, or a Verilog literal."""

    def instance(self, name: str, *, rst: str, **outputs: str) -> str:
        """Return the text of an instance called ``name``; ``rst`` is an expression, ``outputs`` are nets."""
        ports = {**self.connections, "rst": rst, **outputs}
        parameters = _named(self.parameters)
        head = f"{self.module} #(\n{parameters}\n) {name}" if parameters else f"{self.module} {name}"
        return f"{head} (\n{_named(ports)}\n);"


def _named(values: Mapping[str, int | str]) -> str:
    """Return named connections, one a line."""
    return ",\n".join(f"    .{name}({value})" for name, value in values.items())
