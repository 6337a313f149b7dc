"""How each kind of driver behaves in the moods that test points are told in.

``busy`` as much as possible, ``slow`` little, ``idle`` nothing, ``bursts`` in runs, ``corners`` extreme values,
``rough`` what a good citizen wouldn't do but a robust design must take. ``typical`` is every knob's default.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from verif.plan.model import Driver, Setting

Mood = Mapping[str, Setting]
"""Local knob name to setting; a knob that isn't named takes its default."""

MOODS: Mapping[str, Mapping[str, Mood]] = MappingProxyType(
    {
        "Values": {
            "busy": {"change": 9, "style": "uniform"},
            "slow": {"change": 2},
            "idle": {"change": 0},
            "corners": {"style": "corners", "change": 9},
            "rough": {"style": "related"},
        },
        "Bits": {"slow": {"runs": "long"}, "bursts": {"runs": "bursts"}},
        "Pulses": {"busy": {"rate": 9}, "slow": {"rate": 1, "gap": "wide"}, "idle": {"rate": 0}},
        "Selection": {
            "busy": {"change": 9},
            "slow": {"change": 1},
            "idle": {"change": 0},
            "corners": {"order": "sweep", "change": 9},
            "rough": {"other": 9},
        },
        "AddressLines": {
            "busy": {"change": 9},
            "idle": {"change": 0},
            "corners": {"style": "any"},
            "bursts": {"style": "sweep", "change": 9},
            "rough": {"style": "low", "same": 9},
        },
        "StreamSource": {
            "busy": {"rate": 9, "length": "long"},
            "slow": {"rate": 2},
            "idle": {"rate": 0},
            "bursts": {"runs": "bursts"},
            "corners": {"data": "corners", "length": "one"},
        },
        "StreamSink": {
            "busy": {"rate": 9},
            "slow": {"rate": 2},
            "idle": {"rate": 9},
            "bursts": {"runs": "bursts"},
            "rough": {"policy": "wait"},
        },
        "FifoPush": {
            "busy": {"rate": 9},
            "slow": {"rate": 2},
            "idle": {"rate": 0},
            "bursts": {"runs": "bursts"},
            "corners": {"data": "corners"},
            "rough": {"rate": 9, "overrun": 9},
        },
        "FifoPop": {
            "busy": {"rate": 9},
            "slow": {"rate": 2},
            "idle": {"rate": 0},
            "bursts": {"runs": "bursts"},
            "rough": {"rate": 9, "underrun": 9},
        },
    }
)
"""Driver kind to mood to settings."""


def mood_of(driver: Driver, mood: str) -> dict[str, Setting]:
    """Return the plan-level settings of one driver in ``mood``."""
    local = dict(MOODS.get(driver.kind, {}).get(mood, {}))
    if driver.kind == "Bits" and mood == "idle":
        local = {"rate": quiet_level(driver)}
    names = {knob.name for knob in driver.knobs}
    return {f"{driver.name}_{knob}": value for knob, value in local.items() if f"{driver.name}_{knob}" in names}


def quiet_level(driver: Driver) -> int:
    """Return the rate at which a bit does nothing: 9 for a clear that is active low, else 0."""
    default = next((knob.default for knob in driver.knobs if knob.name == f"{driver.name}_rate"), 5)
    return 9 if default == 8 else 0


def mood(drivers: Iterable[Driver], name: str) -> dict[str, Setting]:
    """Return the settings of all ``drivers`` in one mood."""
    return {knob: value for driver in drivers for knob, value in mood_of(driver, name).items()}
