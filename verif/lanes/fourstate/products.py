"""Products as wide as Verilog has them: read_slang cuts upper bits that can't be 1, and an X makes them X."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from verif.lanes.fourstate.rails import Net

_BITS = 32
"""Signs of a number in Yosys' JSON."""


def with_whole_products(module: Mapping[str, Any], fresh: int) -> dict[str, Any]:
    """Return the module, in which upper zeros next to a cut product are bits of it; ``fresh`` is an unused net.

    Zeros that are used without the product's own bits stay zeros.
    """
    upper: dict[Net, list[Net]] = {}
    cells: dict[str, Any] = {}
    for name, cell in module["cells"].items():
        missing = _missing(cell)
        if missing > 0:
            product = list(cell["connections"]["Y"])
            added: list[Net] = list(range(fresh, fresh + missing))
            fresh += missing
            upper[product[-1]] = added
            cell = _widened(cell, [*product, *added])
        cells[name] = cell
    if not upper:
        return dict(module)
    kept = {name: _connected(cell, upper) for name, cell in cells.items()}
    ports = {name: {**port, "bits": list(_with_upper(port["bits"], upper))} for name, port in module["ports"].items()}
    return {**module, "cells": kept, "ports": ports}


def _missing(cell: Mapping[str, Any]) -> int:
    if cell["type"] != "$mul" or int(cell["parameters"]["A_SIGNED"], 2):
        return 0
    nets = cell["connections"]
    return max(len(nets["A"]), len(nets["B"])) - len(nets["Y"])


def _widened(cell: Mapping[str, Any], product: Sequence[Net]) -> dict[str, Any]:
    parameters = {**cell["parameters"], "Y_WIDTH": f"{len(product):0{_BITS}b}"}
    return {**cell, "parameters": parameters, "connections": {**cell["connections"], "Y": list(product)}}


def _connected(cell: Mapping[str, Any], upper: Mapping[Net, list[Net]]) -> dict[str, Any]:
    nets = {port: list(_with_upper(bits, upper)) for port, bits in cell["connections"].items()}
    return {**cell, "connections": nets}


def _with_upper(bits: Sequence[Net], upper: Mapping[Net, list[Net]]) -> Iterator[Net]:
    """Give bits, with a product's upper bits for the zeros that follow its own."""
    waiting: list[Net] = []
    for bit in bits:
        if waiting and bit == "0":
            yield waiting.pop(0)
            continue
        yield bit
        waiting = list(upper.get(bit, ()))
