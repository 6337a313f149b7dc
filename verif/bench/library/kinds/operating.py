"""Recognise blocks in other people's words that are told to begin: serial lines, multipliers, dividers."""

from __future__ import annotations

from verif.bench.library.choice import Choice
from verif.bench.library.kinds.timing import NUMBER, value_of
from verif.bench.library.stating import kind_rule
from verif.bench.library.subject import Hit, Subject
from verif.bench.oracles import Rule

_LINE = {
    "line": (
        "tx",
        "txd",
        "tx_out",
        "uart_tx",
        "tx_serial",
        "serial_out",
        "tx_line",
        "sout",
        "tx_o",
        "txd_o",
        "tx_data_out",
        "line",
        "o_tx_serial",
    ),
    "busy": ("busy", "tx_busy", "active", "tx_active", "uart_busy"),
    "ready": ("ready", "tx_ready", "rdy", "idle"),
}
_SENDS = {
    "start": (
        "start",
        "tx_start",
        "send",
        "tx_en",
        "valid",
        "tx_valid",
        "tx_dv",
        "wr",
        "en",
        "enable",
        "load",
        "transmit",
        "data_valid",
        "start_tx",
        "trigger",
    ),
    "data": ("data", "tx_data", "din", "data_in", "tx_byte", "byte", "d", "tx_din", "byte_in"),
}


def propose_serial_line(subject: Subject) -> Choice | None:
    """Return the rule of a UART transmitter with a fixed number of cycles a bit."""
    said = subject.says(r"\bUART\b|\bserial transmitter\b|RS-?232")
    ports = subject.ports(_SENDS, _LINE)
    if (
        said is None
        or not {"start", "data", "line"} <= set(ports)
        or not {"busy", "ready"} & set(ports)
        or subject.clock is None
    ):
        return None
    if subject.says(r"receiv|\bRX\b|FIFO|\bbaud[- ]?rate generator|\btick\b|configurable"):
        return None
    bit = _bit_time(subject)
    lowest, highest = subject.says(r"\bLSB\b|least[- ]significant"), subject.says(r"\bMSB\b|most[- ]significant")
    framed = subject.says(r"\b8[ -]?([NEO])[ -]?([12])\b|start bit")
    if (
        bit is None
        or bool(lowest) == bool(highest)
        or framed is None
        or subject.cone(ports["line"]) - set(ports.values())
    ):
        return Choice(notes=("a UART transmitter whose bit time, order or frame isn't told plainly: not judged",))
    short = subject.says(r"\b8[ -]?([NEO])[ -]?([12])\b")
    parity = {"N": "", "E": "even", "O": "odd"}[short[1].upper()] if short else "?"
    if not short:
        checks = subject.says(r"(?<!no )(?<!without )\bparity\b")
        even = subject.says(r"even parity")
        parity = ("even" if even else "odd" if subject.says(r"odd parity") else "?") if checks else ""
    stop = int(short[2]) if short else 2 if subject.says(r"(?:two|2) stop") else 1
    if parity == "?":
        return Choice(notes=("a UART transmitter whose parity isn't told plainly: not judged",))
    width = subject.width(ports["data"])
    arguments = (
        f"ports={ports!r}, bit={bit}, width={width}, lowest_first={bool(lowest)}, "
        f"parity={parity!r}, stop={stop}, patience={2 * bit + 4}"
    )
    title = f"{ports['line']} carries each accepted word as a frame of {bit} cycles a bit"
    return Choice(
        rules=(
            _rule(
                subject,
                "sends",
                title,
                ("serial_line", "SerialLineRule"),
                arguments,
                [ports["line"]],
                [said, lowest or highest, framed],
                r"\bbits?\b|frame|idle|stop|start",
            ),
        )
    )


def _bit_time(subject: Subject) -> int | None:
    told = {
        value_of(subject, hit)
        for hit in subject.hits(
            rf"\b{NUMBER} (?:clock )?(?:cycles?|clocks?) (?:per|a|for each|for every|each) bit"
            rf"|each (?:bit )?lasts {NUMBER}(?: clock)? cycles|bit (?:lasts|takes|time of) {NUMBER}"
        )
    }
    named = subject.parameter("CLKS_PER_BIT", "CLOCKS_PER_BIT", "CYCLES_PER_BIT", "CLK_PER_BIT", "BIT_CYCLES")
    told |= {named} if named and subject.says(r"(?:CLKS|CLOCKS|CYCLES|CLK)_PER_BIT|BIT_CYCLES") else set()
    return told.pop() if len(told) == 1 else None


_START = ("start", "go", "begin", "valid", "load", "in_valid", "start_i", "valid_in", "en", "req")
_DONE = (
    "done",
    "ready",
    "finish",
    "finished",
    "complete",
    "valid",
    "out_valid",
    "valid_out",
    "result_valid",
    "rdy",
    "done_o",
    "ack",
)


def propose_operation(subject: Subject) -> Choice | None:
    """Return the rule of a multiplier or divider that starts and tells when it is done."""
    start, done = subject.find_input(*_START, width=1), subject.find_output(*_DONE, width=1)
    if start is None or done is None or subject.clock is None or subject.has_inout:
        return None
    if subject.says(
        r"(?<!un)\bsigned\b|two's complement|fraction|fixed[- ]point|float|accumulat|\bMAC\b"
        r"|\bround|truncat|\b(?:upper|lower|high|low|higher) (?:byte|half|word|bits|part)"
        r"|significant|scaled|overflow|saturat"
        r"|modulo|pipelin|matrix|square root"
    ):
        return None
    if any(port.signed for port in subject.design.ports):
        return None
    return _product(subject, start, done) or _quotient(subject, start, done)


def _product(subject: Subject, start: str, done: str) -> Choice | None:
    said = subject.says(r"\bmultipl(?:ier|ies|ication)\b")
    a = subject.find_input("a", "multiplicand", "x", "op_a", "in_a", "operand_a", "mcand", "ain", "num1", "m", "data_a")
    b = subject.find_input("b", "multiplier", "y", "op_b", "in_b", "operand_b", "mplier", "bin", "num2", "q", "data_b")
    out = subject.find_output("product", "p", "prod", "result", "out", "y", "res", "product_out", "yout", "mul_out")
    if said is None or a is None or b is None or out is None or subject.says(r"divi(?:der|sion|des)"):
        return None
    if subject.says(rf"\b{out}\b[^.]*\b(?:sum|difference|quotient|square)\b"):
        return None
    if subject.width(out) < subject.width(a) + subject.width(b):
        return Choice(notes=(f"{out} is narrower than the product: not judged",))
    results = f"{{{out!r}: lambda first, second: first * second}}"
    return _operated(subject, start, done, [a, b], results, [out], [said])


def _quotient(subject: Subject, start: str, done: str) -> Choice | None:
    said = subject.says(r"\bdivi(?:der|des|sion)\b")
    a = subject.find_input("dividend", "numerator", "a", "num", "x")
    b = subject.find_input("divisor", "denominator", "b", "den", "y")
    q = subject.find_output("quotient", "quot", "q", "result", "quo")
    r = subject.find_output("remainder", "rem", "r", "mod")
    if (
        said is None
        or a is None
        or b is None
        or not (q or r)
        or subject.says(r"clock divider|frequency|multipl(?:ier|ies)")
    ):
        return None
    if q and subject.width(q) < subject.width(a):
        return Choice(notes=(f"{q} is narrower than the dividend: not judged",))
    listed = [f"{q!r}: lambda first, second: first // second if second else None"] if q else []
    listed += [f"{r!r}: lambda first, second: first % second if second else None"] if r else []
    return _operated(
        subject, start, done, [a, b], "{" + ", ".join(listed) + "}", [out for out in (q, r) if out], [said]
    )


def _operated(
    subject: Subject, start: str, done: str, operands: list[str], results: str, outs: list[str], hits: list[Hit | None]
) -> Choice | None:
    if any(subject.cone(out) - {start, *operands} for out in outs):
        return Choice(notes=(f"{outs[0]} depends on more than its operands: not judged",))
    widths = {out: subject.width(out) for out in outs}
    arguments = f"start={start!r}, done={done!r}, operands={operands}, results={results}, widths={widths}"
    title = f"{', '.join(outs)} fit{'s' if len(outs) == 1 else ''} the operands of the start when {done} comes"
    return Choice(
        rules=(
            _rule(
                subject,
                "computes",
                title,
                ("result", "ResultRule"),
                arguments,
                outs,
                hits,
                r"product|quotient|remainder|multipl|divi",
            ),
        )
    )


def _rule(
    subject: Subject,
    kind: str,
    title: str,
    rule: tuple[str, str],
    arguments: str,
    outs: list[str],
    hits: list[Hit | None] | list[Hit],
    aspect: str,
) -> Rule:
    return kind_rule(subject, kind, title, rule, arguments, ports=outs, aspects=(aspect,), hits=hits)
