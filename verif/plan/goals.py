"""The baseline's coverage goals: values that each port should have shown, and pairs that should have met."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from verif.design.model import Design, Port, PortRole
from verif.plan import naming
from verif.plan.model import CoverPoint, Driver

Bins = dict[str, tuple[int, int]]
MAX_BINS = 32
"""Values of a selection, lines of an arbiter, that get a bin of their own."""
MAX_PORTS = 64
"""Ports with goals of their own; a design with more gets them for the first ones, inputs and outputs in turn."""


def baseline_goals(design: Design, drivers: tuple[Driver, ...]) -> tuple[CoverPoint, ...]:
    """Return the coverage points: every port's bins, then crosses of handshakes."""
    ports = list(_chosen(design))
    names = {port.name for port in ports}
    special = _special_bins(design, drivers)
    single = tuple(
        CoverPoint(name=port.name, port=port.name, bins=special.get(port.name) or bins(port.width)) for port in ports
    )
    crosses = tuple(_crosses(drivers, names))
    return single + crosses


def bins(width: int) -> Bins:
    """Return named ranges over a port: each value up to two bits, else zero, low, middle, high and all ones."""
    top = (1 << width) - 1
    if width == 1:
        return {"low": (0, 0), "high": (1, 1)}
    if width == 2:
        return {f"value_{value}": (value, value) for value in range(4)}
    third = top // 3
    return {
        "zero": (0, 0),
        "small": (1, third),
        "middle": (third + 1, 2 * third),
        "large": (2 * third + 1, top - 1),
        "ones": (top, top),
    }


def _special_bins(design: Design, drivers: Iterable[Driver]) -> dict[str, Bins]:
    """Return the bins of ports whose values have a meaning: selections, grants, fill levels."""
    special: dict[str, Bins] = {}
    for driver in drivers:
        if driver.kind == "Selection":
            special |= {port: _selection_bins(driver) for port in driver.ports.values()}
        elif driver.kind == "Requester" and "gnt" in driver.ports:
            lines = range(min(int(str(driver.options["width"])), MAX_BINS))
            special[driver.ports["gnt"]] = {"none": (0, 0)} | {f"line_{n}": (1 << n, 1 << n) for n in lines}
        elif driver.kind == "FifoPush":
            special |= _level_bins(design, int(str(driver.options.get("depth", 0))))
    return special


def _selection_bins(driver: Driver) -> Bins:
    """Return one bin a meaningful value, if they aren't too many."""
    listed, width = driver.options.get("values"), int(str(driver.options["width"]))
    values = listed if isinstance(listed, list) else list(range(1 << min(width, 10)))
    return {f"value_{value}": (value, value) for value in values} if len(values) <= MAX_BINS else {}


def _level_bins(design: Design, depth: int) -> dict[str, Bins]:
    """Return bins of the outputs that count the entries of a FIFO of known depth."""
    if depth < 4:
        return {}
    half = depth // 2
    levels: Bins = {
        "empty": (0, 0),
        "lower_half": (1, half),
        "upper_half": (half + 1, depth - 1),
        "full": (depth, depth),
    }
    counts = [port for port in design.outputs if naming.words(port.name) & naming.LEVELS]
    return {port.name: levels for port in counts if depth < 1 << port.width}


def _chosen(design: Design) -> Iterator[Port]:
    ports = [p for p in design.ports if p.role is PortRole.DATA and p.direction.value != "inout" and p.flat]
    inputs = [port for port in ports if port.direction.value == "input"]
    outputs = [port for port in ports if port.direction.value == "output"]
    if len(ports) <= MAX_PORTS:
        yield from ports
        return
    half = MAX_PORTS // 2
    yield from inputs[: max(half, MAX_PORTS - len(outputs))]
    yield from outputs[: max(half, MAX_PORTS - len(inputs))]


_PAIRS = {
    "StreamSource": (("valid", "ready"),),
    "InstructionSource": (("valid", "ready"),),
    "StreamSink": (("valid", "ready"),),
    "FifoPush": (("en", "full"), ("en", "pop")),
    "FifoPop": (("en", "empty"),),
    "ApbMaster": (("write", "ready"), ("write", "slverr")),
    "AxiLiteMaster": (
        ("awvalid", "awready"),
        ("wvalid", "wready"),
        ("bvalid", "bready"),
        ("arvalid", "arready"),
        ("rvalid", "rready"),
    ),
    "WishboneMaster": (("we", "ack"),),
    "Operation": (("start", "busy"), ("start", "done")),
}


def _crosses(drivers: Iterable[Driver], names: set[str]) -> Iterator[CoverPoint]:
    seen: set[tuple[str, str]] = set()
    for driver in drivers:
        for first, second in _PAIRS.get(driver.kind, ()):
            pair = (driver.ports.get(first, ""), driver.ports.get(second, ""))
            if set(pair) <= names and pair not in seen:
                seen.add(pair)
                yield CoverPoint(name=f"{pair[0]}_x_{pair[1]}", cross=pair)
