"""Tell the planner's drivers what the specification knows: registers' addresses, requests that are legal anyway."""

from __future__ import annotations

from verif.bench.library.subject import Subject, number
from verif.plan.baseline import choose_drivers
from verif.plan.model import Driver

_BUSES = ("ApbMaster", "AxiLiteMaster")
_IGNORED = {
    "FifoPush": ("overrun", r"\bwrite while .*\bfull\b.*(?:ignored|changes? nothing|no effect)"),
    "FifoPop": ("underrun", r"\bread while .*\bempty\b.*(?:ignored|changes? nothing|no effect)"),
}
_OFTEN = 3
"""Rate, out of 9, of requests that the design has to ignore."""


def informed_drivers(subject: Subject) -> tuple[Driver, ...]:
    """Return those of the planner's drivers that change by what the specification says."""
    if subject.specification is None:
        return ()
    addresses = _addresses(subject)
    changed = []
    for driver in choose_drivers(subject.design):
        if driver.kind in _BUSES and addresses:
            changed.append(driver.model_copy(update={"options": {**driver.options, "addresses": addresses}}))
        elif driver.kind in _IGNORED:
            knob, pattern = _IGNORED[driver.kind]
            if subject.says(pattern):
                changed.append(_with_default(driver, f"{driver.name}_{knob}"))
    return tuple(changed)


def _with_default(driver: Driver, name: str) -> Driver:
    knobs = tuple(k.model_copy(update={"default": _OFTEN}) if k.name == name else k for k in driver.knobs)
    return driver.model_copy(update={"knobs": knobs})


def _addresses(subject: Subject) -> list[int]:
    """Return the addresses of the first register map, a table with addresses and names."""
    for table in subject.tables:
        column = table.column("address", "offset")
        if column is not None and table.column("name", "register") is not None:
            values = [number(row[column]) for row in table.rows]
            return [value for value in values if value is not None]
    return []
