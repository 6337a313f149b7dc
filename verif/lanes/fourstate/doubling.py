"""A word-level netlist with a second bit beside each, that tells whether the first is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from verif.errors import Unsupported
from verif.lanes.fourstate.buses import BUFFERS, doubled_buses
from verif.lanes.fourstate.cells import Cell, Connections, Made, doubled
from verif.lanes.fourstate.products import with_whole_products
from verif.lanes.fourstate.rails import Net, Nets, knowns, values
from verif.lanes.fourstate.storage import MEMORY, REGISTERS, Ports, Starts, doubled_memory, doubled_register

KNOWN = "known_"
"""Begins the port that tells which bits of a port are known."""
SURE, MAY = "sure_", "may_"
"""Begin the ports that tell where bits of a port are 1 for sure, and where they may be."""

Module = Mapping[str, Any]
"""A module of Yosys' JSON."""


def doubled_module(module: Module, *, small: Callable[[Ports], bool]) -> dict[str, Any]:
    """Return the module with the same inputs, all known, and for each output ``y`` also ``known_y sure_y may_y``.

    Cells are those of ``hdl/rules.sv`` and Yosys' own. Memories that are ``small`` become registers. Unsupported PE825
    for a cell that has no rule.
    """
    return _Doubler(module, small).module()


class _Doubler:
    """One module."""

    def __init__(self, module: Module, small: Callable[[Ports], bool]) -> None:
        module = with_whole_products(module, _unused(module))
        self._module = module
        self._small = small
        self._starts: Starts = dict(_starts(module))
        self._next = _unused(module)
        self._cells: dict[str, Any] = {}
        self._names: dict[str, Any] = {}
        self._ports: dict[str, Any] = {}

    def module(self) -> dict[str, Any]:
        for name, port in self._module["ports"].items():
            self._port(name, port)
        for name, net in self._module["netnames"].items():
            attributes = {key: text for key, text in net["attributes"].items() if key != "init"}
            start = self._start_of(values, net["bits"])
            self._names[name] = self._net(values(net["bits"]), attributes | start, hidden=net.get("hide_name", 0))
        for name, cell in self._module["cells"].items():
            if cell["type"] != "$scopeinfo" and cell["type"] not in BUFFERS:
                self._cell(
                    Cell(
                        name=name,
                        kind=cell["type"],
                        parameters=cell["parameters"],
                        connections=cell["connections"],
                        fresh=self._fresh,
                    )
                )
        for made in doubled_buses(self._module):
            self._add(made)
        return {
            "attributes": self._module["attributes"],
            "ports": self._ports,
            "cells": self._cells,
            "netnames": self._names,
        }

    def _fresh(self, count: int) -> list[Net]:
        self._next += count
        return list(range(self._next - count, self._next))

    def _cell(self, cell: Cell) -> None:
        if cell.kind in REGISTERS:
            made = doubled_register(cell, lambda nets: self._known_register(cell, nets))
        elif cell.kind == MEMORY:
            made = doubled_memory(cell, small=self._small)
        else:
            made = doubled(cell)
        for each in made:
            self._add(each)

    def _add(self, made: Made) -> None:
        self._cells[f"$rule${len(self._cells)}"] = {
            "hide_name": 1,
            "type": made.kind,
            "parameters": dict(made.parameters),
            "attributes": {},
            "connections": made.connections,
        }

    def _known_register(self, cell: Cell, nets: list[Net]) -> None:
        """Say what the known bits of a register begin with: 1 where it has a start value."""
        start = "".join("1" if net in self._starts else "0" for net in reversed(cell.connections["Q"]))
        self._names[f"{cell.name}$known"] = self._net(nets, {"init": start}, hidden=1)

    def _start_of(self, side: Callable[[Nets], list[Net]], nets: Nets) -> dict[str, str]:
        text = "".join(self._starts.get(net, "x") for net in reversed(nets))
        return {"init": text} if set(text) - {"x"} else {}

    def _port(self, name: str, port: Mapping[str, Any]) -> None:
        nets = port["bits"]
        if port["direction"] == "inout":
            raise Unsupported("PE825", f"four states have no port in two directions, as {name} is")
        if port["direction"] == "input":
            self._ports[name] = {"direction": "input", "bits": values(nets)}
            self._given(knowns(nets))
            return
        told: Connections = {"SURE": values(self._fresh(len(nets))), "MAY": values(self._fresh(len(nets)))}
        self._add(
            Made(
                kind="rule_told",
                parameters={"WIDTH": len(nets)},
                connections={"A": values(nets), "AK": knowns(nets), **told},
            )
        )
        outputs = {name: values(nets), KNOWN + name: knowns(nets), SURE + name: told["SURE"], MAY + name: told["MAY"]}
        self._ports |= {each: {"direction": "output", "bits": bits} for each, bits in outputs.items()}

    def _given(self, nets: list[Net]) -> None:
        """Make nets 1."""
        self._add(
            Made(
                kind="$pos",
                parameters={"A_SIGNED": 0, "A_WIDTH": len(nets), "Y_WIDTH": len(nets)},
                connections={"A": ["1"] * len(nets), "Y": nets},
            )
        )

    @staticmethod
    def _net(nets: list[Net], attributes: Mapping[str, str], *, hidden: int) -> dict[str, Any]:
        return {"hide_name": hidden, "bits": nets, "attributes": dict(attributes)}


def _starts(module: Module) -> Iterator[tuple[Net, str]]:
    for net in module["netnames"].values():
        for bit, value in zip(net["bits"], reversed(net["attributes"].get("init", "")), strict=False):
            if value in "01":
                yield bit, value


def _unused(module: Module) -> int:
    """Return the first number that is no net's, nor is any after it."""
    return 1 + max((net for net in _all_nets(module) if isinstance(net, int)), default=1)


def _all_nets(module: Module) -> Iterator[Net]:
    for net in module["netnames"].values():
        yield from net["bits"]
    for cell in module["cells"].values():
        for nets in cell["connections"].values():
            yield from nets
