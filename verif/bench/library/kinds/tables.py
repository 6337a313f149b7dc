"""Recognise tables of functions: select or mode against output, truth tables, operation tables."""

from __future__ import annotations

import re

from verif.bench.library.choice import Choice
from verif.bench.library.prose.formula import Formula, NotUnderstoodError, port_named
from verif.bench.library.prose.phrases import read_value
from verif.bench.library.prose.stated import hindering
from verif.bench.library.stating import delays, output_rule, value_after_reset
from verif.bench.library.subject import Hit, Subject
from verif.bench.oracles import Rule
from verif.plan.spec import Table

_OPERATION = (
    r"operations?|functions?|actions?|behaviou?r|meaning|description|results?|next(?: state)?|q\+|outputs?|mode"
)
_KEEPS = (
    r"(?:holds?|keeps?|no change|unchanged|no operation|nop|idle|retains?|stays?)(?: (?:its "
    r"|the )?(?:\w+ )?(?:value|state|data))?"
)
_SHIFTS = (
    r"(?:(logical|arithmetic) )?(shift|rotate)s? (?:(logical|arithmetic) )?(left"
    r"|right)(?: by (?:one|1)(?: bit)?)?(?:[;,(:] ?(?:with |and )?(?:the )?(?:input "
    r"|bit )?(\w+)(?: is)? (?:enters?|shifted in(?:to)?|goes|in)(?: (?:at|into|in"
    r"|to))?(?: the)? (?:LSB|MSB|bit \d+|most significant bit|least significant bit|left"
    r"|right)\)?)?"
)
_LOADS = r"(?:parallel )?loads?(?: of)?(?: the)?(?: parallel)?(?: data| input| value)?(?: from| of)? ?(\w+)?"


class _Vague(Exception):
    """A row that isn't understood."""


def propose(subject: Subject) -> Choice | None:
    """Return a rule for each output that a table gives for the values of inputs, where every row is understood."""
    rules: list[Rule] = []
    notes: list[str] = []
    for table in subject.tables:
        keys = _keys(subject, table)
        if not keys or subject.has_inout or len(subject.design.clocks) > 1:
            continue
        for column in range(len(keys), len(table.header)):
            port = _port(subject, table, column)
            if port and (where := hindering(subject, rf"\b(?:{re.escape(port)}|outputs?|values?|results?)\b")):
                notes.append(
                    f"the table of {port} has words beside it that aren't understood ({where}): not judged by it"
                )
                continue
            if port is None or any(port in rule.ports for rule in rules):
                continue
            try:
                rules.append(_rule(subject, table, keys, column, port))
            except (_Vague, NotUnderstoodError) as error:
                notes.append(f"the table of {port} has a row that isn't understood ({error}): not judged by it")
    return Choice(rules=tuple(rules), notes=tuple(notes)) if rules or notes else None


def _keys(subject: Subject, table: Table) -> list[str]:
    """Return the inputs that head the first columns: of one bit each, or a single one."""
    names = [port_named(subject, re.sub(r"\[[^\]]*\]", "", heading).strip(" `")) for heading in table.header]
    keys = []
    for name in names:
        if name is None or name not in subject.inputs:
            break
        keys.append(name)
    return keys


def _port(subject: Subject, table: Table, column: int) -> str | None:
    heading = re.sub(r"\[[^\]]*\]", "", table.header[column]).strip(" `")
    named = port_named(subject, heading)
    if named in subject.outputs:
        return named
    only = [name for name in subject.outputs if subject.width(name) > 1] or list(subject.outputs)
    fits = re.fullmatch(_OPERATION, heading, re.IGNORECASE) and len(table.header) == column + 1
    return only[0] if fits and len(only) == 1 else None


def _rule(subject: Subject, table: Table, keys: list[str], column: int, port: str) -> Rule:
    pairs: list[tuple[str, str]] = []
    used = {*keys}
    changes = False
    vague = 0
    for row in table.rows:
        condition = _condition(subject, keys, row)
        try:
            value, kept = _value(subject, port, row[column])
        except (_Vague, NotUnderstoodError):
            value, kept, vague = Formula("None"), False, vague + 1
        changes |= kept
        used |= value.ports
        pairs.append((condition, value.text))
    if 2 * vague > len(table.rows):
        raise _Vague("most of its rows")
    if not subject.covers([port], used | {port}):
        raise _Vague(f"{', '.join(sorted(subject.cone(port) - used))} reaches it, too")
    if changes and subject.clock is None:
        raise _Vague("it keeps its value without a clock")
    listed = "[" + ", ".join(f"(lambda now: {when}, lambda now: {to})" for when, to in pairs) + "]"
    title = f"{port} is what the table says"
    assert subject.specification is not None
    hit = Hit(re.match("", "") or _never(), "", subject.specification.where(table.line))
    aspects = [] if vague else [rf"\b{re.escape(port)}\b", *(rf"\b{re.escape(key)}\b" for key in keys)]
    if changes:
        start = value_after_reset(subject, port, "register", "outputs?")
        return output_rule(
            subject, "table", port, title, f"changes={listed}, start={start}", aspects=aspects, hits=[hit]
        )
    return output_rule(subject, "table", port, title, f"cases={listed}, {delays(subject)}", aspects=aspects, hits=[hit])


def _never() -> re.Match[str]:
    raise AssertionError


def _condition(subject: Subject, keys: list[str], row: tuple[str, ...]) -> str:
    tests = []
    for key, cell in zip(keys, row, strict=False):
        width, bare = subject.width(key), cell.replace(" ", "").replace("_", "")
        name = f'now["{key}"]'
        if re.fullmatch(r"[xX*-]+|any|don'tcare|other\w*|default", bare):
            if re.match("other|default", bare):
                raise _Vague(cell)
            continue
        if re.fullmatch(rf"[01xX-]{{{width}}}", bare) and width > 1:
            mask = int(re.sub("[01]", "1", re.sub("[xX-]", "0", bare)), 2)
            tests.append(f"{name} & {mask} == {int(re.sub('[xX-]', '0', bare), 2)}")
            continue
        value = subject.value(cell)
        if (
            value is None
            or value >= 1 << width
            or (re.fullmatch("[01]+", bare) and len(bare) > 1 and len(bare) != width)
        ):
            raise _Vague(cell)
        tests.append(f"{name} == {value}")
    return " and ".join(tests) or "True"


def _value(subject: Subject, port: str, cell: str) -> tuple[Formula, bool]:
    """Return what a cell says, and whether only a register can do that."""
    width, q = subject.width(port), f'now["{port}"]'
    bare = cell.strip(" `.").replace("`", "")
    if re.fullmatch(r"[xX-]+|don'?t care|undefined|reserved|any", bare):
        return Formula("None"), False
    if re.fullmatch(_KEEPS, bare, re.IGNORECASE):
        return Formula(q, frozenset([port])), True
    if re.fullmatch(r"[01_ ]+", bare) and len(bits := re.sub("[_ ]", "", bare)) == width:
        return Formula(str(int(bits, 2)), frozenset(), width), False
    if match := re.fullmatch(_LOADS, bare, re.IGNORECASE):
        return _loaded(subject, port, match[1]), True
    if match := re.fullmatch(_SHIFTS, bare, re.IGNORECASE):
        return _shifted(subject, port, match), True
    if match := re.fullmatch(
        r"(clears?|resets?|zero)(?: \w+)?|(toggles?|inverts?)|(increments?|counts? up)|(decrements?|counts? down)",
        bare,
        re.IGNORECASE,
    ):
        at = next(index for index in range(1, 5) if match[index])
        text = {1: "0", 2: f"{q} ^ {(1 << width) - 1}", 3: f"{q} + 1", 4: f"{q} - 1"}[at]
        return Formula(text, frozenset([port])), True
    value = read_value(subject, re.sub(rf"^{re.escape(port)} ?(?:<=|=|is|:=) ?", "", bare), width)
    narrow = any(subject.width(name) < width for name in value.ports)
    if (value.width and value.width > width and value.ports) or (value.subtracts and narrow):
        raise _Vague(cell)
    return value, port in value.ports


def _loaded(subject: Subject, port: str, word: str | None) -> Formula:
    wide = [name for name in subject.cone(port) if subject.width(name) == subject.width(port)]
    name = port_named(subject, word) if word else wide[0] if len(wide) == 1 else None
    if name is None or subject.width(name) != subject.width(port):
        raise _Vague("load")
    return Formula(f'now["{name}"]', frozenset([name]))


def _shifted(subject: Subject, port: str, match: re.Match[str]) -> Formula:
    width, q, left = subject.width(port), f'now["{port}"]', match[4].lower() == "left"
    top = width - 1
    if match[2].lower() == "rotate":
        text = f"{q} << 1 | {q} >> {top}" if left else f"{q} >> 1 | ({q} & 1) << {top}"
        return Formula(text, frozenset([port]))
    kind = (match[1] or match[3] or "").lower()
    entering = port_named(subject, match[5]) if match[5] else None
    if kind == "arithmetic" and not left:
        return Formula(f"{q} >> 1 | {q} & {1 << top}", frozenset([port]))
    if kind == "logical":
        return Formula(f"{q} << 1" if left else f"{q} >> 1", frozenset([port]))
    if entering is None or subject.width(entering) != 1:
        raise _Vague(match[0])
    bit = f'now["{entering}"]'
    return Formula(f"{q} << 1 | {bit}" if left else f"{q} >> 1 | {bit} << {top}", frozenset([port, entering]))
