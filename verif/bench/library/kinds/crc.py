"""Recognise a CRC over a stream of words by the parameters of its algorithm."""

from __future__ import annotations

import re
from typing import Any

from verif.bench.library.choice import Choice, checked, reference
from verif.bench.library.models.crc import CrcModel
from verif.bench.library.subject import Subject, number

_INPUTS = {
    "clear": ("clear", "init", "start", "sof", "clr"),
    "valid": ("data_valid", "valid", "en", "enable", "crc_en", "valid_in"),
    "data": ("data", "data_in", "din", "d"),
}
_OUTPUTS = {"crc": ("crc", "crc_out", "crc_o", "q", "out")}
_NEXT_CYCLE = r"(?:is part of .*|crc\W* )in (?:cycle \*?t\*? \+ 1|the next cycle)"
_BOTH = r"clear\W* = 1 and .*valid\W* = 1 (?:a new message begins|.*first)"
_ASPECTS = (
    r"reset|rst",
    r"appended|CRC[- ]?\d+ of all|CRC of",
    r"becomes empty|new message",
    r"keeps its value|unchanged",
    r"123456789",
)


def propose(subject: Subject) -> Choice | None:
    """Return the model of a CRC register whose algorithm the specification gives in full."""
    ports = subject.ports(_INPUTS, _OUTPUTS)
    stated = (subject.design.kind or "").startswith("crc") or subject.says(r"\bCRC\b|\bCRC-?\d+")
    if not {"data", "crc"} <= set(ports) or subject.clock is None or not stated:
        return None
    algorithm = _algorithm(subject)
    timed = subject.says(_NEXT_CYCLE)
    vague = not timed or ("clear" in ports and not subject.says(_BOTH))
    if algorithm is None or vague or not subject.accounts_for(ports.values()):
        return Choice(notes=("a CRC whose algorithm or timing the specification doesn't give in full: not modelled",))
    width, data_width = subject.width(ports["crc"]), subject.width(ports["data"])
    arguments = {
        "ports": ports,
        "reset": subject.reset_tuple,
        "width": width,
        "data_width": data_width,
        **algorithm,
    }
    if not _confirmed(subject, arguments):
        return Choice(notes=("a CRC whose check value contradicts its algorithm: not modelled",))
    polynomial = subject.property("polynomial")
    assert polynomial is not None
    model = reference(
        "crc",
        "CrcModel",
        arguments,
        outputs=[ports["crc"]],
        requirements=checked(subject, [ports["crc"]], *_ASPECTS),
        evidence=[f"{polynomial.where}: polynomial {algorithm['polynomial']:#x}"],
    )
    return Choice(model=model)


def _algorithm(subject: Subject) -> dict[str, Any] | None:
    """Return the constants of the algorithm from the table of its properties, None where one is missing."""
    numbers = {
        "polynomial": subject.property("polynomial"),
        "initial": subject.property("initial|^init$|seed"),
        "final_xor": subject.property("final xor|xor ?out|xorout"),
    }
    flags = {
        "reflect_in": subject.property("input reflected|reflect(?:ed)? in|refin"),
        "reflect_out": subject.property("output reflected|reflect(?:ed)? out|refout"),
    }
    values = {name: number(found.text) if found else None for name, found in numbers.items()}
    if None in values.values() or None in flags.values():
        return None
    return values | {n: bool(f and re.match(r"yes|true|1", f.text, re.IGNORECASE)) for n, f in flags.items()}


def _confirmed(subject: Subject, arguments: dict[str, Any]) -> bool:
    """Return whether the check value of "123456789", where the specification has one, comes out."""
    check = subject.property(r"^check")
    if check is None or arguments["data_width"] != 8:
        return True
    model = CrcModel(**{**arguments, "ports": {"data": "data", "crc": "crc"}, "reset": None})
    for byte in b"123456789":
        model.step({"data": byte})
    return model.step({"data": 0})["crc"] == number(check.text)
