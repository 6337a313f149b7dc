"""Recognise counters: binary, ring, Johnson, dividers of frequency, time of day."""

from __future__ import annotations

import re

from verif.bench.library.choice import Choice, checked, reference, told
from verif.bench.library.subject import Subject

_COUNT = {"count": ("count", "out", "q", "cnt", "counter")}
_INPUTS = {
    "en": ("en", "enable", "ce", "count_en", "valid_count", "cnt_en"),
    "up": ("up", "up_down", "updown", "up_dn", "dir"),
}
_TIME = {"hours": ("hours", "hour"), "minutes": ("mins", "minutes"), "seconds": ("secs", "seconds")}
_TO_ZERO = r"reset\w*\W(?:(?!\bnot\b).)*(?:\bto 0\b|\bto zero\b|'b0+\b|is 0|= 0)"
_UP_IS_ONE = r"if up_down = 1, the counter increments|1\W* (?:is|means|counts) up"
_LAST = r"(?:maximum count|counts? from .* to|counting from .* to|modulo)\D*?(?:\d+ ?'d)?(\d+)\b(?! ?')"
_OTHERWISE = (
    r"johnson|ring counter|gray|torsional|LFSR|saturat|clamp|\b(?:stops?|holds?) at\b"
    r"|\b(?:steps? of|by) (?:two|three|four|[2-9]|\d\d)|\bevery (?:other|second|third|\d)|prescal"
)
"""What makes a counter count otherwise than by one, over and over."""
_ASPECTS = (r"count|increment|decrement|wrap|reset|shift|rotate|toggle|divid|second|minute|hour",)


def propose_counter(subject: Subject) -> Choice | None:
    """Return the model of a binary counter whose range is its width's, or told."""
    ports = subject.ports(_INPUTS, _COUNT)
    named = subject.says(r"\bcounter\b")
    if not named or set(ports) & {"count"} == set() or subject.clock is None or subject.reset is None:
        return None
    zero = subject.says(_TO_ZERO)
    up = subject.says(_UP_IS_ONE)
    other = subject.says(_OTHERWISE) or ("up" not in ports and subject.says(r"\bdown|decrement|backwards?\b"))
    if other or zero is None or ("up" in ports and not up) or not subject.accounts_for(ports.values()):
        return None
    width = subject.width(ports["count"])
    modulo, where = _modulo(subject, width)
    if modulo is None:
        return Choice(notes=("a counter whose range the specification doesn't tell: not modelled",))
    outputs = [ports["count"]]
    model = reference(
        "counter",
        "CounterModel",
        {"ports": ports, "reset": subject.reset_tuple, "modulo": modulo},
        outputs=outputs,
        requirements=checked(subject, outputs, *_ASPECTS),
        evidence=[f"{where}: 0 to {modulo - 1}", *told(zero, up)],
    )
    return Choice(model=model)


def _modulo(subject: Subject, width: int) -> tuple[int | None, str]:
    top = (1 << width) - 1
    if hit := subject.says(rf"range from 0 to {top}\b|from 0 to {top}\b"):
        return top + 1, hit.where
    if hit := subject.says(r"maximum count"):
        found = re.findall(r"\d+'d(\d+)", hit.text)
        if len(set(found)) == 1 and int(found[0]) <= top:
            return int(found[0]) + 1, hit.where
    if hit := subject.says(r"modulo[- ](\d+)|counts from 0 to (\d+)"):
        value = int(hit[1]) if hit[1] else int(hit[2]) + 1
        return (value, hit.where) if value <= top + 1 else (None, "")
    return None, ""


def propose_ring_counter(subject: Subject) -> Choice | None:
    """Return the model of a ring or Johnson counter whose direction and start are told."""
    ports = subject.ports({}, {"state": ("q", "out", "count", "state")})
    johnson, ring = subject.says(r"johnson counter"), subject.says(r"ring counter")
    if "state" not in ports or not (johnson or ring) or subject.clock is None or subject.reset is None:
        return None
    width = subject.width(ports["state"])
    right = subject.says(r"shift\w* (?:the current value .*)?to the right")
    left = subject.says(r"after reaching the most significant bit .*wraps around to the (?:LSB|least)")
    start = (
        subject.says(rf"{ports['state']} = \d+'b([01_]+)") if not johnson else subject.says(r"\(Q\) is set to 0|to 0")
    )
    if bool(left) == bool(right) or start is None or not subject.accounts_for(ports.values()):
        return Choice(notes=("a ring counter whose direction or start isn't told: not modelled",))
    outputs = [ports["state"]]
    model = reference(
        "ring_counter",
        "RingCounterModel",
        {
            "ports": ports,
            "reset": subject.reset_tuple,
            "width": width,
            "start": 0 if johnson else int(start[1].replace("_", ""), 2),
            "left": bool(left),
            "twisted": bool(johnson),
        },
        outputs=outputs,
        requirements=checked(subject, outputs, *_ASPECTS),
        evidence=told(johnson or ring, left or right, start),
    )
    return Choice(model=model)


def propose_frequency_divider(subject: Subject) -> Choice | None:
    """Return the model of dividers by even numbers whose outputs start at 0 and toggle."""
    divider = subject.says(r"frequency divider")
    if not divider or subject.clock is None or subject.reset is None or not subject.outputs or subject.inputs:
        return None
    zero = subject.says(r"\breset\b.*initiali[sz]ed to zero|RST\b.*is set to 0")
    if zero is None or subject.says(r"both clock edges|double-edge|fraction|odd number"):
        return None
    ratios = {port: _ratio(subject, port) for port in subject.outputs}
    halves = {port: ratio // 2 for port, ratio in ratios.items() if ratio and ratio % 2 == 0}
    if set(halves) != set(subject.outputs) or not subject.says(r"toggl"):
        return Choice(notes=("a frequency divider whose even ratios aren't told: not modelled",))
    outputs = list(halves)
    model = reference(
        "frequency_divider",
        "FrequencyDividerModel",
        {"half_periods": halves, "reset": subject.reset_tuple},
        outputs=outputs,
        requirements=checked(subject, outputs, *_ASPECTS),
        evidence=told(divider, zero),
    )
    return Choice(model=model)


def _ratio(subject: Subject, port: str) -> int | None:
    if hit := subject.says(rf"\b{port}\b.*divided by (\d+)"):
        return int(hit[1])
    if len(subject.outputs) == 1 and subject.says(r"even numbers?"):
        return subject.parameter("NUM_DIV", "DIV", "DIVISOR", "RATIO")
    return None


def propose_time_of_day(subject: Subject) -> Choice | None:
    """Return the model of a 24-hour clock with one second per cycle."""
    ports = subject.ports({}, _TIME)
    seconds, hours = subject.says(r"loop continuously from 0 to 59"), subject.says(r"0-23 cycle|from 0 to 23")
    start = subject.says(r"starting value of .* (?:is|are) all 0")
    if set(ports) != set(_TIME) or subject.clock is None or not (seconds and hours and start):
        return None
    if not subject.accounts_for(ports.values()):
        return None
    outputs = list(ports.values())
    model = reference(
        "time_of_day",
        "TimeOfDayModel",
        {"ports": ports, "reset": subject.reset_tuple},
        outputs=outputs,
        requirements=checked(subject, outputs, *_ASPECTS),
        evidence=told(seconds, hours, start),
    )
    return Choice(model=model)
