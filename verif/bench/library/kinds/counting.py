"""Recognise counters in other people's words: up, down, loadable, modulo, saturating."""

from __future__ import annotations

import re

from verif.bench.library.choice import Choice
from verif.bench.library.stating import cases, now, output_rule, roles, value_after_reset
from verif.bench.library.subject import Hit, Subject

_COUNT = (
    "count",
    "q",
    "out",
    "cnt",
    "counter",
    "count_out",
    "dout",
    "value",
    "val",
    "counter_out",
    "cout",
    "count_value",
)
_ROLES = {
    "load": r"load|ld|load_en|ld_en|load_enable|pl|preset|set_value|wr|we|load_n?ow",
    "data": (
        r"d|data|din|data_in|d_in|in|value|init|p"
        r"|(?:ld|load|preset|init|start)_?(?:val(?:ue)?|data|in|count)|parallel_in|cnt_in"
    ),
    "en": r"en|ena|enable|ce|cen|clk_en|(?:cnt|count|counter)_?en(?:able)?|en_?count|valid_count|run|count",
    "inc": r"inc|incr|increment|up_en|count_up|up_i",
    "dec": r"dec|decr|decrement|down_en|count_down",
    "up": r"up",
    "down": r"down|dn",
    "direction": r"up_?(?:n_?)?(?:down|dn)|ud|u_d|dir|direction|updn|down_up|mode|updown",
    "clear": r"clr|clear|sclr|sync_clr|sync_clear|srst|sync_rst|sync_reset|restart|zero",
}
_OTHERWISE = (
    r"johnson|ring counter|\bgray\b|torsional|LFSR|one-?hot|ripple|asynchronous counter"
    r"|prescal|divider|divides? the|\bPWM\b"
    r"|\b(?:steps? of|(?<!followed )by) (?:two|three|four|five|[2-9]\b|\d\d)|\bevery (?:other|second|third"
    r"|fourth|\d)|\bskips?\b|\bodd\b|\beven\b"
    r"|\bonce\b|\bslow|clock cycles\b|asynchron\w* (?:load|preset|set)|\bper second|\bHz\b"
    r"|stopwatch|seconds?\b|\bfifo\b|compare|\bdigits\b"
    r"|rising edges? of (?!`?(?:the )?(?:\w*clk|\w*clock))"
)
_SATURATES = (
    r"saturat|\b(?:stays?|stops?|holds?|remains?|clamp\w*|sticks?) (?:there|at\b)|do(?:es)? not (?:wrap|overflow|roll)"
    r"|without wrapping|never wraps|no wrap"
)
_TOPS = (
    r"(?:from|between|range) `?(?:\d+'[bhd])?0+`? ?(?:up )?(?:to|and|through|-|\.\.+|\u2013) ?`?([\w']+)",
    r"\b0 ?(?:to|through|-|\.\.+|\u2013) ?`?([\w']+)`?(?= and| then|,|\.|\)| again|$)",
    (
        r"(?:after|at|from|reaches|reached|when it is|equals"
        r"|beyond) `?([\w']+)`?(?: \(\d+\))?,? (?:it |the counter |the count |comes "
        r"|and )*(?:wraps|rolls|returns|starts|comes|goes back|overflows|back|resets|0\b)"
    ),
    (
        r"\bwraps?(?: around| over)?(?: back)?(?: to (?:0|zero))? (?:after|at|from|when (?:it"
        r"|the count(?:er)?) (?:reaches|is|equals)) `?([\w']+)"
    ),
    r"([\w']+)`? is followed by (?:0\b|zero)",
    r"maximum (?:count|value)(?: value)? (?:is|of|=) `?([\w']+)",
    r"(?:stays?|stops?|holds?|saturat\w+) at `?(?!0\b|zero\b)([\w']+)`?",
)
_MODULO = r"\bmod(?:ulo|ulus)?[- ](?:of )?`?(\w+)"
_NATURAL = {"max", "maximum", "its", "the", "a", "limit", "end", "both", "ends", "top", "zero"}
_WIDTH = re.compile(r"^(?:.*WIDTH.*|.*BITS?|N|W|SIZE|DW|.*RESET.*|.*INIT.*|.*DELAY.*)$")
_WAYS = r"\bup\b|\bdown\b|increment|decrement|from 0|0 (?:to|through)|\b0 ?- ?\d|0, 1|increas|decreas|goes up|backward"
_ASPECTS = (r"\bcounts?\b|counter|increment|decrement|wrap|\bload|clear|saturat|hold|enable|reset",)


def propose(subject: Subject) -> Choice | None:
    """Return the rule of the only counter whose range, direction and inputs are told or named plainly."""
    port = _port(subject)
    said = subject.says(r"\bcounter\b|\bcounts (?:up|down|from|on|every|each|when|while|if|only)")
    if port is None or said is None or subject.clock is None or subject.has_inout:
        return None
    found = roles(subject, sorted(subject.cone(port)), _ROLES)
    if found is None or subject.says(_OTHERWISE):
        return Choice(notes=(f"{port} counts by inputs or in ways that aren't known: not judged as a counter",))
    if "data" in found and (subject.width(found["data"]) != subject.width(port) or "load" not in found):
        return Choice(notes=(f"{port} takes a value whose width or moment isn't told: not judged as a counter",))
    top, hit = _top(subject, port)
    steps = None if top is None else _steps(subject, port, found, top)
    if top is None or steps is None:
        return Choice(notes=(f"the range or direction of {port} isn't told plainly: not judged as a counter",))
    pairs = _changes(subject, port, found, steps)
    start = value_after_reset(subject, port, "count(?:er)?(?: value)?", "count register", "register", "it", "outputs?")
    arguments = f"changes={cases(pairs)}, {_otherwise(subject, port, found, top)}start={start}"
    title = f"{port} counts to {top} by one and goes on as told"
    return Choice(rules=(output_rule(subject, "counts", port, title, arguments, aspects=_ASPECTS, hits=[said, hit]),))


def _otherwise(subject: Subject, port: str, found: dict[str, str], top: int) -> str:
    """Return the reading of counting down as an argument, where nothing tells the direction."""
    if subject.says(_WAYS) or {"up", "down", "inc", "dec", "direction"} & found.keys():
        return ""
    steps = _steps(subject, port, found, top, backwards=True) or []
    return f"others=[{cases(_changes(subject, port, found, steps))}], "


def _port(subject: Subject) -> str | None:
    wide = [name for name in subject.outputs if subject.width(name) > 1]
    named = subject.find_output(*_COUNT)
    if named in wide:
        return named
    return wide[0] if len(wide) == 1 and subject.says(rf"\b{wide[0]}\b.*\bcount") else None


def _top(subject: Subject, port: str) -> tuple[int | None, Hit | None]:
    """Return the highest count; None where it is told in ways that aren't understood or contradict each other."""
    full = (1 << subject.width(port)) - 1
    found: dict[int, Hit] = {}
    used = set()
    patterns = [*((pattern, 0) for pattern in _TOPS), (_MODULO, 1)]
    for pattern, less in patterns:
        for hit in subject.hits(pattern):
            used.add(hit[1].upper())
            value = subject.value(hit[1])
            if value is None and hit[1].lower() not in _NATURAL:
                return None, None
            if value is not None:
                found[value - less] = hit
    if decade := subject.says(r"\bdecade counter|\bBCD\b"):
        found[9] = decade
    spare = [name for name in subject.parameters if not _WIDTH.match(name) and name not in used]
    if len(found) > 1 or spare or any(not 0 < value <= full for value in found):
        return None, None
    return next(iter(found.items())) if found else (full, None)


def _steps(
    subject: Subject, port: str, found: dict[str, str], top: int, *, backwards: bool = False
) -> list[tuple[str, str]] | None:
    """Return the conditions under which it steps up or down, and the values then; None where that isn't told."""
    q = now(port)
    full = (1 << subject.width(port)) - 1
    saturates = subject.says(_SATURATES) is not None
    beyond = "" if top == full else f" if {q} < {top} else None"
    up = f"{top if saturates else 0} if {q} == {top} else {q} + 1{beyond}"
    down = f"{0 if saturates else top} if {q} == 0 else {q} - 1"
    down = down if top == full else f"({down}) if {q} <= {top} else None"
    if (
        saturates
        and not subject.says(
            rf"(?:{_SATURATES}) ?(?:0|zero|both|either|the ends|its ends)|saturating|saturates|to (?:0"
            rf"|zero)\b[^.]*\b(?:stops?|stays?|holds?)"
        )
        and len(found) > 0
    ):
        down = f"({down}) if {q} else None"
    names = {role: now(name) for role, name in found.items()}
    first, second = names.get("up", names.get("inc")), names.get("down", names.get("dec"))
    if first and second:
        return [
            (f"{first} and not {second}", up),
            (f"{second} and not {first}", down),
            (f"{first} and {second}", "None"),
        ]
    downs = subject.says(r"\bdown\b|decrement|\bbackwards?\b|counts? down")
    ups = subject.says(r"\bup\b(?!-?down)|increment|\bcounts? up|\bup[-/ ]?(?:and )?(?:/ ?)?down")
    if "direction" in names or (first and downs) or (second and ups):
        rising = _rising(subject, found)
        way = names.get("direction") or first or second
        return (
            None
            if rising is None
            else [(f"{'' if rising else 'not '}{way}", up), (f"{'not ' if rising else ''}{way}", down)]
        )
    if downs and ups:
        return None
    return [(first or second or "True", down if downs or backwards else up)]


def _rising(subject: Subject, found: dict[str, str]) -> bool | None:
    """Return whether the direction input counts up while it is 1, None where that isn't told."""
    if "direction" not in found:
        return "up" in found or "inc" in found
    name = re.escape(found["direction"])
    high, low = r"(?:1|high|set|asserted|1'b1)", r"(?:0|low|1'b0)"
    up, down = r"(?:\bup\b|increment)", r"(?:\bdown\b|decrement)"
    near = r"(?:(?!\bdown\b|\bup\b|increment|decrement|otherwise|else|;|\.).){0,60}?"
    ways = set()
    for level, word, rising in ((high, up, True), (low, down, True), (high, down, False), (low, up, False)):
        if subject.says(
            rf"\b{name}\b`?\)?\W*(?:signal |input |control signal )?(?:is |= ?|== ?|:)?\W*\b{level}\b{near}{word}"
        ):
            ways.add(rising)
        if subject.says(
            rf"{word}{near}(?:when|if|while|for|with)\W*(?:the )?`?{name}\b`?\W*(?:is |= ?|== ?)?{level}\b"
        ):
            ways.add(rising)
        if subject.says(rf"\b{name}\b.*\b{level}\b ?(?:=|:|for|means|is|->|counts?) ?`?(?:counts? )?{word}"):
            ways.add(rising)
    return ways.pop() if len(ways) == 1 else None


def _changes(subject: Subject, port: str, found: dict[str, str], steps: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return conditions and values; where it isn't told which of two inputs wins, either may."""
    q, names = now(port), {role: now(name) for role, name in found.items()}
    wins = subject.says(
        r"\bload\b.*(?:priority|precedence|wins|overrid|regardless|whatever)|neither .*load|otherwise|\belse\b"
    )
    free = "en" not in names and steps[0][0] == "True"
    pairs = []
    if "clear" in names:
        pairs.append((names["clear"], "0"))
    if "load" in names:
        pairs.append((names["load"], now(found["data"]) if "data" in found else "None"))
    barred = [names[role] for role in ("clear", "load") if role in names and (free or wins or role == "clear")]
    allowed = " and ".join([*([names["en"]] if "en" in names else []), *(f"not {name}" for name in barred)])
    pairs += [
        (" and ".join(part for part in (allowed, when) if part and part != "True") or "True", to) for when, to in steps
    ]
    if "en" in names:
        pairs += [(f"{names[role]} and not {names['en']}", q) for role in ("clear", "load") if role in names]
    return pairs
