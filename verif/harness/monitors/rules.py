"""The hardware of each kind of rule in ``verif.bench.library.rules``: module, parameters and connections."""

from __future__ import annotations

from collections.abc import Mapping

from verif.bench.library.rules.valid_stable import ValidStableRule
from verif.harness.monitors.arguments import Arguments, Uncovered
from verif.harness.monitors.hardware import Builder, Hardware
from verif.harness.monitors.nets import Nets, literal
from verif.harness.monitors.stated import STATED

_OPERATIONS = {"pass": 0, "sum": 0, "add": 1, "multiply": 2, "pack": 3}
_LONGEST_QUEUE = 8
"""Results that may be due at once before ``check_results_in_order`` gives up, as a power of two."""

_MOST_WORDS = 10
"""Words that may be in a FIFO before ``check_fifo_order`` gives up, as a power of two."""


def _valid_stable(nets: Nets, given: Arguments) -> Hardware:
    payload, settings = given.texts("payload"), given.texts("settings") if given.has("settings") else []
    first, low = 0, 0
    for port in reversed(payload):
        first |= 1 << low
        low += nets.width(port)
    width = nets.total(payload)
    return Hardware(
        module="check_valid_stable",
        connections={
            "clk": nets.clock(given.text("clock")),
            "valid": nets.bit(given.text("valid")),
            "ready": nets.bit(given.text("ready")),
            "payload": nets.joined(payload),
            "settings": nets.joined(settings),
        },
        parameters={
            "WIDTH": width,
            "FIRST": literal(first or 1, width),
            "SETTING_WIDTH": nets.total(settings),
            "SETTLES": ValidStableRule.SETTLES if settings else 0,
        },
    )


def _fifo_flags(nets: Nets, given: Arguments) -> Hardware:
    if not given.pairs("resets"):
        raise Uncovered("a FIFO without reset")
    ports = given.mapping("ports")
    connections = {name: nets.bit(ports[name]) for name in ("wr_en", "rd_en", "full", "empty")}
    wr_clock, rd_clock = nets.clock(given.text("wr_clock")), nets.clock(given.text("rd_clock"))
    depth = {"DEPTH": given.number("depth")}
    if wr_clock == rd_clock:
        return Hardware(module="check_fifo_flags", connections={"clk": wr_clock, **connections}, parameters=depth)
    active = [nets.active(str(port), int(level)) for port, level, _ in given.pairs("resets")]
    some, all_of_them = " | ".join(active), " & ".join(active)
    return Hardware(
        module="check_fifo_flags_two_clocks",
        connections={
            "wr_clk": wr_clock,
            "rd_clk": rd_clock,
            "some_in_reset": f"(({some}) & ~({all_of_them}))",
            "all_in_reset": f"({all_of_them})",
            **connections,
        },
        parameters=depth,
    )


def _fifo_order(nets: Nets, given: Arguments) -> Hardware:
    ports = given.mapping("ports")
    if given.text("wr_clock") != given.text("rd_clock"):
        raise Uncovered("two clocks: which of them ends a tick shows only at its edge")
    width = max(nets.width(ports["wr_data"]), nets.width(ports["rd_data"]))
    return Hardware(
        module="check_fifo_order",
        connections={
            "clk": nets.clock(given.text("wr_clock")),
            **{name: nets.bit(ports[name]) for name in ("wr_en", "full", "rd_en", "empty")},
            **{name: nets.fit(ports[name], width) for name in ("wr_data", "rd_data")},
        },
        parameters={
            "WIDTH": width,
            "SHOW_AHEAD": given.number("show_ahead"),
            "ADDRESS_WIDTH": _MOST_WORDS,
        },
    )


def _grant(nets: Nets, given: Arguments) -> Hardware:
    req, gnt = given.text("req"), given.text("gnt")
    width = max(nets.width(req), nets.width(gnt))
    return Hardware(
        module="check_grant",
        connections={"clk": nets.clock(given.text("clock")), "req": nets.fit(req, width), "gnt": nets.fit(gnt, width)},
        parameters={"WIDTH": width, "REGISTERED": given.number("registered")},
    )


def _axi_lite_target(nets: Nets, given: Arguments) -> Hardware:
    ports = given.mapping("ports")
    handshakes = [channel + side for channel in ("aw", "w", "b", "ar", "r") for side in ("valid", "ready")]
    connections = {name: nets.bit(ports[name]) if name in ports else "1'b0" for name in handshakes}
    for name in ("b", "r"):
        port = ports.get(f"{name}resp")
        connections[f"{name}exokay"] = f"({nets.net(port)} == {literal(1, nets.width(port))})" if port else "1'b0"
    return Hardware(module="check_axi_lite_target", connections={"clk": nets.clock(given.text("clock")), **connections})


def _wishbone_target(nets: Nets, given: Arguments) -> Hardware:
    request, answers = given.texts("request"), given.texts("answers")
    for port in (*request, *answers):
        nets.bit(port)
    return Hardware(
        module="check_wishbone_target",
        connections={
            "clk": nets.clock(given.text("clock")),
            "request": nets.joined(request),
            "answers": nets.joined(answers),
        },
        parameters={
            "REQUESTS": nets.total(request),
            "ANSWERS": nets.total(answers),
            "MAYBE_PIPELINED": given.number("maybe_pipelined"),
        },
    )


def _results_in_order(nets: Nets, given: Arguments) -> Hardware:
    operation, operands = given.text("operation"), given.texts("operands")
    group, operand_width = given.number("group", 1), given.number("operand_width")
    used = operands if operation == "add" else operands[:2] if operation == "multiply" else operands[:1]
    if operation not in _OPERATIONS or len(used) > 2 or (operation == "multiply" and len(used) < 2):
        raise Uncovered(f"{operation!r} of {len(operands)} operands")
    counted = max(group * operand_width, nets.width(operands[0])) if operation == "pack" else given.number("width")
    width = max(counted, nets.width(given.text("result")), *map(nets.width, used))
    ready_in, ready_out = given.text("ready_in"), given.text("ready_out")
    return Hardware(
        module="check_results_in_order",
        connections={
            "clk": nets.clock(given.text("clock")),
            "valid_in": nets.bit(given.text("valid_in")),
            "ready_in": nets.bit(ready_in) if ready_in else "1'b1",
            "a": nets.fit(used[0], width),
            "b": nets.fit(used[1], width) if len(used) > 1 else literal(0, width),
            "valid_out": nets.bit(given.text("valid_out")),
            "ready_out": nets.bit(ready_out) if ready_out else "1'b1",
            "result": nets.fit(given.text("result"), width),
        },
        parameters={
            "OPERATION": _OPERATIONS[operation],
            "GROUP": group,
            "WIDTH": width,
            "MASK": literal((1 << counted) - 1, width),
            "OPERAND_WIDTH": operand_width or 1,
            "REGISTERED": given.number("registered", 1),
            "ADDRESS_WIDTH": _LONGEST_QUEUE,
        },
    )


def _known(nets: Nets, given: Arguments) -> Hardware:
    outputs = given.texts("outputs")
    return Hardware(
        module="check_known", connections={"outputs": nets.joined(outputs)}, parameters={"WIDTH": nets.total(outputs)}
    )


def _payload_known(nets: Nets, given: Arguments) -> Hardware:
    payload = given.mapping("payload")
    valid = [f"{{{nets.width(port)}{{{nets.bit(its)}}}}}" for port, its in payload.items()]
    return Hardware(
        module="check_payload_known",
        connections={"payload": nets.joined(payload), "valid": f"{{{', '.join(valid)}}}"},
        parameters={"WIDTH": nets.total(payload)},
    )


RULES: Mapping[str, Builder] = {
    "ValidStableRule": _valid_stable,
    "FifoFlagsRule": _fifo_flags,
    "FifoOrderRule": _fifo_order,
    "GrantRule": _grant,
    "AxiLiteTargetRule": _axi_lite_target,
    "WishboneTargetRule": _wishbone_target,
    "ResultsInOrderRule": _results_in_order,
    "KnownRule": _known,
    "PayloadKnownRule": _payload_known,
    **STATED,
}
"""Class of a rule to its hardware."""
