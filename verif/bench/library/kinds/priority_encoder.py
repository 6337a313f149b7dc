"""Recognise a combinational priority encoder."""

from __future__ import annotations

from verif.bench.library.choice import Choice, checked, reference, told
from verif.bench.library.subject import Subject

_INPUTS = {
    "enable": ("enable", "en"),
    "lines": ("lines", "req", "in", "d", "din", "data_in", "requests", "inputs", "unencoded"),
}
_OUTPUTS = {
    "index": ("index", "idx", "out", "code", "y", "q", "encoded", "output_encoded"),
    "onehot": ("onehot", "one_hot", "output_unencoded"),
    "valid": ("valid", "any", "v", "output_valid"),
    "multiple": ("multiple", "multi"),
}
_HIGHEST = r"highest[- ](?:numbered|index|set|order)|most significant|line \W*\w+\W* - 1 has the highest priority"
_LOWEST = r"lowest[- ](?:numbered|index|set|order)|least significant|(?:line|bit) 0 has the highest priority"
_IDLE = r"(?:while|when|if) (?:\W*valid\W* = 0|no (?:line|input|bit|request)).*\b(?:is|are) (?:0|zero)\b"
_ASPECTS = (
    r"number of the (?:highest|lowest)",
    r"exactly one bit",
    r"\bvalid\b",
    r"multiple\b|two or more",
    r"\bare 0\b",
)


def propose(subject: Subject) -> Choice | None:
    """Return the model of a priority encoder whose winning end the specification tells."""
    ports = subject.ports(_INPUTS, _OUTPUTS)
    stated = subject.design.kind == "priority_encoder" or subject.says(r"priority[-_ ]encod")
    if subject.design.clocks or not {"lines", "index"} <= set(ports) or not stated:
        return None
    highest, lowest = subject.says(_HIGHEST), subject.says(_LOWEST)
    idle = subject.says(_IDLE)
    if bool(highest) == bool(lowest) or not subject.accounts_for(ports.values()):
        return Choice(notes=("a priority encoder, but which end wins isn't told: not modelled",))
    outputs = [ports[name] for name in _OUTPUTS if name in ports]
    model = reference(
        "priority_encoder",
        "PriorityEncoderModel",
        {"ports": ports, "highest_wins": bool(highest), "idle": 0 if idle else None},
        outputs=outputs,
        requirements=checked(subject, outputs, *_ASPECTS),
        evidence=told(highest or lowest, idle),
    )
    return Choice(model=model)
