"""Wires that tri-state buffers drive, several of them perhaps: what Verilog makes of all drivers, bit by bit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from verif.errors import Unsupported
from verif.lanes.fourstate.cells import Made
from verif.lanes.fourstate.rails import Net, knowns, values

BUFFERS = {"$tribuf": "EN", "$_TBUF_": "E"}
"""Cells that let go of their output, and what their enable is called."""


def doubled_buses(module: Mapping[str, Any]) -> Iterator[Made]:
    """Give a rule for each bit that buffers drive; a bit that none drives is Z, which is unknown.

    Unsupported PE825 where something else drives such a bit too.
    """
    drivers: dict[Net, list[tuple[Net, Net]]] = {}
    for cell in module["cells"].values():
        if cell["type"] in BUFFERS:
            nets = cell["connections"]
            (enable,) = nets[BUFFERS[cell["type"]]]
            for source, bit in zip(nets["A"], nets["Y"], strict=True):
                drivers.setdefault(bit, []).append((source, enable))
    if drivers and (both := drivers.keys() & set(_driven(module))):
        names = (name for name, net in module["netnames"].items() if both & set(net["bits"]))
        raise Unsupported(
            "PE825", f"four states have no rule for {min(names)}, which a tri-state buffer and logic drive"
        )
    for bit, mine in drivers.items():
        sources, enables = (list(nets) for nets in zip(*mine, strict=True))
        yield Made(
            kind="rule_bus",
            parameters={"DRIVERS": len(mine)},
            connections={
                **{"A": values(sources), "AK": knowns(sources), "E": values(enables), "EK": knowns(enables)},
                **{"Y": values([bit]), "YK": knowns([bit])},
            },
        )


def _driven(module: Mapping[str, Any]) -> Iterator[Net]:
    """Give the nets that inputs and other cells than buffers drive."""
    for port in module["ports"].values():
        if port["direction"] != "output":
            yield from port["bits"]
    for cell in module["cells"].values():
        if cell["type"] not in BUFFERS:
            for name, nets in cell["connections"].items():
                if cell["port_directions"].get(name) == "output":
                    yield from nets
