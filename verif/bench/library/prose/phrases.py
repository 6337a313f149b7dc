"""Phrases that stand for a value or a condition: ``the XOR of all bits of data``, ``en is high and full is low``."""

from __future__ import annotations

import re
from collections.abc import Callable

from verif.bench.library.prose.formula import (
    Formula,
    NotUnderstoodError,
    constant,
    may_be_signed,
    part_of,
    port_formula,
    port_named,
    read_formula,
)
from verif.bench.library.subject import Subject

NUMBERS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10}
_HIGH = r"(?:high|1|1'b1|set|asserted|active|true|one|enabled|'1'|logic 1)"
_LOW = r"(?:low|0|1'b0|cleared|de-?asserted|inactive|false|disabled|'0'|logic 0|not (?:high|set|asserted|active|1))"
_IS = r"(?:is|are|=|==|being|goes|equals)"
_VAGUE = re.compile(r"\b(?:set|asserted|active|true|enabled|cleared|de-?asserted|inactive|false|disabled)\b")
_GATES = {"and": "&", "or": "|", "xor": "^", "nand": "&", "nor": "|", "xnor": "^"}
_THE = r"(?:the |an |a )?"


def read_value(subject: Subject, text: str, width: int) -> Formula:
    """Return the value that ``text`` stands for, for a port of ``width`` bits; NotUnderstoodError otherwise."""
    bare = _bare(text)
    for pattern, build in _VALUES:
        if match := re.fullmatch(pattern, bare, re.IGNORECASE):
            return build(subject, match, width)
    return read_formula(subject, bare)


def _bare(text: str) -> str:
    bare = text.replace("`", "").strip(" ,;")
    bare = re.sub(r"^(?:the )?(?:value|contents?|state|inputs?|outputs?|signals?)(?: of| from| on)? (?=\w)", "", bare)
    return re.sub(r"^(?:the) ", "", bare, flags=re.IGNORECASE)


Build = Callable[[Subject, "re.Match[str]", int], Formula]


def _operand(subject: Subject, text: str) -> Formula:
    return read_formula(subject, _bare(text))


def _gate(subject: Subject, match: re.Match[str], width: int) -> Formula:
    parts = [_operand(subject, part) for part in re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", match[2])]
    if len(parts) < 2 or len({part.width for part in parts}) != 1 or parts[0].width is None:
        raise NotUnderstoodError(match[0])
    joined = f" {_GATES[match[1].lower()]} ".join(part.text for part in parts)
    ports = frozenset[str]().union(*(part.ports for part in parts))
    return _maybe_inverted(Formula(f"({joined})", ports, parts[0].width), match[1])


def _maybe_inverted(of: Formula, gate: str) -> Formula:
    if gate.lower() not in ("nand", "nor", "xnor"):
        return of
    return Formula(f"({of.text} ^ {hex((1 << (of.width or 1)) - 1)})", of.ports, of.width)


def _reduced(subject: Subject, match: re.Match[str], width: int) -> Formula:
    of = _operand(subject, match[2])
    if of.width is None or width != 1:
        raise NotUnderstoodError(match[0])
    gate = match[1].lower()
    full = hex((1 << of.width) - 1)
    tests = {"and": f"({of.text} == {full})", "or": f"({of.text} != 0)"}
    text = tests.get(_GATES_PLAIN.get(gate, gate), f'(bin({of.text}).count("1") & 1)')
    return _maybe_inverted(Formula(f"int{text}" if text.startswith("(now") else text, of.ports, 1), gate)


_GATES_PLAIN = {"nand": "and", "nor": "or", "xnor": "xor"}


def _inverse(subject: Subject, match: re.Match[str], width: int) -> Formula:
    of = _operand(subject, match[1])
    if of.width is None:
        raise NotUnderstoodError(match[0])
    return Formula(f"({of.text} ^ {hex((1 << of.width) - 1)})", of.ports, of.width)


def _sum(subject: Subject, match: re.Match[str], width: int) -> Formula:
    return read_formula(subject, re.sub(r",\s*(?:and\s+)?|\s+and\s+", " + ", match[1]))


def _saturated(subject: Subject, match: re.Match[str], width: int) -> Formula:
    """Return a sum that stays within the range of the port."""
    left, right = _operand(subject, match[2]), _operand(subject, match[3])
    if (left.width, right.width) != (width, width):
        raise NotUnderstoodError(match[0])
    ports = left.ports | right.ports
    signed = (match[1] or "").strip().lower() == "signed"
    if not signed and may_be_signed(subject, ports):
        raise NotUnderstoodError(match[0])
    if signed:
        half = 1 << width - 1
        text = f"max(-{half}, min({half - 1}, {_extended(left)} + {_extended(right)}))"
    else:
        text = f"min({(1 << width) - 1}, {left.text} + {right.text})"
    return Formula(text, ports, None)


def _floored(subject: Subject, match: re.Match[str], width: int) -> Formula:
    left, right = _operand(subject, match[1]), _operand(subject, match[2])
    ports = left.ports | right.ports
    if may_be_signed(subject, ports):
        raise NotUnderstoodError(match[0])
    return Formula(f"max(0, {left.text} - {right.text})", ports, width)


def _signed_product(subject: Subject, match: re.Match[str], width: int) -> Formula:
    left, right = _operand(subject, match[1]), _operand(subject, match[2])
    return Formula(f"({_extended(left)} * {_extended(right)})", left.ports | right.ports, None, sums=True)


def _product(subject: Subject, match: re.Match[str], width: int) -> Formula:
    left, right = _operand(subject, match[2]), _operand(subject, match[3])
    if left.width is None or right.width is None:
        raise NotUnderstoodError(match[0])
    ports = left.ports | right.ports
    told = (match[1] or "").strip().lower()
    if not told and may_be_signed(subject, ports):
        raise NotUnderstoodError(match[0])
    if told == "signed":
        return Formula(f"({_extended(left)} * {_extended(right)})", ports, None, sums=True)
    return Formula(f"({left.text} * {right.text})", ports, None, sums=True)


def _extended(of: Formula) -> str:
    half = 1 << ((of.width or 1) - 1)
    return f"(({of.text} ^ {hex(half)}) - {hex(half)})"


def _gray(subject: Subject, match: re.Match[str], width: int) -> Formula:
    of = _operand(subject, match[1])
    return Formula(f"({of.text} ^ {of.text} >> 1)", of.ports, of.width)


def _from_gray(subject: Subject, match: re.Match[str], width: int) -> Formula:
    of = _operand(subject, match[1])
    if of.width is None:
        raise NotUnderstoodError(match[0])
    folded = " ^ ".join(f"{of.text} >> {shift}" for shift in range(of.width))
    return Formula(f"({folded})", of.ports, of.width)


def _set_bit(subject: Subject, match: re.Match[str], width: int) -> Formula:
    """Return the index of the highest or lowest set bit; None where no bit is set."""
    of = _operand(subject, match[2])
    high = match[1].lower() in ("highest", "most significant", "leftmost", "leading")
    index = f"{of.text}.bit_length() - 1" if high else f"({of.text} & -{of.text}).bit_length() - 1"
    return Formula(f"({index} if {of.text} else None)", of.ports, None)


def _ones(subject: Subject, match: re.Match[str], width: int) -> Formula:
    of = _operand(subject, match[1])
    return Formula(f'bin({of.text}).count("1")', of.ports, None)


def _end_bit(subject: Subject, match: re.Match[str], width: int) -> Formula:
    name = _port(subject, match[2])
    at = subject.width(name) - 1 if match[1].lower() in ("most significant", "ms", "m", "top", "highest") else 0
    return part_of(subject, name, at, at)


def _bit(subject: Subject, match: re.Match[str], width: int) -> Formula:
    return part_of(subject, _port(subject, match[2]), int(match[1]), int(match[1]))


def _half(subject: Subject, match: re.Match[str], width: int) -> Formula:
    name = _port(subject, match[3])
    bits = {"byte": 8, "nibble": 4, "half": subject.width(name) // 2}.get(match[2].lower().split()[-1])
    if bits is None:
        bits = int(re.sub(r"\D", "", match[2]))
    upper = match[1].lower() in ("upper", "high", "higher", "top", "most significant")
    low = subject.width(name) - bits if upper else 0
    return part_of(subject, name, low + bits - 1, low)


def _extreme(subject: Subject, match: re.Match[str], width: int) -> Formula:
    left, right = _operand(subject, match[2]), _operand(subject, match[3])
    ports = left.ports | right.ports
    if may_be_signed(subject, ports):
        raise NotUnderstoodError(match[0])
    which = "max" if match[1].lower() in ("greater", "larger", "maximum", "bigger", "max") else "min"
    return Formula(f"{which}({left.text}, {right.text})", ports, left.width)


def _shifted(subject: Subject, match: re.Match[str], width: int) -> Formula:
    of, by = _operand(subject, match[1]), _amount(subject, match[4])
    if of.width is None or (match[3].lower() == "right" and may_be_signed(subject, of.ports)):
        raise NotUnderstoodError(match[0])
    left, kind = match[3].lower() == "left", match[2].lower()
    ports = of.ports | by.ports
    if kind == "rotated":
        turned = f"{by.text} % {of.width}"
        there, back = ("<<", ">>") if left else (">>", "<<")
        full = hex((1 << of.width) - 1)
        return Formula(
            f"(({of.text} {there} {turned} | {of.text} {back} {of.width} - {turned}) & {full})", ports, of.width
        )
    if "arithmetic" in match[0].lower() and not left:
        return Formula(f"({_extended(of)} >> {by.text})", ports, None)
    return Formula(f"({of.text} {'<<' if left else '>>'} {by.text})", ports, None if left else of.width)


def _amount(subject: Subject, text: str) -> Formula:
    bare = re.sub(r"\s*(?:bits?|positions?|places?|bit positions?)$", "", text.strip())
    return constant(NUMBERS[bare]) if bare in NUMBERS else _operand(subject, bare)


def _chosen(subject: Subject, match: re.Match[str], width: int) -> Formula:
    first, second = read_value(subject, match[1], width), read_value(subject, match[3], width)
    condition = read_condition(subject, match[2])
    ports = first.ports | second.ports | condition.ports
    return Formula(f"({first.text} if {condition.text} else {second.text})", ports, None)


def _zeros(subject: Subject, match: re.Match[str], width: int) -> Formula:
    return constant(0, width)


def _all_ones(subject: Subject, match: re.Match[str], width: int) -> Formula:
    return constant((1 << width) - 1, width)


def _port(subject: Subject, text: str) -> str:
    name = port_named(subject, _bare(text))
    if name is None:
        raise NotUnderstoodError(text)
    return name


_VALUES: list[tuple[str, Build]] = [
    (r"(?:all )?zeros?|0|cleared|low|deasserted|inactive|all bits 0", _zeros),
    (r"all ones|all 1s|all 1's", _all_ones),
    (rf"{_THE}(?:bitwise |logical )?(and|or|xor|nand|nor|xnor) of (.+ and .+)", _gate),
    (rf"{_THE}(?:reduction )?(and|or|xor|nand|nor|xnor) of all (?:the )?(?:bits|inputs)(?: of| in) ([\w ]+)", _reduced),
    (rf"{_THE}(?:bitwise |logical )?(?:inverse|inversion|complement|negation|not) of ([\w ]+)", _inverse),
    (r"inverted (\w+)", _inverse),
    (
        rf"{_THE}(signed |unsigned )?sum of (\w+) and (\w+),? saturat(?:ed|ing)(?: to \d+ bits)?(?: \([^)]*\))?",
        _saturated,
    ),
    (
        (
            r"(\w+) ?- ?(\w+),? (?:but )?(?:never below|floored at|clamped (?:to|at)|saturating at"
            r"|but not below) (?:0|zero)"
        ),
        _floored,
    ),
    (r"(\w+) (?:times|multiplied by) (\w+),? (?:two's complement|signed)", _signed_product),
    (rf"{_THE}sum of (.+ and .+)", _sum),
    (rf"{_THE}(signed |unsigned )?product of (\w+) and (\w+)", _product),
    (r"(signed |unsigned )?(\w+) (?:times|multiplied by) (\w+)", _product),
    (rf"{_THE}(?:reflected |binary[- ]reflected )?gray code (?:of|for) ([\w ]+)", _gray),
    (rf"{_THE}binary (?:value|code|number|equivalent) (?:of|for) (?:the )?gray code ([\w ]+)", _from_gray),
    (
        rf"{_THE}(?:index|position|number) of (?:the )?(highest|lowest|most significant|least significant|leading)"
        r" (?:set bit|(?:bit|line|input) that is (?:set|1|high)|1|one|active (?:bit|input|line))(?: of| in) (\w+)",
        _set_bit,
    ),
    (rf"{_THE}number of (?:ones|1s|1 bits|one bits|set bits|bits that are (?:set|1))(?: of| in) ([\w ]+)", _ones),
    (rf"{_THE}(most significant|least significant|ms|ls|m|l|top)(?:[- ]?(?:bit|b)) of (\w+)", _end_bit),
    (rf"{_THE}bit (\d+) of (\w+)", _bit),
    (r"(?:the )?(upper|lower|high|low|higher|top) (byte|nibble|half|\d+ bits) of (\w+)", _half),
    (r"(?:the )?(greater|larger|maximum|max|smaller|minimum|min) (?:one )?of (\w+) and (\w+)", _extreme),
    (
        r"(\w+) (?:logically |arithmetically )?(shifted|rotated) (left|right)(?: arithmetically| logically)? by (.+)",
        _shifted,
    ),
    (r"(.+?) if (.+?),? (?:else|otherwise) (.+)", _chosen),
]


def read_condition(subject: Subject, text: str) -> Formula:
    """Return the condition that ``text`` states, a formula of one bit; NotUnderstoodError otherwise."""
    bare = re.sub(r"`", "", text).strip(" ,")
    joints = list(re.finditer(r",? (and|but|while|with|or) ", bare))
    if found := _atom(subject, bare):
        return found
    kinds = {("or" if joint[1] == "or" else "and") for joint in joints}
    if len(kinds) != 1:
        raise NotUnderstoodError(text)
    for joint in joints:
        try:
            left = read_condition(subject, bare[: joint.start()])
            right = read_condition(subject, bare[joint.end() :])
        except NotUnderstoodError:
            continue
        return Formula(f"({left.text} {kinds.copy().pop()} {right.text})", left.ports | right.ports, 1)
    raise NotUnderstoodError(text)


def _atom(subject: Subject, text: str) -> Formula | None:
    bare = re.sub(r"^(?:the |both )", "", text)
    if match := re.fullmatch(rf"(?:both )?(\w+) (and|or) (\w+) (?:is|are)(?: both)? ({_HIGH}|{_LOW})", bare, re.I):
        left, right = (_level(subject, match[n], match[4]) for n in (1, 3))
        if left and right:
            return Formula(f"({left.text} {match[2].lower()} {right.text})", left.ports | right.ports, 1)
    if match := re.fullmatch(r"(?:neither )?(\w+) nor (\w+) (?:is|are) (high|set|active|asserted|1)", bare, re.I):
        left, right = (_level(subject, match[n], match[3]) for n in (1, 2))
        if left and right:
            return Formula(f"(not {left.text} and not {right.text})", left.ports | right.ports, 1)
    match = re.fullmatch(rf"(.+?)(?: input| signal)? (?:{_IS} )?(?:equal to )?({_HIGH}|{_LOW})", bare, re.I)
    if match and (level := _level(subject, match[1], match[2])):
        return level
    return _counted(subject, bare) or _compared(subject, bare)


def _level(subject: Subject, name: str, level: str) -> Formula | None:
    port = port_named(subject, _bare(name))
    if port is None or subject.width(port) != 1:
        return None
    if _VAGUE.search(level) and re.search(r"(?:_n|_b|_l|n|bar)$", port.lower()) and port.lower() not in ("in", "en"):
        return None
    found = port_formula(subject, port)
    return found if re.fullmatch(_HIGH, level, re.I) else Formula(f"(not {found.text})", found.ports, 1)


def _counted(subject: Subject, text: str) -> Formula | None:
    match = re.fullmatch(
        r"(all|any|at least one|no|none) (?:of )?(?:the )?bits? (?:of|in) (\w+) (?:is|are) (.+)", text, re.I
    )
    port = port_named(subject, match[2]) if match else None
    if match is None or port is None:
        return None
    found = port_formula(subject, port)
    full = hex((1 << subject.width(port)) - 1)
    high = re.fullmatch(_HIGH, match[3], re.I)
    if not high and not re.fullmatch(r"low|0|zero|cleared", match[3], re.I):
        return None
    tests = {
        "all": f"== {full}" if high else "== 0",
        "any": "!= 0",
        "at least one": "!= 0",
        "no": "== 0",
        "none": "== 0",
    }
    if match[1].lower() != "all" and not high:
        return None
    return Formula(f"({found.text} {tests[match[1].lower()]})", found.ports, 1)


_COMPARISONS = (
    (r"(?:is|are) (?:greater|larger|more|higher) than or equal to|is at least|>=", ">="),
    (r"(?:is|are) (?:less|smaller|lower) than or equal to|is at most|<=", "<="),
    (r"(?:is|are) (?:greater|larger|more|higher) than|exceeds|>", ">"),
    (r"(?:is|are) (?:less|smaller|lower) than|is below|<", "<"),
    (r"(?:is|are) not (?:equal to )?|differs? from|!=", "!="),
    (r"(?:is|are) (?:equal to )?|equals?|==|=|has the value|reaches|has reached", "=="),
)


def _compared(subject: Subject, text: str) -> Formula | None:
    for words, sign in _COMPARISONS:
        if match := re.fullmatch(rf"(.+?) ?(?:{words}) ?(.+)", text, re.IGNORECASE):
            return _comparison(subject, match[1], sign, match[2])
    return _formula_condition(subject, text)


def _comparison(subject: Subject, first: str, sign: str, second: str) -> Formula | None:
    word = _bare(second)
    word = {"zero": "0", "nonzero": "0", "non-zero": "0"}.get(word.lower(), word)
    if second.strip().lower() in ("nonzero", "non-zero"):
        sign = "!="
    try:
        left = read_value(subject, first, 1)
        right = read_formula(subject, word)
    except NotUnderstoodError:
        return None
    ports = left.ports | right.ports
    ordered = sign not in ("==", "!=")
    if not left.ports or left.sums or right.sums or (ordered and may_be_signed(subject, ports)):
        return None
    return Formula(f"({left.text} {sign} {right.text})", ports, 1)


def _formula_condition(subject: Subject, text: str) -> Formula | None:
    try:
        found = read_formula(subject, text)
    except NotUnderstoodError:
        return None
    return found if found.width == 1 and found.ports and " " in found.text else None
