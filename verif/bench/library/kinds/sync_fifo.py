"""Recognise a synchronous FIFO."""

from __future__ import annotations

from verif.bench.library.choice import Choice, checked, reference
from verif.bench.library.handshakes import MORE_STAGES
from verif.bench.library.subject import Hit, Subject

_INPUTS = {
    "wr_en": ("wr_en", "write", "push", "wren", "write_en", "wr", "winc", "w_en", "enq", "we"),
    "rd_en": ("rd_en", "read", "pop", "rden", "read_en", "rd", "rinc", "r_en", "deq", "re"),
    "wr_data": ("wr_data", "din", "data_in", "wdata", "write_data", "w_data", "push_data", "datain", "data"),
}
_OUTPUTS = {
    "rd_data": ("rd_data", "dout", "data_out", "rdata", "read_data", "r_data", "pop_data", "dataout", "q"),
    "full": ("full", "wfull", "fifo_full", "is_full"),
    "empty": ("empty", "rempty", "fifo_empty", "is_empty"),
    "level": ("level", "count", "usedw", "occupancy", "fill", "fill_level", "fifo_count", "data_count", "fifo_level"),
}
_AHEAD = (
    r"first[- ]word[- ]falls?[- ]through|fall[- ]through|\bFWFT\b|show[- ]ahead|look[- ]ahead"
    r"|(?:oldest|head|front) (?:stored )?(?:word|item|element|entry|data) is (?:always )?visible"
)
_REGISTERED = (
    r"(?:rd_data|dout|data_out|rdata|read data)\W.*(?:registered|(?:one|1) (?:clock )?cycle (?:after|later)|"
    r"(?:in|from) the (?:next|following) (?:clock )?cycle|cycle \*?t\*? ?\+ ?1|after the (?:clock|rising) edge)"
)
_BOTH_AT_FULL = r"write while \W*full\W.* is accepted (?:if|when) .*read"
_TOLD_DEPTH = (
    r"\bdepth (?:of|is|=) (\d+)|\bFIFO of (\d+|two|four|eight|sixteen) (?:\d+-bit )?(?:words"
    r"|entries|items)|\b(\d+) (?:words|entries|items) (?:deep|fit)|\bholds (\d+)"
    r"|\bfull\w*\W+is (?:high|1|set|asserted)(?: exactly)? (?:when|while|if) (\d+) (?:words|entries|items)\b"
)
_FLAGS = (r"\bfull(?:_\w+)?\b", r"\bempty(?:_\w+)?\b", r"\blevel\b", r"\bcount\b", r"occupancy", r"overflow|underflow")
_NOT_IN_RESET = r"^(?!.*(?:reset|rst)).*"
_DATA = (r"\border\b|first.in|\blost\b|duplicat|repeat", r"rd_data|read data|dout|data_out|oldest")


def propose(subject: Subject) -> Choice | None:
    """Return the model of a FIFO on one clock whose depth and read timing are known."""
    ports = subject.ports(_INPUTS, _OUTPUTS)
    if not {"wr_en", "rd_en", "wr_data", "rd_data", "full", "empty"} <= set(ports):
        return None
    if subject.clock is None or not _stated(subject):
        return None
    if not set(subject.inputs) <= set(ports.values()):
        return Choice(notes=("a FIFO with inputs that the FIFO model doesn't know: not modelled",))
    if stages := subject.says(MORE_STAGES):
        return Choice(notes=(f"a FIFO with more stages than its memory ({stages.where}): not modelled",))
    depth, source = _depth(subject)
    if depth is None:
        return Choice(notes=("a FIFO whose depth neither a parameter nor the specification gives: not modelled",))
    return _modelled(subject, ports, depth, source)


def _stated(subject: Subject) -> bool:
    return subject.design.kind == "sync_fifo" or bool(subject.says(r"\bfifo\b|\bqueue\b|first[- ]in"))


def _depth(subject: Subject) -> tuple[int | None, str]:
    if value := subject.parameter("DEPTH", "FIFO_DEPTH", "ENTRIES", "NUM_ENTRIES"):
        return value, f"parameter DEPTH = {value}"
    bits = subject.parameter("ADDR_WIDTH", "ADDRESS_WIDTH", "AW", "LOG_DEPTH", "ASIZE", "PTR_WIDTH")
    if bits and subject.says(r"2\s*(?:\^|\*\*)\s*\W?(?:ADDR_WIDTH|ADDRESS_WIDTH|AW|LOG_DEPTH|ASIZE|PTR_WIDTH)"):
        return 1 << bits, f"parameter of the address width = {bits}"
    if hit := subject.says(_TOLD_DEPTH):
        word = next(filter(None, hit.match.groups()))
        depth = {"two": 2, "four": 4, "eight": 8, "sixteen": 16}.get(word.lower()) or int(word)
        return (depth, hit.where) if bits is None or depth == 1 << bits else (None, "")
    return None, ""


def _data_aspects(ahead: Hit | None, registered: Hit | None) -> list[str]:
    """Return the aspects of read data that are predicted: what a register of it holds in reset isn't."""
    if bool(ahead) == bool(registered):
        return []
    return [(_NOT_IN_RESET if registered else "") + f"(?:{aspect})" for aspect in _DATA]


def _modelled(subject: Subject, ports: dict[str, str], depth: int, source: str) -> Choice:
    ahead, registered = subject.says(_AHEAD), subject.says(_REGISTERED)
    known = bool(ahead) != bool(registered)
    predicted = [ports[name] for name in ("full", "empty", "level", "rd_data") if name in ports]
    evidence = [f"depth {depth}: {source}"]
    notes: tuple[str, ...] = ()
    if known:
        hit = ahead or registered
        assert hit is not None
        evidence.append(f"{hit.where}: read data {'falls through' if ahead else 'is registered'}")
    else:
        predicted.remove(ports["rd_data"])
        notes = ("the specification doesn't say whether read data falls through or is registered: not predicted",)
    modelled = {name: port for name, port in ports.items() if known or name != "rd_data"}
    idle = subject.says(r"(?:while|when|if)\s+\W*empty\W*\s*(?:=|is)\s*(?:1|high|set)[^.]*?rd_data\W*\s*(?:is|=)\s*0\b")
    arguments: dict[str, object] = {
        "ports": modelled,
        "reset": subject.reset_tuple,
        "depth": depth,
        "width": subject.width(ports["wr_data"]),
        "show_ahead": bool(ahead) if known else True,
    }
    if idle:
        arguments["idle_data"] = 0
        evidence.append(f"{idle.where}: rd_data is 0 while empty")
    if hit := subject.says(_BOTH_AT_FULL):
        arguments["write_when_full_and_read"] = True
        evidence.append(f"{hit.where}: a write while full is accepted along with a read")
    model = reference(
        "sync_fifo",
        "SyncFifoModel",
        arguments,
        outputs=predicted,
        requirements=checked(subject, predicted, *_FLAGS, *_data_aspects(ahead, registered)),
        evidence=evidence,
    )
    return Choice(model=model, notes=notes)
