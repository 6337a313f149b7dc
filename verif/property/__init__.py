"""Properties in a subset of SystemVerilog assertions: read, and made into synthesizable monitors."""

from __future__ import annotations

from verif.property.ir import Boolean, Directive, Property, PropertyFile
from verif.property.monitor import PropertyMonitor, monitor, monitors
from verif.property.read import bound_properties, read_properties
from verif.property.wiring import Reference, Wiring

__all__ = [
    "Boolean",
    "Directive",
    "Property",
    "PropertyFile",
    "PropertyMonitor",
    "Reference",
    "Wiring",
    "bound_properties",
    "monitor",
    "monitors",
    "read_properties",
]
