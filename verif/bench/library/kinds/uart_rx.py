"""Recognise a UART receiver whose sampling the specification times exactly."""

from __future__ import annotations

from verif.bench.library.choice import Choice, checked, reference, told
from verif.bench.library.kinds.uart_tx import parity_of
from verif.bench.library.subject import Subject

_INPUTS = {"rx": ("rx", "rxd", "uart_rx", "serial_in")}
_OUTPUTS = {
    "data": ("data", "rx_data", "dout", "data_out"),
    "valid": ("valid", "rx_valid", "data_valid"),
    "parity_error": ("parity_error", "parity_err"),
    "frame_error": ("frame_error", "framing_error", "frame_err"),
}
_FIRST = r"least significant (?:bit )?first|LSB first"
_DELAY = r"line\W* in cycle \W*t\W* is \W*rx\W* of cycle \W*t\W* - (\d+)"
_HALF = r"start \| \W*d\W* \+ \W*H\W* \||middle: \W*H\W* cycles after the line fell"
_H = r"H\W* = \W*C\W* / 2, rounded down"
_REPORT = r"in cycle \W*e\W* \+ 1 \W*valid\W* is 1"
_BREAK = r"no new frame begins until the line has been 1"
_ASPECTS = (
    r"while .*(?:rst|reset)",
    r"\bvalid\W* = 1 for exactly",
    r"is ignored",
    r"parity_error",
    r"frame_error",
    r"is reported too",
    r"framing error no new frame",
    r"without a gap",
    r"sampled in the middle",
)


def propose(subject: Subject) -> Choice | None:
    """Return the model of a receiver with synchroniser, mid-bit sampling and error flags."""
    ports = subject.ports(_INPUTS, _OUTPUTS)
    if not {"rx", "data", "valid"} <= set(ports) or subject.clock is None:
        return None
    hits = [subject.says(pattern) for pattern in (_DELAY, _FIRST, _H, _HALF, _REPORT, _BREAK)]
    divider = subject.parameter("CLKS_PER_BIT", "CLOCKS_PER_BIT", "DIVIDER", "BAUD_DIV", "PRESCALE")
    parity = parity_of(subject)
    if not all(hits) or divider is None or parity is None or not subject.accounts_for(ports.values()):
        return Choice(notes=("a UART receiver whose sampling the specification leaves open: not modelled",))
    delay = hits[0]
    assert delay is not None
    arguments = {
        "ports": ports,
        "reset": subject.reset_tuple,
        "clocks_per_bit": divider,
        "data_bits": subject.width(ports["data"]),
        "parity": parity,
        "delay": int(delay[1]),
    }
    outputs = [ports[name] for name in _OUTPUTS if name in ports]
    model = reference(
        "uart_rx",
        "UartRxModel",
        arguments,
        outputs=outputs,
        requirements=checked(subject, outputs, *_ASPECTS),
        evidence=[*told(*hits), f"parameters: {divider} clocks per bit, parity {parity}"],
    )
    return Choice(model=model)
