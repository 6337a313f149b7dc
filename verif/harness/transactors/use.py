"""A transactor's instance: its module, its stimulus fields, and what its pins are connected to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from verif.harness.model import Field

_HDL = "verif.harness.transactors.hdl"
_NEEDS = {
    "drive_memory": ("drive_words",),
    "drive_apb_target": ("drive_words",),
    "drive_wishbone_target": ("drive_words",),
    "drive_axi_lite_target": ("drive_words",),
    "drive_instruction": ("drive_riscv",),
    "drive_instruction_stream": ("drive_riscv",),
}
"""Module to the modules that it instantiates."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TransactorUse:
    """The hardware that stands for a driver of the plan."""

    driver: str
    module: str
    """Module name, also the name of its file without ``.sv``."""
    parameters: Mapping[str, str]
    """Parameter to a Verilog literal."""
    pins: Mapping[str, str]
    """Port of the module (``clk`` and ``rst`` apart) to an expression over the harness's nets."""
    fields: tuple[Field, ...]
    """Its part of the stimulus port."""
    drives: tuple[str, ...]
    """Ports of the design that the module drives."""
    straight: Mapping[str, str]
    """Further ports of the design that the driver drives, each to an expression that it takes as it is."""
    clocked: bool = True
    """Whether the module has ``clk`` and ``rst``."""
    help: tuple[str, ...] = ()
    """Lines that come before the instance."""
    helpers: tuple[str, ...] = ()
    """Modules that these lines need."""

    @property
    def modules(self) -> tuple[str, ...]:
        """The modules that it needs, those that are instantiated first."""
        return (*self.helpers, *_NEEDS.get(self.module, ()), self.module)

    def instance(self, name: str, *, clk: str, rst: str) -> list[str]:
        """Return the lines of an instance called ``name``."""
        pins = {**({"clk": clk, "rst": rst} if self.clocked else {}), **self.pins}
        head = f"{self.module} #(" if self.parameters else f"{self.module} {name} ("
        middle = [*_named(self.parameters), f") {name} ("] if self.parameters else []
        return [head, *middle, *_named(pins), ");"]


def module_text(module: str) -> str:
    """Return the HDL text of a transactor's module."""
    return files(_HDL).joinpath(f"{module}.sv").read_text(encoding="utf-8")


def _named(values: Mapping[str, str]) -> list[str]:
    """Return named connections, one a line."""
    last = len(values) - 1
    return [f"    .{name}({value}){',' if index < last else ''}" for index, (name, value) in enumerate(values.items())]
