"""Properties in a subset of SystemVerilog assertions: read, and made into synthesizable monitors."""

from __future__ import annotations

from verif.property.ir import Boolean, Directive, Property, PropertyFile
from verif.property.monitor import PropertyMonitor, monitor, monitors
from verif.property.read import read_properties

__all__ = [
    "Boolean",
    "Directive",
    "Property",
    "PropertyFile",
    "PropertyMonitor",
    "monitor",
    "monitors",
    "read_properties",
]
