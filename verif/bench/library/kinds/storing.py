"""Recognise memories, register files and stacks in other people's words."""

from __future__ import annotations

import re
from collections.abc import Mapping

from verif.bench.library.choice import Choice, snippet
from verif.bench.library.stating import kind_rule
from verif.bench.library.subject import Subject
from verif.bench.oracles import Rule

_ROLES = {
    "write": (
        r"we|wen|wr|wr_?en|write|write_en(?:able)?|wren|w_?en|reg_?write"
        r"|rf_we|rd_we|wr_enable|w_?enable|write_reg_en|werf|rwe|regwr"
    ),
    "read": r"re|ren|rd_?en|read|read_en(?:able)?|rden|r_?en|oe",
    "write_address": (
        r"wa|waddr|w_addr|wr_addr|write_addr(?:ess)?|write_reg(?:ister)?"
        r"|rd_addr|rd|rdest|dest|dst|wr_reg|awr|addr_?w|w_reg|rw|waddress|rw_addr"
    ),
    "write_data": (
        r"wd|wdata|w_data|wr_data|write_data|din|data_in|d|data|di"
        r"|rd_data|rd_wdata|wdat|in|busw|datain|reg_data|wb_data"
    ),
    "address": r"addr|address|a|adr",
    "enable": r"en|ena|enable|cs|ce|chip_select|ram_en|me|sel",
}
_READ_ADDRESS = (
    r"(?:ra|raddr|r_addr|rd_addr|read_addr(?:ess)?|read_reg(?:ister)?|rs|rs_addr|a|addr_?r"
    r"|rreg|r_reg|sr|src|raddress|rd_reg|rdaddr|rr|rsel|addr)_?"
)
_READ_DATA = (
    r"(?:rd|rdata|r_data|rd_data|read_data|dout|data_out|q|do|rs|rs_data|rs_rdata|out|bus|data"
    r"|dataout|d_out|r|rv|reg_out|spo)_?"
)
_MEMORY = r"\b(?:\w*RAM|memory|register[- ]file|regfile|scratchpad)\b"
_OTHERWISE = (
    r"\bFIFO\b|\bstack\b|\bLIFO\b|\bcache\b|\bCAM\b|\bECC\b|parity|byte[- ]?(?:enable|write"
    r"|lane|select)|write mask|bank|window"
    r"|pipelin|two[- ]cycle|(?:two|2|three|3) (?:clock )?cycles|program counter|output register|content[- ]address"
)
_AT_ONCE = (
    r"asynchronous(?:ly)?[^.]*\bread|combinational(?:ly)?[^.]*\bread"
    r"|\bread[^.]*\b(?:combinational|asynchronous|without a clock|immediately)"
)
_LATER = (
    r"synchronous(?:ly)? read|\bread[^.]*(?<!a)synchronous|registered (?:read|output)"
    r"|read[^.]*\bregistered|output (?:is )?registered|is registered"
    r"|(?:one|1|a|next)(?: clock)? cycle(?: later| after)?|on the next (?:rising )?(?:clock|edge)"
)
_COLLISIONS = {
    "old": (
        r"read[- ]first|read[- ]before[- ]write"
        r"|\bold (?:data|contents?|value|word)|previous (?:contents?|data|value)"
    ),
    "new": (
        r"write[- ]first|write[- ]through"
        r"|\bnew(?:ly written)? (?:data|contents?|value|word)|transparent|bypass|forward"
    ),
    "keep": r"no[- ]change",
}
_ZERO = (
    r"\b(?:register|reg\w*|x|r|\$|address|location)[- ]?(?:0|zero)\b[^.]*\b(?:hard-?wired"
    r"|always|reads?|is|returns?|constant|tied|contains?)\b[^.]*\b(?:0|zero)\b|zero register"
)
_NOT_ZERO = (
    r"\b(?:register|reg\w*|x|r)[- ]?(?:0|zero)\b[^.]*\b(?:ordinary|normal|not special|like any|general|writ(?:e)?able)"
)
_CLEARED = (
    r"(?:reset|rst\w*)[^.]*\b(?:clears?|zeroe?s|initiali[sz]es|sets)\b[^.]*\b(?:all|every)"
    r"|all (?:\w+ )?(?:registers|words|locations|entries)[^.]*\b(?:cleared|reset|zero"
    r"|set to (?:0|zero))"
)
_ASPECTS = (r"\bread|\bwrit|register (?:0|zero)|\bx0\b|stores?|address",)


def propose_memory(subject: Subject) -> Choice | None:
    """Return the rule of a memory on one clock, where each port's role is plain."""
    said = subject.says(_MEMORY)
    if said is None or subject.clock is None or subject.has_inout or subject.says(_OTHERWISE):
        return None
    found = _ports(subject)
    if found is None:
        return Choice(notes=("a memory whose ports' roles aren't plain: not judged",))
    writes, reads = found
    words = _words(subject, next(iter(reads.values()))[0])
    at_once, later = subject.says(_AT_ONCE), subject.says(_LATER)
    if words is None:
        return Choice(notes=("a memory whose number of words contradicts its addresses: not judged",))
    collisions = [kind for kind, pattern in _COLLISIONS.items() if subject.says(pattern)]
    zero = subject.says(_ZERO)
    registers = subject.says(r"register[- ]file|regfile") is not None
    arguments: dict[str, object] = {
        "writes": writes,
        "reads": reads,
        "latencies": [0, 1] if bool(at_once) == bool(later) else [0] if at_once else [1],
        "words": words,
        "collision": collisions[0] if len(collisions) == 1 else "",
        "zero": 0 if zero and not subject.says(_NOT_ZERO) else None,
        "unsure": 0 if registers and not zero and not subject.says(_NOT_ZERO) else None,
        "cleared": subject.says(_CLEARED) is not None and subject.reset is not None,
    }
    text = snippet("rules.memory", "MemoryRule", arguments).arguments
    title = f"{', '.join(reads)} give{'s' if len(reads) == 1 else ''} back what was written"
    hits = [said, at_once, later, zero]
    rule = kind_rule(
        subject, "remembers", title, ("memory", "MemoryRule"), text, ports=reads, aspects=_ASPECTS, hits=hits
    )
    return Choice(rules=(rule,))


def _ports(subject: Subject) -> tuple[list[tuple[str, str, str]], dict[str, tuple[str, str]]] | None:
    """Return writes (enable, address, data) and reads (output to address and enable); None where any role is open."""
    outs = list(subject.outputs)
    if len({subject.width(out) for out in outs}) != 1 or not outs:
        return None
    inputs = set().union(*(subject.cone(out) for out in outs))
    reads: dict[str, str] = {}
    for out in outs:
        index = _index(out, _READ_DATA, len(outs))
        fitting = [
            name
            for name in inputs
            if index is not None and _index(name, _READ_ADDRESS, len(outs)) == index and subject.width(name) > 1
        ]
        fitting = [name for name in fitting if subject.width(name) < 33 and not (len(outs) > 1 and _bare(name) == "rd")]
        if len(fitting) != 1:
            return None
        reads[out] = fitting[0]
    rest = sorted(inputs - set(reads.values()))
    roles: dict[str, str] = {}
    for name in rest:
        bare = re.sub(r"_?(?:3|w)$", "", _bare(name)) or _bare(name)
        role = next(
            (
                r
                for r, p in _ROLES.items()
                if any(re.fullmatch(p, b) for b in (_bare(name), bare)) and _wide(subject, name, r, outs[0])
            ),
            None,
        )
        if bare == "a" and _bare(name) != "a" and subject.width(name) > 1:
            role = "write_address"
        if role is None or role in roles:
            return None
        roles[role] = name
    return _joined(subject, roles, reads)


def _joined(
    subject: Subject, roles: Mapping[str, str], reads: dict[str, str]
) -> tuple[list[tuple[str, str, str]], dict[str, tuple[str, str]]] | None:
    addresses = set(reads.values())
    shared = len(addresses) == 1 and "write_address" not in roles
    target = next(iter(addresses)) if shared else roles.get("write_address")
    if target is None or "write" not in roles or "write_data" not in roles or "enable" in roles or "address" in roles:
        return None
    if len({subject.width(name) for name in (target, *addresses)}) != 1:
        return None
    if "read" in roles and len(reads) > 1:
        return None
    enable = roles.get("read", "")
    return [(roles["write"], target, roles["write_data"])], {out: (name, enable) for out, name in reads.items()}


def _wide(subject: Subject, name: str, role: str, out: str) -> bool:
    width = subject.width(name)
    if role in ("write", "read", "enable"):
        return width == 1
    return width == subject.width(out) if role == "write_data" else width > 1


def _bare(name: str) -> str:
    return re.sub(r"^(?:i|o)_|_(?:i|o)$", "", name.lower())


def _index(name: str, pattern: str, many: int) -> str | None:
    """Return what tells one of several ports from another, empty for an only one; None for no such port."""
    match = re.fullmatch(rf"{pattern}([0-9ab]?)", _bare(name))
    if match is None:
        match = re.fullmatch(
            r"(?:rs|r|read|rd|port|src)_?([0-9ab])_(?:addr|data|rdata|address|reg|value|out|d)", _bare(name)
        )
    return None if match is None or (many > 1 and not match[1]) else match[1] if many > 1 else ""


def _words(subject: Subject, address: str) -> int | None:
    full = 1 << subject.width(address)
    told = {int(hit[1]) for hit in subject.hits(r"\b(\d+)[- ]?(?:x \d+|words|entries|locations|registers|deep|\u00d7)")}
    told |= {int(hit[1]) for hit in subject.hits(r"\bdepth (?:of|is|=) (\d+)")}
    depth = subject.parameter("DEPTH", "WORDS", "NUM_WORDS", "SIZE", "NUM_REGS", "ENTRIES")
    sizes = {size for size in {*told, *([depth] if depth else [])} if size > 2}
    if not sizes:
        return full
    return sizes.pop() if len(sizes) == 1 and max(sizes) <= full else None


_STACK = {
    "push": r"push|wr|wr_en|write|we|push_en|put|load",
    "pop": r"pop|rd|rd_en|read|re|pop_en|get",
    "data_in": r"din|data_?in|d|in|wdata|wr_data|push_data|data|d_in|in_data|write_data",
    "en": r"en|enable|ena",
}
_DEPTH = (
    r"(?:depth|size) (?:of|is|=) (\d+)|\b(\d+)[- ](?:words?|entr(?:y|ies)|elements?|items?"
    r"|locations?|levels?)\b(?! (?:wide|width))"
    r"|\b(\d+)[- ]deep|\bholds? (?:up to )?(\d+)"
)


def propose_stack(subject: Subject) -> Choice | None:
    """Return the rule of a stack whose depth is told."""
    said = subject.says(r"\bstack\b|\bLIFO\b|last[- ]in")
    ports = {
        "data_out": subject.find_output(
            "dout",
            "data_out",
            "dataout",
            "q",
            "out",
            "rdata",
            "rd_data",
            "top",
            "pop_data",
            "d_out",
            "tos",
            "out_data",
            "read_data",
        ),
        "full": subject.find_output("full", "stack_full", "is_full"),
        "empty": subject.find_output("empty", "stack_empty", "is_empty"),
        "level": subject.find_output("level", "count", "usedw"),
    }
    outputs = {name: port for name, port in ports.items() if port}
    if (
        said is None
        or "data_out" not in outputs
        or subject.clock is None
        or subject.says(r"\bFIFO\b|call|return address|program")
    ):
        return None
    inputs = {
        r: n for n in sorted(subject.cone(outputs["data_out"])) for r, p in _STACK.items() if re.fullmatch(p, _bare(n))
    }
    depth = _depth(subject)
    asks = {"push", "pop"} <= inputs.keys() and "en" not in inputs
    if (
        not asks
        or "data_in" not in inputs
        or depth is None
        or set(inputs.values()) != subject.cone(outputs["data_out"])
    ):
        return Choice(notes=("a stack whose depth or ports aren't plain: not judged",))
    return Choice(rules=(_stack(subject, {**inputs, **outputs}, list(outputs.values()), depth, said.where),))


def _depth(subject: Subject) -> int | None:
    told = {int(next(filter(None, hit.match.groups()))) for hit in subject.hits(_DEPTH)}
    depth = subject.parameter("DEPTH", "STACK_DEPTH", "SIZE", "ENTRIES")
    sizes = {*told, *([depth] if depth else [])}
    return sizes.pop() if len(sizes) == 1 else None


def _stack(subject: Subject, ports: dict[str, str], outputs: list[str], depth: int, where: str) -> Rule:
    arguments = f"ports={ports!r}, depth={depth}"
    title = f"{', '.join(outputs)} are those of a stack of {depth} words ({where})"
    aspects = (r"push|pop|full|empty|stack|\btop\b",)
    return kind_rule(subject, "stacks", title, ("stack", "StackRule"), arguments, ports=outputs, aspects=aspects)
