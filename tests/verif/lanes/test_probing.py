"""A probe tells of every mutant that changes what a netlist does next."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

import pytest

from verif.harness.model import COVERS
from verif.lanes.cones import Cones
from verif.lanes.netlist import Bit, Edge, Memory, Netlist, ReadPort, Register, Table, WritePort
from verif.lanes.probing import probed

CLOCK = Edge("clk", True)
FREE, MUTANTS, REGISTERS = 5, 6, 3


def random_netlist(seed: int, *, tables: int = 24) -> Netlist:
    """Return a netlist of free inputs, a selector with a bit for each mutant, registers and functions of them."""
    rng = Random(seed)
    free, selector = list(range(1, FREE + 1)), list(range(11, 11 + MUTANTS))
    registers = list(range(31, 31 + REGISTERS))
    nets: list[Bit] = [*free, *registers, "1"]
    made: dict[int, Table] = {}
    for net in range(101, 101 + tables):
        pool = [*nets[-8:], *nets, *selector]
        inputs = tuple(rng.choice(pool) for _ in range(rng.choice([1, 2, 3, 3, 3])))
        made[net] = Table(inputs, rng.getrandbits(1 << len(inputs)))
        nets.append(net)
    return Netlist(
        inputs={"a": tuple(free), "pe_mutant": tuple(selector)},
        outputs={"y": (rng.choice(nets),)},
        tables=made,
        registers=tuple(
            Register(name=f"r{net}", output=net, next=rng.choice(nets[-12:]), edge=CLOCK, start=0) for net in registers
        ),
        memories=(),
    )


def values(netlist: Netlist, given: Mapping[Bit, int], every: int) -> dict[Bit, int]:
    """Return the value of each net, a bit for each state that is tried."""
    found: dict[Bit, int] = {"0": 0, "1": every, **given}
    roots = [*netlist.tables]
    for node in Cones(netlist).order(roots):
        assert isinstance(node, int)
        table = netlist.tables[node]
        whole = 0
        for row in range(1 << len(table.inputs)):
            if table.values >> row & 1:
                hit = every
                for place, bit in enumerate(table.inputs):
                    hit &= found[bit] if row >> place & 1 else every ^ found[bit]
                whole |= hit
        found[node] = whole
    return found


def all_states(netlist: Netlist) -> tuple[dict[Bit, int], int]:
    """Return values of the free inputs and registers that make every state, and all states as bits."""
    nets = [*netlist.inputs["a"], *(register.output for register in netlist.registers)]
    states = 1 << len(nets)
    columns = {net: sum(1 << state for state in range(states) if state >> n & 1) for n, net in enumerate(nets)}
    return dict(columns), (1 << states) - 1


def ends(netlist: Netlist) -> list[Bit]:
    return [*(register.next for register in netlist.registers), *netlist.outputs["y"]]


@pytest.mark.parametrize("seed", range(60))
def test_probe_tells_of_each_mutant_wherever_it_changes_an_end(seed: int) -> None:
    netlist = random_netlist(seed)
    selector = netlist.inputs["pe_mutant"]
    free, every = all_states(netlist)
    design = values(netlist, {**free, **dict.fromkeys(selector, 0)}, every)
    probe = probed(netlist, selector)
    told = values(probe, free, every)
    for one, two in zip(ends(netlist), ends(probe), strict=True):
        assert design[one] == told[two]
    for number, point in enumerate(probe.outputs[COVERS]):
        chosen = {net: every if place == number else 0 for place, net in enumerate(selector)}
        mutant = values(netlist, {**free, **chosen}, every)
        changed = 0
        for bit in ends(netlist):
            changed |= mutant[bit] ^ design[bit]
        assert not changed & ~told[point]


def test_probe_of_a_choice_tells_where_it_is_seen() -> None:
    """y = (s ? a : b) & c: the mutant shows where a is not b and c is 1."""
    netlist = Netlist(
        inputs={"a": (1, 2, 3), "pe_mutant": (11,)},
        outputs={"y": (22,)},
        tables={21: Table((2, 1, 11), 0b11001010), 22: Table((21, 3), 0b1000)},
        registers=(),
        memories=(),
    )
    probe = probed(netlist, (11,))
    free, every = all_states(netlist)
    found = values(probe, free, every)
    (point,) = probe.outputs[COVERS]
    assert found[point] == (found[1] ^ found[2]) & found[3]


def test_mutant_that_nothing_takes_is_never_told() -> None:
    netlist = Netlist(
        inputs={"a": (1, 2, 3), "pe_mutant": (11, 12)},
        outputs={"y": (22,)},
        tables={21: Table((2, 1, 11), 0b11001010), 22: Table((1, 3), 0b1000)},
        registers=(),
        memories=(),
    )
    assert probed(netlist, (11, 12)).outputs[COVERS] == ("0", "0")


def test_mutant_at_an_address_matters_where_what_is_read_is_seen() -> None:
    memory = Memory(
        name="m",
        width=1,
        words=4,
        offset=0,
        reads=(ReadPort((21, 2), (41,)),),
        writes=(WritePort(CLOCK, (1, 2), (3,), ("1",)),),
    )
    netlist = Netlist(
        inputs={"a": (1, 2, 3), "clk": (9,), "pe_mutant": (11,)},
        outputs={"y": (22,)},
        tables={21: Table((1, 11), 0b0110), 22: Table((41, 3), 0b1000)},
        registers=(),
        memories=(memory,),
    )
    assert probed(netlist, (11,)).outputs[COVERS] == (3,)


def test_mutant_that_loads_without_a_clock_always_matters() -> None:
    register = Register(name="r", output=31, next=1, edge=CLOCK, start=0, load=21, loaded="1")
    netlist = Netlist(
        inputs={"a": (1, 2), "pe_mutant": (11, 12)},
        outputs={"y": (22,)},
        tables={21: Table((2, 11), 0b1000), 22: Table((31, 1, 12), 0b11001010)},
        registers=(register,),
        memories=(),
    )
    first, second = probed(netlist, (11, 12)).outputs[COVERS]
    assert first == "1"
    assert second != "1"
