"""Recognise a pulse-width modulator with buffered settings."""

from __future__ import annotations

from verif.bench.library.choice import Choice, checked, reference, told
from verif.bench.library.subject import Subject

_INPUTS = {"en": ("en", "enable"), "period": ("period", "top"), "duty": ("duty", "compare", "width", "duty_cycle")}
_OUTPUTS = {"pwm_out": ("pwm_out", "pwm", "out", "pulse"), "period_end": ("period_end", "overflow", "tick")}
_LENGTH = r"length of a period in cycles, minus 1|period .*lasts \W*\w+\W* \+ 1 cycles"
_BUFFERED = r"have no effect until (?:that|the) period has ended|take effect between two periods only"
_REGISTERED = r"outputs are registers|outputs? (?:is|are) registered"
_FIRST = r"is 1 in the first .*cycles|begins with .*= 1"
_ASPECTS = (
    r"\bare 0\b",
    r"each period lasts",
    r"first min|in the first",
    r"never rises|stays 1",
    r"no effect until",
    r"rewinds|takes over",
)


def propose(subject: Subject) -> Choice | None:
    """Return the model of a PWM whose period, width and take-over the specification pins."""
    ports = subject.ports(_INPUTS, _OUTPUTS)
    stated = subject.design.kind == "pwm" or subject.says(r"\bpwm\b|pulse[- ]width modulat")
    if not {"period", "duty", "pwm_out"} <= set(ports) or subject.clock is None or not stated:
        return None
    hits = [subject.says(pattern) for pattern in (_LENGTH, _BUFFERED, _REGISTERED, _FIRST)]
    if not all(hits) or not subject.accounts_for(ports.values()):
        return Choice(notes=("a PWM whose timing the specification leaves open: not modelled",))
    outputs = [ports[name] for name in _OUTPUTS if name in ports]
    model = reference(
        "pwm",
        "PwmModel",
        {"ports": ports, "reset": subject.reset_tuple},
        outputs=outputs,
        requirements=checked(subject, outputs, *_ASPECTS),
        evidence=told(*hits),
    )
    return Choice(model=model)
