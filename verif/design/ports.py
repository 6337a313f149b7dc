"""Ports, parameters and the instance tree of an elaborated top."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from pyslang import ast

from verif.design.expressions import integer
from verif.design.model import Clock, Direction, Instance, Parameter, Port, PortRole, Reset
from verif.design.scope import Scopes

_K = ast.SymbolKind
_DIRECTIONS = {
    ast.ArgumentDirection.In: Direction.INPUT,
    ast.ArgumentDirection.Out: Direction.OUTPUT,
    ast.ArgumentDirection.InOut: Direction.INOUT,
    ast.ArgumentDirection.Ref: Direction.INOUT,
}
_MAX_INSTANCES = 20_000
"""Nodes of an instance tree; beyond it the tree is cut, since nobody reads it."""


def ports_of(body: Any) -> tuple[tuple[Port, ...], tuple[str, ...]]:
    """Return the ports of a module body and remarks on unusual ones."""
    found: list[Port] = []
    notes: list[str] = []
    for port in body.portList:
        if port.kind == _K.InterfacePort:
            found.append(_interface_port(port))
            notes.append(f"{port.name} is an interface port; benches go through a flat wrapper")
        elif getattr(port, "isNullPort", False):
            notes.append("an empty port is left out")
        else:
            found.append(_value_port(port, notes))
    inouts = [port.name for port in found if port.direction is Direction.INOUT and port.flat]
    if inouts:
        notes.append(f"inout: {', '.join(inouts)}; a bench leaves them undriven")
    return tuple(found), tuple(notes)


def _value_port(port: Any, notes: list[str]) -> Port:
    kind = port.type
    flat = bool(kind.isIntegral) and port.kind == _K.Port
    if not kind.isIntegral:
        notes.append(f"{port.name} has the type {kind}; benches go through a flat wrapper")
    return Port(
        name=port.name,
        direction=_DIRECTIONS[port.direction],
        width=int(kind.bitWidth if kind.isIntegral else kind.bitstreamWidth) or 1,
        signed=bool(kind.isIntegral and kind.isSigned),
        type=str(kind.canonicalType) if _is_plain(kind) else str(kind),
        flat=flat and not kind.isStruct,
    )


def _is_plain(kind: Any) -> bool:
    canonical = kind.canonicalType
    return not (canonical.isStruct or canonical.isEnum or canonical.isPackedUnion)


def _interface_port(port: Any) -> Port:
    definition = port.interfaceDef.name if port.interfaceDef is not None else "interface"
    modport = f".{port.modport}" if port.modport else ""
    return Port(name=port.name, direction=Direction.INOUT, width=1, type=f"{definition}{modport}", flat=False)


def with_roles(ports: Iterable[Port], clocks: Iterable[Clock], resets: Iterable[Reset]) -> tuple[Port, ...]:
    """Return ``ports`` with the roles that the clocks and resets give them."""
    roles = {clock.name: PortRole.CLOCK for clock in clocks} | {reset.name: PortRole.RESET for reset in resets}
    return tuple(replace(port, role=roles.get(port.name, PortRole.DATA)) for port in ports)


def parameters_of(body: Any) -> tuple[Parameter, ...]:
    """Return the parameters of a module body with their elaborated values."""
    found = []
    for parameter in body.parameters:
        value = getattr(parameter, "value", None)
        if value is None:
            declared = getattr(parameter, "targetType", None)
            text = str(getattr(declared, "type", "")) or "type"
        else:
            text = _constant_text(parameter, value)
        found.append(Parameter(name=parameter.name, value=text, local=bool(parameter.isLocalParam)))
    return tuple(found)


def _constant_text(parameter: Any, value: Any) -> str:
    """Return a value as text: ``12``, sized ``4'd12``; a string that has become a number as a string again."""
    initializer = parameter.initializer
    if initializer is not None and initializer.isImplicitString:
        return str(value.convertToStr())
    text, number = str(value), integer(value)
    if "'" not in text or number is None or number < 0:
        return text
    return f"{parameter.type.bitWidth}'d{number}"


def hierarchy_of(top: Any, scopes: Scopes, place: Callable[[Any], tuple[str, int]]) -> Instance:
    """Return the instance tree below ``top``; instances without a definition are leaves."""
    budget = [_MAX_INSTANCES]

    def node(instance: Any, name: str, seen: tuple[Any, ...]) -> Instance:
        budget[0] -= 1
        scope = scopes.of(instance)
        definition = instance.definition
        file, line = place(definition.location)
        children: list[Instance] = []
        if scope.body not in seen:
            for member in scope.members:
                if member.kind == _K.Instance and member.isModule and budget[0] > 0:
                    children.append(node(member, scope.name_of(member), (*seen, scope.body)))
                elif member.kind == _K.UninstantiatedDef:
                    children.append(Instance(name=scope.name_of(member), module=f"{member.definitionName} (black box)"))
        return Instance(name=name, module=definition.name, file=file, line=line, children=tuple(children))

    return node(top, top.name, ())
