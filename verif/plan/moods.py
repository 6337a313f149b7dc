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

_TARGET: Mapping[str, Mood] = {
    "busy": {"rate": 9},
    "slow": {"rate": 2},
    "bursts": {"runs": "bursts"},
    "rough": {"errors": 1},
}

MOODS: Mapping[str, Mapping[str, Mood]] = MappingProxyType(
    {
        "Values": {
            "busy": {"change": 9, "style": "uniform"},
            "slow": {"change": 2},
            "idle": {"change": 0},
            "corners": {"style": "corners", "change": 9},
            "rough": {"style": "related"},
        },
        "Configuration": {
            "idle": {"change": 0},
            "busy": {"change": 9},
            "corners": {"style": "corners", "change": 9},
            "rough": {"style": "related", "change": 9},
            "slow": {"style": "mixed"},
        },
        "Bits": {"slow": {"runs": "long"}, "bursts": {"runs": "bursts"}, "rough": {"runs": "random"}},
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
        "InstructionSource": {
            "busy": {"rate": 9},
            "slow": {"rate": 2},
            "idle": {"rate": 0},
            "corners": {"data": "corners"},
        },
        "StreamSink": {
            "busy": {"rate": 9},
            "slow": {"rate": 2},
            "idle": {"rate": 9},
            "bursts": {"runs": "bursts"},
            "rough": {"policy": "wait"},
        },
        "FifoPush": {
            "busy": {"rate": 9, "overrun": 0},
            "slow": {"rate": 2},
            "idle": {"rate": 0},
            "bursts": {"runs": "bursts"},
            "corners": {"data": "corners"},
            "rough": {"rate": 9, "overrun": 9},
        },
        "FifoPop": {
            "busy": {"rate": 9, "underrun": 0},
            "slow": {"rate": 2},
            "idle": {"rate": 0},
            "bursts": {"runs": "bursts"},
            "rough": {"rate": 9, "underrun": 9},
        },
        "Operation": {
            "busy": {"rate": 9, "early": 5},
            "slow": {"rate": 1},
            "idle": {"rate": 0},
            "bursts": {"runs": "bursts", "hold": "until_done"},
            "corners": {"data": "corners"},
            "rough": {"early": 7, "operands": "moving", "data": "related"},
        },
        "ApbMaster": {
            "busy": {"rate": 9},
            "slow": {"rate": 2, "data": "small"},
            "idle": {"rate": 0},
            "bursts": {"runs": "bursts"},
            "corners": {"data": "corners", "address": "sweep"},
            "rough": {"address": "any", "strobe": "any"},
        },
        "AxiLiteMaster": {
            "busy": {"write": 9, "read": 9, "bready": 9, "rready": 9, "overlap": 9},
            "slow": {"write": 2, "read": 2, "bready": 2, "rready": 2, "data": "small"},
            "idle": {"write": 0, "read": 0, "bready": 9, "rready": 9},
            "bursts": {"runs": "bursts"},
            "corners": {"data": "corners", "address": "sweep"},
            "rough": {"address": "unaligned", "strobe": "any", "bready": 2, "rready": 2, "overlap": 9},
        },
        "WishboneMaster": {
            "busy": {"rate": 9, "block": 9, "pause": 0},
            "slow": {"rate": 2, "pause": 8, "data": "small"},
            "idle": {"rate": 0, "block": 0},
            "bursts": {"runs": "bursts", "block": 8},
            "corners": {"data": "corners", "address": "sweep"},
            "rough": {"address": "any", "strobe": "any", "stray": 5},
        },
        "Requester": {
            "busy": {"rate": 9, "again": 9},
            "slow": {"rate": 1},
            "idle": {"rate": 0, "again": 0},
            "bursts": {"runs": "bursts"},
            "corners": {"lines": "all"},
            "rough": {"hold": "free"},
        },
        "UartLine": {
            "busy": {"rate": 9},
            "slow": {"rate": 2},
            "idle": {"rate": 0},
            "corners": {"data": "corners"},
            "rough": {"errors": 4, "glitches": 6, "edges": "noisy"},
        },
        "SpiSubordinate": {"corners": {"data": "corners"}, "rough": {"line": "noisy"}, "bursts": {"line": "noisy"}},
        "Instructions": {"busy": {"change": 9}, "slow": {"change": 2}, "idle": {"change": 0}, "rough": {"illegal": 6}},
        "MemoryResponder": {
            "busy": {"rate": 9},
            "slow": {"rate": 2},
            "bursts": {"runs": "bursts"},
        },
        "ApbTarget": _TARGET,
        "WishboneTarget": _TARGET,
        "AxiLiteTarget": _TARGET,
    }
)
"""Driver kind to mood to settings."""


def mood_of(driver: Driver, mood: str) -> dict[str, Setting]:
    """Return the plan-level settings of one driver in ``mood``."""
    local = dict(MOODS.get(driver.kind, {}).get(mood, {}))
    if driver.kind == "Bits" and mood in ("idle", "busy") and (level := _level(driver, mood)) is not None:
        local = {"rate": level}
    names = {knob.name for knob in driver.knobs}
    return {f"{driver.name}_{knob}": value for knob, value in local.items() if f"{driver.name}_{knob}" in names}


def quiet_level(driver: Driver) -> int:
    """Return the rate at which a bit does nothing: 9 for an active-low clear, whose default is 8, else 0."""
    return 9 if _default(driver, "rate") == 8 else 0


def _level(driver: Driver, mood: str) -> int | None:
    """Return the rate of a bit that is quiet or busy; None where its default is as good as any."""
    if mood == "idle":
        return quiet_level(driver)
    return 9 if _default(driver, "rate") == 7 else None


def _default(driver: Driver, local: str) -> Setting | None:
    return next((knob.default for knob in driver.knobs if knob.name == f"{driver.name}_{local}"), None)


def mood(drivers: Iterable[Driver], name: str) -> dict[str, Setting]:
    """Return the settings of all ``drivers`` in one mood."""
    return {knob: value for driver in drivers for knob, value in mood_of(driver, name).items()}
