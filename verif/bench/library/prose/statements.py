"""Statements about ports: which port, under which condition, what it is or does, and when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from verif.bench.library.prose import words
from verif.bench.library.prose.formula import Formula, NotUnderstoodError, constant, may_be_signed, port_named
from verif.bench.library.prose.phrases import NUMBERS, read_condition, read_value
from verif.bench.library.subject import Subject
from verif.plan.spec import Sentence


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """What one sentence, or a part of it, says about one port."""

    port: str
    kind: str
    """``value``, ``keep`` or ``start`` (the value after reset)."""
    value: Formula | None = None
    condition: Formula | None = None
    clocked: bool = False
    """Whether it says what happens at a clock edge."""
    delays: tuple[int, ...] = ()
    """Cycles from its ports to it, where told."""
    exactly: bool = False
    """Whether the port has the value under no other condition."""
    sentence: Sentence | None = None


class StatementReader:
    """Reads sentences one by one; an ``Otherwise`` refers to the sentence before."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.before: list[Statement] = []
        resets = subject.design.resets
        names = "|".join(re.escape(reset.name) for reset in resets)
        self.reset_names = names
        self.reset_active = ""
        if len(resets) == 1:
            level = r"(?:high|1|asserted|active|set)" if resets[0].active_high else r"(?:low|0|asserted|active)"
            self.reset_active = rf"{names} (?:is |= ?|== ?)?{level}"

    def read(self, sentence: Sentence) -> list[Statement]:
        """Return all that ``sentence`` says, nothing unless it is understood as a whole."""
        text = (
            re.sub(words.BULLET, "", re.sub(words.HEAD, "", sentence.text))
            .replace("`", "")
            .replace("**", "")
            .strip(" .;")
        )
        before = self.before
        for part in (text, self._behind_colon(text)):
            try:
                self.before = before
                found = [replace(statement, sentence=sentence) for statement in self._sentence(part)]
            except (NotUnderstoodError, ValueError, IndexError):
                continue
            self.before = found
            return found
        self.before = []
        return []

    def _behind_colon(self, text: str) -> str:
        """Return what follows a heading such as ``Signed multiplier:`` that says nothing of ports."""
        heading, colon, rest = text.partition(": ")
        bare = re.sub(r"(?i)\bsigned\b", "", heading) if "signed" in rest else heading
        named = set(re.findall(r"\w+", heading)) & set(self.subject.outputs)
        told = re.search(words.RESTRICTS, bare, re.IGNORECASE) or named
        return "" if not colon or told else rest

    def _sentence(self, text: str) -> list[Statement]:
        """Read a whole sentence, one that names the clock edge first, or a chain of ``if ...; else if ...``."""
        if match := re.match(rf"{words.EDGE}[:,] (?=if|when|else)", text, re.IGNORECASE):
            found = self._sentence(text[match.end() :])
            return [replace(s, clocked=True) if s.kind == "value" else s for s in found]
        parts = re.split(r"[;,] (?:and )?(?=(?:else|otherwise|when|if)\b)", text)
        if len(parts) > 1 and re.match(r"(?:when|if)\b", text, re.IGNORECASE):
            try:
                return self._chain(parts)
            except NotUnderstoodError:
                pass
        return self._clauses(text)

    def _chain(self, parts: list[str]) -> list[Statement]:
        found: list[Statement] = []
        for part in parts:
            self.before = found
            found = [*found, *self._clause(part)]
        return found

    def _clauses(self, text: str) -> list[Statement]:
        for part in (";", ", and ", ", but ", ", while ", " and "):
            if part in text:
                try:
                    return self._joined(text, part)
                except NotUnderstoodError:
                    continue
        return self._clause(text)

    def _joined(self, text: str, joint: str) -> list[Statement]:
        """Read whole clauses, each with its own port."""
        try:
            return self._clause(text)
        except NotUnderstoodError:
            pass
        for match in re.finditer(re.escape(joint), text):
            try:
                first = self._clause(text[: match.start()])
                self.before = first
                found = [*first, *self._sentence(text[match.end() :].strip())]
                if len({(s.kind == "start", s.condition is None) for s in found}) == 1:
                    return found
            except NotUnderstoodError:
                continue
        raise NotUnderstoodError(text)

    def _clause(self, text: str) -> list[Statement]:
        readers = (self._reset, self._otherwise, self._conditional, self._conditioned, self._cases, self._action)
        for reader in readers:
            try:
                if found := reader(text):
                    return found
            except NotUnderstoodError:
                continue
        raise NotUnderstoodError(text)

    def _reset(self, text: str) -> list[Statement]:
        names = f"|{self.reset_names}" if self.reset_names else ""
        active = (
            f"|(?:when|if|while|whenever) (?:the )?(?:reset |signal )?{self.reset_active}" if self.reset_active else ""
        )
        when = rf"(?:{words.RESET_TIME}{active})(?: \(?(?:{self.reset_names or 'reset'})\)?)?"
        if match := re.fullmatch(rf"{when},? (?:then )?(.+)", text, re.IGNORECASE):
            return self._starts(match[1])
        if match := re.fullmatch(rf"(.+?),? {when}", text, re.IGNORECASE):
            return self._starts(match[1])
        subject = (
            rf"(?:the |an |a )?(?:a?synchronous )?(?:active[- ](?:high|low) )?(?:reset{names})(?: a?synchronously)?"
        )
        if match := re.fullmatch(rf"{subject} (clears|resets|sets) (.+?)(?: to (.+))?", text, re.IGNORECASE):
            if match[1].lower() == "sets" and not match[3]:
                raise NotUnderstoodError(text)
            return self._starts(f"{match[2]} = {match[3] or 0}")
        raise NotUnderstoodError(text)

    def _starts(self, text: str) -> list[Statement]:
        found = [
            Statement(port=s.port, kind="start", value=s.value)
            for s in self._action(text, clears=True)
            if s.kind == "value"
        ]
        if not found or any(s.value is None or s.value.ports for s in found):
            raise NotUnderstoodError(text)
        return found

    def _otherwise(self, text: str) -> list[Statement]:
        if match := re.fullmatch(r"(?:otherwise|else),? (if .+)", text, re.IGNORECASE):
            return [self._also(s) for s in self._conditional(match[1])]
        match = re.fullmatch(r"(?:otherwise|else|in all other cases|if not|when not),? (.+)", text, re.IGNORECASE)
        if not match or not self.before:
            raise NotUnderstoodError(text)
        return [self._under(s, self._none_of(s.port)) for s in self._action(match[1])]

    def _also(self, statement: Statement) -> Statement:
        """Return the statement under the further condition that none of the earlier ones of its port holds."""
        rest, own = self._none_of(statement.port), statement.condition
        assert own is not None
        return replace(statement, condition=Formula(f"({rest.text} and {own.text})", rest.ports | own.ports, 1))

    def _none_of(self, port: str) -> Formula:
        """Return that no condition told before holds; reset, which rules don't judge, is none of them."""
        conditions = [s.condition for s in self.before if s.port == port and s.kind != "start"]
        if None in conditions or not any(s.port == port for s in self.before):
            raise NotUnderstoodError("otherwise")
        told = [c for c in conditions if c]
        if not told:
            return Formula("True", frozenset(), 1)
        text = " or ".join(c.text for c in told)
        return Formula(f"(not ({text}))", frozenset[str]().union(*(c.ports for c in told)), 1)

    def _conditional(self, text: str) -> list[Statement]:
        match = re.fullmatch(
            r"(?:only )?(?:when|if|while|whenever|with|for|as long as)(?: the)? (.+)", text, re.IGNORECASE
        )
        if not match:
            raise NotUnderstoodError(text)
        body = match[1]
        for joint in re.finditer(words.BEGINS, body):
            try:
                condition = read_condition(self.subject, body[: joint.start()])
                return self._with_else(condition, body[joint.end() :].strip())
            except NotUnderstoodError:
                continue
        raise NotUnderstoodError(text)

    def _with_else(self, condition: Formula, text: str) -> list[Statement]:
        parts = re.split(r"[,;]? (?:otherwise|else),? ", text, maxsplit=1)
        first = [self._under(s, condition) for s in self._action(parts[0])]
        if len(parts) == 1:
            return first
        self.before = first
        rest = parts[1] if self._mentions(parts[1]) else f"{first[0].port} is {parts[1]}"
        return [*first, *self._otherwise(f"otherwise {rest}")]

    def _mentions(self, text: str) -> bool:
        first = re.match(r"(?:the )?(\w+) \w", text)
        return bool(first and port_named(self.subject, first[1]) in self.subject.outputs)

    def _conditioned(self, text: str) -> list[Statement]:
        joints = re.finditer(words.WHEN, text)
        for joint in joints:
            parts = re.split(r",? (?:and )?(?:otherwise|else)(?: it is)?,? ", text[joint.end() :], maxsplit=1)
            try:
                condition = read_condition(self.subject, parts[0])
                actions = [self._under(s, condition) for s in self._action(text[: joint.start()])]
            except NotUnderstoodError:
                continue
            exactly = "only" in joint[1] or "exactly" in joint[1] or joint[1] == "iff"
            found = [replace(s, exactly=exactly and s.kind == "value") for s in actions]
            if len(parts) == 1:
                return found
            self.before = found
            rest = parts[1] if self._mentions(parts[1]) else f"{found[0].port} is {parts[1]}"
            return [*found, *self._otherwise(f"otherwise {rest}")]
        raise NotUnderstoodError(text)

    def _cases(self, text: str) -> list[Statement]:
        """Read ``P is V when C, W when D``: one port with several values, each under its condition."""
        bare = re.sub(r",? modulo \d+$", "", text)
        parts = re.split(r",? and (?=[^,]* (?:when|if|for) )|, (?=[^,]* (?:when|if|for) )|; ?", bare)
        if len(parts) < 2:
            raise NotUnderstoodError(text)
        first = self._conditioned(parts[0])
        if len(first) != 1 or first[0].condition is None or len(first[0].condition.ports) != 1:
            raise NotUnderstoodError(text)
        meant = next(iter(first[0].condition.ports))
        rest = [re.sub(r"\b(when|if) (?:it|this) ", rf"\1 {meant} ", part) for part in parts[1:]]
        return [*first, *(s for part in rest for s in self._conditioned(f"{first[0].port} is {part}"))]

    def _under(self, statement: Statement, condition: Formula) -> Statement:
        if statement.condition is not None or statement.kind == "start":
            raise NotUnderstoodError(statement.port)
        return replace(statement, condition=condition)

    def _action(self, text: str, *, clears: bool = False) -> list[Statement]:
        """Read one action, or several that are joined by commas and ``and``."""
        try:
            return self._single(text, clears)
        except NotUnderstoodError:
            for joint in re.finditer(r",? and (?:then )?|, ", text):
                try:
                    return [
                        *self._single(text[: joint.start()], clears),
                        *self._action(text[joint.end() :], clears=clears),
                    ]
                except NotUnderstoodError:
                    continue
            raise

    def _single(self, text: str, clears: bool) -> list[Statement]:
        bare, clocked, delays = _timing(re.sub(words.DOER, "", text))
        ports, rest = self._ports(bare, clears)
        found = [self._of_port(port, rest) for port in ports]
        if clocked and any(s.kind == "value" for s in found):
            found = [replace(s, clocked=True) for s in found]
        return [replace(s, delays=delays) if delays else s for s in found]

    def _ports(self, text: str, clears: bool) -> tuple[list[str], str]:
        """Return the outputs with which ``text`` begins, and what it says about them."""
        outputs = self.subject.outputs
        if match := re.match(r"(?:all|both)(?: the| of the| of these)? outputs? (.+)", text, re.IGNORECASE):
            return list(outputs), match[1]
        if match := re.match(
            r"(?:all|the) (?:the )?bits of (?:the )?(\w+) (?:are|is) (all )?(0|1|low|high)$", text, re.IGNORECASE
        ):
            port = port_named(self.subject, match[1])
            return [port or text], "is all ones" if match[3].lower() in ("1", "high") else "is 0"
        match = re.match(words.PORTS, text)
        names = re.split(r", (?:and )?| and ", match[1]) if match else []
        ports = [port_named(self.subject, name) for name in names]
        if match is None or not ports or any(port not in outputs for port in ports):
            raise NotUnderstoodError(text)
        rest = match[2]
        if clears and rest.lower() in ("is cleared", "are cleared", "is reset", "are reset"):
            rest = "is 0"
        return [port for port in ports if port], rest

    def _of_port(self, port: str, text: str) -> Statement:
        width = self.subject.width(port)
        if re.fullmatch(words.KEEPS, text, re.IGNORECASE):
            return Statement(port=port, kind="keep", clocked=True)
        if found := self._change(port, width, text):
            return found
        for verb, clocked in ((words.TAKES, True), (words.DRIVEN, False), (words.IS, False)):
            if match := re.fullmatch(rf"{verb} (.+)", text, re.IGNORECASE):
                return self._valued(port, width, match[match.lastindex or 1], clocked)
        raise NotUnderstoodError(text)

    def _valued(self, port: str, width: int, text: str, clocked: bool) -> Statement:
        bare = re.sub(r"^(?:be|to) ", "", text)
        if width == 1 and re.fullmatch(words.RAISED, bare, re.IGNORECASE):
            if re.search(r"_n$|_b$", port.lower()) and bare.lower() != "high":
                raise NotUnderstoodError(text)
            return Statement(port=port, kind="value", value=constant(1, 1), clocked=clocked)
        if width > 1 and re.fullmatch(r"high|low|set|asserted|active|true", bare, re.IGNORECASE):
            raise NotUnderstoodError(text)
        value = read_value(self.subject, bare, width)
        if value.width and value.width > width and value.ports:
            raise NotUnderstoodError(text)
        if value.subtracts and any(self.subject.width(name) < width for name in value.ports):
            raise NotUnderstoodError(text)
        narrow = any(self.subject.width(name) < width for name in value.ports)
        if value.sums and narrow and "^" not in value.text and may_be_signed(self.subject, value.ports):
            raise NotUnderstoodError(text)
        return Statement(port=port, kind="value", value=value, clocked=clocked)

    def _change(self, port: str, width: int, text: str) -> Statement | None:
        now = f'now["{port}"]'
        if match := re.fullmatch(words.CHANGES, text, re.IGNORECASE):
            step = NUMBERS.get(match[2] or "one") or int(match[2])
            sign = "-" if re.search(r"decr|down", match[1], re.IGNORECASE) else "+"
            value = Formula(f"{now} {sign} {step}", frozenset([port]), None)
            return Statement(port=port, kind="value", value=value, clocked=True)
        if re.fullmatch(words.TOGGLES, text, re.IGNORECASE):
            value = Formula(f"{now} ^ {hex((1 << width) - 1)}", frozenset([port]), width)
            return Statement(port=port, kind="value", value=value, clocked=True)
        return None


def _timing(text: str) -> tuple[str, bool, tuple[int, ...]]:
    """Take what says when out of a clause; return the rest, whether a clock edge is named, and the delays told."""
    bare, clocked = text, False
    delays: tuple[int, ...] = ()
    for pattern in (words.LATER, words.SAME, words.EDGE, words.EVERY):
        match = re.search(rf"^{pattern},? | {pattern}(?=$|,)", bare, re.IGNORECASE)
        if match is None:
            continue
        bare = (bare[: match.start()] + bare[match.end() :]).strip(" ,")
        if pattern == words.LATER:
            told = next((group for group in match.groups()[:6] if group and group.lower() not in ("in", "from")), "one")
            delays = (NUMBERS.get(told.lower()) or int(told),)
        elif pattern == words.SAME:
            delays = (0,)
        else:
            clocked = True
    return bare, clocked, delays


def statements(subject: Subject) -> Iterator[tuple[Sentence, list[Statement]]]:
    """Yield each sentence of the specification with what it says, in their order; tables' rows are left out."""
    reader = StatementReader(subject)
    for sentence in subject.specification.sentences if subject.specification else ():
        if not sentence.text.startswith("|"):
            yield sentence, reader.read(sentence)
