"""Black boxes of two copies of a design in one netlist: those of the same name give the same answers.

That holds as long as they get the same inputs, so whether they ever don't is asked with everything else. Only
``verif.formal.yosys_worker`` imports this.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from pyosys import libyosys as yosys

from verif.formal.netlist import Netlist, Refusal
from verif.formal.starts import CopyNames


def black_boxes(
    netlist: Netlist,
    shown: str,
    *,
    first: str,
    second: str,
    ending: str,
    names: Collection[str],
    boxes: Collection[str],
) -> None:
    """Take the black boxes out: what they drive is free and the same in both copies.

    The wire ``shown`` is 1 in the steps in which the inputs of some differ. Refusal where one has no partner, or one
    with other parameters.
    """
    known = CopyNames(ending, frozenset(names), {})
    ones = dict(_instances(netlist, first, set(boxes)))
    found = _instances(netlist, second, {name + ending if name in names else name for name in boxes})
    others = {known.plain(path): cell for path, cell in found}
    for path in [*ones, *others]:
        if path not in ones or path not in others:
            raise Refusal(f"the black box {path} is in one version only")
        if _parameters(ones[path]) != _parameters(others[path]):
            raise Refusal(f"the black box {path} has other parameters in the other version")
    unequal = yosys.SigSpec()
    for path, one in ones.items():
        unequal.append(_joined(netlist, one, others[path]))
    module = netlist.module
    different = module.ReduceOr(netlist.new(), unequal) if unequal.size() else yosys.SigSpec(yosys.Const(0, 1))
    module.connect(yosys.SigSpec(netlist.wire(shown)), different)


def _instances(netlist: Netlist, prefix: str, types: Collection[str]) -> Iterator[tuple[str, Any]]:
    for cell in netlist.cells(*(f"\\{name}" for name in types)):
        name = cell.name.str().removeprefix("\\")
        if name.startswith(prefix):
            yield name.removeprefix(prefix), cell


def _parameters(cell: Any) -> dict[str, str]:
    return {name.str(): value.as_string() for name, value in cell.parameters.items()}


def _joined(netlist: Netlist, one: Any, other: Any) -> Any:
    """Let two boxes drive the same; return a signal with a bit for each input that is 1 where it differs."""
    module, unequal = netlist.module, yosys.SigSpec()
    outputs = _outputs(netlist, one)
    ports = {port.str() for cell in (one, other) for port, _ in cell.connections().items()}
    for name in sorted(ports):
        port = yosys.IdString(name)
        signals = [cell.getPort(port) for cell in (one, other) if cell.hasPort(port)]
        if name in outputs:
            value = netlist.free(max(signal.size() for signal in signals))
            for signal in signals:
                module.connect(signal, value.extract(0, signal.size()))
        elif len(signals) == 2:
            unequal.append(module.Ne(netlist.new(), signals[0], signals[1]))
        else:
            raise Refusal(f"the input {name.removeprefix(chr(92))} of a black box is open in one version only")
    for cell in (one, other):
        module.remove(cell)
    return unequal


def _outputs(netlist: Netlist, cell: Any) -> set[str]:
    box = netlist.design.module(cell.type)
    return {name.str() for name, wire in box.wires_.items() if wire.port_output}
