"""Which module defines which driver."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from types import MappingProxyType
from typing import cast

from verif.errors import InputError
from verif.stimulus.drivers.base import Driver

_PACKAGE = "verif.stimulus.drivers"
_MODULES = {
    "plain": ("Values", "Configuration", "Bits", "Pulses", "Selection", "AddressLines"),
    "stream": ("StreamSource", "StreamSink"),
    "fifo": ("FifoPush", "FifoPop"),
    "operation": ("Operation",),
    "apb": ("ApbMaster",),
    "axi_lite": ("AxiLiteMaster",),
    "wishbone": ("WishboneMaster",),
    "arbiter": ("Requester",),
    "serial": ("UartLine", "SpiSubordinate"),
    "memory": ("Instructions", "InstructionSource", "MemoryResponder"),
    "targets": ("ApbTarget", "WishboneTarget", "AxiLiteTarget"),
}
DRIVER_KINDS = MappingProxyType({kind: f"{_PACKAGE}.{module}" for module, kinds in _MODULES.items() for kind in kinds})
"""Driver kind, the name of its class, to the module that defines it."""


def driver_class(kind: str) -> type[Driver]:
    """Return the class called ``kind``; InputError PE201 names the kinds that there are."""
    if kind not in DRIVER_KINDS:
        raise InputError("PE201", f"no driver kind {kind!r}", allowed=f"there are {', '.join(sorted(DRIVER_KINDS))}")
    return cast("type[Driver]", getattr(import_module(DRIVER_KINDS[kind]), kind))


def driver_modules(kinds: Iterable[str]) -> tuple[str, ...]:
    """Return the modules that define these kinds, ``base`` first, each once."""
    needed = sorted({driver_class(kind).__module__ for kind in kinds})
    return (f"{_PACKAGE}.base", *needed)
