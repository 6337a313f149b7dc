"""Recognise combinational blocks in other people's words: selecting, decoding, encoding, converting, comparing."""

from __future__ import annotations

import re
from collections.abc import Iterable

from verif.bench.library.choice import Choice
from verif.bench.library.stating import cases, delays, now, output_rule, told_value
from verif.bench.library.subject import Hit, Subject
from verif.bench.oracles import Rule

_SELECT = ("sel", "s", "select", "sel_i", "addr", "a", "in", "index", "code", "ctrl", "control")
_ENABLE = ("en", "enable", "e", "g", "oe", "ena")
_OUT = ("out", "y", "o", "z", "q", "dout", "data_out", "result", "f")
_TURNED = r"active[- ]low|inverted output|inverting"


def propose_multiplexer(subject: Subject) -> Choice | None:
    """Return the rule of a multiplexer whose inputs are numbered and whose select is as wide as their number needs."""
    said = subject.says(r"multiplexe?r|\bmux\b|\d ?(?:to|:|x) ?1\b")
    out = _only_output(subject)
    if said is None or out is None or subject.says(r"demultiplex|priority|one-?hot|registered|" + _TURNED):
        return None
    select = subject.find_input(*_SELECT[:3], "ctrl", "control", "addr")
    if select and subject.says(rf"`?\b{select}\b`?\W+(?:is |= ?|== ?)?\W*(?:\d+'b)?[01]+\b|revers|\breg\b"):
        return None
    rest = [name for name in subject.cone(out) if name != select]
    numbered = {int(match[1]): name for name in rest if (match := re.fullmatch(r"[A-Za-z_]+?_?(\d+)(?:_i)?", name))}
    if select is None or not _fit(subject, select, out, rest, numbered):
        return _picked_bit(subject, out, select, rest, said)
    pairs = [(f"{now(select)} == {index}", now(name)) for index, name in sorted(numbered.items())]
    title = f"{out} is the input whose number is {select}"
    return Choice(rules=(_gate(subject, "selects", out, title, pairs, [said], r"\bsel|output|input|mux"),))


def _fit(subject: Subject, select: str, out: str, rest: list[str], numbered: dict[int, str]) -> bool:
    whole = len(numbered) == len(rest) and sorted(numbered) == list(range(len(rest)))
    wide = all(subject.width(name) == subject.width(out) for name in rest)
    return whole and wide and len(rest) > 1 and 1 << subject.width(select) >= len(rest) > 1 << subject.width(select) - 1


def _picked_bit(subject: Subject, out: str, select: str | None, rest: list[str], said: Hit) -> Choice | None:
    if select is None or len(rest) != 1 or subject.width(out) != 1:
        return None
    if subject.width(rest[0]) != 1 << subject.width(select):
        return None
    text = f"{now(rest[0])} >> {now(select)} & 1"
    title = f"{out} is the bit of {rest[0]} whose number is {select}"
    return Choice(rules=(_gate(subject, "selects", out, title, [("True", text)], [said], r"\bsel|output|input|mux"),))


def propose_decoder(subject: Subject) -> Choice | None:
    """Return the rule of a decoder to one-hot, or of a demultiplexer."""
    said = subject.says(r"\bdecoder\b|demultiplexe?r|\bdemux\b")
    out = _only_output(subject)
    if said is None or out is None or subject.says(r"7[- ]seg|seven[- ]seg|priority|instruction|" + _TURNED):
        return None
    rest = set(subject.cone(out))
    select = next(
        (n for n in sorted(rest) if 1 << subject.width(n) == subject.width(out) and subject.width(n) > 0), None
    )
    others = sorted(rest - {select}) if select else []
    if select is None or len(others) > 1 or any(subject.width(name) != 1 for name in others):
        return None
    demux = "demu" in said[0].lower()
    one_hot = subject.says(
        r"\bone\b.*\boutputs?|one-?hot|exactly one|only (?:one|the)|\bbit\b.*\bselected|demu"
        r"|n-to-2|\d-to-\d|\d to \d|\d:\d|corresponding"
    )
    if one_hot is None:
        return None
    bit = f"1 << {now(select)}"
    if not others:
        return None if demux else Choice(rules=(_decoder(subject, out, [("True", bit)], [said, one_hot]),))
    other = now(others[0])
    if demux and others[0].lower() not in _ENABLE:
        return Choice(rules=(_decoder(subject, out, [("True", f"{other} << {now(select)}")], [said]),))
    if others[0].lower() not in _ENABLE:
        return None
    idle = told_value(subject, out, f"(not {other})")
    disabled = subject.says(r"(?:disabled|not enabled|otherwise)\b[^.1]*\b(?:0|low|zeros?)\b[^1]*$")
    idle = 0 if idle is None and disabled else idle
    pairs = [(other, bit), *([(f"not {other}", str(idle))] if idle is not None else [])]
    return Choice(rules=(_decoder(subject, out, pairs, [said, one_hot]),))


def _decoder(subject: Subject, out: str, pairs: list[tuple[str, str]], hits: list[Hit | None]) -> Rule:
    return _gate(
        subject, "decodes", out, f"{out} has the selected bit only", pairs, hits, r"\bbit|output|decod|select|enable"
    )


def propose_encoder(subject: Subject) -> Choice | None:
    """Return the rules of an encoder: index and valid, where it is told which line wins."""
    said = subject.says(r"\bencoder\b")
    index = subject.find_output(
        "code", "y", "out", "index", "idx", "enc", "encoded", "binary", "dout", "bin", "pos", "position", "grant_idx"
    )
    lines = [name for name in subject.inputs if subject.width(name) > 1]
    if (
        said is None
        or index is None
        or len(lines) != 1
        or set(subject.cone(index)) != set(lines)
        or subject.says(_TURNED)
    ):
        return None
    line = now(lines[0])
    highest, lowest = subject.says(_HIGHEST), subject.says(_LOWEST)
    priority = subject.says(r"priority") is not None
    if bool(highest) == bool(lowest) and priority:
        return Choice(notes=(f"it isn't told plainly which bit of {lines[0]} wins: {index} isn't judged",))
    top = f"{line}.bit_length() - 1"
    low = f"({line} & -{line}).bit_length() - 1"
    when = line if priority else f"{line} and not {line} & {line} - 1"
    pairs = [(when, low if lowest and priority else top)]
    idle = subject.says(
        rf"\b{index}\b[^.]*\b(?:0|zero)\b[^.]*\b(?:no|none)\b|\b(?:no|none)\b[^.]*\b{index}\b[^.]*\b(?:0|zero)\b"
    )
    if idle and not re.search(r"\d", re.sub(rf"\b0\b|\b{index}\b|\b{lines[0]}\b|^\W*\w*\d+:", "", idle.text)):
        pairs.append((f"not {line}", "0"))
    rules = [
        _gate(
            subject,
            "encodes",
            index,
            f"{index} is the number of the winning line",
            pairs,
            [said, highest or lowest],
            r"index|priority|\bbit|code|encod",
        )
    ]
    valid = subject.find_output("valid", "v", "any", "gs", "vld", "out_valid")
    if (
        valid
        and set(subject.cone(valid)) == set(lines)
        and subject.says(rf"\b{valid}\b.*\b(?:any|at least|no |none|not zero|nonzero)")
    ):
        text = f"int({line} != 0)"
        rules.append(
            _gate(
                subject,
                "encodes",
                valid,
                f"{valid} tells whether any line is set",
                [("True", text)],
                [said],
                r"valid|any|no bit",
            )
        )
    return Choice(rules=tuple(rules))


_HIGHEST = (
    r"highest (?:index|bit|numbered|set|order|line|input|active)"
    r"|most[- ]significant[^.]*(?:priority|wins)|MSB[^.]*(?:highest )?priority"
    r"|(?:bit|input|line|d|in|req)\W*\[?(?!0\b)\d+\]?[^.]*highest priority|leading one"
)
_LOWEST = (
    r"lowest (?:index|bit|numbered|set|order|line|input|active)"
    r"|least[- ]significant[^.]*(?:highest priority|wins)|LSB[^.]*highest priority"
    r"|(?:bit|input|line|d|in|req)\W*\[?0\]?[^.]*highest priority"
)


def propose_gray(subject: Subject) -> Choice | None:
    """Return the rule of a converter between binary and Gray code."""
    out = _only_output(subject)
    to_gray = subject.says(
        r"\bbin(?:ary)?(?: number| code| input| value)?\b[^.]*\bto\b[^.]*\bgray\b|\bbin(?:ary)?2gray"
    )
    to_binary = subject.says(r"\bgray(?:[- ]coded?)?\b[^.]*\bto\b[^.]*\bbin(?:ary)?\b|\bgray2bin(?:ary)?")
    if (
        out is None
        or bool(to_gray) == bool(to_binary)
        or len(subject.cone(out)) != 1
        or subject.says(r"counter|fifo|pointer")
    ):
        return None
    source = next(iter(subject.cone(out)))
    if subject.width(source) != subject.width(out):
        return None
    folded = " ^ ".join(f"{now(source)} >> {shift}" for shift in range(subject.width(out)))
    text = f"{now(source)} ^ {now(source)} >> 1" if to_gray else folded
    title = f"{out} is the {'Gray code' if to_gray else 'binary value'} of {source}"
    return Choice(
        rules=(
            _gate(subject, "converts", out, title, [("True", text)], [to_gray or to_binary], r"gray|binary|convert"),
        )
    )


_COMPARED = {
    ">": ("gt", "a_gt_b", "agtb", "greater", "a_greater", "greater_than", "larger", "gr", "a_greater_b"),
    "<": ("lt", "a_lt_b", "altb", "less", "a_less", "less_than", "smaller", "ls", "a_less_b"),
    "==": ("eq", "a_eq_b", "aeqb", "equal", "a_equal", "equals", "is_equal", "equ", "a_equal_b"),
    ">=": ("ge", "gte", "a_ge_b"),
    "<=": ("le", "lte", "a_le_b"),
    "!=": ("ne", "neq", "a_ne_b", "not_equal"),
}


def propose_comparator(subject: Subject) -> Choice | None:
    """Return the rules of a comparator of two operands, signed where that is told."""
    said = subject.says(r"\bcompar(?:ator|es?)\b")
    a = subject.find_input("a", "in_a", "x", "op_a", "in1", "a_in", "data_a", "num1", "p")
    b = subject.find_input("b", "in_b", "y", "op_b", "in2", "b_in", "data_b", "num2", "q")
    if said is None or a is None or b is None or subject.width(a) != subject.width(b):
        return None
    signed = subject.says(r"(?<!un)\bsigned\b|two's complement")
    declared = {subject.design.port(a).signed, subject.design.port(b).signed}
    if (signed and subject.says(r"unsigned")) or (True in declared and not signed):
        return None
    if subject.says(r"sign[- ]magnitude|magnitudes of|absolute|floating|ones' complement"):
        return None
    half = 1 << subject.width(a) - 1
    left, right = ((f"({now(name)} ^ {half})") if signed else now(name) for name in (a, b))
    rules = []
    for sign, names in _COMPARED.items():
        out = subject.find_output(*names, width=1)
        if out and set(subject.cone(out)) == {a, b}:
            title = f"{out} is {a} {sign} {b}{', signed' if signed else ''}"
            text = f"int({left} {sign} {right})"
            rules.append(
                _gate(
                    subject,
                    "compares",
                    out,
                    title,
                    [("True", text)],
                    [said, signed],
                    rf"\b{out}\b|compar|greater|less|equal",
                )
            )
    return Choice(rules=tuple(rules)) if rules else None


def propose_parity(subject: Subject) -> Choice | None:
    """Return the rule of a generator of one parity bit over all of an input."""
    out = subject.find_output("parity", "parity_bit", "p", "parity_out", "even_parity", "odd_parity", "par", width=1)
    even, odd = (
        subject.says(r"\beven[- ]parity|parity\W+(?:is |of )?even"),
        subject.says(r"\bodd[- ]parity|parity\W+(?:is |of )?odd"),
    )
    if out is None or bool(even) == bool(odd) or len(subject.cone(out)) != 1 or subject.says(r"check|error|UART|frame"):
        return None
    text = f'bin({now(next(iter(subject.cone(out))))}).count("1") & 1'
    title = f"{out} makes the number of ones {'even' if even else 'odd'}"
    exact = subject.says(r"\b(?:even|odd)[- ]parity bit\b")
    readings = [text if even else f"({text}) ^ 1", *([] if exact else [f"({text}) ^ 1" if even else text])]
    more = "".join(f", others=[{cases([('True', reading)])}]" for reading in readings[1:])
    arguments = f"cases={cases([('True', readings[0])])}, {delays(subject)}{more}"
    hits = [even or odd]
    return Choice(rules=(output_rule(subject, "parity", out, title, arguments, aspects=(r"parity",), hits=hits),))


def propose_barrel(subject: Subject) -> Choice | None:
    """Return the rule of a barrel shifter of one direction and one way to fill."""
    said = subject.says(r"barrel[- ]shift|\brotat|\bshifter\b")
    out = _only_output(subject)
    amount = subject.find_input(
        "amt", "amount", "shamt", "shift_amt", "shift", "ctrl", "n", "sh", "shift_amount", "rot", "sel", "shift_by"
    )
    if said is None or out is None or amount is None or subject.design.sequential:
        return None
    rest = [name for name in subject.cone(out) if name != amount]
    left, right = subject.says(r"\bleft\b"), subject.says(r"\bright\b")
    turns, moves = (
        subject.says(r"\brotat(?:es?|or|ion|ing|ed)\b"),
        subject.says(r"logical|shift\w* in zeros|zeros (?:are|is) shifted|filled with zero|zero[- ]fill"),
    )
    plain = moves or (subject.says(r"\bshifts?\b") if not turns else None)
    if (
        len(rest) != 1
        or subject.width(rest[0]) != subject.width(out)
        or bool(left) == bool(right)
        or bool(turns) == bool(plain)
        or subject.says(r"arithmetic|signed|\bones\b|vacated")
    ):
        return Choice(notes=(f"it isn't told plainly how {out} is shifted: not judged",))
    data, by, width = now(rest[0]), now(amount), subject.width(out)
    there, back = ("<<", ">>") if left else (">>", "<<")
    turned = f"{by} % {width}"
    text = f"{data} {there} {turned} | {data} {back} {width} - {turned}" if turns else f"{data} {there} {by}"
    title = f"{out} is {rest[0]} {'rotated' if turns else 'shifted'} {'left' if left else 'right'} by {amount}"
    return Choice(rules=(_gate(subject, "shifter", out, title, [("True", text)], [said], r"shift|rotat"),))


def propose_delay(subject: Subject) -> Choice | None:
    """Return the rule of a line of flip-flops: an output that is its input so many cycles ago."""
    told = subject.hits(_LINE)
    out = _only_output(subject)
    if out is None or subject.clock is None or subject.says(r"pulse|edge|toggle|handshake|enable|debounc|\bif\b"):
        return None
    many = {_MANY[(hit[1] or hit[2]).lower()] for hit in told}
    if len(many) != 1:
        return None
    source = list(subject.cone(out))
    if len(source) != 1 or subject.width(source[0]) != subject.width(out):
        return None
    cycles = many.pop()
    title = f"{out} is {source[0]} of {cycles} cycles ago"
    arguments = f"cases={cases([('True', now(source[0]))])}, delays=[{cycles}]"
    aspects = (r"delay|synchroni|flip|stage",)
    return Choice(rules=(output_rule(subject, "delays", out, title, arguments, aspects=aspects, hits=told),))


_MANY = {"two": 2, "2": 2, "double": 2, "dual": 2, "three": 3, "3": 3, "one": 1, "1": 1, "four": 4, "4": 4}
_FLOPS = r"(?:flip-?flops?|flops?|FFs?|stages?|registers?|D[- ]?FFs?|d flip-?flops?)"
_LINE = (
    rf"\b(two|2|three|3|double|dual|one|1|four|4)[- ]{_FLOPS}\b[^.]*(?:synchroni[sz]er|delay)"
    rf"|(?:synchroni[sz]er|delayed|delay line)[^.]*\b(two|2|three|3|one|1|four|4) (?:{_FLOPS}|(?:clock )?cycles)\b"
)


def _only_output(subject: Subject) -> str | None:
    return next(iter(subject.outputs)) if len(subject.outputs) == 1 and not subject.has_inout else None


def _gate(
    subject: Subject,
    kind: str,
    out: str,
    title: str,
    pairs: list[tuple[str, str]],
    hits: Iterable[Hit | None],
    aspect: str,
) -> Rule:
    arguments = f"cases={cases(pairs)}, {delays(subject)}"
    return output_rule(subject, kind, out, title, arguments, aspects=(aspect,), hits=hits)
