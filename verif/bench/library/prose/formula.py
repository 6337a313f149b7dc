"""Formulas over ports as Python source: ``a & ~b``, ``sum + 1``, ``q == 9``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from verif.bench.library.subject import Subject, number

_TOKEN = re.compile(
    r"\s*(\d+\s*'\s*s?[bdohBDOH]\s*[0-9a-fA-F_]+|0x[0-9a-fA-F]+|\d+'?b?\w*|[A-Za-z_]\w*|<<<|>>>|<<|>>|==|!=|<=|>=|&&|\|\||[-+*&|^~!<>()\[\]:=])"
)
_WORDS = {"and": "&", "or": "|", "xor": "^", "plus": "+", "minus": "-", "times": "*", "not": "~", "mod": "%"}
_BINDING = {
    "||": 1,
    "&&": 2,
    "|": 3,
    "^": 4,
    "&": 5,
    "==": 6,
    "!=": 6,
    "<": 7,
    ">": 7,
    "<=": 7,
    ">=": 7,
    "<<": 8,
    ">>": 8,
    "+": 9,
    "-": 9,
    "*": 10,
}
_COMPARING = {"==", "!=", "<", ">", "<=", ">="}
_SUMS = {"+", "-", "*"}
_SIGN_MATTERS = {"<", ">", "<=", ">=", ">>", "*"}


class NotUnderstoodError(Exception):
    """The text isn't a formula over the design's ports."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A value computed from ports."""

    text: str
    """Python source over ``now``, the ports by name."""
    ports: frozenset[str] = field(default_factory=frozenset)
    width: int | None = None
    """Bits that hold every value; None for sums and the like, which go on beyond the ports' widths."""
    sums: bool = False
    """Whether it is a sum, difference or product, whose width depends on where it stands."""
    subtracts: bool = False


def may_be_signed(subject: Subject, ports: Iterable[str]) -> bool:
    """Return whether numbers may be signed: some port is declared so, or the specification speaks of signs."""
    if any(subject.design.port(port).signed for port in ports):
        return True
    return (
        subject.says(r"(?<!un)\bsigned\b|two'?s[- ]complement|sign[- ]magnitude|magnitudes of|absolute|floating")
        is not None
    )


def port_formula(subject: Subject, name: str) -> Formula:
    """Return the value of a port."""
    return Formula(f'now["{name}"]', frozenset([name]), subject.width(name))


def constant(value: int, width: int | None = None) -> Formula:
    """Return a number."""
    return Formula(str(value), frozenset(), width or max(value.bit_length(), 1))


def read_formula(subject: Subject, text: str) -> Formula:
    """Return the formula that ``text`` spells whole; NotUnderstoodError otherwise."""
    tokens = _tokens(text)
    parser = _Parser(subject, tokens)
    found = parser.expression(0)
    if parser.rest:
        raise NotUnderstoodError(text)
    return found


def _tokens(text: str) -> list[str]:
    bare = text.replace("`", " ").strip()
    found, at = [], 0
    while at < len(bare):
        match = _TOKEN.match(bare, at)
        if match is None:
            raise NotUnderstoodError(text)
        found.append(match[1])
        at = match.end()
        while at < len(bare) and bare[at].isspace():
            at += 1
    return found


class _Parser:
    """Precedence climbing; every binary operation gets its brackets."""

    def __init__(self, subject: Subject, tokens: list[str]) -> None:
        self.subject = subject
        self.rest = list(tokens)

    def expression(self, least: int) -> Formula:
        left = self.unary()
        while self.rest and (sign := self._operator()) and _BINDING[sign] > least:
            self.rest.pop(0)
            left = self._join(sign, left, self.expression(_BINDING[sign]))
        return left

    def _operator(self) -> str | None:
        word = self.rest[0]
        sign = {"=": "==", "<<<": "<<"}.get(word, word)
        if word not in self.subject.inputs and word not in self.subject.outputs:
            sign = _WORDS.get(word.lower(), sign)
        return sign if sign in _BINDING else None

    def unary(self) -> Formula:
        if not self.rest:
            raise NotUnderstoodError("nothing")
        word = self.rest.pop(0)
        is_port = port_named(self.subject, word) is not None
        if word in ("~", "!") or (word.lower() == "not" and not is_port):
            return self._inverted(word, self.unary())
        if word == "(":
            inner = self.expression(0)
            if not self.rest or self.rest.pop(0) != ")":
                raise NotUnderstoodError("bracket")
            return inner
        return self._atom(word)

    def _inverted(self, word: str, of: Formula) -> Formula:
        if of.width is None:
            raise NotUnderstoodError(word)
        if word == "!" and of.width != 1:
            return Formula(f"({of.text} == 0)", of.ports, 1)
        return Formula(f"({of.text} ^ {hex((1 << of.width) - 1)})", of.ports, of.width)

    def _atom(self, word: str) -> Formula:
        if name := port_named(self.subject, word):
            return self._selected(name)
        value = self.subject.value(word)
        if value is None:
            raise NotUnderstoodError(word)
        return constant(value, _told_width(word))

    def _selected(self, name: str) -> Formula:
        if not self.rest or self.rest[0] != "[":
            return port_formula(self.subject, name)
        end = self.rest.index("]") if "]" in self.rest else -1
        inner = "".join(self.rest[1:end])
        ends = [self.subject.expression(part) for part in inner.split(":")]
        if end < 0 or len(ends) > 2 or None in ends:
            raise NotUnderstoodError(inner)
        self.rest = self.rest[end + 1 :]
        high, low = int(ends[0] or 0), int(ends[-1] or 0)
        return part_of(self.subject, name, high, low)

    def _join(self, sign: str, left: Formula, right: Formula) -> Formula:
        sums = left.sums or right.sums
        ports = left.ports | right.ports
        if sign not in _SUMS and sums:
            raise NotUnderstoodError("a sum within other operations")
        if sign in _SIGN_MATTERS and may_be_signed(self.subject, ports):
            raise NotUnderstoodError("signed")
        if sign in _COMPARING:
            return Formula(f"({left.text} {sign} {right.text})", ports, 1)
        if sign in ("&&", "||"):
            return Formula(f"int(bool({left.text} {'and' if sign == '&&' else 'or'} {right.text}))", ports, 1)
        text = f"({left.text} {sign} {right.text})"
        if sign in _SUMS:
            return Formula(text, ports, None, sums=True, subtracts=sign == "-" or left.subtracts or right.subtracts)
        if sign == "<<":
            return Formula(text, ports, None)
        width = left.width if sign == ">>" else max(left.width or 0, right.width or 0)
        return Formula(text, ports, None if None in (left.width, right.width) else width)


def part_of(subject: Subject, name: str, high: int, low: int) -> Formula:
    """Return bits ``high`` to ``low`` of a port; NotUnderstoodError where it has none such."""
    if not 0 <= low <= high < subject.width(name):
        raise NotUnderstoodError(name)
    width = high - low + 1
    return Formula(f'(now["{name}"] >> {low} & {hex((1 << width) - 1)})', frozenset([name]), width)


def port_named(subject: Subject, word: str) -> str | None:
    """Return the data port called ``word``: exactly, else the only one that differs in case."""
    names = [*subject.inputs, *subject.outputs]
    if word in names:
        return word
    alike = [name for name in names if name.lower() == word.lower()]
    return alike[0] if len(alike) == 1 else None


def _told_width(word: str) -> int | None:
    match = re.match(r"(\d+)\s*'", word)
    return int(match[1]) if match and number(word) is not None else None


Lambda = Callable[[str], str]


def source(of: Formula) -> str:
    """Return the formula as a Python lambda."""
    return f"lambda now: {of.text}"
