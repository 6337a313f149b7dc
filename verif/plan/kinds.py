"""Between a plan's driver entries and the driver classes: knobs, driven ports, construction."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
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
    """Return the object that drives; InputError PE202 where an option is missing, unknown or of the wrong type."""
    make: Any = driver_class(driver.kind)
    if trouble := _option_trouble(driver, make):
        raise InputError("PE202", f"driver {driver.name}: {trouble}", where="testplan")
    try:
        return cast("DriverObject", make(ports=driver.ports, knobs=knob_names(driver), **driver.options))
    except (TypeError, ValueError) as error:
        raise InputError("PE202", f"driver {driver.name}: a wrong option: {error}", where="testplan") from error


_FITS: Mapping[str, Callable[[Option], bool]] = MappingProxyType(
    {
        "int": lambda value: isinstance(value, int) and value >= 0,
        "str": lambda value: isinstance(value, str),
        "Sequence[int]": lambda value: isinstance(value, list),
    }
)
_WORDS = MappingProxyType({"int": "number from 0 on", "str": "word", "Sequence[int]": "list of numbers"})
"""How a constructor's annotations are checked and told."""


def _option_trouble(driver: Driver, make: Any) -> str:
    """Return what is wrong with the names of the driver's options; empty where nothing is."""
    parameters = inspect.signature(make).parameters.values()
    named = {p.name: p for p in parameters if p.kind is p.KEYWORD_ONLY and p.name not in ("ports", "knobs")}
    free = any(p.kind is p.VAR_KEYWORD for p in parameters)
    allowed = f"{driver.kind} takes {', '.join(named) or 'none'}{' and <signal>_width' if free else ''}"
    for option, value in driver.options.items():
        if option not in named and not (free and option.endswith("_width")):
            return f"no option {option!r}; {allowed}"
        wanted = str(named[option].annotation) if option in named else "int"
        if not _FITS[wanted](value):
            return f"option {option}: {value!r} is no {_WORDS[wanted]}"
    missing = [name for name, p in named.items() if p.default is p.empty and name not in driver.options]
    return f"the option {missing[0]!r} is missing; {allowed}" if missing else ""
