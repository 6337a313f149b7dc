"""Recognise LFSRs, CRC registers and Gray counters whose register is an output, in other people's words."""

from __future__ import annotations

import re

from verif.bench.library.choice import Choice, snippet
from verif.bench.library.stating import cases, kind_rule, now, output_rule, roles, value_after_reset
from verif.bench.library.subject import Hit, Subject

_STATE = (
    "q",
    "out",
    "lfsr",
    "state",
    "lfsr_out",
    "lfsr_q",
    "data",
    "rnd",
    "random",
    "lfsr_data",
    "dout",
    "data_out",
    "rand_out",
    "random_out",
    "count",
    "o",
)
_EN = r"en|ena|enable|ce|shift|shift_en|advance|step|next"
_START = (
    r"(?:seed|initial(?: value| state)?|starts? (?:at|from|with)|reset(?:s)? to|preset to"
    r"|is set to|initiali[sz]ed (?:to|with))(?: (?:of|is|value))*\W{0,3}((?:\d+'[bhd]"
    r"|0x)[0-9a-fA-F_]+|\b\d+\b|all ones)"
)
_SEVERAL = (
    r"\b(?:two|three|four|several|\d+) (?:steps|bits|shifts|times)\b[^.]*\b(?:per|every|each|a"
    r"|at)\b|\btwice|\bleap|in parallel"
)
_ASPECTS = (r"shift|polynomial|feedback|\bXN?OR\b|sequence|reset|seed",)


def propose_lfsr(subject: Subject) -> Choice | None:
    """Return the rule of an LFSR whose polynomial or taps are told; form and direction may stay open."""
    said = subject.says(r"\bLFSR\b|linear[- ]feedback")
    port = subject.find_output(*_STATE)
    if said is None or port is None or subject.clock is None or subject.has_inout or subject.width(port) < 3:
        return None
    found = roles(subject, sorted(subject.cone(port)), {"en": _EN})
    steps, hit = _steps(subject, port)
    if found is None or not steps or subject.says(_SEVERAL):
        return Choice(notes=(f"an LFSR whose polynomial or inputs aren't plain: {port} isn't judged",))
    when = now(found["en"]) if "en" in found else "True"
    ways = [cases([(when, step)]) for step in steps]
    more = f", others=[{', '.join(ways[1:])}]" if ways[1:] else ""
    start = _first_state(subject, port)
    title = f"{port} steps through the states of its polynomial"
    arguments = f"changes={ways[0]}{more}, start={start}"
    return Choice(
        rules=(output_rule(subject, "feeds-back", port, title, arguments, aspects=_ASPECTS, hits=[said, hit]),)
    )


def _first_state(subject: Subject, port: str) -> int | None:
    told = value_after_reset(subject, port)
    full = (1 << subject.width(port)) - 1
    read = {full if hit[1].lower() == "all ones" else subject.value(hit[1]) for hit in subject.hits(_START)}
    if told is not None or not read:
        return told
    return read.pop() if len(read) == 1 and subject.reset else None


def _steps(subject: Subject, port: str) -> tuple[list[str], Hit | None]:
    """Return the next states by all readings of the polynomial, or of the bits that are told."""
    width = subject.width(port)
    turned = subject.says(r"\bXNOR|invert") is not None
    if hit := subject.says(r"x\s?\^\s?\{?\d+\}?(?: ?\+ ?(?:x(?:\s?\^\s?\{?\d+\}?)?|1))+"):
        exponents = {int(e) for e in re.findall(r"x\s?\^\s?\{?(\d+)", hit[0])}
        exponents |= {1} if re.search(r"x(?!\s?\^)", hit[0]) else set()
        if max(exponents) != width:
            return [], None
        return _of_polynomial(subject, port, exponents | {0}, turned), hit
    hit = subject.says(
        r"(?:XN?OR\w*|feedback|taps?)\b[^.]*?\bbits? ((?:\d+(?:, and |, | and | ?\^ ?))+\d+)"
    ) or subject.says(rf"((?:{port}\[\d+\](?: ?\^ ?|, | and |, and | XN?OR ))+{port}\[\d+\])")
    if hit is None:
        return [], None
    bits = {int(bit) for bit in re.findall(r"\d+", re.sub(rf"\b{port}\b", "", hit[1]))}
    left, right = subject.says(r"\bleft\b"), subject.says(r"\bright\b")
    if max(bits) >= width or bool(left) == bool(right):
        return [], None
    return [_fibonacci(port, width, bits, bool(left), turned)], hit


def _fibonacci(port: str, width: int, bits: set[int], left: bool, turned: bool) -> str:
    q = now(port)
    folded = " ^ ".join([*(f"{q} >> {bit}" for bit in sorted(bits)), *(["1"] if turned else [])])
    return f"{q} << 1 | ({folded}) & 1" if left else f"{q} >> 1 | (({folded}) & 1) << {width - 1}"


def _of_polynomial(subject: Subject, port: str, exponents: set[int], turned: bool) -> list[str]:
    width, q = subject.width(port), now(port)
    galois, fibonacci = subject.says(r"galois"), subject.says(r"fibonacci")
    found = []
    for powers in (exponents, {width - e for e in exponents}):
        if not galois or fibonacci:
            found.append(_fibonacci(port, width, {e - 1 for e in powers if e}, True, turned))
            found.append(_fibonacci(port, width, {width - e for e in powers if e}, False, turned))
        if not turned and (not fibonacci or galois):
            low = sum(1 << e for e in powers if e < width)
            high = sum(1 << e - 1 for e in powers if e)
            found.append(f"{q} << 1 ^ (0 - ({q} >> {width - 1}) & {low})")
            found.append(f"{q} >> 1 ^ (0 - ({q} & 1) & {high})")
    return list(dict.fromkeys(found))


_CRC = {
    "data": r"d|data|din|data_in|bit|bit_in|serial_in|in|si|d_in|byte|data_i|in_data",
    "valid": r"en|enable|valid|bit_valid|data_valid|din_valid|in_valid|crc_en|valid_in|shift|vld",
    "clear": r"clr|clear|init|crc_init|start|load|crc_clear|clear_crc|new",
}


def propose_crc(subject: Subject) -> Choice | None:
    """Return the rule of a CRC register whose polynomial is told and whose result isn't turned."""
    said = subject.says(r"\bCRC\b|CRC-?\d+|cyclic redundancy")
    port = subject.find_output(
        "crc", "crc_out", "crc_reg", "q", "out", "crc_o", "checksum", "remainder", "dout", "result"
    )
    if said is None or port is None or subject.clock is None or subject.has_inout:
        return None
    found = roles(subject, sorted(subject.cone(port)), _CRC)
    polynomials = {subject.value(hit[1]) for hit in subject.hits(r"polynomial[^.;]*?((?:\d+'h|0x)[0-9A-Fa-f_]+)")}
    width = subject.width(port)
    swapped = subject.says(
        r"(?<!no )(?<!not )(?:final XOR|inverted|complement|xor-?out)(?!\W*(?:0x0+\b|none|is 0|of 0|=? ?0\b))"
    )
    plain = found is not None and "data" in found and len(polynomials) == 1 and not swapped
    if not plain or found is None or subject.says(r"\bheader\b|packet|residue|check mode"):
        return Choice(notes=(f"a CRC whose polynomial, inputs or result aren't plain: {port} isn't judged",))
    polynomial = polynomials.pop()
    if polynomial is None or polynomial >= 1 << width or width < 3:
        return Choice(notes=(f"a CRC whose polynomial doesn't fit {port}: not judged",))
    lowest = subject.says(r"\bLSB[- ]first|least[- ]significant bit first|(?<!not )(?<!non-)\breflected\b")
    highest = subject.says(r"\bMSB[- ]first|most[- ]significant bit first|not reflected|non-reflected")
    initial = {
        subject.value(hit[1])
        for hit in subject.hits(
            r"(?:initial(?:ly)?|init|preset|seed|starts?)[^.;]*?((?:\d+'h|0x)[0-9A-Fa-f_]+|\bzero\b)"
        )
    }
    first = initial.pop() if len(initial) == 1 else None
    arguments: dict[str, object] = {
        "output": port,
        "width": width,
        "polynomial": polynomial,
        "reflected": [False, True] if bool(lowest) == bool(highest) else [bool(lowest)],
        "data": found["data"],
        "data_width": subject.width(found["data"]),
        "valid": found.get("valid", ""),
        "clear": found.get("clear", ""),
        "initial": first,
        "start": first if subject.reset else None,
    }
    text = snippet("rules.crc_register", "CrcRegisterRule", arguments).arguments
    rule = kind_rule(
        subject,
        "checks",
        f"{port} takes in {found['data']} by the polynomial {polynomial:#x}",
        ("crc_register", "CrcRegisterRule"),
        text,
        ports=[port],
        aspects=(r"polynomial|initial|\bbits?\b|byte|clear|\bclr\b|\bCRC",),
        hits=[said, lowest or highest],
    )
    return Choice(rules=(rule,))


def propose_gray_counter(subject: Subject) -> Choice | None:
    """Return the rule of a Gray counter of one direction."""
    said = subject.says(r"\bgray(?:[- ]code)?[- ]counter|counts? [^.]*\bgray\b")
    port = subject.find_output(
        "gray", "q", "out", "count", "gray_out", "gray_count", "g", "gray_code", "dout", "gray_o"
    )
    if (
        said is None
        or port is None
        or subject.clock is None
        or subject.has_inout
        or subject.says(r"\bLSFR\b|convert|fifo")
    ):
        return None
    found = roles(subject, sorted(subject.cone(port)), {"en": r"en|ena|enable|ce|count_en|cnt_en|inc"})
    down, up = subject.says(r"\bdown\b|decrement|backward"), subject.says(r"\bup\b|increment")
    if found is None or (down and up):
        return Choice(notes=(f"a Gray counter whose inputs or direction aren't plain: {port} isn't judged",))
    width = subject.width(port)
    binary = " ^ ".join(f"{now(port)} >> {shift}" for shift in range(width))
    step = f"(({binary}) {'-' if down else '+'} 1 & {(1 << width) - 1})"
    pairs = [(now(found["en"]) if "en" in found else "True", f"{step} ^ {step} >> 1")]
    start = value_after_reset(subject, port, "count(?:er)?")
    title = f"{port} counts {'down' if down else 'up'} in Gray code"
    arguments = f"changes={cases(pairs)}, start={start}"
    return Choice(
        rules=(
            output_rule(subject, "counts-gray", port, title, arguments, aspects=(r"gray|count|reset",), hits=[said]),
        )
    )
