"""Recognise a multi-cycle unsigned divider whose latency is told."""

from __future__ import annotations

from verif.bench.library.choice import Choice, checked, reference, told
from verif.bench.library.subject import Subject

_INPUTS = {
    "start": ("start", "go", "valid_in", "in_valid"),
    "dividend": ("dividend", "numerator", "a", "num"),
    "divisor": ("divisor", "denominator", "b", "den"),
}
_OUTPUTS = {
    "busy": ("busy",),
    "done": ("done", "valid", "ready", "valid_out"),
    "quotient": ("quotient", "quot", "q"),
    "remainder": ("remainder", "rem", "r"),
    "div_by_zero": ("div_by_zero", "dbz", "divide_by_zero", "error"),
}
_LATENCY = r"done\W* = 1 in cycle \W*t\W* \+ ([^;,.]+)"
_BUSY = r"busy\W* = 1 in cycles \W*t\W* \+ 1 to"
_BY_ZERO = r"divisor 0, \W*quotient\W* is all ones, \W*remainder\W* is the dividend"
_ASPECTS = (
    r"all outputs are 0|reset",
    r"\bdone\b",
    r"unsigned division|quotient and remainder",
    r"divisor (?:is |other than )?0",
    r"have no effect|are ignored",
    r"change only",
)


def propose(subject: Subject) -> Choice | None:
    """Return the model of a divider with start, busy and done."""
    ports = subject.ports(_INPUTS, _OUTPUTS)
    needed = {"start", "dividend", "divisor", "busy", "done", "quotient", "remainder"}
    if not needed <= set(ports) or subject.clock is None:
        return None
    latency, busy, by_zero = subject.says(_LATENCY), subject.says(_BUSY), subject.says(_BY_ZERO)
    signed = subject.says(r"(?<!un)\bsigned\b")
    if not (latency and busy and by_zero) or signed or not subject.accounts_for(ports.values()):
        return Choice(notes=("a divider whose latency or division by 0 the specification leaves open: not modelled",))
    cycles = subject.expression(latency[1])
    width = subject.width(ports["dividend"])
    if (
        cycles is None
        or len({subject.width(ports[name]) for name in ("divisor", "quotient", "remainder")} | {width}) > 1
    ):
        return Choice(notes=("a divider whose latency or widths the model can't take: not modelled",))
    outputs = [ports[name] for name in _OUTPUTS if name in ports]
    arguments = {
        "ports": ports,
        "reset": subject.reset_tuple,
        "width": width,
        "latency": cycles,
    }
    model = reference(
        "divider",
        "DividerModel",
        arguments,
        outputs=outputs,
        requirements=checked(subject, outputs, *_ASPECTS),
        evidence=told(latency, busy, by_zero),
    )
    return Choice(model=model)
