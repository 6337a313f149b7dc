"""Build the rules that kinds propose for single outputs, and ask the specification the questions that kinds share."""

from __future__ import annotations

import re
from collections.abc import Iterable

from verif.bench.library.choice import checked
from verif.bench.library.prose.statements import statements
from verif.bench.library.subject import Hit, Subject
from verif.bench.oracles import Rule, Snippet
from verif.verdict import Oracle


def now(port: str) -> str:
    """Return the value of a port as Python source within a rule's lambda."""
    return f'now["{port}"]'


def cases(pairs: Iterable[tuple[str, str]]) -> str:
    """Return pairs of condition and value, Python source each, as a list of pairs of lambdas."""
    return "[" + ", ".join(f"(lambda now: {condition}, lambda now: {value})" for condition, value in pairs) + "]"


def kind_rule(
    subject: Subject,
    kind: str,
    title: str,
    rule: tuple[str, str],
    arguments: str,
    *,
    ports: Iterable[str],
    aspects: Iterable[str],
    hits: Iterable[Hit | None] = (),
) -> Rule:
    """Return the SPEC rule of ``kind``; ``rule`` is its module and class, ``ports`` the outputs that it compares."""
    outputs = tuple(ports)
    told = ", ".join(dict.fromkeys(hit.where for hit in hits if hit))
    return Rule(
        id=f"{kind}-{outputs[0]}",
        title=f"{title} ({told})" if told else title,
        snippet=Snippet(module=f"verif.bench.library.rules.{rule[0]}", class_name=rule[1], arguments=arguments),
        oracle=Oracle.SPEC,
        ports=outputs,
        requirements=checked(subject, outputs, *aspects),
    )


def output_rule(subject: Subject, kind: str, port: str, title: str, arguments: str, **more: object) -> Rule:
    """Return a rule on one output; RegisterRule where ``arguments`` has changes, else FollowsRule."""
    rule = ("register", "RegisterRule") if arguments.startswith("changes=") else ("follows", "FollowsRule")
    whole = f"output={port!r}, width={subject.width(port)}, {arguments}"
    return kind_rule(subject, kind, title, rule, whole, ports=[port], **more)  # type: ignore[arg-type]


def delays(subject: Subject) -> str:
    """Return the argument with the cycles from inputs to outputs: 0 without a clock, else as told, else open."""
    if not subject.design.sequential:
        return "delays=[0]"
    if hit := subject.says(r"latency (?:of|is) (\d+|one|two|three) (?:clock )?cycles?"):
        many = {"one": 1, "two": 2, "three": 3}.get(hit[1].lower())
        return f"delays=[{many or int(hit[1])}]"
    return "delays=[0, 1, 2, 3]"


def value_after_reset(subject: Subject, port: str, *nouns: str) -> int | None:
    """Return the value that ``port`` (or what ``nouns`` call) has after reset, None where it isn't told plainly."""
    if subject.reset is None or subject.clock is None:
        return None
    told = {
        s.value.text
        for _, found in statements(subject)
        for s in found
        if s.kind == "start" and s.port == port and s.value
    }
    if told:
        return int(told.pop()) if len(told) == 1 else None
    noun = "|".join([re.escape(port), *nouns])
    reset = rf"(?:\breset\b|\b{re.escape(subject.reset.name)}\b)"
    plain = r"(?:(?!\bnot\b|\bbut\b|\bunless\b|\.).)*"
    zero = (
        r"(?:(?:set|reset|cleared|initiali[sz]ed|returns?|goes|back) to (?:0\b|zero\b|all zeros"
        r"|\d+'[bhd]0+\b)|\bto zero\b|is 0\b|cleared\b)"
    )
    if subject.says(rf"{reset}{plain}\b(?:{noun})\b{plain}{zero}|\b(?:{noun})\b{plain}{zero}{plain}{reset}"):
        return 0
    if subject.says(
        rf"{reset}{plain}\b(?:clears?|zeroe?s)\b (?:the )?(?:{noun})\b|{reset}{plain}\breset(?:s"
        rf"|ting)? (?:the )?(?:{noun})\b (?:value )?to (?:0\b|zero)"
    ):
        return 0
    return None


def told_value(subject: Subject, port: str, condition: str) -> int | None:
    """Return the constant that sentences give ``port`` under ``condition`` (Python source), None where none does."""
    told = {
        s.value.text
        for _, found in statements(subject)
        for s in found
        if s.port == port and s.value and not s.value.ports and s.condition and s.condition.text == condition
    }
    return int(told.pop()) if len(told) == 1 else None


_LOW = r"(?:low|0|1'b0|deasserted)\b"
_RESTS = (
    r"(?:holds?|held|keeps?|unchanged|stops?|paus\w*|not|no|nothing|retain\w*|stays?|remains?"
    r"|ignored|disabled|down|right|left|0|zero|low)\b"
)


def _low_active(subject: Subject, port: str) -> bool:
    """Return whether the specification may mean that ``port`` acts while it is 0."""
    name = rf"`?\b{re.escape(port)}\b`?"
    reset = re.escape(subject.reset.name) if subject.reset else "reset"
    return bool(
        subject.says(rf"^(?!.*\b(?:reset|{reset})\b).*\b(?:active[- ]low|low[- ]active|negated)\b")
        or subject.says(rf"(?:when|while|if|with) (?:the )?{name} (?:is |= ?)?{_LOW},?(?!.*\b{_RESTS})")
        or subject.says(rf"^(?!.*\b{_RESTS}).*(?:when|while|if|with|by) (?:the )?{name} (?:is |= ?)?{_LOW}")
    )


def roles(subject: Subject, ports: Iterable[str], table: dict[str, str]) -> dict[str, str] | None:
    """Return role to port for all ``ports`` by the patterns of ``table``; None where that isn't one to one."""
    found: dict[str, str] = {}
    ports = list(ports)
    if any(_low_active(subject, port) for port in ports if subject.width(port) == 1):
        return None
    for port in ports:
        bare = re.sub(r"^(?:i|o)_|_(?:i|o)$", "", port.lower())
        role = next((role for role, pattern in table.items() if re.fullmatch(pattern, bare)), None)
        if role is None or role in found:
            return None
        found[role] = port
    return found
