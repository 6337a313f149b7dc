"""Stimulus fields of ports that are driven as they are, without a transactor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from verif.design.model import Design, Port
from verif.harness.model import Field, FieldKind
from verif.harness.names import Names
from verif.plan.kinds import driven_ports, knob_names
from verif.plan.model import Driver


@dataclass(frozen=True, kw_only=True, slots=True)
class Passed:
    """A port of the design that takes the value of its own stimulus field."""

    port: str
    field: Field


@dataclass(frozen=True, slots=True)
class _Habit:
    """How the fields of a driver kind are drawn: the kind of field, and the knobs for rate, runs and style."""

    kind: FieldKind
    rate: str = ""
    runs: str = ""
    style: str = ""
    listed: str = ""
    """The option that lists meaningful values."""


_HABITS: Mapping[str, _Habit] = MappingProxyType(
    {
        "Bits": _Habit(FieldKind.RATE, rate="rate", runs="runs"),
        "Values": _Habit(FieldKind.DATA, rate="change", style="style"),
        "Configuration": _Habit(FieldKind.DATA, rate="change", style="style"),
        "Selection": _Habit(FieldKind.CHOICE, rate="change", style="order", listed="values"),
        "AddressLines": _Habit(FieldKind.ADDRESS, rate="change", style="style", listed="listed"),
    }
)
"""Driver kinds without a protocol: any value is legal in any cycle."""
_BIT = _Habit(FieldKind.RATE, rate="rate", runs="runs")
_WORD = _Habit(FieldKind.DATA, style="data")
_RESTS_HIGH = ("UartLine",)


def passed_by(driver: Driver, design: Design, names: Names) -> Iterator[Passed]:
    """Yield the ports that ``driver`` drives in the plan, each with a field of its own."""
    clock = driver.clock if len(design.clocks) > 1 else ""
    for port in driven_ports(driver):
        yield _passed(design.port(port), driver, clock, names)


def passed_alone(port: Port, names: Names) -> Passed:
    """Return a port that no driver of the plan drives."""
    kind = FieldKind.RATE if port.width == 1 else FieldKind.DATA
    return Passed(
        port=port.name,
        field=Field(
            name=names.take(f"stim_{port.name}"), width=port.width, kind=kind, meaning=port.name, shows=port.name
        ),
    )


def _passed(port: Port, driver: Driver, clock: str, names: Names) -> Passed:
    habit = _HABITS.get(driver.kind, _BIT if port.width == 1 else _WORD)
    knobs = knob_names(driver)
    listed = driver.options.get(habit.listed, [])
    choices = tuple(value & ((1 << port.width) - 1) for value in listed) if isinstance(listed, list) else ()
    field = Field(
        name=names.take(f"stim_{port.name}"),
        width=port.width,
        kind=habit.kind,
        default=_default(driver, port, choices),
        choices=choices,
        clock=clock,
        driver=driver.name,
        rate=knobs.get(habit.rate, ""),
        runs=knobs.get(habit.runs, ""),
        style=knobs.get(habit.style, ""),
        meaning=port.name,
        shows=port.name,
    )
    return Passed(port=port.name, field=field)


def _default(driver: Driver, port: Port, choices: tuple[int, ...]) -> int:
    if driver.kind in _RESTS_HIGH:
        return (1 << port.width) - 1
    return choices[0] if choices and driver.kind == "Selection" else 0
