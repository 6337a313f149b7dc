"""APB (AMBA IHI 0024) and Wishbone B4."""

from __future__ import annotations

from collections.abc import Iterator

from verif.property.protocols.model import Chapter, Drafted, Interface, covers, label, slug, stable


def apb(interface: Interface) -> Chapter | None:
    """Return the properties of an APB interface; None without select and enable."""
    if not interface.has("psel", "penable"):
        return None
    select, enable = interface["psel"], interface["penable"]
    ready = interface["pready"] if interface.has("pready") else "1'b1"
    shown = {label(select, "access"): (f"{select} && {enable} && {ready}", "An access completes.")}
    if interface.has("pready"):
        shown[label(select, "waits")] = (
            f"({select} && {enable} && !{ready}) ##1 {ready}",
            "An access is made to wait.",
        )
    if interface.has("pwrite"):
        write = interface["pwrite"]
        shown[label(select, "write_then_read")] = (
            f"({select} && {enable} && {ready} && {write}) ##1 ({select} && !{write})",
            "A read follows a write at once.",
        )
    return Chapter(
        heading=f"APB {interface.match.name} (AMBA IHI 0024): 3.1 writes, 3.3 reads, 4.1 operating states",
        properties=(
            *_apb_requests(interface, select, enable, ready),
            *_apb_answers(interface, select, enable),
            *covers(shown, interface.match.signals.values()),
        ),
    )


def _apb_requests(interface: Interface, select: str, enable: str, ready: str) -> Iterator[Drafted]:
    """Yield what the initiator owes."""
    directive = interface.obliges(interface.drives)
    waits = interface.get("pready")
    held = interface.get("paddr", "pwrite", "pprot", "pstrb")
    yield Drafted(
        name=label(select, "setup"),
        directive=directive,
        text=f"$rose({select}) |-> !{enable}",
        title=f"An access begins with a setup cycle: {select} without {enable}.",
        ports=(select, enable),
    )
    yield Drafted(
        name=label(select, "access_follows"),
        directive=directive,
        text=f"{select} && !{enable} |=> {select} && {enable}",
        title="The access phase follows the setup phase.",
        ports=(select, enable),
    )
    if waits:
        yield Drafted(
            name=label(select, "held"),
            directive=directive,
            text=f"{select} && {enable} && !{ready} |=> {select} && {enable}",
            title=f"An access stays until {ready} is 1.",
            ports=(select, enable, ready),
        )
    yield Drafted(
        name=label(enable, "falls"),
        directive=directive,
        text=f"{select} && {enable} && {ready} |=> !{enable}",
        title="An access that is done ends, or another one begins with its setup cycle.",
        ports=(select, enable, *waits),
    )
    if held:
        yield Drafted(
            name=label(select, "stable"),
            directive=directive,
            text=f"{select} && !({enable} && {ready}) |=> {stable(held)}",
            title="Address and control are stable throughout an access.",
            ports=(select, enable, *waits, *held),
        )
    if interface.has("pwrite", "pwdata"):
        write, data = interface["pwrite"], interface["pwdata"]
        yield Drafted(
            name=label(data, "stable"),
            directive=directive,
            text=f"{select} && {write} && !({enable} && {ready}) |=> $stable({data})",
            title="Write data is stable throughout a write.",
            ports=(select, enable, *waits, write, data),
        )


def _apb_answers(interface: Interface, select: str, enable: str) -> Iterator[Drafted]:
    """Yield what the target owes: it may answer whenever it likes, but never with an unknown."""
    if interface.has("pready"):
        ready = interface["pready"]
        yield Drafted(
            name=label(ready, "known"),
            directive=interface.obliges(not interface.drives),
            text=f"{select} && {enable} |-> !$isunknown({ready})",
            title=f"In an access {ready} is 0 or 1.",
            ports=(select, enable, ready),
        )


def wishbone(interface: Interface) -> Chapter | None:
    """Return the properties of a Wishbone interface; None without cycle and strobe."""
    if not interface.has("cyc", "stb", "ack"):
        return None
    cycle, strobe = interface["cyc"], interface["stb"]
    answers = interface.get("ack", "err", "rty")
    shown = {
        label(interface["ack"], "waits"): (
            f"({cycle} && {strobe} && !{interface['ack']}) ##1 {interface['ack']}",
            "An access is made to wait.",
        ),
        label(cycle, "block"): (
            f"({cycle} && {strobe} && {interface['ack']}) ##[1:4] ({cycle} && {strobe} && {interface['ack']})",
            "Two accesses are answered within a few cycles.",
        ),
    }
    return Chapter(
        heading=f"Wishbone {interface.match.name} (B4): 3.35, 3.45 and 3.50 answers, 3.25 cycle and strobe",
        properties=(
            *_wishbone_answers(interface, cycle, strobe, answers),
            *_wishbone_requests(interface, cycle, strobe, answers),
            *covers(shown, interface.match.signals.values()),
        ),
    )


def _wishbone_answers(interface: Interface, cycle: str, strobe: str, answers: list[str]) -> Iterator[Drafted]:
    directive = interface.obliges(not interface.drives)
    rule = "" if interface.has("stall") else f"{slug(interface.match.name)}-answers"
    either = " || ".join(answers)
    if not interface.has("stall"):
        request = f"{cycle} && {strobe}"
        yield Drafted(
            name=label(interface["ack"], "answers"),
            directive=directive,
            text=f"{either} |-> ({request}) || $past({request})",
            title=f"{' or '.join(answers)} only answers a strobe within a bus cycle.",
            ports=(*answers, cycle, strobe),
            rule=rule,
        )
    if len(answers) > 1:
        yield Drafted(
            name=label(interface["ack"], "alone"),
            directive=directive,
            text=f"$onehot0({{{', '.join(answers)}}})",
            title="An access has one answer.",
            ports=tuple(answers),
            rule=rule,
        )


def _wishbone_requests(interface: Interface, cycle: str, strobe: str, answers: list[str]) -> Iterator[Drafted]:
    directive = interface.obliges(interface.drives)
    held = interface.get("adr", "we", "sel")
    waits = interface["stall"] if interface.has("stall") else f"!({' || '.join(answers)})"
    then = " && ".join([cycle, strobe, *([stable(held)] if held else [])])
    read = (interface["stall"],) if interface.has("stall") else tuple(answers)
    yield Drafted(
        name=label(strobe, "held"),
        directive=directive,
        text=f"{cycle} && {strobe} && {waits} |=> {then}",
        title="A request stays as it is until it is taken."
        if interface.has("stall")
        else "A request stays until its answer.",
        ports=(cycle, strobe, *read, *held),
    )
