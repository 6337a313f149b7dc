"""The hardware of models of arithmetic and logic."""

from __future__ import annotations

from collections.abc import Mapping

from verif.harness.monitors.arguments import Arguments, Uncovered
from verif.harness.monitors.hardware import Builder, Hardware, Ports
from verif.harness.monitors.nets import Nets, literal

_OPERATIONS = (
    *("add", "sub", "and", "or", "xor", "nor", "nand", "xnor", "not", "pass", "inc", "dec", "sll", "srl", "sra"),
    *("slt", "sltu"),
)
"""In the order of ``check_alu``, from 2 on."""
_FLAGS: Mapping[object, int] = {None: 0, 0: 1, 1: 2, "carry": 3, "borrow": 4, "overflow": 5}
_MOST_CODE_BITS = 6


def _adder(nets: Nets, given: Arguments) -> Hardware:
    given.only("ports", "base")
    ports = Ports(nets, given, clocked=False)
    base = given.number("base")
    width = max(ports.width("a", "b", "sum", "carry_out"), base.bit_length()) + 2
    ports.take("a", width)
    ports.take("b", width)
    ports.take("carry_in", absent=0)
    checked = ports.compare(sum=width, carry_out=width)
    return ports.build("check_adder", WIDTH=width, BASE=literal(base, width), CHECKED=checked)


def _subtractor(nets: Nets, given: Arguments) -> Hardware:
    given.only("ports", "width")
    ports, width = Ports(nets, given, clocked=False), given.number("width")
    ports.take("a", width)
    ports.take("b", width)
    ports.take("borrow_in", absent=0)
    checked = ports.compare(difference=width, borrow_out=1, overflow=1)
    return ports.build("check_subtractor", WIDTH=width, CHECKED=checked)


def _comparator(nets: Nets, given: Arguments) -> Hardware:
    given.only("ports")
    ports = Ports(nets, given, clocked=False)
    width = ports.width("a", "b")
    ports.take("a", width)
    ports.take("b", width)
    return ports.build("check_comparator", WIDTH=width, CHECKED=ports.compare(greater=1, equal=1, less=1))


def _division(nets: Nets, given: Arguments) -> Hardware:
    given.only("ports")
    ports = Ports(nets, given, clocked=False)
    names = ("dividend", "divisor", "quotient", "remainder")
    width = ports.width(*names)
    for name in names:
        ports.take(name, width)
    return ports.build("check_division", WIDTH=width)


def _multiplier(nets: Nets, given: Arguments) -> Hardware:
    given.only("ports", "reset", "width", "latency")
    latency = given.number("latency")
    ports = Ports(nets, given, clocked=latency > 0)
    width = max(ports.width("a", "b", "product"), given.number("width"))
    for name in ("a", "b", "product"):
        ports.take(name, width)
    mask = literal((1 << given.number("width")) - 1, width)
    if latency == 0:
        return ports.build("check_product", WIDTH=width, MASK=mask)
    return ports.build("check_multiplier", WIDTH=width, MASK=mask, LATENCY=latency)


def _multiply_accumulate(nets: Nets, given: Arguments) -> Hardware:
    given.only("ports", "reset", "width")
    ports = Ports(nets, given)
    width = max(ports.width("a", "b", "total"), given.number("width"))
    for name in ("a", "b", "total"):
        ports.take(name, width)
    ports.take("en", absent=1)
    mask = literal((1 << given.number("width")) - 1, width)
    return ports.build("check_multiply_accumulate", WIDTH=width, MASK=mask)


def _divider(nets: Nets, given: Arguments) -> Hardware:
    given.only("ports", "reset", "width", "latency")
    ports, width = Ports(nets, given), given.number("width")
    ports.take("start")
    ports.take("dividend", width)
    ports.take("divisor", width)
    checked = ports.compare(busy=1, done=1, quotient=width, remainder=width, div_by_zero=1)
    return ports.build("check_divider", WIDTH=width, LATENCY=given.number("latency"), CHECKED=checked)


def _alu(nets: Nets, given: Arguments) -> Hardware:
    given.only("ports", "width", "operations", "reserved")
    ports, width = Ports(nets, given, clocked=False), given.number("width")
    codes = ports.width("op")
    if codes > _MOST_CODE_BITS or width < 2 or (given.has("reserved") and given.number("reserved")):
        raise Uncovered("its operation codes")
    ports.take("op", codes)
    ports.take("a", width)
    ports.take("b", width)
    checked = ports.compare(y=width, zero=1, negative=1, carry=1, overflow=1)
    operations = given.mapping("operations")
    reserved = (1 | 1 << 5 | 1 << 8) if given.has("reserved") else 0
    table = 0
    for code in range(1 << codes):
        table |= (_entry(operations[code]) if code in operations else reserved) << 11 * code
    return ports.build("check_alu", WIDTH=width, OP_WIDTH=codes, TABLE=literal(table, 11 << codes), CHECKED=checked)


def _entry(operation: object) -> int:
    """Return the 11 bits of the module's table for an operation with its flag rules."""
    if operation is None:
        return 0
    if not isinstance(operation, tuple) or operation[0] not in _OPERATIONS or not set(operation[1:]) <= set(_FLAGS):
        raise Uncovered(f"its operation {operation!r}")
    name, carry, overflow = operation
    return _OPERATIONS.index(name) + 2 | _FLAGS[overflow] << 5 | _FLAGS[carry] << 8


def _priority_encoder(nets: Nets, given: Arguments) -> Hardware:
    given.only("ports", "highest_wins", "idle")
    ports = Ports(nets, given, clocked=False)
    width = ports.width("lines", "onehot")
    ports.take("enable", absent=1)
    ports.take("lines", width)
    checked = ports.compare(index=32, onehot=width, valid=1, multiple=1)
    return ports.build(
        "check_priority_encoder",
        WIDTH=width,
        HIGHEST_WINS=given.number("highest_wins"),
        HAS_IDLE=int(given.has("idle")),
        IDLE=given.number("idle") if given.has("idle") else 0,
        CHECKED=checked,
    )


ARITHMETIC: Mapping[str, Builder] = {
    "AdderModel": _adder,
    "SubtractorModel": _subtractor,
    "ComparatorModel": _comparator,
    "DivisionModel": _division,
    "MultiplierModel": _multiplier,
    "MultiplyAccumulateModel": _multiply_accumulate,
    "DividerModel": _divider,
    "AluModel": _alu,
    "PriorityEncoderModel": _priority_encoder,
}
"""Class of a model to its hardware."""
