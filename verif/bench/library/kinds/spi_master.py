"""Recognise a SPI master in mode 0 whose transfer the specification times exactly."""

from __future__ import annotations

from verif.bench.library.choice import Choice, checked, reference, told
from verif.bench.library.subject import Subject

_INPUTS = {
    "start": ("start", "go", "tx_valid"),
    "tx_data": ("tx_data", "data_in", "din"),
    "miso": ("miso", "sdi"),
}
_OUTPUTS = {
    "busy": ("busy",),
    "done": ("done",),
    "rx_data": ("rx_data", "data_out", "dout"),
    "sclk": ("sclk", "sck", "spi_clk"),
    "cs_n": ("cs_n", "ss_n", "csn", "ss"),
    "mosi": ("mosi", "sdo"),
}
_MODE = r"mode\W* \|? ?0\b|CPOL = 0, CPHA = 0"
_FIRST = r"most significant (?:bit )?first|MSB first"
_DONE = (
    r"done\W* is 1 for exactly the first cycle after a transfer, "
    r"\(2 x \W*DATA_BITS\W* \+ 1\) x \W*HALF_PERIOD\W* \+ 1 cycles"
)
_SAMPLED = r"miso\W* .*(?:last cycle before|is sampled .* at which \W*sclk\W* rises)"
_IDLE = r"sclk\W* and \W*mosi\W* are 0 and \W*cs_n\W* is 1"
_ASPECTS = (
    r"after an edge with .*rst",
    r"pulses of \W*sclk",
    r"mosi\W* carries",
    r"rx_data\W* is made of",
    r"cs_n\W* is 0 from",
    r"done\W* is 1 for exactly",
    r"rx_data\W* changes only",
    r"have no effect",
    r"are 0 and \W*cs_n",
)


def propose(subject: Subject) -> Choice | None:
    """Return the model of a master with start, busy and done."""
    ports = subject.ports(_INPUTS, _OUTPUTS)
    if set(ports) != {*_INPUTS, *_OUTPUTS} or subject.clock is None:
        return None
    hits = [subject.says(pattern) for pattern in (_MODE, _FIRST, _DONE, _SAMPLED, _IDLE)]
    half = subject.parameter("HALF_PERIOD", "CLK_DIV", "HALF_DIV")
    if not all(hits) or half is None or not subject.accounts_for(ports.values()):
        return Choice(notes=("a SPI master whose mode or timing the specification leaves open: not modelled",))
    outputs = [ports[name] for name in _OUTPUTS]
    model = reference(
        "spi_master",
        "SpiMasterModel",
        {
            "ports": ports,
            "reset": subject.reset_tuple,
            "data_bits": subject.width(ports["tx_data"]),
            "half_period": half,
        },
        outputs=outputs,
        requirements=checked(subject, outputs, *_ASPECTS),
        evidence=[*told(*hits), f"parameter: half period {half}"],
    )
    return Choice(model=model)
