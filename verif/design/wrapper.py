"""A flat wrapper for tops whose ports are structs, unpacked arrays or interfaces.

The wrapper has one plain port for each field, element and interface signal, named after the path to it (``req.addr``
becomes ``req_addr``, ``lanes[1]`` becomes ``lanes_1``), so that a bench on any simulator can drive it. Packed structs
are joined by concatenation, unpacked arrays by elements, interfaces are instantiated inside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pyslang import ast

from verif.design.elaboration import Elaborated, elaborate
from verif.design.model import Design, SourceSet
from verif.errors import Unsupported

_K = ast.SymbolKind
_WORDS = {
    ast.ArgumentDirection.In: "input",
    ast.ArgumentDirection.Out: "output",
    ast.ArgumentDirection.InOut: "inout",
    ast.ArgumentDirection.Ref: "inout",
}
_MAX_PORTS = 4096
"""Flat ports beyond which an array port is a memory, not an interface."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FlatWrapper:
    """A wrapper module as text."""

    module: str
    """Its name: the top's with ``_wrap`` behind it."""
    text: str
    flat_names: Mapping[str, tuple[str, ...]]
    """Port of the top to the wrapper's ports that stand for it."""
    unpacked: bool = False
    """Whether a port of the top is an unpacked array: Icarus 11 takes it, and shows X at it."""


def flat_wrapper(design: Design) -> FlatWrapper | None:
    """Return the wrapper of ``design``, None where all its ports are plain; Unsupported PE123 names a port it can't."""
    if all(port.flat for port in design.ports):
        return None
    elaborated = elaborate(design.sources)
    return _Builder(design, elaborated).build()


def wrapped_sources(design: Design, wrapper: FlatWrapper, file: Path) -> SourceSet:
    """Return ``design``'s sources with the wrapper, which lies at ``file``, as the top."""
    sources = design.sources
    return replace(sources, files=(*sources.files, file), top=wrapper.module, parameters={}, manifest=None)


@dataclass(slots=True)
class _Builder:
    """Collects ports, inner declarations and connections."""

    design: Design
    elaborated: Elaborated
    ports: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    connections: list[str] = field(default_factory=list)
    names: dict[str, list[str]] = field(default_factory=dict)
    unpacked: bool = False

    def build(self) -> FlatWrapper:
        """Go through the top's ports and return the wrapper."""
        for port in self.elaborated.top.body.portList:
            self.names[port.name] = []
            if port.kind == _K.InterfacePort:
                self._interface(port)
            elif port.kind == _K.Port and not port.isNullPort:
                self._port(port)
            else:
                self._refuse(port, "it is made of several signals")
        flat_names = {port: tuple(names) for port, names in self.names.items()}
        return FlatWrapper(module=self._module, text=self._text(), flat_names=flat_names, unpacked=self.unpacked)

    @property
    def _module(self) -> str:
        return f"{self.design.top}_wrap"

    def _text(self) -> str:
        overrides = ", ".join(f".{name}({value})" for name, value in self.design.sources.parameters.items())
        parameters = f" #({overrides})" if overrides else ""
        lines = [
            f"// Flat ports for {self.design.top}: one for each field, element and interface signal.",
            "`default_nettype none",
            f"module {self._module} (",
            *_joined(f"  {port}" for port in self.ports),
            ");",
            *(f"  {line}" for line in self.body),
            f"  {self.design.top}{parameters} dut (",
            *_joined(f"    {connection}" for connection in self.connections),
            "  );",
            "endmodule",
            "`default_nettype wire",
        ]
        return "\n".join(lines) + "\n"

    def _port(self, port: Any) -> None:
        """Add a port that carries a value."""
        direction = _WORDS[port.direction]
        kind = port.type
        if kind.isIntegral:
            self.connections.append(f".{port.name}({self._packed(port.name, port.name, kind, direction)})")
        elif kind.isUnpackedArray and kind.hasFixedRange:
            self.unpacked = True
            self._array(port, direction)
        elif kind.isUnpackedStruct:
            self._unpacked_struct(port, direction)
        else:
            self._refuse(port, f"its type is {kind}")

    def _packed(self, port: str, name: str, kind: Any, direction: str) -> str:
        """Add the flat ports of a packed value called ``name``; return the expression that joins them."""
        canonical = kind.canonicalType
        if not canonical.isStruct:
            return self._declare(port, name, kind, direction)
        parts = [self._packed(port, f"{name}_{f.name}", f.type, direction) for f in _fields(canonical)]
        return "{" + ", ".join(parts) + "}"

    def _declare(self, port: str, name: str, kind: Any, direction: str) -> str:
        """Add one flat port and return its name."""
        while any(name in names for names in self.names.values()) or self._is_top_port(name, port):
            name += "_"
        self.names[port].append(name)
        if len(self.ports) >= _MAX_PORTS:
            raise Unsupported("PE123", f"{port} would become more than {_MAX_PORTS} flat ports", where=self._place())
        self.ports.append(f"{direction} wire {_vector(kind)}{name}")
        return name

    def _is_top_port(self, name: str, own: str) -> bool:
        return name != own and any(port.name == name for port in self.design.ports)

    def _array(self, port: Any, direction: str) -> None:
        """Add a port for each element of an unpacked array of packed values, in one or more dimensions."""
        element, indices = _elements(port.type)
        if not element.isIntegral:
            self._refuse(port, f"its elements are of the type {element}")
        inner = f"{port.name}_array"
        dimensions = "".join(f"[{r.left}:{r.right}]" for r in _dimensions(port.type))
        word = "logic" if element.isFourState else "bit"
        self.body.append(f"{word} {_vector(element)}{inner} {dimensions};")
        for index in indices:
            name = "_".join([port.name, *(str(i).replace("-", "m") for i in index)])
            joined = self._packed(port.name, name, element, direction)
            self._assign(f"{inner}{''.join(f'[{i}]' for i in index)}", joined, direction, port)
        self.connections.append(f".{port.name}({inner})")

    def _unpacked_struct(self, port: Any, direction: str) -> None:
        """Add a port for each field; the type must have a name that reaches here."""
        if "::" not in str(port.type):
            self._refuse(port, "its type is an unpacked struct without a name in a package")
        inner = f"{port.name}_struct"
        self.body.append(f"{port.type} {inner};")
        for member in _fields(port.type.canonicalType):
            if not member.type.isIntegral:
                self._refuse(port, f"its field {member.name} is of the type {member.type}")
            joined = self._packed(port.name, f"{port.name}_{member.name}", member.type, direction)
            self._assign(f"{inner}.{member.name}", joined, direction, port)
        self.connections.append(f".{port.name}({inner})")

    def _assign(self, inner: str, flat: str, direction: str, port: Any) -> None:
        if direction == "inout":
            self._refuse(port, "an inout can't be taken apart")
        one, other = (inner, flat) if direction == "input" else (flat, inner)
        self.body.append(f"assign {one} = {other};")

    def _interface(self, port: Any) -> None:
        """Instantiate the interface; its ports and its modport's signals become ports."""
        if port.interfaceDef is None or port.isGeneric:
            self._refuse(port, "it takes any interface")
        if port.declaredRange:
            self._refuse(port, "it is an array of interfaces")
        if not port.modport:
            self._refuse(port, "it has no modport, so nobody says who drives what")
        instance, modport = port.connection
        own = [self._interface_port(port, p) for p in instance.body.portList if p.kind == _K.Port]
        self.body.append(f"{port.interfaceDef.name} {port.name} ({', '.join(own)});")
        inputs = {p.name for p in instance.body.portList}
        for signal in modport:
            if signal.kind == _K.ModportPort and signal.name not in inputs:
                self._modport_signal(port, signal)
        self.connections.append(f".{port.name}({port.name})")

    def _interface_port(self, port: Any, inner: Any) -> str:
        joined = self._packed(port.name, f"{port.name}_{inner.name}", inner.type, _WORDS[inner.direction])
        return f".{inner.name}({joined})"

    def _modport_signal(self, port: Any, signal: Any) -> None:
        if not signal.type.isIntegral:
            self._refuse(port, f"its signal {signal.name} is of the type {signal.type}")
        direction = _WORDS[signal.direction]
        joined = self._packed(port.name, f"{port.name}_{signal.name}", signal.type, direction)
        self._assign(f"{port.name}.{signal.name}", joined, direction, port)

    def _refuse(self, port: Any, why: str) -> None:
        hint = "wrap it by hand in a module with plain ports and give that as --top"
        raise Unsupported("PE123", f"port {port.name} can't be made flat: {why}", where=self._place(), hint=hint)

    def _place(self) -> str:
        file, line = self.elaborated.place(self.elaborated.top.definition.location)
        return f"{file}:{line}"


def _joined(lines: Iterator[str]) -> list[str]:
    """Put commas between lines."""
    found = list(lines)
    return [f"{line}," for line in found[:-1]] + found[-1:]


def _vector(kind: Any) -> str:
    """``signed [7:0] `` for a packed type; empty for one unsigned bit."""
    sign = "signed " if kind.isSigned else ""
    return f"{sign}[{kind.bitWidth - 1}:0] " if kind.bitWidth > 1 else sign


def _fields(kind: Any) -> list[Any]:
    return [member for member in kind if member.kind == _K.Field]


def _dimensions(kind: Any) -> list[Any]:
    """Return the ranges of an unpacked array, the outermost first."""
    found = []
    while kind.isUnpackedArray:
        found.append(kind.fixedRange)
        kind = kind.arrayElementType
    return found


def _elements(kind: Any) -> tuple[Any, list[tuple[int, ...]]]:
    """Return the element type of an unpacked array and the indices of all elements."""
    indices: list[tuple[int, ...]] = [()]
    while kind.isUnpackedArray:
        span = range(kind.fixedRange.lower, kind.fixedRange.upper + 1)
        indices = [(*index, i) for index in indices for i in span]
        if len(indices) > _MAX_PORTS:
            return kind.arrayElementType, indices[: _MAX_PORTS + 1]
        kind = kind.arrayElementType
    return kind, indices
