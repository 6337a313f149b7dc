"""Recognise a timer on APB by its register map and its rules of counting."""

from __future__ import annotations

from verif.bench.library.choice import Choice, checked, reference, told
from verif.bench.library.subject import Subject, number

_INPUTS = {name: (name,) for name in ("psel", "penable", "pwrite", "paddr", "pwdata")}
_OUTPUTS = {
    "prdata": ("prdata",),
    "pready": ("pready",),
    "pslverr": ("pslverr",),
    "irq": ("irq", "interrupt", "intr"),
}
_REGISTERS = {"CTRL": "RW", "LOAD": "RW", "VALUE": "RO", "STATUS": "W1C", "PRESCALE": "RW"}
_TICK = r"tick\W* if ENABLE = 1, \W*p\W* >= PRESCALE, and LOAD is not written"
_EXPIRY = r"with PERIODIC = 1 VALUE becomes LOAD; with PERIODIC = 0 VALUE stays 0 and ENABLE becomes 0"
_LOAD = r"write to LOAD sets both LOAD and VALUE"
_PRIORITY = r"write to CTRL at the edge of an expiry wins.*|the expiry wins over a clearing"
_IRQ = r"irq\W* is EXPIRED AND IRQ_ENABLE, without delay"
_BITS = r"0 ENABLE, 1 PERIODIC, 2 IRQ_ENABLE"
_UNMAPPED = r"pslverr\W* is 1 in the access phase of an unmapped address"
_ASPECTS = (
    r"while .*(?:rst|reset)",
    r"reads back",
    r"unmapped addresses",
    r"VALUE goes down",
    r"write to LOAD",
    r"an expiry with",
    r"EXPIRED becomes 1",
    r"\birq\b",
    r"\bpready\b",
)


def propose(subject: Subject) -> Choice | None:
    """Return the model of a down counter with prescaler whose registers and rules are the library's."""
    ports = subject.ports(_INPUTS, _OUTPUTS)
    stated = subject.design.kind == "apb_timer" or subject.says(r"\btimer\b")
    if set(ports) != {*_INPUTS, *_OUTPUTS} or subject.clock is None or not stated:
        return None
    hits = [subject.says(p) for p in (_TICK, _EXPIRY, _LOAD, _PRIORITY, _IRQ, _BITS, _UNMAPPED)]
    addresses, where = _addresses(subject)
    width, prescale = subject.parameter("WIDTH"), subject.parameter("PRESCALE_WIDTH")
    if not all(hits) or not addresses or width is None or prescale is None or not subject.accounts_for(ports.values()):
        return Choice(notes=("a timer on APB, but not the one that the library's model knows: not modelled",))
    outputs = [ports[name] for name in _OUTPUTS]
    model = reference(
        "apb_timer",
        "ApbTimerModel",
        {
            "ports": ports,
            "reset": subject.reset_tuple,
            "addresses": addresses,
            "width": width,
            "prescale_width": prescale,
        },
        outputs=outputs,
        requirements=checked(subject, outputs, *_ASPECTS),
        evidence=[f"{where}: register map", *told(*hits)],
    )
    return Choice(model=model)


def _addresses(subject: Subject) -> tuple[dict[str, int], str]:
    """Return the addresses of exactly the model's registers with its kinds of access; nothing for another map."""
    for table in subject.tables:
        address, name, access = table.column("address", "offset"), table.column("name"), table.column("access")
        if address is None or name is None or access is None:
            continue
        kinds = {row[name]: row[access] for row in table.rows}
        found = {row[name]: value for row in table.rows if (value := number(row[address])) is not None}
        if kinds == _REGISTERS and set(found) == set(kinds):
            assert subject.specification is not None
            return found, subject.specification.where(table.line)
    return {}, ""
