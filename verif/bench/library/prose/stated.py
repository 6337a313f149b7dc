"""Choose rules for what the specification states of single ports."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from verif.bench.library.choice import Choice
from verif.bench.library.prose.formula import Formula
from verif.bench.library.prose.statements import Statement, statements
from verif.bench.library.prose.words import RESTRICTS
from verif.bench.library.subject import Subject
from verif.bench.oracles import Rule, Snippet
from verif.plan.spec import Sentence
from verif.verdict import Oracle

_RESTRICTS = re.compile(RESTRICTS, re.IGNORECASE)
_MODIFIES = (
    r"\b(?:when|if|while|unless|until|after|before|only|once|cycles?|but|instead|otherwise|held|delay\w*|latency)\b"
)
_UNNAMED = r"\b(?:it|its|outputs?|values?|results?|counts?|counter|counting|registers?|maximum)\b"
_OUTPUTS = r"\b(?:outputs?|results?)\b"
"""How a sentence speaks of an output without its name: of one that counts or holds, and of any other."""
_TURNED = r"\boutputs? (?:is|are) (?:active[- ]low|inverted)|\bactive[- ]low outputs?"
_UNTOLD_DELAYS = (0, 1, 2, 3)
_ALWAYS = "lambda now: True"


@dataclass
class _Told:
    """What is told of one port."""

    port: str
    starts: list[Statement] = field(default_factory=list)
    changes: list[Statement] = field(default_factory=list)
    keeps: list[Statement] = field(default_factory=list)
    values: list[Statement] = field(default_factory=list)

    @property
    def all(self) -> list[Statement]:
        return [*self.starts, *self.changes, *self.keeps, *self.values]


def stated_rules(subject: Subject, predicted: Iterable[str]) -> Choice:
    """Return a rule for each output beyond ``predicted`` of which something is told and understood."""
    if subject.specification is None or subject.has_inout or len(subject.design.clocks) > 1:
        return Choice()
    read = list(statements(subject))
    unread = [sentence for sentence, found in read if not found and _RESTRICTS.search(sentence.text)]
    told: dict[str, _Told] = {}
    for statement in (statement for _, found in read for statement in found):
        _file(told.setdefault(statement.port, _Told(statement.port)), statement)
    rules, notes = [], []
    for port in [port for port in told if port not in set(predicted)]:
        rule, note = _rule(subject, told[port], unread)
        rules += [rule] if rule else []
        notes += [note] if note else []
    return Choice(rules=tuple(_credited(subject, rules, read)), notes=tuple(notes))


def hindering(subject: Subject, nouns: str) -> str:
    """Return where a sentence that isn't understood says something of ``nouns`` (a regular expression), or nothing."""
    assert subject.specification is not None
    for sentence, found in statements(subject):
        if not found and re.search(_MODIFIES, sentence.text, re.IGNORECASE) and re.search(nouns, sentence.text):
            return subject.specification.where(sentence.line)
    return ""


def _file(told: _Told, statement: Statement) -> None:
    if statement.kind == "start":
        told.starts.append(statement)
    elif statement.kind == "keep":
        told.keeps.append(statement)
    elif statement.clocked:
        told.changes.append(statement)
    else:
        told.values.append(statement)


def _rule(subject: Subject, told: _Told, unread: list[Sentence]) -> tuple[Rule | None, str]:
    port = told.port
    hindering = [s for s in unread if _hinders(subject, s.text, port, _UNNAMED if told.changes else _OUTPUTS)]
    start = _start(subject, told)
    if subject.says(_TURNED):
        return None, f"outputs are turned round in words that aren't understood: {port} isn't judged"
    behaves = told.changes or told.keeps or told.values
    if behaves and hindering:
        where = subject.specification.where(hindering[0].line) if subject.specification else ""
        note = f"{where} says something of {port} that isn't understood: it isn't judged by its other sentences"
        return _start_rule(subject, told, start), note
    ports = {name for s in told.all for formula in (s.condition, s.value) if formula for name in formula.ports}
    if behaves and not subject.covers([port], ports | {port}) and not _only_keeps(subject, told, ports):
        rest = ", ".join(sorted(subject.cone(port) - ports))
        return _start_rule(
            subject, told, start
        ), f"{port} depends on {rest} in ways that the specification doesn't tell"
    if told.changes or told.keeps:
        return _register_rule(subject, told, start), ""
    if told.values:
        return _follows_rule(subject, told), ""
    return _start_rule(subject, told, start), ""


def _hinders(subject: Subject, text: str, port: str, nouns: str) -> bool:
    """Whether a sentence that isn't understood may change what is told of ``port``, by its name or without any."""
    words = set(re.findall(r"\w+", text))
    if port in words:
        return not _only_lists(text, port)
    unnamed = not text.startswith("#") and not words & set(subject.outputs)
    return unnamed and re.search(nouns, text, re.IGNORECASE) is not None


def _only_lists(text: str, port: str) -> bool:
    """Whether a sentence only declares the port: no restricting word behind it in its own item."""
    return re.match(
        rf"^[-*+\s`]*{re.escape(port)}`?\s*(?:\[[^\]]*\])?\s*(?:\([^)]*\))?\s*:", text
    ) is not None and not re.search(
        r"\b(?:when|if|while|unless|until|after|before|except|only|once|cycles?|otherwise|delay\w*)\b", text
    )


def _only_keeps(subject: Subject, told: _Told, ports: set[str]) -> bool:
    """Whether all that is told is when the port keeps its value, and what else reaches it is plain data."""
    rest = subject.cone(told.port) - ports
    plain = all(subject.width(name) > 1 and re.search(r"d(?:ata)?(?:_?in)?$|^in|^d\d*$", name.lower()) for name in rest)
    return bool(told.keeps) and not told.changes and not told.values and plain


def _start(subject: Subject, told: _Told) -> int | None:
    values = {int(s.value.text) for s in told.starts if s.value}
    return values.pop() if len(values) == 1 and subject.reset and subject.clock else None


def _register_rule(subject: Subject, told: _Told, start: int | None) -> Rule | None:
    if subject.clock is None or any(s.delays not in ((), (1,)) for s in told.all):
        return None
    changes = [_case(s) for s in [*told.changes, *told.values]]
    now = f'now["{told.port}"]'
    changes += [f"({_lambda(s.condition)}, lambda now: {now})" for s in told.keeps if s.condition]
    if not told.changes and not told.values:
        kept = " or ".join(s.condition.text for s in told.keeps if s.condition)
        if not kept:
            return None
        changes.append(f"(lambda now: not ({kept}), lambda now: None)")
    name = "stated" if told.changes or told.values else "keeps"
    arguments = f"changes=[{', '.join(changes)}], start={start}"
    return rule_of(subject, told.port, "register", "RegisterRule", arguments, told.all, name)


def _follows_rule(subject: Subject, told: _Told) -> Rule | None:
    delays = {s.delays for s in told.values}
    if len(delays) != 1:
        return None
    listed = delays.pop() or (_UNTOLD_DELAYS if subject.design.sequential else (0,))
    if not subject.design.sequential and listed != (0,):
        return None
    cases = [_case(s) for s in told.values]
    if (
        not subject.design.sequential
        and subject.width(told.port) == 1
        and {s.value.text for s in told.values if s.value} == {"1"}
    ):
        conditions = [s.condition.text for s in told.values if s.condition]
        cases += [f"(lambda now: not ({' or '.join(conditions)}), lambda now: 0)"] if conditions else []
    for statement in told.values:
        if statement.exactly and statement.condition and statement.value and subject.width(told.port) == 1:
            other = (
                f"lambda now: {1 - int(statement.value.text)}" if statement.value.text in "01" else "lambda now: None"
            )
            cases.append(f"(lambda now: not {statement.condition.text}, {other})")
    arguments = f"cases=[{', '.join(cases)}], delays={list(listed)}"
    return rule_of(subject, told.port, "follows", "FollowsRule", arguments, told.values)


def _start_rule(subject: Subject, told: _Told, start: int | None) -> Rule | None:
    if start is None:
        return None
    idle = tuple(name for name in subject.inputs if name in subject.cone(told.port))
    arguments = f"changes=[({_ALWAYS}, lambda now: None)], start={start}, idle={idle}"
    return rule_of(subject, told.port, "register", "RegisterRule", arguments, told.starts, "starts")


def _case(statement: Statement) -> str:
    assert statement.value is not None
    return f"({_lambda(statement.condition)}, lambda now: {statement.value.text})"


def _lambda(of: Formula | None) -> str:
    return f"lambda now: {of.text}" if of else _ALWAYS


def rule_of(
    subject: Subject,
    port: str,
    module: str,
    class_name: str,
    arguments: str,
    told: Iterable[Statement],
    name: str = "stated",
) -> Rule:
    """Return the SPEC rule of one output, named after it."""
    sentences = {s.sentence.line: s.sentence.text for s in told if s.sentence}
    assert subject.specification is not None
    line = min(sentences, default=0)
    where = f" ({subject.specification.where(line)})" if line else ""
    return Rule(
        id=f"{name}-{port}",
        title=f"{sentences.get(line, port).strip('-*# ')}{where}",
        snippet=Snippet(
            module=f"verif.bench.library.rules.{module}",
            class_name=class_name,
            arguments=f"output={port!r}, width={subject.width(port)}, {arguments}",
        ),
        oracle=Oracle.SPEC,
        ports=(port,),
        requirements=tuple(f"line {line}" for line in sentences),
    )


def _credited(subject: Subject, rules: list[Rule], read: list[tuple[Sentence, list[Statement]]]) -> list[Rule]:
    """Give each rule the requirements whose every sentence was understood and is judged."""
    judged = {rule.ports[0]: rule for rule in rules}
    credits: dict[str, list[str]] = {rule.id: [] for rule in rules}
    for requirement in subject.requirements:
        parts = [(s, found) for s, found in read if _belongs(s, requirement.line, requirement.text)]
        told = [statement for _, found in parts for statement in found]
        whole = bool(told) and all(found for _, found in parts) and all(_compared(s, judged) for s in told)
        for port in {s.port for s in told} if whole else ():
            credits[judged[port].id].append(requirement.id)
    return [
        Rule(
            id=rule.id,
            title=rule.title,
            snippet=rule.snippet,
            oracle=rule.oracle,
            ports=rule.ports,
            requirements=tuple(credits[rule.id]),
        )
        for rule in rules
    ]


def _belongs(sentence: Sentence, line: int, text: str) -> bool:
    bare = re.sub(r"\*\*|`", "", sentence.text)
    return sentence.line >= line and (
        re.sub(r"\*\*|`", "", text) in bare or re.sub(r"^\S+\s+", "", bare) in re.sub(r"\*\*|`", "", text)
    )


def _compared(statement: Statement, judged: dict[str, Rule]) -> bool:
    rule = judged.get(statement.port)
    if rule is None or not statement.sentence:
        return False
    if statement.kind == "start":
        return "start=None" not in rule.snippet.arguments and "start=" in rule.snippet.arguments
    return f"line {statement.sentence.line}" in rule.requirements
