"""Between a plan's driver entries and the driver classes: knobs, driven ports, construction."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast

from verif.errors import InputError
from verif.plan.model import Driver, Knob, Setting
from verif.stimulus.drivers.base import Driver as DriverObject
from verif.stimulus.registry import driver_class

Option = int | str | list[int]
"""The value of a driver's option."""
_NONE: Mapping[str, Any] = MappingProxyType({})


def knob_names(driver: Driver) -> dict[str, str]:
    """Return the ``knobs`` argument of the driver's class: local knob name to ``<driver's name>_<local>``."""
    prefix = f"{driver.name}_"
    return {knob.name.removeprefix(prefix): knob.name for knob in driver.knobs}


def make_knobs(name: str, kind: str, defaults: Mapping[str, Setting] = _NONE) -> tuple[Knob, ...]:
    """Return the knobs of a driver called ``name``; ``defaults`` replace the class's own."""
    return tuple(_knob(f"{name}_{local}", of, defaults.get(local)) for local, of in driver_class(kind).KNOBS.items())


def _knob(name: str, of: int | tuple[str, ...], default: Setting | None) -> Knob:
    if isinstance(of, int):
        return Knob(name=name, kind="rate", default=of if default is None else default)
    return Knob(name=name, kind="choice", choices=of, default=default or of[0])


def make_entry(
    kind: str,
    name: str,
    ports: Mapping[str, str],
    *,
    options: Mapping[str, Option] = _NONE,
    defaults: Mapping[str, Setting] = _NONE,
    clock: str = "",
) -> Driver:
    """Return a plan's entry for a driver of ``kind`` with all its knobs."""
    knobs = make_knobs(name, kind, defaults)
    return Driver(name=name, kind=kind, ports=dict(ports), options=dict(options), clock=clock, knobs=knobs)


def driven_ports(driver: Driver) -> tuple[str, ...]:
    """Return the ports that the driver drives; the others it only watches."""
    kind = driver_class(driver.kind)
    return tuple(port for signal, port in driver.ports.items() if kind.owns(signal))


def make_driver(driver: Driver) -> DriverObject:
    """Return the object that drives; InputError PE202 where an option is missing or unknown."""
    make: Any = driver_class(driver.kind)
    try:
        return cast("DriverObject", make(ports=driver.ports, knobs=knob_names(driver), **driver.options))
    except (TypeError, ValueError) as error:
        raise InputError("PE202", f"driver {driver.name!r}: {error}", where="testplan") from error
