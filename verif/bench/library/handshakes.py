"""Choose the rules of the interfaces that a design speaks."""

from __future__ import annotations

import re

from verif.bench.library.choice import checked, snippet
from verif.bench.library.streams import Stream, channels, streams
from verif.bench.library.subject import ResetArgument, Subject
from verif.bench.oracles import Rule
from verif.design.model import Edge, ProtocolMatch
from verif.verdict import Oracle

_PASSES = (
    r"\b(?:every|each|all) (?:\w+ )?(?:words?|beats?|items?"
    r"|transfers?)\b.*\b(?:in order and unchanged|unchanged and in order|once, in order)"
)
_STANDS = r"\b(?:stays?|remains?|held|keeps?|stable)\b"
MORE_STAGES = (
    r"output (?:register|pipeline)|pipelined output|latency (?:of|is|=) (?:two|three|four|[2-9])"
    r"|\b(?:two|three|four|[2-9]) (?:clock )?cycles? (?:later|after)|DEPTH\W*\+ ?1 (?:words|entries|items)"
)
"""What a specification says of a FIFO whose words take longer, or of which more fit, than its memory tells."""


def interface_rules(subject: Subject) -> list[Rule]:
    """Return the rules of all recognised interfaces, for designs with a clock."""
    if not subject.design.sequential:
        return []
    return [*_stability(subject), *_axi_lite(subject), *_wishbone(subject), *_fifo(subject)]


def pass_through_rules(subject: Subject) -> list[Rule]:
    """Return the rules that a stream's data comes out as it went in, where the manifest or specification says so."""
    if (subject.fact("data_passes_through") != "true" and not subject.says(_PASSES)) or subject.clock is None:
        return []
    sinks = [stream for stream in streams(subject) if not stream.drives]
    sources = [stream for stream in streams(subject) if stream.drives]
    if len(sinks) != 1 or len(sources) != 1:
        return []
    sink, source = sinks[0], sources[0]
    return [_passes(subject, sink, source, name) for name in sink.payload if name in source.payload]


def reset_list(subject: Subject) -> list[ResetArgument]:
    """Return all resets of the design as arguments of a rule."""
    return [subject.reset_of(reset) for reset in subject.design.resets]


def clock_of(subject: Subject, port: str) -> str:
    """Return the clock that paces ``port``: the only one, else the one whose name begins alike."""
    clocks = [clock.name for clock in subject.design.clocks]
    alike = [name for name in clocks if name[:2].lower() == port[:2].lower()]
    return (clocks if len(clocks) == 1 else alike or clocks)[0]


def _stability(subject: Subject) -> list[Rule]:
    rules: list[Rule] = []
    if has_loose_payload(subject):
        return rules
    for stream in [*streams(subject), *channels(subject)]:
        stays = rf"{stream.valid}\W.*(?:{_STANDS}).*(?:until|while|taken)"
        stated = subject.says(stays)
        if stream.drives and subject.clock and (stream.strict or stated):
            rules.append(_valid_stable(subject, stream, stays))
    return rules


def _said_to_stand(subject: Subject, port: str) -> bool:
    """Return whether the specification says that ``port``, or the payload as a whole, stands."""
    what = rf"(?:{port}|payload|data|beat|word|offer)"
    return bool(subject.says(rf"\b{what}\b.*(?:{_STANDS})") or subject.says(rf"(?:{_STANDS}).*\b{what}\b.*unchanged"))


def side_inputs(subject: Subject) -> list[str]:
    """Return the data inputs that belong to no recognised interface: selects, flushes, gains and the like."""
    known = {port for match in subject.design.protocols for port in match.signals.values()}
    return [name for name in subject.inputs if name not in known]


def has_loose_payload(subject: Subject) -> bool:
    """Return whether a sink has payload inputs beside the recognised ones, which nothing keeps stable for it."""
    known = {port for match in subject.design.protocols for port in match.signals.values()}
    sinks = [
        match for match in subject.protocols("ready_valid") if match.role == "sink" and "data" not in match.signals
    ]
    prefixes = tuple(re.split(r"valid|vld", match.signals["valid"])[0] for match in sinks)
    return any(prefixes and name.startswith(prefixes) and name not in known for name in subject.inputs)


def _valid_stable(subject: Subject, stream: Stream, stays: str) -> Rule:
    payload = [port for port in stream.payload.values() if stream.strict or _said_to_stand(subject, port)]
    assert subject.clock is not None
    arguments: dict[str, object] = {
        "valid": stream.valid,
        "ready": stream.ready,
        "payload": payload,
        "clock": subject.clock.name,
        "reset": subject.reset_tuple,
    }
    if stream.has_settings and (settings := side_inputs(subject)):
        arguments["settings"] = settings
    stands = "it and its payload stand" if payload else "it stays 1"
    return Rule(
        id=f"{_slug(stream.valid)}-stable",
        title=f"Once {stream.valid} is 1, {stands} until {stream.ready} is 1.",
        snippet=snippet("rules.valid_stable", "ValidStableRule", arguments),
        oracle=Oracle.PROTOCOL if stream.strict else Oracle.SPEC,
        ports=(stream.valid, stream.ready, *payload),
        requirements=checked(subject, [stream.valid, *payload], stays),
        assume=assumption(subject, f"{stream.valid} |-> {stream.ready}"),
    )


def _axi_lite(subject: Subject) -> list[Rule]:
    rules = []
    for match in subject.protocols("axi4_lite"):
        if match.role != "target" or subject.clock is None:
            continue
        arguments = {"ports": dict(match.signals), "clock": subject.clock.name, "reset": subject.reset_tuple}
        rules.append(
            Rule(
                id=f"{_slug(match.name)}-responses",
                title="Each response answers a request that waits for it, with a code that AXI4-Lite has.",
                snippet=snippet("rules.axi_lite_target", "AxiLiteTargetRule", arguments),
                oracle=Oracle.PROTOCOL,
                ports=tuple(match.signals.values()),
                assume=_no_back_pressure(subject, match),
            )
        )
    return rules


def _wishbone(subject: Subject) -> list[Rule]:
    rules = []
    for match in subject.protocols("wishbone"):
        request = [match.signals[name] for name in ("cyc", "stb") if name in match.signals]
        answers = [match.signals[name] for name in ("ack", "err", "rty") if name in match.signals]
        pipelined = "stall" in match.signals or subject.says(r"\bpipelined\b.*wishbone|wishbone.*\bpipelined\b")
        if match.role != "target" or subject.clock is None or pipelined or len(request) < 2:
            continue
        arguments: dict[str, object] = {
            "request": request,
            "answers": answers,
            "clock": subject.clock.name,
            "reset": subject.reset_tuple,
        }
        if not subject.says(r"\bclassic\b"):
            arguments["maybe_pipelined"] = True
        rules.append(
            Rule(
                id=f"{_slug(match.name)}-answers",
                title=f"{' or '.join(answers)} only answers a strobe within a bus cycle.",
                snippet=snippet("rules.wishbone_target", "WishboneTargetRule", arguments),
                oracle=Oracle.PROTOCOL,
                ports=(*request, *answers),
                assume=assumption(subject, f"{request[1]} && !{answers[0]} |=> {request[1]}"),
            )
        )
    return rules


def _fifo(subject: Subject) -> list[Rule]:
    rules = []
    for match in subject.protocols("fifo"):
        signals = {name: match.signals.get(name) for name in ("wr_en", "rd_en", "full", "empty")}
        ports = {name: port for name, port in signals.items() if port}
        if match.role != "fifo" or len(ports) < 4 or not subject.design.resets or side_inputs(subject):
            continue
        arguments = {
            "ports": ports,
            "wr_clock": match.signals.get("wr_clk") or clock_of(subject, ports["wr_en"]),
            "rd_clock": match.signals.get("rd_clk") or clock_of(subject, ports["rd_en"]),
            "resets": reset_list(subject),
            "depth": _stated_depth(subject),
        }
        rules.append(
            Rule(
                id=f"{_slug(match.name)}-flags",
                title="A FIFO is empty when all words were read, full when no place is left, and never both.",
                snippet=snippet("rules.fifo_flags", "FifoFlagsRule", arguments),
                oracle=Oracle.PROTOCOL,
                ports=tuple(ports.values()),
                assume=_no_overrun(subject, ports),
            )
        )
    return rules


def _stated_depth(subject: Subject) -> int:
    """Return how many words fit where parameter and specification agree, else 0: an output register adds a place."""
    depth = subject.parameter("DEPTH", "FIFO_DEPTH") or 0
    size = rf"\b(?:(?:FIFO_)?DEPTH|{depth})\b"
    stated = subject.says(rf"{size}\W*(?:words|entries|items|elements|places|deep)\b|\bfull\b.*{size}")
    return depth if stated and not subject.says(MORE_STAGES) else 0


def _passes(subject: Subject, sink: Stream, source: Stream, name: str) -> Rule:
    assert subject.clock is not None
    arguments = {
        "operation": "pass",
        "operands": [sink.payload[name]],
        "result": source.payload[name],
        "width": subject.width(source.payload[name]),
        "valid_in": sink.valid,
        "ready_in": sink.ready,
        "valid_out": source.valid,
        "ready_out": source.ready,
        "clock": subject.clock.name,
        "reset": subject.reset_tuple,
        "registered": False,
    }
    order = r"in order|order in which|unchanged|exactly once"
    return Rule(
        id=f"{name}-passes-through",
        title=f"{source.payload[name]} gives what {sink.payload[name]} took, in order.",
        snippet=snippet("rules.results_in_order", "ResultsInOrderRule", arguments),
        oracle=Oracle.SPEC,
        ports=(*sink.ports, *source.ports),
        assume=assumption(subject, f"{source.valid} |-> {source.ready}"),
        requirements=checked(subject, source.ports, rf"{name}\b.*(?:{order})|(?:{order}).*{name}\b"),
    )


def assumption(subject: Subject, expression: str) -> str:
    """Return the one-line SVA assumption on the stimulus that ``expression`` holds at each edge out of reset."""
    clock, reset = subject.design.clocks[0], subject.reset
    edge = "posedge" if clock.edge is Edge.RISING else "negedge"
    out_of_reset = f" disable iff ({'' if reset.active_high else '!'}{reset.name})" if reset else ""
    return f"assume property (@({edge} {clock.name}){out_of_reset} {expression});"


def _no_back_pressure(subject: Subject, match: ProtocolMatch) -> str:
    pairs = [(match.signals.get(c + "valid"), match.signals.get(c + "ready")) for c in ("b", "r")]
    expression = " && ".join(f"(!{valid} || {ready})" for valid, ready in pairs if valid and ready)
    return assumption(subject, expression) if expression else ""


def _no_overrun(subject: Subject, ports: dict[str, str]) -> str:
    """Return the assumption that nobody writes while full or reads while empty, for FIFOs on one clock."""
    if subject.clock is None:
        return ""
    return assumption(subject, f"!({ports['wr_en']} && {ports['full']}) && !({ports['rd_en']} && {ports['empty']})")


def _slug(name: str) -> str:
    return re.sub(r"\W+|_+", "-", name.lower()).strip("-")
