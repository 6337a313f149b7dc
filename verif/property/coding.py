"""The modelling code of a module with properties: its own registers and nets, kept as they are written."""

from __future__ import annotations

from typing import Any

from pyslang import ast, syntax

from verif.property.booleans import Booleans
from verif.property.ir import Code, Origin
from verif.property.printing import number_text
from verif.property.source import Source

_S = syntax.SyntaxKind
_JUDGING = frozenset(
    {
        _S.ConcurrentAssertionMember,
        _S.PropertyDeclaration,
        _S.SequenceDeclaration,
        _S.ClockingDeclaration,
        _S.DefaultDisableDeclaration,
        _S.EmptyMember,
        _S.DefaultClockingReference,
    }
)
"""What is made into monitors."""
_PARAMETERS = frozenset({_S.ParameterDeclarationStatement})
_CODE = frozenset(
    {
        _S.DataDeclaration,
        _S.NetDeclaration,
        _S.ContinuousAssign,
        _S.AlwaysBlock,
        _S.AlwaysFFBlock,
        _S.AlwaysCombBlock,
        _S.AlwaysLatchBlock,
        _S.InitialBlock,
        _S.FunctionDeclaration,
        _S.TypedefDeclaration,
        _S.PackageImportDeclaration,
        _S.LoopGenerate,
        _S.IfGenerate,
        _S.CaseGenerate,
        _S.GenerateRegion,
        _S.GenerateBlock,
        _S.GenvarDeclaration,
    }
)
_READING = (
    ast.SymbolKind.ContinuousAssign,
    ast.SymbolKind.Net,
    ast.SymbolKind.Variable,
    ast.SymbolKind.ProceduralBlock,
)
_HINTS = {
    _S.HierarchyInstantiation: "write the modelling code without instances",
    _S.ImmediateAssertionMember: "write assert property",
    _S.PortDeclaration: "declare the ports in the module's header",
}


def code_of(source: Source, booleans: Booleans) -> Code | None:
    """Return the modelling code, None where there is none; Unsupported PE251 for what it can't be."""
    kept = []
    for member in source.module.members:
        if member.kind in _JUDGING or member.kind in _PARAMETERS:
            continue
        if member.kind not in _CODE:
            kind = str(member.kind).rpartition(".")[2]
            hint = _HINTS.get(member.kind, "keep to declarations, assignments and processes")
            start = member.sourceRange.start
            source.refuse(f"{kind} in a module with properties is not supported", start, hint)
        kept.append(member)
    if not any(member.kind != _S.PackageImportDeclaration for member in kept):
        return None
    _check_names(source)
    ports = {port.name for port in source.instance.body.portList}
    symbols = [s for s in source.instance.body if s.kind in (ast.SymbolKind.Net, ast.SymbolKind.Variable)]
    signals = [booleans.signal(s, origin=Origin.OWN) for s in symbols if s.name not in ports and _is_plain(s)]
    lines = [*_parameters(source), *(str(member).strip("\n") for member in kept)]
    return Code(signals=tuple(signals), text="\n".join(lines))


def _parameters(source: Source) -> list[str]:
    """Return the parameters, with their values in this instance."""
    found = []
    for symbol in source.instance.body:
        if symbol.kind == ast.SymbolKind.Parameter:
            width, signed = symbol.type.bitWidth, symbol.type.isSigned
            text = number_text(symbol.value.value, width, signed=signed)
            if text is None:
                source.refuse(f"the parameter {symbol.name} is no plain number", symbol.location)
            found.append(f"localparam {'signed ' if signed else ''}[{width - 1}:0] {symbol.name} = {text};")
        elif symbol.kind == ast.SymbolKind.TypeParameter:
            source.refuse(f"the type parameter {symbol.name} is not supported", symbol.location)
    return found


def _check_names(source: Source) -> None:
    """Refuse names from outside of the module, other than constants."""
    body = source.instance.body

    def look(node: Any) -> Any:
        if isinstance(node, ast.HierarchicalValueExpression) or (
            isinstance(node, ast.NamedValueExpression) and _is_outside(node.symbol, body)
        ):
            hint = "give the module a port for it and connect that in the bind directive"
            what = f"the name {node.symbol.name} from outside of the module, in modelling code, is not supported"
            source.refuse(what, node.sourceRange.start, hint)
        return ast.VisitAction.Advance

    for member in body:
        if member.kind in _READING and not _is_assertion(member):
            member.visit(look)


def _is_outside(symbol: Any, body: Any) -> bool:
    """Whether a net or variable is declared neither in ``body`` nor below it."""
    if symbol.kind not in (ast.SymbolKind.Net, ast.SymbolKind.Variable):
        return False
    return not str(symbol.hierarchicalPath).startswith(f"{body.hierarchicalPath}.")


def _is_assertion(member: Any) -> bool:
    if member.kind != ast.SymbolKind.ProceduralBlock:
        return False
    statement = member.body
    while statement.kind == ast.StatementKind.Block:
        statement = statement.body
    return bool(statement.kind == ast.StatementKind.ConcurrentAssertion)


def _is_plain(symbol: Any) -> bool:
    """Whether a property can read it: memories and structures are for the code alone."""
    kind = symbol.type
    plain = kind.canonicalType
    if plain.kind == ast.SymbolKind.PackedArrayType:
        return bool(kind.isIntegral and plain.bitWidth == plain.fixedRange.width)
    return plain.kind in (ast.SymbolKind.ScalarType, ast.SymbolKind.PredefinedIntegerType, ast.SymbolKind.EnumType)
