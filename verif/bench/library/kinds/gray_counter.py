"""Recognise a Gray-code counter."""

from __future__ import annotations

from verif.bench.library.choice import Choice, checked, reference, told
from verif.bench.library.subject import Subject

_INPUTS = {
    "en": ("en", "enable", "inc", "count_en", "ce"),
    "load": ("load", "ld"),
    "load_value": ("load_value", "load_data", "d", "data_in"),
}
_OUTPUTS = {
    "gray": ("gray", "gray_count", "gray_out", "gray_code", "q", "count", "out"),
    "binary": ("binary", "bin", "binary_count", "bin_count"),
    "wrap": ("wrap", "overflow", "carry", "tc"),
}
_LOAD_WINS = r"load\W* .*wins over|whatever \W*en\W* is|load\W* has (?:the )?(?:higher|highest) priority"
_WRAP = r"wrap\W* is 1 .*cycle after|wrap\W* after the edge"
_ZERO = r"\bare 0\b|\breset.*(?:\b0\b|zero)"
_ASPECTS = (
    r"\b(?:is|are) 0\b.*|reset",
    r"goes up by one|increment|counts? up",
    r"count becomes|loads?\b",
    r"keeps? its value|unchanged|holds? ",
    r"gray code",
    r"wrap\b",
    r"one bit .*changes|changes? .*one bit",
)


def propose(subject: Subject) -> Choice | None:
    """Return the model of a counter that counts up by one in Gray code from 0."""
    ports = subject.ports(_INPUTS, _OUTPUTS)
    stated = subject.design.kind == "gray_counter" or subject.says(r"gray[- ]code.*counter|gray counter")
    if "gray" not in ports or subject.clock is None or not stated:
        return None
    zero, wins, wrap = subject.says(_ZERO, r"reset|rst"), subject.says(_LOAD_WINS), subject.says(_WRAP)
    vague = ("load" in ports and not wins) or ("wrap" in ports and not wrap) or zero is None
    if vague or not subject.accounts_for(ports.values()):
        return Choice(notes=("a Gray counter whose reset, load or wrap the specification leaves open: not modelled",))
    outputs = [ports[name] for name in _OUTPUTS if name in ports]
    model = reference(
        "gray_counter",
        "GrayCounterModel",
        {"ports": ports, "reset": subject.reset_tuple, "width": subject.width(ports["gray"])},
        outputs=outputs,
        requirements=checked(subject, outputs, *_ASPECTS),
        evidence=told(zero, wins, wrap),
    )
    return Choice(model=model)
