"""Recognise a RAM behind a Wishbone classic target."""

from __future__ import annotations

from verif.bench.library.choice import Choice, checked, reference, told
from verif.bench.library.subject import Subject

_INPUTS = {
    "cyc": ("wb_cyc", "cyc"),
    "stb": ("wb_stb", "stb"),
    "we": ("wb_we", "we"),
    "sel": ("wb_sel", "sel"),
    "adr": ("wb_adr", "adr"),
    "dat_i": ("wb_dat", "dat"),
}
_OUTPUTS = {"dat_o": ("wb_dat", "dat"), "ack": ("wb_ack", "ack")}
_ACCEPTED = r"accepted at an edge with .*cyc.* = 1, .*stb.* = 1,"
_NEXT = r"ack\w*\W* is 1 in exactly the cycles that follow an edge at which an access was accepted"
_UNCHANGED = r"dat_o\W* changes only with the acknowledge of a read, or by reset"
_STAY = r"stored words stay|reset does not change the words"
_ASPECTS = (
    r"after an edge with .*rst",
    r"ack\w*\W* is 1 in exactly",
    r"nothing is accepted",
    r"selected bytes",
    r"word of its own",
    r"changes only with",
)


def propose(subject: Subject) -> Choice | None:
    """Return the model of a RAM with byte selects that acknowledges in the cycle after acceptance."""
    ports = subject.ports(_INPUTS, _OUTPUTS)
    needed = {"cyc", "stb", "we", "adr", "dat_i", "dat_o", "ack"}
    stated = subject.design.kind == "wishbone_ram" or subject.says(r"\bRAM\b|\bmemory\b")
    if not needed <= set(ports) or subject.clock is None or not stated:
        return None
    hits = [subject.says(pattern) for pattern in (_ACCEPTED, _NEXT, _UNCHANGED, _STAY)]
    lanes, rest = divmod(subject.width(ports["dat_o"]), 8)
    whole = rest == 0 and subject.width(ports["dat_i"]) == 8 * lanes
    selects = "sel" not in ports or subject.width(ports["sel"]) == lanes
    if not all(hits) or not whole or not selects or not subject.accounts_for(ports.values()):
        return Choice(notes=("a Wishbone memory whose timing the specification leaves open: not modelled",))
    outputs = [ports[name] for name in _OUTPUTS]
    model = reference(
        "wishbone_ram",
        "WishboneRamModel",
        {"ports": ports, "reset": subject.reset_tuple, "lanes": lanes},
        outputs=outputs,
        requirements=checked(subject, outputs, *_ASPECTS),
        evidence=told(*hits),
    )
    return Choice(
        model=model,
        notes=("words that the test has not written aren't predicted: a memory outlives resets and tests",),
    )
