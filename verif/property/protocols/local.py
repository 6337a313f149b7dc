"""FIFOs and arbiters: no published standard, but rules that all of them share."""

from __future__ import annotations

from collections.abc import Iterator

from verif.property.ir import Directive
from verif.property.protocols.model import Chapter, Drafted, Interface, clock_event, counter, covers, label, slug


def fifo(interface: Interface) -> Chapter | None:
    """Return the properties of a FIFO's flags; None where flags or enables are missing.

    A word may take its time from the one side to the other, so a FIFO that holds words may be empty, too. A FIFO with
    an input that no FIFO has, such as a flush, or without a reset is only covered.
    """
    if not interface.has("wr_en", "rd_en", "full", "empty"):
        return None
    judged = not interface.side_inputs and bool(interface.design.resets)
    heading = f"FIFO {interface.match.name}: its flags; a write while full and a read while empty do nothing"
    if len(interface.design.clocks) > 1:
        code, flags = _between_clocks(interface) if judged else ("", ())
        return Chapter(heading=heading, properties=(*flags, *_fifo_covers(interface)), code=code)
    write, read = interface["wr_en"], interface["rd_en"]
    full, empty = interface["full"], interface["empty"]
    stored = label(interface.match.name, "stored")
    code = counter(interface, stored, f"{write} && !{full}", f"{read} && !{empty}") if judged else ""
    return Chapter(
        heading=heading,
        properties=(*(_flags(interface, stored) if judged else ()), *_fifo_covers(interface)),
        code=code,
    )


def _between_clocks(interface: Interface) -> tuple[str, tuple[Drafted, ...]]:
    """Return what holds on each side of a FIFO between two clocks, and the code that it reads.

    Words and room come over from the other side, so a flag rises by what its own side does, or by a reset. A reset of
    one side alone leaves pointers that don't fit: then nothing is judged until both sides are in reset. That is seen in
    time where resets are asynchronous; else nothing is asserted.
    """
    design = interface.design
    write_clock, read_clock = _sides(interface)
    several = len(design.clocks) != 2 or len(design.resets) > 2 or write_clock == read_clock
    if several or not all(reset.asynchronous for reset in design.resets):
        return "", ()
    split = label(interface.match.name, "split") if len(design.resets) == 2 else ""
    unless = f"!{split} && " if split else ""
    names = (("full", "wr_en", write_clock, "a write"), ("empty", "rd_en", read_clock, "a read"))
    found = []
    for flag, enable, clock, told in names:
        rises, does = interface[flag], interface[enable]
        found.append(
            Drafted(
                name=label(rises, "by", told),
                directive=Directive.ASSERT,
                text=f"{unless}$rose({rises}) |-> $past({does}) || $past({does}, 2)",
                title=f"A FIFO gets {flag} by {told} in one of the last two cycles of that side.",
                ports=(rises, does),
                clock=clock,
                rule=f"{slug(interface.match.name)}-flags",
            )
        )
    return (_split(interface, split, write_clock) if split else ""), tuple(found)


def _split(interface: Interface, name: str, clock: str) -> str:
    """Return a register that is 1 from a reset of one side alone until both sides are in reset."""
    one, other = (f"{'' if reset.active_high else '!'}{reset.name}" for reset in interface.design.resets)
    alone = label(interface.match.name, "alone")
    event = clock_event(interface.design, clock).removesuffix(")")
    return "\n".join(
        (
            f"  logic {alone}, {name};",
            f"  assign {alone} = ({one}) != ({other});",
            f"  initial {name} = 1'b0;",
            f"  always {event} or posedge {alone})",
            f"    if ({alone}) {name} <= 1'b1;",
            f"    else if ({one}) {name} <= 1'b0;",
        )
    )


def _sides(interface: Interface) -> tuple[str, str]:
    """Return the clocks of the two sides."""
    signals, clocks = interface.match.signals, interface.design.clocks
    return signals.get("wr_clk", clocks[0].name), signals.get("rd_clk", clocks[0].name)


def _flags(interface: Interface, stored: str) -> Iterator[Drafted]:
    write, read = interface["wr_en"], interface["rd_en"]
    full, empty = interface["full"], interface["empty"]
    ports = (write, read, full, empty)
    rule = f"{slug(interface.match.name)}-flags"
    rules = {
        label(full, "not", empty): (f"!({full} && {empty})", "A FIFO is never full and empty."),
        label(empty, "when_drained"): (f"{stored} == 0 |-> {empty}", "A FIFO from which all words were read is empty."),
        label(full, "stays"): (f"{full} && !{read} |=> {full}", "A full FIFO stays full until a word is read."),
    }
    for name, (text, title) in rules.items():
        read_ports = ports if stored in text else tuple(port for port in ports if port in text)
        yield Drafted(name=name, directive=Directive.ASSERT, text=text, title=title, ports=read_ports, rule=rule)


def _fifo_covers(interface: Interface) -> tuple[Drafted, ...]:
    signals = interface.match.signals
    clocks = [clock.name for clock in interface.design.clocks]
    write_clock, read_clock = _sides(interface) if len(clocks) > 1 else ("", "")
    full, empty = interface["full"], interface["empty"]
    ports = [*signals.values()]
    over = {label(full, "written"): (f"{full} && {interface['wr_en']}", "A write meets a full FIFO.")}
    under = {label(empty, "read"): (f"{empty} && {interface['rd_en']}", "A read meets an empty FIFO.")}
    found = [*covers(over, ports, write_clock), *covers(under, ports, read_clock)]
    if len(clocks) == 1:
        both = f"{interface['wr_en']} && {interface['rd_en']} && !{full} && !{empty}"
        found += covers({label(full, "and_drained"): (f"{full} ##[1:64] {empty}", "A full FIFO is drained.")}, ports)
        found += covers({label(interface.match.name, "passes"): (both, "A word goes in while one comes out.")}, ports)
    return tuple(found)


def arbiter(interface: Interface) -> Chapter | None:
    """Return the properties of an arbiter's grants; None for a single line."""
    if interface.match.role != "arbiter":
        return None
    request, grant = interface["req"], interface["gnt"]
    rules = {
        label(grant, "alone"): (f"$onehot0({grant})", "One requester at most is granted.", (grant,)),
        label(grant, "requested"): (
            f"({grant} & ~({request} | $past({request}))) == 0",
            "Only who requests, or did so in the cycle before, is granted.",
            (grant, request),
        ),
    }
    shown = {
        label(request, "contended"): (f"$countones({request}) > 1", "Several request at once."),
        label(grant, "passes_on"): (
            f"{grant} != 0 ##1 ({grant} != 0 && $changed({grant}))",
            "The grant passes from one requester to another at once.",
        ),
    }
    asserted = [
        Drafted(name=name, directive=Directive.ASSERT, text=text, title=title, ports=ports, rule=_GRANT)
        for name, (text, title, ports) in rules.items()
    ]
    return Chapter(
        heading=f"Arbiter {interface.match.name}",
        properties=(*asserted, *covers(shown, interface.match.signals.values())),
    )


_GRANT = "grant"
