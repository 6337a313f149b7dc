"""Recognise shift registers, ring and Johnson counters whose register is an output, in other people's words."""

from __future__ import annotations

import re
from itertools import pairwise

from verif.bench.library.choice import Choice
from verif.bench.library.stating import cases, now, output_rule, roles, value_after_reset
from verif.bench.library.subject import Hit, Subject
from verif.bench.oracles import Rule

_STATE = (
    "q",
    "out",
    "dout",
    "data_out",
    "parallel_out",
    "po",
    "pout",
    "par",
    "par_out",
    "p_out",
    "reg_out",
    "state",
    "shift_reg",
    "count",
    "ring",
)
_SERIAL_OUT = ("so", "sout", "serial_out", "ser_out", "s_out", "sdo", "bit_out", "serial_o", "shift_out")
_ROLES = {
    "bit": r"si|sin|s_in|serial_?(?:in|data)?|ser_?in|sdi|bit_?in|shift_in|d|din|data_in|in|d_in",
    "en": r"en|ena|enable|ce|shift|shift_en(?:able)?|en_shift|sh_en",
    "load": r"load|ld|pl|load_en|parallel_load|par_load",
    "data": r"d|din|p_?data|data_?p|data|data_in|pi|pin|p_in|parallel_in|par_in|load_(?:data|val\w*)",
    "clear": r"clr|clear|sclr",
    "direction": r"dir|direction|left|left_right|lr|shift_dir|right|l_r|shift_left|shift_right",
}
_LEFT = (
    r"shift\w*(?: \w+){0,4}? (?:to the )?left\b|left[- ]shift",
    (
        r"(?:enters?|shift\w*|insert\w*|append\w*|fed|pushed)(?: \w+){0,4}? (?:in(?:to)?|at|on"
        r"|through|from) (?:the )?(?:LSB|least[- ]significant|bit 0|right)"
    ),
    r"moved? (?:one|1) (?:bit|position|place) (?:to the )?left",
)
_RIGHT = (
    r"shift\w*(?: \w+){0,4}? (?:to the )?right\b|right[- ]shift",
    (
        r"(?:enters?|shift\w*|insert\w*|append\w*|fed|pushed)(?: \w+){0,4}? (?:in(?:to)?|at|on"
        r"|through|from) (?:the )?(?:MSB|most[- ]significant|left)"
    ),
    r"moved? (?:one|1) (?:bit|position|place) (?:to the )?right",
)
_OTHERWISE = (
    r"\bLFSR\b|linear[- ]feedback|\bCRC\b|arithmetic shift|barrel|bidirectional|universal"
    r"|\bbyte\b|\bnibble\b|\bframes?\b|rotat|FIFO|\b(?:two|three|four|[2-9]) (?:bits|positions"
    r"|places|steps)\b|\btwice|every \w+ (?:clock )?cycles|\d+ clock cycles"
    r"|asynchron\w* (?:load|preset|set)"
)
_ASPECTS = (r"shift|\bbits?\b|serial|enters?|\bload|clear|hold|reset|keeps",)


def propose(subject: Subject) -> Choice | None:
    """Return the rules of a register that takes one bit a cycle, whose direction is told."""
    said = subject.says(
        r"shift[- ]?register|\bSIPO\b|serial[- ](?:in|to)[- ,]+parallel|shifts? (?:left|right)"
        r"|is shifted into|shifter\b"
    )
    port = _state(subject)
    if said is None or port is None or subject.clock is None or subject.has_inout:
        return None
    found = _roles(subject, port)
    left = _left(subject)
    if found is None or "bit" not in found or subject.says(_OTHERWISE) or (left is None and "direction" not in found):
        return Choice(notes=(f"{port} shifts in ways that aren't told plainly: not judged as a shift register",))
    if "direction" in found or ("data" in found) != ("load" in found):
        return Choice(notes=(f"{port} shifts both ways or is loaded in ways that aren't known: not judged",))
    rules = [_rule(subject, port, found, bool(left), said), *_serial_out(subject, port, bool(left), said)]
    return Choice(rules=tuple(rules))


def _roles(subject: Subject, port: str) -> dict[str, str] | None:
    """Return the inputs' roles; a wide input is data, and a narrow one called like data is the serial bit."""
    narrow = {role: pattern for role, pattern in _ROLES.items() if role != "data"}
    wide = {"data": _ROLES["data"]}
    cone = sorted(subject.cone(port))
    first = roles(subject, [name for name in cone if subject.width(name) == 1], narrow)
    second = roles(subject, [name for name in cone if subject.width(name) > 1], wide)
    if first is None or second is None:
        return None
    fitting = all(subject.width(name) == subject.width(port) for name in second.values())
    return {**first, **second} if fitting else None


def _state(subject: Subject) -> str | None:
    wide = [name for name in subject.outputs if subject.width(name) > 1]
    named = subject.find_output(*_STATE)
    return named if named in wide else wide[0] if len(wide) == 1 else None


def _left(subject: Subject) -> bool | None:
    ways = {True: any(map(subject.says, _LEFT)), False: any(map(subject.says, _RIGHT))}
    return None if ways[True] == ways[False] else ways[True]


def _rule(subject: Subject, port: str, found: dict[str, str], left: bool, said: Hit) -> Rule:
    q, width = now(port), subject.width(port)
    names = {role: now(name) for role, name in found.items()}
    moved = f"{q} << 1 | {names['bit']}" if left else f"{q} >> 1 | {names['bit']} << {width - 1}"
    pairs = [(names["clear"], "0")] if "clear" in names else []
    pairs += [(names["load"], names["data"])] if "load" in names else []
    free = "en" not in names
    wins = subject.says(r"\bload\b.*(?:priority|precedence|wins|overrid)|otherwise|\belse\b")
    barred = [names[role] for role in ("clear", "load") if role in names and (free or wins or role == "clear")]
    when = " and ".join([*([] if free else [names["en"]]), *(f"not {name}" for name in barred)])
    pairs.append((when or "True", moved))
    if not free:
        pairs += [(f"{names[role]} and not {names['en']}", q) for role in ("clear", "load") if role in names]
    start = value_after_reset(subject, port, "register", "shift register", "contents?", "outputs?", "it", "all bits")
    title = f"{port} shifts {'left' if left else 'right'} by one bit and takes {found['bit']}"
    return output_rule(
        subject, "shifts", port, title, f"changes={cases(pairs)}, start={start}", aspects=_ASPECTS, hits=[said]
    )


def _serial_out(subject: Subject, port: str, left: bool, said: Hit) -> list[Rule]:
    out = subject.find_output(*_SERIAL_OUT, width=1)
    if out is None or len(subject.outputs) > 2:
        return []
    text = f"({now(port)} >> {subject.width(port) - 1 if left else 0}) & 1"
    arguments = f"cases={cases([('True', text)])}, delays=[0, 1]"
    title = f"{out} is the bit that leaves {port}"
    return [output_rule(subject, "shifts", out, title, arguments, aspects=_ASPECTS, hits=[said])]


def propose_ring(subject: Subject) -> Choice | None:
    """Return the rule of a ring or Johnson counter, its order told by direction or by its sequence of states."""
    johnson = subject.says(r"johnson|twisted[- ]ring|moebius|creeping")
    ring = subject.says(r"\bring counter\b|one-?hot counter|circulat")
    port = _state(subject)
    if port is None or not (johnson or ring) or subject.clock is None or subject.has_inout:
        return None
    found = roles(subject, sorted(subject.cone(port)), {"en": _ROLES["en"]})
    listed = _listed(subject, subject.width(port))
    left = _left(subject)
    if found is None or (left is None and not listed) or subject.says(r"self[- ]?(?:correct|start)|gray"):
        return Choice(notes=(f"{port} goes round in ways that aren't told plainly: not judged",))
    q, width = now(port), subject.width(port)
    turned = " ^ 1" if johnson else ""
    moves = {
        True: f"{q} << 1 | ({q} >> {width - 1}{turned})",
        False: f"{q} >> 1 | ({q} & 1{turned}) << {width - 1}",
    }
    if listed:
        left = next((way for way in moves if _follows(listed, width, way, bool(johnson))), None)
    if left is None:
        return Choice(notes=(f"the states listed for {port} contradict its words: not judged",))
    start = (
        value_after_reset(subject, port, "register", "counter", "state", "outputs?", "all bits") if johnson else None
    )
    pairs = [(now(found["en"]) if "en" in found else "True", moves[left])]
    title = f"{port} goes round {'left' if left else 'right'} by one bit{', its last bit turned' if johnson else ''}"
    arguments = f"changes={cases(pairs)}, start={start}"
    return Choice(
        rules=(output_rule(subject, "goes-round", port, title, arguments, aspects=_ASPECTS, hits=[johnson or ring]),)
    )


def _listed(subject: Subject, width: int) -> list[int]:
    """Return the states that a sentence lists in their order."""
    hit = subject.says(rf"((?:\b[01]{{{width}}}\b(?:,| ?->| ?\u2192|, then| to| and)? ?){{3,}})")
    return [int(bits, 2) for bits in re.findall(r"[01]+", hit[1])] if hit else []


def _follows(listed: list[int], width: int, left: bool, johnson: bool) -> bool:
    full = (1 << width) - 1
    for before, after in pairwise(listed):
        leaving = before >> (width - 1) if left else before & 1
        entering = leaving ^ int(johnson)
        moved = (before << 1 | entering) & full if left else before >> 1 | entering << (width - 1)
        if moved != after:
            return False
    return True
