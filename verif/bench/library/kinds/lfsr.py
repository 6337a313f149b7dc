"""Recognise a linear-feedback shift register by its taps."""

from __future__ import annotations

import re

from verif.bench.library.choice import Choice, checked, reference
from verif.bench.library.models.lfsr import LfsrModel
from verif.bench.library.subject import Subject, number

_INPUTS = {"en": ("en", "enable", "shift", "shift_en"), "load": ("load", "ld", "load_seed"), "seed": ("seed", "d")}
_OUTPUTS = {"state": ("state", "out", "q", "lfsr", "lfsr_out", "data", "rnd"), "bit_out": ("bit_out", "serial_out")}
_LEFT = r"shift\w* (?:direction\W*)?(?:to the )?left|shift direction \| left"
_START = r"state\W* is \W*(\w+)|register is (?:initiali[sz]ed|reset|set) to (\w+)"
_WINS = r"load\W* .*wins over|whatever \W*en\W* is"
_MSB = r"bit_out\W* (?:equals|is) (?:its )?bit (\d+)"
_ZERO_SEED = r"seed\W* = 0\W.*becomes \W*(\w+)|zero seed"
_FOLLOWED = r"(0x[0-9A-F]+) is followed by ((?:0x[0-9A-F]+[, and]*)+)"
_ASPECTS = (r"reset|rst", r"\bload\b", r"shift", r"keeps? its value|unchanged", r"\bbit_out\b", r"feedback")


def propose(subject: Subject) -> Choice | None:
    """Return the model of a left-shifting register whose taps and start state the specification gives."""
    ports = subject.ports(_INPUTS, _OUTPUTS)
    stated = subject.design.kind == "lfsr" or subject.says(r"\blfsr\b|linear[- ]feedback")
    if "state" not in ports or subject.clock is None or not stated:
        return None
    taps, where = _taps(subject)
    start, wins = _start(subject), subject.says(_WINS)
    msb = subject.says(_MSB)
    width = subject.width(ports["state"])
    vague = ("load" in ports and not wins) or ("bit_out" in ports and not (msb and int(msb[1]) == width - 1))
    if not taps or start is None or vague or not subject.says(_LEFT) or not subject.accounts_for(ports.values()):
        return Choice(notes=("an LFSR whose taps, direction or start state weren't found: not modelled",))
    arguments: dict[str, object] = {
        "ports": ports,
        "reset": subject.reset_tuple,
        "width": width,
        "taps": taps,
        "start": start,
        "invert": subject.says(r"(?:inverted|XNOR)") is not None,
        "replace_zero": subject.says(_ZERO_SEED) is not None,
    }
    if not _confirmed(subject, arguments):
        return Choice(notes=("an LFSR whose polynomial or example contradicts its taps: not modelled",))
    outputs = [ports[name] for name in _OUTPUTS if name in ports]
    model = reference(
        "lfsr",
        "LfsrModel",
        arguments,
        outputs=outputs,
        requirements=checked(subject, outputs, *_ASPECTS),
        evidence=[f"{where}: taps {', '.join(map(str, taps))}", f"start state {start:#x}"],
    )
    return Choice(model=model)


def _taps(subject: Subject) -> tuple[list[int], str]:
    if listed := subject.property(r"^taps?$"):
        numbers = re.match(r"bits?\s+((?:\d+(?:,\s*|\s+and\s+|\s*))+)", listed.text)
        if numbers:
            return [int(tap) for tap in re.findall(r"\d+", numbers[1])], listed.where
    if hit := subject.says(r"\bXOR.*\[\d+\].*\[\d+\]"):
        return [int(tap) for tap in re.findall(r"\[(\d+)\]", hit.text)], hit.where
    if hit := subject.says(r"XOR of (?:the )?(?:old )?bits ((?:\d+(?:, | and ))+\d+)"):
        return [int(tap) for tap in re.findall(r"\d+", hit[1])], hit.where
    return [], ""


def _start(subject: Subject) -> int | None:
    hit = subject.says(_START, r"reset|rst")
    text = (hit[1] or hit[2]) if hit else ""
    return 0 if text.lower() == "zero" else subject.value(text)


def _confirmed(subject: Subject, arguments: dict[str, object]) -> bool:
    """Return whether the polynomial and the example, where the specification has them, agree with the taps."""
    taps = arguments["taps"]
    assert isinstance(taps, list)
    if listed := subject.property("polynomial"):
        exponents = {int(e) for e in re.findall(r"x\^(\d+)", listed.text)}
        if exponents and exponents != {tap + 1 for tap in taps}:
            return False
    if hit := subject.says(_FOLLOWED):
        model = LfsrModel(**{**arguments, "ports": {"state": "state"}, "reset": None, "start": number(hit[1])})  # type: ignore[arg-type]
        model.step({})
        return all(model.step({})["state"] == int(text, 16) for text in re.findall(r"0x[0-9A-Fa-f]+", hit[2]))
    return True
