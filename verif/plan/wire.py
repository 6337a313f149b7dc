"""The compact form in which a model proposes a test point: a JSON object that fits into about 120 tokens.

``{"phases": [{"len": "long", "push": 9, "pop": 2, "push_data": "corners"}, ...]}``: four to six phases, each with a
length class and a setting for the same few knobs, the most influential ones of the plan, in fixed order. What a model
answers is untrusted: ``expand`` checks all of it against the plan.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import zip_longest
from types import MappingProxyType
from typing import Any

from verif.errors import InputError
from verif.plan.kinds import knob_names
from verif.plan.model import Driver, Knob, Phase, Setting, Testplan, Testpoint
from verif.plan.settings import setting_trouble

LENGTHS: Mapping[str, float] = MappingProxyType({"short": 0.4, "mid": 1.0, "long": 2.5})
"""Length class to multiples of the plan's usual phase."""
MIN_PHASES = 4
MAX_PHASES = 5
MAX_KNOBS = 3
MAX_CYCLES = 20_000
LENGTH = "len"
_WEIGHTS: Mapping[str, int] = MappingProxyType(
    {
        **{"rate": 10, "write": 9, "read": 9, "order": 8, "data": 7, "style": 7, "hold": 6, "lines": 6, "errors": 6},
        **{"overrun": 6, "underrun": 6, "early": 6, "address": 5, "bready": 5, "rready": 5, "runs": 4, "change": 3},
    }
)
"""How much a knob matters to what gets tested, by its local name; others count 1."""


def wire_knobs(plan: Testplan) -> dict[str, Knob]:
    """Return the knobs that a wire plan sets, by short key, in the plan's order; at most MAX_KNOBS.

    Each driver gives its most influential knob before any driver gives a second one.
    """
    turns = zip_longest(*(_by_weight(driver) for driver in plan.drivers))
    ranked = [knob for turn in turns for knob in sorted(filter(None, turn), key=lambda pair: -pair[0])]
    return _keyed(plan, {knob.name for _, knob in ranked[:MAX_KNOBS]})


def _by_weight(driver: Driver) -> list[tuple[int, Knob]]:
    local = {name: knob for knob, name in knob_names(driver).items()}
    weighed = [(_WEIGHTS.get(local[knob.name], 1), knob) for knob in driver.knobs]
    return sorted(weighed, key=lambda pair: -pair[0])


def _keyed(plan: Testplan, chosen: set[str]) -> dict[str, Knob]:
    """Return the chosen knobs by the shortest free key: the driver's name, then the local name, then the full one."""
    keyed: dict[str, Knob] = {}
    taken = {LENGTH}
    for driver in plan.drivers:
        local = {name: knob for knob, name in knob_names(driver).items()}
        for place, knob in enumerate(knob for knob in driver.knobs if knob.name in chosen):
            names = [*([driver.name] if place == 0 else []), local[knob.name], knob.name]
            key = next(name for name in names if name not in taken)
            taken.add(key)
            keyed[key] = knob
    return keyed


def wire_schema(plan: Testplan) -> dict[str, Any]:
    """Return the JSON schema of wire plans: fixed keys in fixed order, small enums and integers, bounded arrays."""
    properties: dict[str, Any] = {LENGTH: {"enum": list(LENGTHS)}}
    properties |= {key: _values(knob) for key, knob in wire_knobs(plan).items()}
    phase = _object(properties)
    return _object({"phases": {"type": "array", "minItems": MIN_PHASES, "maxItems": MAX_PHASES, "items": phase}})


def _values(knob: Knob) -> dict[str, Any]:
    if knob.kind == "rate":
        return {"type": "integer", "minimum": 0, "maximum": 9}
    return {"enum": list(knob.choices)}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def expand(plan: Testplan, wire: Any, *, name: str = "proposed", origin: str = "a model") -> tuple[Testpoint, ...]:
    """Return the test points that ``wire`` (a JSON text or what it holds) proposes for ``plan``.

    ``name`` becomes the point's id. InputError PE205 where the text is no JSON, PE206 where it doesn't fit the schema.
    """
    answer = _loaded(wire)
    if not isinstance(answer, dict) or list(answer) != ["phases"] or not isinstance(answer["phases"], list):
        raise _wrong("the proposal is no object with the single key 'phases', a list")
    phases = answer["phases"]
    if not MIN_PHASES <= len(phases) <= MAX_PHASES:
        raise _wrong(f"{len(phases)} phases; {MIN_PHASES} to {MAX_PHASES} are allowed")
    intent = f"Proposed by {origin}: {len(phases)} phases of different load."
    return (Testpoint(id=name, intent=intent, phases=tuple(_phase(plan, n, phase) for n, phase in enumerate(phases))),)


def _loaded(wire: Any) -> Any:
    if not isinstance(wire, str | bytes):
        return wire
    try:
        return json.loads(wire)
    except ValueError as error:
        raise InputError("PE205", f"the proposal is not JSON: {error}", where="plan proposal") from error


def _phase(plan: Testplan, number: int, phase: Any) -> Phase:
    knobs = wire_knobs(plan)
    if not isinstance(phase, dict) or set(phase) != {LENGTH, *knobs}:
        raise _wrong(f"phase {number} has other keys than {', '.join([LENGTH, *knobs])}")
    length = phase[LENGTH]
    if not isinstance(length, str) or length not in LENGTHS:
        raise _wrong(f"phase {number}: {LENGTH}: {length!r} is not a length; allowed are {', '.join(LENGTHS)}")
    settings: dict[str, Setting] = {}
    for key, knob in knobs.items():
        if message := setting_trouble(knob, phase[key]):
            raise _wrong(f"phase {number}: {key}: {message}")
        settings[knob.name] = phase[key]
    cycles = max(2, round(usual_cycles(plan) * LENGTHS[length]))
    return Phase(cycles=min(cycles, MAX_CYCLES), settings=settings)


def usual_cycles(plan: Testplan) -> int:
    """Return the length of the plan's usual phase, in ticks: the upper quartile."""
    lengths = sorted(phase.cycles for point in plan.points for phase in point.phases) or [60]
    return lengths[len(lengths) * 3 // 4]


def _wrong(what: str) -> InputError:
    return InputError("PE206", what, where="plan proposal")
