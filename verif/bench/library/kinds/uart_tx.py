"""Recognise a UART transmitter with a ready/valid input."""

from __future__ import annotations

from verif.bench.library.choice import Choice, checked, reference, told
from verif.bench.library.subject import Subject

_INPUTS = {
    "data": ("data", "tx_data", "s_axis_tdata", "din", "data_in"),
    "valid": ("valid", "tx_valid", "s_axis_tvalid", "start", "tx_start"),
}
_OUTPUTS = {
    "ready": ("ready", "tx_ready", "s_axis_tready"),
    "tx": ("tx", "txd", "uart_tx", "serial_out"),
    "busy": ("busy", "tx_busy"),
}
_FIRST = r"least significant (?:bit )?first|LSB first"
_NEXT_CYCLE = r"starts a frame in the next cycle"
_READY_AFTER = r"ready\W* is 0 from the cycle after .*to the last cycle of its last stop bit"
_PARITY = {0: "none", 1: "even", 2: "odd"}
_ASPECTS = (
    r"while .*(?:rst|reset)",
    r"no frame is under way|idle",
    r"starts a frame|lasts exactly",
    r"start bit is 0",
    r"data bits are",
    r"parity bit",
    r"ready\W* is 0 from",
    r"exactly once",
)


def propose(subject: Subject) -> Choice | None:
    """Return the model of a transmitter whose frame and handshake the specification times exactly."""
    ports = subject.ports(_INPUTS, _OUTPUTS)
    if not {"data", "valid", "ready", "tx"} <= set(ports) or subject.clock is None:
        return None
    hits = [subject.says(pattern) for pattern in (_FIRST, _NEXT_CYCLE, _READY_AFTER)]
    divider = subject.parameter("CLKS_PER_BIT", "CLOCKS_PER_BIT", "DIVIDER", "BAUD_DIV", "PRESCALE")
    parity = parity_of(subject)
    if not all(hits) or divider is None or parity is None or not subject.accounts_for(ports.values()):
        return Choice(notes=("a UART transmitter whose frame timing the specification leaves open: not modelled",))
    arguments = {
        "ports": ports,
        "reset": subject.reset_tuple,
        "clocks_per_bit": divider,
        "data_bits": subject.width(ports["data"]),
        "parity": parity,
        "stop_bits": subject.parameter("STOP_BITS") or 1,
    }
    outputs = [ports[name] for name in _OUTPUTS if name in ports]
    model = reference(
        "uart_tx",
        "UartTxModel",
        arguments,
        outputs=outputs,
        requirements=checked(subject, outputs, *_ASPECTS),
        evidence=[*told(*hits), f"parameters: {divider} clocks per bit, parity {parity}"],
    )
    return Choice(model=model)


def parity_of(subject: Subject) -> str | None:
    """Return the parity that the parameter PARITY means, "none" without one, None where its codes aren't told."""
    value = subject.parameter("PARITY")
    if value is None:
        return None if subject.says(r"\bparity\b") else "none"
    coded = subject.says(r"\b0 (?:no|none)\b.*\b1 even\b.*\b2 odd\b") or subject.property(r"^PARITY$")
    return _PARITY.get(value) if coded else None
