"""Read the netlist that Yosys wrote, and refuse what lanes can't run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from verif.errors import Unsupported
from verif.lanes.netlist import Bit, Edge, Memory, Netlist, ReadPort, Register, Table, WritePort

_GATES: Mapping[str, tuple[str, int]] = {
    "$_NOT_": ("A", 0b01),
    "$_BUF_": ("A", 0b10),
    "$_AND_": ("AB", 0b1000),
    "$_NAND_": ("AB", 0b0111),
    "$_OR_": ("AB", 0b1110),
    "$_NOR_": ("AB", 0b0001),
    "$_XOR_": ("AB", 0b0110),
    "$_XNOR_": ("AB", 0b1001),
    "$_ANDNOT_": ("AB", 0b0010),
    "$_ORNOT_": ("AB", 0b1011),
    "$_MUX_": ("ABS", 0b11001010),
}
"""Gate to its inputs and its table."""
_PLAIN = re.compile(r"\$_DFF_([PN])_")
_RESET = re.compile(r"\$_DFF_([PN])([PN])([01])_")
_LOAD = re.compile(r"\$_ALDFF_([PN])([PN])_")
_LATCH = re.compile(r"\$_DLATCH_([PN])_")
_INVERTER, _BUFFER = 0b01, 0b10


def read_netlist(file: Path, clocks: tuple[str, ...]) -> Netlist:
    """Read the top of a JSON netlist; ``clocks`` are its input ports that are clocks.

    Unsupported PE825 names what lanes have no room for: a register that isn't clocked by a clock input, that loads what
    isn't constant without its clock, or that both sets and resets without it.
    """
    modules = json.loads(file.read_text(encoding="utf-8"))["modules"].values()
    (top,) = [module for module in modules if module["attributes"].get("top")]
    return _Reader(top, clocks).netlist()


class _Reader:
    """One module of the JSON."""

    def __init__(self, module: Mapping[str, Any], clocks: tuple[str, ...]) -> None:
        self._module = module
        self._clocks = {module["ports"][name]["bits"][0]: name for name in clocks}
        self._names: dict[int, str] = {}
        self._starts: dict[int, int] = {}
        for name, net in sorted(module["netnames"].items(), key=lambda named: "." not in named[0]):
            self._look_at(name, net)  # the design's own names first
        self._tables = dict(self._read_tables())

    def netlist(self) -> Netlist:
        ports = self._module["ports"].items()
        inputs = {name: tuple(port["bits"]) for name, port in ports if port["direction"] == "input"}
        outputs = {name: _bits(port["bits"]) for name, port in ports if port["direction"] == "output"}
        registers, memories = [], []
        for name, cell in self._module["cells"].items():
            kind = cell["type"]
            if kind == "$mem_v2":
                memories.append(self._memory(cell))
            elif kind not in _GATES and kind not in ("$lut", "$scopeinfo"):
                registers.append(self._register(name, kind, cell["connections"]))
        return Netlist(
            inputs=inputs,
            outputs=outputs,
            tables=self._tables,
            registers=tuple(registers),
            memories=tuple(memories),
        )

    def _look_at(self, name: str, net: Mapping[str, Any]) -> None:
        bits = net["bits"]
        if not net.get("hide_name"):
            for place, bit in enumerate(bits):
                self._names.setdefault(bit, f"{name}[{place}]" if len(bits) > 1 else name)
        start = net["attributes"].get("init", "")
        for bit, value in zip(bits, reversed(start), strict=False):
            if value in "01" and isinstance(bit, int):
                self._starts[bit] = int(value)

    def _read_tables(self) -> Iterator[tuple[int, Table]]:
        for cell in self._module["cells"].values():
            kind, nets = cell["type"], cell["connections"]
            if kind == "$lut":
                inputs = _bits(nets["A"])
                yield nets["Y"][0], Table(inputs, int(cell["parameters"]["LUT"], 2) & ((1 << (1 << len(inputs))) - 1))
            elif kind in _GATES:
                pins, values = _GATES[kind]
                yield nets["Y"][0], Table(tuple(_bits(nets[pin])[0] for pin in pins), values)

    def _register(self, cell: str, kind: str, nets: Mapping[str, list[Bit]]) -> Register:
        output = next((nets[pin][0] for pin in ("Q", "Y") if pin in nets), 0)
        assert isinstance(output, int)
        name = self._names.get(output, cell)
        if kind in ("$tribuf", "$_TBUF_"):
            raise _refused(f"{name} is driven by a tri-state buffer")
        start = self._starts.get(output)
        if match := _LATCH.fullmatch(kind):
            return Register(
                name=name,
                output=output,
                next=output,
                edge=None,
                start=start,
                load=nets["E"][0],
                load_level=int(match[1] == "P"),
                loaded=_bits(nets["D"])[0],
            )
        load: tuple[Bit, int, Bit] = ("0", 1, "0")
        if match := _LOAD.fullmatch(kind):
            load = nets["L"][0], int(match[2] == "P"), _bits(nets["AD"])[0]
            if not isinstance(load[2], str):  # simulators load it at edges only
                raise _refused(f"{name} loads a value without its clock")
        elif match := _RESET.fullmatch(kind):
            load = nets["R"][0], int(match[2] == "P"), match[3]
        elif (match := _PLAIN.fullmatch(kind)) is None:
            raise _refused(f"{name} is a {kind.strip('$_')}")
        return Register(
            name=name,
            output=output,
            next=_bits(nets["D"])[0],
            edge=self._edge(nets["C"][0], match[1] == "P", name),
            start=start,
            load=load[0],
            load_level=load[1],
            loaded=load[2],
        )

    def _edge(self, bit: Bit, rising: bool, name: str) -> Edge:
        """Return the clock's edge, through inverters."""
        while isinstance(bit, int) and bit not in self._clocks:
            table = self._tables.get(bit)
            if table is None or table.values not in (_INVERTER, _BUFFER) or len(table.inputs) != 1:
                raise _refused(f"{name} is clocked by a signal that is not a clock input")
            rising ^= table.values == _INVERTER
            bit = table.inputs[0]
        if not isinstance(bit, int):
            raise _refused(f"{name} is clocked by a constant")
        return Edge(self._clocks[bit], rising)

    def _memory(self, cell: Mapping[str, Any]) -> Memory:
        numbers = {name: value for name, value in cell["parameters"].items() if isinstance(value, str)}
        nets, name = cell["connections"], str(cell["parameters"]["MEMID"]).removeprefix("\\")

        def number(key: str) -> int:
            return int(numbers[key], 2)

        width, abits, words = number("WIDTH"), number("ABITS"), number("SIZE")
        if any(bit == "1" for bit in numbers["RD_CLK_ENABLE"]) and number("RD_PORTS"):
            raise _refused(f"memory {name} is read at an edge")
        reads = tuple(
            ReadPort(_bits(nets["RD_ADDR"][p * abits : (p + 1) * abits]), tuple(nets["RD_DATA"][p * width :][:width]))
            for p in range(number("RD_PORTS"))
        )
        writes = tuple(self._write(cell, port, width, abits, name) for port in range(number("WR_PORTS")))
        return Memory(
            name=name,
            width=width,
            words=words,
            offset=number("OFFSET"),
            reads=reads,
            writes=writes,
            start=dict(_start(numbers["INIT"], width, words)),
        )

    def _write(self, cell: Mapping[str, Any], port: int, width: int, abits: int, name: str) -> WritePort:
        nets, parameters = cell["connections"], cell["parameters"]
        if parameters["WR_CLK_ENABLE"][::-1][port] != "1":
            raise _refused(f"memory {name} is written without a clock")
        rising = parameters["WR_CLK_POLARITY"][::-1][port] == "1"
        return WritePort(
            edge=self._edge(nets["WR_CLK"][port], rising, f"memory {name}"),
            address=_bits(nets["WR_ADDR"][port * abits : (port + 1) * abits]),
            data=_bits(nets["WR_DATA"][port * width : (port + 1) * width]),
            enables=_bits(nets["WR_EN"][port * width : (port + 1) * width]),
        )


def _start(text: str, width: int, words: int) -> Iterator[tuple[int, int]]:
    """Give the words that are known in full."""
    bits = text.zfill(width * words) if set(text) <= {"0", "1"} else text
    for word in range(words):
        end = len(bits) - word * width
        if end <= 0:
            return
        value = bits[max(end - width, 0) : end]
        if set(value) <= {"0", "1"}:
            yield word, int(value, 2)


def _bits(bits: list[Bit]) -> tuple[Bit, ...]:
    return tuple(bit if isinstance(bit, int) or bit == "1" else "0" for bit in bits)


def _refused(what: str) -> Unsupported:
    return Unsupported("PE825", f"lanes take registers of clock inputs and memories, and {what}")
