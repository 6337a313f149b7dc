"""Recognise an arbiter and its grant rules."""

from __future__ import annotations

from verif.bench.library.choice import Choice, checked, reference, snippet, told
from verif.bench.library.subject import Subject
from verif.bench.oracles import ReferenceModel, Rule
from verif.verdict import Oracle

_INPUTS = {"en": ("en", "enable")}
_OUTPUTS = {
    "gnt_valid": ("gnt_valid", "grant_valid", "valid", "busy"),
    "gnt_id": ("gnt_id", "grant_id", "gnt_index", "winner"),
}
_COMBINATIONAL = r"\b(?:grants?|gnt)\b.*\bcombinational|combinational.*\b(?:grants?|gnt)\b"
_MOVES = r"becomes \(.*granted.*\+ 1\)|priority starts at requester \(.*\+ 1\)"
_FIXED = r"fixed[- ]priority"
_FIRST = r"\b(?:requester|bit|request) 0 has the highest priority"
_ONE_HOT = r"at most one bit|one-?hot|only one (?:bit|grant|requester)|exactly one bit"
_REQUESTED = r"\bonly if\b.*\breq\w*|only to a requester"
_HELD = r"\b(?:gnt|grants?)\b.*\b(?:stands?|stays?|held|holds?|kept|keeps?|remains?|locked|parks?|parked)\b"
_ASPECTS = (
    _ONE_HOT,
    _REQUESTED,
    _FIRST,
    r"any request is present",
    r"no request is present",
    r"priority (?:starts|does not move|moves)",
    r"is granted within",
)


def propose(subject: Subject) -> Choice | None:
    """Return the rules of grants that the specification states, and the model where it pins priority and timing."""
    req = subject.find_input("req", "request", "requests", "reqs")
    gnt = subject.find_output("gnt", "grant", "grants", "gnts")
    if req is None or gnt is None or subject.clock is None or subject.width(req) != subject.width(gnt):
        return None
    if subject.design.kind != "arbiter" and not subject.says(r"\barbiter\b|\barbitrat"):
        return None
    rules = _rules(subject, req, gnt)
    model = _model(subject, req, gnt)
    notes = () if model else ("an arbiter whose specification doesn't pin priority and timing: not modelled",)
    return Choice(model=model, rules=rules, notes=notes)


def _model(subject: Subject, req: str, gnt: str) -> ReferenceModel | None:
    combinational, first = subject.says(_COMBINATIONAL), subject.says(_FIRST)
    order = subject.says(_MOVES) or subject.says(_FIXED)
    ports = {"req": req, "gnt": gnt, **subject.ports(_INPUTS, _OUTPUTS)}
    if not (combinational and first and order) or not subject.accounts_for(ports.values()):
        return None
    outputs = [ports[name] for name in ("gnt", "gnt_valid", "gnt_id") if name in ports]
    arguments = {
        "ports": ports,
        "reset": subject.reset_tuple,
        "requesters": subject.width(req),
        "round_robin": subject.says(_MOVES) is not None,
    }
    return reference(
        "arbiter",
        "ArbiterModel",
        arguments,
        outputs=outputs,
        requirements=checked(subject, outputs, *_ASPECTS),
        evidence=told(combinational, first, order),
    )


def _rules(subject: Subject, req: str, gnt: str) -> tuple[Rule, ...]:
    """Return the grant rule where the specification states it all: one-hot grants, to requesters only, none held."""
    one_hot, requested = subject.says(_ONE_HOT), subject.says(_REQUESTED)
    assert subject.clock is not None
    if one_hot is None or requested is None or subject.says(_HELD):
        return ()
    arguments = {
        "req": req,
        "gnt": gnt,
        "clock": subject.clock.name,
        "reset": subject.reset_tuple,
        "registered": "same cycle" not in requested.text,
    }
    return (
        Rule(
            id="grant-one-requester",
            title="At most one requester is granted, and only one that requests.",
            snippet=snippet("rules.grant", "GrantRule", arguments),
            oracle=Oracle.SPEC,
            ports=(req, gnt),
            requirements=checked(subject, [gnt], rf"(?:{_ONE_HOT})(?!.*\bwhile\b)|{_REQUESTED}"),
        ),
    )
