"""What our own passes do to a flat netlist, inside the process that runs Yosys.

After them one step of the netlist is one tick of a run: all registers listen to one clock that ticks in each step, and
what simulators leave open is free. Only ``verif.formal.yosys_worker`` imports this.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import Any

from pyosys import libyosys as yosys

_ASYNCHRONOUS = {"$adff": ("\\ARST", "\\ARST_POLARITY"), "$aldff": ("\\ALOAD", "\\ALOAD_POLARITY")}
_CLOCKED = ("$dff", "$adff", "$aldff", "$memwr_v2")
_GROWING = ("$or", "$and", "$logic_or", "$logic_and", "$reduce_or", "$reduce_and", "$reduce_bool", "$pos", "$buf")
"""Cells whose output can't fall where an input rises."""
_FALLING = ("$not", "$logic_not")
_DIVISIONS = ("$div", "$mod", "$divfloor", "$modfloor")
_STATE = ("$sr", "$ff", "$adlatch", "$dlatchsr", "$dffsr", "$memrd_v2", "$mem_v2", "$mem", "$tribuf")

LATCH = "\\posedge_latch"
"""Attribute of a multiplexer that was a latch: its first input is what the closed latch holds."""


class Refusal(Exception):
    """A netlist that can't be read as one step a tick, in a sentence that begins in the middle."""


@dataclass(frozen=True)
class ActiveEdge:
    """What makes the registers of a clock take a value."""

    rising: bool
    """Whether the active edge is the rising one."""
    tick: str = ""
    """Wire that is 1 in the steps that end with this clock's edge; empty: all do."""


@dataclass
class Netlist:
    """The one module of the current Yosys design, flat and without processes."""

    design: Any = field(default_factory=yosys.yosys_get_design)
    """Lives as long as its Python object: whoever made a netlist keeps it until the process ends."""
    _names: Iterator[int] = field(default_factory=count)

    @cached_property
    def module(self) -> Any:
        """Return the top."""
        return self.design.top_module()

    def cells(self, *types: str) -> list[Any]:
        """Return the cells of some types; all without any."""
        found = [cell for _, cell in self.module.cells_.items()]
        return [cell for cell in found if cell.type.str() in types] if types else found

    def wire(self, name: str) -> Any:
        """Return a wire by its public name."""
        return self.module.wire(_id("\\" + name))

    def new(self) -> Any:
        """Return a name that nothing has."""
        return _id(f"$formal${next(self._names)}")

    def fresh(self, width: int) -> Any:
        """Return a signal without a driver."""
        return yosys.SigSpec(self.module.addWire(self.new(), width))

    def free(self, width: int) -> Any:
        """Return a signal that may have any value in each step."""
        return self.module.Anyseq(self.new(), width)


def free_x(netlist: Netlist) -> None:
    """Make free what simulators leave open, and give overlapping branches the order in which simulators take them.

    A division by zero and a shift beyond a vector's end have an unknown result, where solvers have a value;
    ``unique`` and ``parallel_case`` are promises that no simulator uses: the first branch that fits is taken. A closed
    latch is free too: what it holds may have come through it between a tick's edge and the next inputs. So proofs
    stand, and a stimulus may rest on a value that no simulation shows.
    """
    for cell in netlist.cells(*_DIVISIONS):
        _free_division(netlist, cell)
    for cell in netlist.cells("$shiftx"):
        _free_shift(netlist, cell)
    for cell in netlist.cells("$pmux"):
        _first_branch(netlist, cell)
    for cell in netlist.cells("$dlatch"):
        _free_latch(netlist, cell)


def one_step(netlist: Netlist, clocks: dict[str, ActiveEdge], base: str) -> None:
    """Clock every register with ``base``, enabled in the steps that end with its own clock's active edge.

    ``clocks`` is by input port. Refusal where a register listens to anything else: another edge, a gate, or an
    asynchronous reset that could be active for a moment between the edge and the next inputs.
    """
    drivers = _drivers(netlist)
    for cell in netlist.cells(*_STATE):
        kind = cell.type.str()
        if kind == "$memrd_v2" and not cell.getParam(_id("\\CLK_ENABLE")).as_bool():
            continue
        what = "a three-state driver" if kind == "$tribuf" else "a register with two asynchronous inputs"
        raise Refusal(f"{_name(cell)} is {what}")
    known = {**clocks, base: ActiveEdge(rising=True)}
    edges = [(cell, _edge_of(cell, known, drivers)) for cell in netlist.cells(*_CLOCKED)]
    for cell in netlist.cells(*_ASYNCHRONOUS):
        _check_reset(cell, drivers)
    for cell, edge in edges:
        if edge.tick:
            _enable(netlist, cell, yosys.SigSpec(netlist.wire(edge.tick)))
        cell.setPort(_id("\\CLK"), yosys.SigSpec(netlist.wire(base)))
        cell.setParam(_id("\\CLK_POLARITY"), yosys.Const(1, 1))
    for name, edge in clocks.items():
        _tie(netlist, name, 0 if edge.rising else 1)


def expose_free(netlist: Netlist, prefix: str) -> None:
    """Make an input of each free signal, so that a format without free signals has it."""
    for number, cell in enumerate(netlist.cells("$anyseq")):
        target = cell.getPort(_id("\\Y"))
        wire = netlist.module.addWire(_id(f"\\{prefix}{number}"), target.size())
        wire.port_input = True
        netlist.module.remove(cell)
        netlist.module.connect(target, yosys.SigSpec(wire))
    netlist.module.fixup_ports()


def memory_bits(netlist: Netlist) -> int:
    """Return the bits of all memories that are not registers."""
    sizes = [[cell.getParam(_id(name)).as_int() for name in ("\\SIZE", "\\WIDTH")] for cell in netlist.cells("$mem_v2")]
    return sum(size * width for size, width in sizes)


def _free_division(netlist: Netlist, cell: Any) -> None:
    module, output = netlist.module, cell.getPort(_id("\\Y"))
    quotient = netlist.fresh(output.size())
    cell.setPort(_id("\\Y"), quotient)
    some = module.ReduceBool(netlist.new(), cell.getPort(_id("\\B")))
    module.addMux(netlist.new(), netlist.free(output.size()), quotient, some, output)


def _free_latch(netlist: Netlist, cell: Any) -> None:
    module, output = netlist.module, cell.getPort(_id("\\Q"))
    enable, opened = cell.getPort(_id("\\EN")), cell.getPort(_id("\\D"))
    closed = netlist.free(output.size())
    if not cell.getParam(_id("\\EN_POLARITY")).as_bool():
        enable = module.Not(netlist.new(), enable)
    module.remove(cell)
    module.addMux(netlist.new(), closed, opened, enable, output).set_bool_attribute(_id(LATCH))


def _free_shift(netlist: Netlist, cell: Any) -> None:
    """Shift ones along: where a zero comes out the index is beyond the end."""
    module, output, index = netlist.module, cell.getPort(_id("\\Y")), cell.getPort(_id("\\B"))
    inside = netlist.fresh(output.size())
    ones = yosys.SigSpec(yosys.Const([yosys.State.S1] * cell.getPort(_id("\\A")).size()))
    signed = cell.getParam(_id("\\B_SIGNED")).as_bool()
    value = netlist.fresh(output.size())
    module.addShift(netlist.new(), ones, index, inside, signed)
    module.addShift(netlist.new(), cell.getPort(_id("\\A")), index, value, signed)
    module.addBwmux(netlist.new(), netlist.free(output.size()), value, inside, output)
    module.remove(cell)


def _first_branch(netlist: Netlist, cell: Any) -> None:
    """Let a branch be taken where none before it is: the highest select is the first branch."""
    if not cell.get_bool_attribute(_id("\\parallel_case")):
        return
    module, selects = netlist.module, cell.getPort(_id("\\S"))
    kept = yosys.SigSpec()
    for place in range(selects.size() - 1):
        later = module.ReduceOr(netlist.new(), selects.extract(place + 1, selects.size() - place - 1))
        alone = module.Not(netlist.new(), later)
        kept.append(module.And(netlist.new(), selects.extract(place, 1), alone))
    kept.append(selects.extract(selects.size() - 1, 1))
    cell.setPort(_id("\\S"), kept)


def _enable(netlist: Netlist, cell: Any, tick: Any) -> None:
    """Let a register or a memory's write port act only in the steps of its clock."""
    if cell.type.str() == "$memwr_v2":
        enable = cell.getPort(_id("\\EN"))
        cell.setPort(_id("\\EN"), netlist.module.And(netlist.new(), enable, tick.repeat(enable.size())))
        return
    old, new = cell.getPort(_id("\\Q")), cell.getPort(_id("\\D"))
    cell.setPort(_id("\\D"), netlist.module.Mux(netlist.new(), old, new, tick))


def _edge_of(cell: Any, clocks: dict[str, ActiveEdge], drivers: dict[Bit, Any]) -> ActiveEdge:
    """Return the active edge to which a cell listens, through inverters."""
    rising = cell.getParam(_id("\\CLK_POLARITY")).as_bool()
    (bit,) = _bits(cell.getPort(_id("\\CLK")))
    while (driver := drivers.get(bit)) is not None and driver.type.str() in ("$not", "$logic_not", "$pos", "$buf"):
        rising ^= driver.type.str() in ("$not", "$logic_not")
        (bit,) = _bits(driver.getPort(_id("\\A")))[:1]
    edge = clocks.get(bit[0].removeprefix("\\"))
    if edge is None or bit in drivers:
        raise Refusal(f"{_name(cell)} is clocked by a signal that is not a clock input")
    if edge.rising != rising:
        raise Refusal(f"{_name(cell)} moves with the inactive edge of {bit[0].removeprefix(chr(92))}")
    return edge


def _check_reset(cell: Any, drivers: dict[Bit, Any]) -> None:
    """Refuse a reset of registers and inputs mixed, and a load of what isn't constant: both may act between edges."""
    kind = cell.type.str()
    if kind == "$aldff" and not cell.getPort(_id("\\AD")).is_fully_const():
        raise Refusal(f"{_name(cell)} loads a value without its clock")
    port, polarity = _ASYNCHRONOUS[kind]
    rising = cell.getParam(_id(polarity)).as_bool()
    if len(_sources(cell.getPort(_id(port)), rising, drivers)) > 1:
        raise Refusal(f"the asynchronous reset of {_name(cell)} depends on registers and on inputs")


def _sources(signal: Any, rising: bool, drivers: dict[Bit, Any]) -> set[str]:
    """Return what could make a signal active between the edge and the next inputs: ``inputs``, ``registers``.

    ``rising``: active is 1. The registers of the module around the harness choose between reset and inputs, so they
    count as inputs. A register that stays 1 once it is 1 can't activate what it only ever ends.
    """
    found: set[str] = set()
    seen: set[tuple[Bit, bool]] = set()
    waiting = [(bit, rising) for bit in _bits(signal)]
    while waiting:
        bit, raises = waiting.pop()
        if (bit, raises) in seen:
            continue
        seen.add((bit, raises))
        driver = drivers.get(bit)
        kind = driver.type.str() if driver is not None else ""
        if driver is None or bit[0].startswith("\\posedge_"):
            found.add("inputs")
        elif kind in (*_CLOCKED, "$memrd_v2"):
            found |= set() if not raises and _stays(driver, bit, drivers) else {"registers"}
        else:
            signs = [raises] if kind in _GROWING else [not raises] if kind in _FALLING else [False, True]
            inputs = [each for port, signal in _ports(driver) if driver.input(port) for each in _bits(signal)]
            waiting += [(each, sign) for each in inputs for sign in signs]
    return found


def _stays(register: Any, bit: Bit, drivers: dict[Bit, Any]) -> bool:
    """Return whether a register of one bit is 1 for ever once it is 1: it takes itself or something else."""
    if register.type.str() != "$dff" or register.getPort(_id("\\Q")).size() != 1:
        return False
    waiting = _bits(register.getPort(_id("\\D")))
    while waiting:
        each = waiting.pop()
        if each == bit:
            return True
        driver = drivers.get(each)
        if driver is not None and driver.type.str() in ("$or", "$logic_or") and driver.getPort(_id("\\Y")).size() == 1:
            waiting += [*_bits(driver.getPort(_id("\\A"))), *_bits(driver.getPort(_id("\\B")))]
    return False


def _tie(netlist: Netlist, name: str, level: int) -> None:
    """Give a clock that is read as data the level that it has while outputs are sampled."""
    wire = netlist.wire(name)
    wire.port_input = False
    netlist.module.connect(yosys.SigSpec(wire), yosys.SigSpec(yosys.Const(level, 1)))
    netlist.module.fixup_ports()


Bit = tuple[str, int]
"""Wire and place in it."""


def _drivers(netlist: Netlist) -> dict[Bit, Any]:
    return {
        bit: cell
        for cell in netlist.cells()
        for port, signal in _ports(cell)
        if cell.output(port)
        for bit in _bits(signal)
    }


def _ports(cell: Any) -> Iterator[tuple[Any, Any]]:
    yield from cell.connections().items()


def _bits(signal: Any) -> list[Bit]:
    """Return the bits of a signal that are not constant."""
    bits = (signal.at(place) for place in range(signal.size()))
    return [(bit.wire.name.str(), bit.offset) for bit in bits if bit.is_wire()]


def _name(cell: Any) -> str:
    """Return what a cell drives, as the source has it."""
    port = _id("\\Q")
    if cell.hasPort(port):
        for place in range(cell.getPort(port).size()):
            bit = cell.getPort(port).at(place)
            if bit.is_wire() and bit.wire.name.str().startswith("\\"):
                return str(bit.wire.name.str().removeprefix("\\").removeprefix("harness."))
    where = cell.get_src_attribute().split("|")[0]
    return f"what is at {where}" if where else "a register"


def _id(name: str) -> Any:
    return yosys.IdString(name)
