"""Which module defines which driver, and how a plan's drivers become objects."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from types import MappingProxyType
from typing import Any, cast

from verif.errors import InputError
from verif.plan.model import Driver as DriverEntry
from verif.plan.model import Knob
from verif.stimulus.drivers.base import Driver

_PACKAGE = "verif.stimulus.drivers"
_MODULES = {
    "plain": ("Values", "Bits", "Pulses", "Selection", "AddressLines"),
    "stream": ("StreamSource", "StreamSink"),
    "fifo": ("FifoPush", "FifoPop"),
}
DRIVER_KINDS = MappingProxyType({kind: f"{_PACKAGE}.{module}" for module, kinds in _MODULES.items() for kind in kinds})
"""Driver kind, the name of its class, to the module that defines it."""


def driver_class(kind: str) -> type[Driver]:
    """Return the class called ``kind``; InputError PE201 names the kinds that there are."""
    if kind not in DRIVER_KINDS:
        raise InputError("PE201", f"no driver kind {kind!r}", allowed=f"there are {', '.join(sorted(DRIVER_KINDS))}")
    return cast("type[Driver]", getattr(import_module(DRIVER_KINDS[kind]), kind))


def driver_modules(kinds: Iterable[str]) -> tuple[str, ...]:
    """Return the modules whose text a bench with these kinds needs, ``base`` first, each once."""
    for_kinds = [driver_class(kind).__module__ for kind in kinds]
    return (f"{_PACKAGE}.base", *sorted(set(for_kinds)))


def knob_names(driver: DriverEntry) -> dict[str, str]:
    """Return the driver's ``knobs`` argument: local knob name to the name in the plan."""
    prefix = f"{driver.name}_"
    return {knob.name.removeprefix(prefix): knob.name for knob in driver.knobs}


def make_knobs(name: str, kind: str, **defaults: int | str) -> tuple[Knob, ...]:
    """Return the knobs of a driver called ``name``; ``defaults`` replace the class's own."""
    return tuple(_knob(name, local, of, defaults.get(local)) for local, of in driver_class(kind).KNOBS.items())


def _knob(name: str, local: str, of: int | tuple[str, ...], default: int | str | None) -> Knob:
    if isinstance(of, int):
        return Knob(name=f"{name}_{local}", kind="rate", default=of if default is None else default)
    return Knob(name=f"{name}_{local}", kind="choice", choices=of, default=default or of[0])


def driven_ports(driver: DriverEntry) -> tuple[str, ...]:
    """Return the ports that the driver drives; the others it only watches."""
    drives = driver_class(driver.kind).DRIVES
    return tuple(port for signal, port in driver.ports.items() if not drives or signal in drives)


def make_driver(driver: DriverEntry) -> Driver:
    """Return the object that drives; InputError PE202 where an option is missing or unknown."""
    make: Any = driver_class(driver.kind)
    try:
        return cast("Driver", make(ports=driver.ports, knobs=knob_names(driver), **driver.options))
    except (TypeError, ValueError) as error:
        raise InputError("PE202", f"driver {driver.name!r}: {error}", where="testplan") from error
