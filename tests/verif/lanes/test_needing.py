"""Memories are looked up in the lanes in which what is read matters, and in all of those."""

from __future__ import annotations

from itertools import product

from verif.lanes.needing import with_needs
from verif.lanes.netlist import Bit, Edge, Memory, Netlist, ReadPort, Register, Table, WritePort

CLOCK = Edge("clk", rising=True)
ADDRESS, GATE, OTHER, DATA, NEXT, KEPT = 2, 3, 4, 10, 20, 30
AND, XOR, CHOOSE = 0b1000, 0b0110, 0b11001010


def memory(*reads: ReadPort, writes: tuple[WritePort, ...] = ()) -> Memory:
    return Memory(name="kept", width=1, words=2, offset=0, reads=reads, writes=writes)


def netlist(tables: dict[int, Table], *memories: Memory, taken: Bit = NEXT) -> Netlist:
    return Netlist(
        inputs={"clk": (1,), "address": (ADDRESS,), "gate": (GATE,), "other": (OTHER,)},
        outputs={},
        tables=tables,
        registers=(Register(name="q", output=KEPT, next=taken, edge=CLOCK, start=None),),
        memories=memories,
    )


def needed(given: Netlist, number: int = 0) -> dict[tuple[int, int], int]:
    """Return where the first port of a memory is needed, for each level of ``GATE`` and ``OTHER``."""
    made = with_needs(given)
    bit = made.memories[number].reads[0].needed

    def value(net: Bit, levels: dict[Bit, int]) -> int:
        if net in levels:
            return levels[net]
        table = made.tables[int(net)]
        return table.values >> sum(value(each, levels) << place for place, each in enumerate(table.inputs)) & 1

    return {
        (gate, other): value(bit, {"0": 0, "1": 1, GATE: gate, OTHER: other})
        for gate, other in product((0, 1), repeat=2)
    }


READ = ReadPort((ADDRESS,), (DATA,))
EVERYWHERE = dict.fromkeys(product((0, 1), repeat=2), 1)


def test_a_read_behind_a_gate_is_needed_where_the_gate_is_open() -> None:
    given = netlist({NEXT: Table((DATA, GATE), AND)}, memory(READ))
    assert needed(given) == {(0, 0): 0, (0, 1): 0, (1, 0): 1, (1, 1): 1}


def test_a_read_that_is_not_chosen_is_not_needed() -> None:
    given = netlist({NEXT: Table((DATA, OTHER, GATE), CHOOSE)}, memory(READ))
    assert needed(given) == {(0, 0): 1, (0, 1): 1, (1, 0): 0, (1, 1): 0}


def test_a_read_that_two_take_is_needed_where_either_does() -> None:
    tables = {NEXT: Table((DATA, GATE), AND), 21: Table((DATA, OTHER), AND), 22: Table((NEXT, 21), XOR)}
    # Both at once cancel each other: the condition may hold more often than the read matters, never less.
    assert needed(netlist(tables, memory(READ), taken=22)) == {(0, 0): 0, (0, 1): 1, (1, 0): 1, (1, 1): 1}


def test_a_read_that_something_always_takes_is_needed_everywhere() -> None:
    assert needed(netlist({NEXT: Table((DATA, GATE), XOR)}, memory(READ))) == EVERYWHERE


def test_a_gate_that_depends_on_the_read_opens_nothing() -> None:
    tables = {21: Table((DATA, GATE), XOR), NEXT: Table((DATA, 21), AND)}
    assert needed(netlist(tables, memory(READ))) == EVERYWHERE


def test_a_read_that_is_written_is_needed_where_it_is() -> None:
    write = WritePort(CLOCK, address=(ADDRESS,), data=(DATA,), enables=(GATE,))
    given = netlist({}, memory(READ), memory(writes=(write,)), taken=OTHER)
    assert needed(given) == {(0, 0): 0, (0, 1): 0, (1, 0): 1, (1, 1): 1}


def test_a_read_at_an_address_that_is_read_is_needed_where_that_is() -> None:
    behind = ReadPort((DATA,), (DATA + 1,))
    given = netlist({NEXT: Table((DATA + 1, GATE), AND)}, memory(READ), memory(behind))
    assert needed(given, 0) == needed(given, 1) == {(0, 0): 0, (0, 1): 0, (1, 0): 1, (1, 1): 1}


def test_reads_at_one_address_become_one() -> None:
    ports = (READ, ReadPort((ADDRESS,), (DATA + 1,)))
    made = with_needs(netlist({NEXT: Table((DATA, DATA + 1), XOR)}, memory(*ports)))
    assert [port.data for port in made.memories[0].reads] == [(DATA,)]
    assert made.tables[NEXT].inputs == (DATA, DATA)
