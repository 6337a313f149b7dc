"""A file with properties as slang reads it, alone or inside of the design, and how its problems are told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pyslang
from pyslang import ast, syntax

from verif.design.elaboration import elaborate_beside
from verif.design.model import SourceSet
from verif.design.source_file import display, read_text
from verif.errors import InputError, Unsupported
from verif.property.ir import Place
from verif.property.printing import NotPrintable

DEFAULTS = "pe_defaults"
"""Label of the assertion that is added to learn what ``default clocking`` and ``default disable iff`` mean."""
NO_CLOCK = "@(posedge 1'b0)"
"""What stands in that assertion for a default clock that isn't there."""
_BOUND = "pe_bound"
"""Instance of a file without a bind directive."""


@dataclass(frozen=True, slots=True)
class Source:
    """An elaborated instance of the one module with assertions of a file."""

    path: Path
    manager: Any
    compilation: Any
    """Kept, as all that slang gives out lives in it."""
    module: Any
    """Its syntax."""
    instance: Any
    within: str = ""
    """Hierarchical name of the instance that it is bound into, below the top; empty for the top."""
    top: str = ""
    """The design's top; empty where the file is read alone."""

    def place(self, location: Any) -> Place:
        """Return file, line and column of a location of slang, that of its use for one inside of a macro."""
        return place_of(self.manager, self.path, location)

    def refuse(self, what: str, location: Any, hint: str = "") -> NoReturn:
        """Raise Unsupported PE251: ``what`` is outside of the subset, ``hint`` is what to write instead."""
        raise Unsupported("PE251", what, where=str(self.place(location)), hint=hint)

    def refuse_expression(self, problem: NotPrintable) -> NoReturn:
        """Refuse an expression that the subset lacks."""
        node = problem.node
        kind = str(node.kind).rpartition(".")[2]
        if node.kind in (ast.ExpressionKind.BinaryOp, ast.ExpressionKind.UnaryOp):
            kind = str(node.op).rpartition(".")[2]
        text = " ".join(str(node.syntax).split()) if node.syntax is not None else kind
        hint = "write it with operators, selects and concatenations"
        self.refuse(f"the expression '{text}' ({kind})", node.sourceRange.start, hint)

    def below_top(self, path: str) -> str:
        """Return a hierarchical name of slang without the top in front."""
        return path.removeprefix(f"{self.top}.") if path != self.top else ""


def place_of(manager: Any, path: Path, location: Any) -> Place:
    """Return file, line and column of a location in ``path``."""
    location = manager.getFullyExpandedLoc(location)
    line, column = manager.getLineNumber(location), manager.getColumnNumber(location)
    return Place(file=display(path), line=line, column=column)


def read_alone(path: Path) -> Source:
    """Parse and elaborate ``path`` without a design; bind directives are left unread.

    InputError PE252 where slang finds an error, PE255 where there is no assertion; Unsupported PE251 for more than one
    module with assertions.
    """
    file = _File(path, read_text(path))
    manager = pyslang.SourceManager()
    tree = syntax.SyntaxTree.fromBuffer(manager.assignText(str(path), file.text), manager)
    options = ast.CompilationOptions()
    options.topModules = {file.name}
    bag = pyslang.Bag()
    bag.compilationOptions = options
    compilation = ast.Compilation(bag)
    compilation.addSyntaxTree(tree)
    binds = [member.sourceRange for member in members(tree) if member.kind == syntax.SyntaxKind.BindDirective]
    file.raise_errors(manager, [one for one in compilation.getAllDiagnostics() if not _within(one, binds)])
    instance = next(one for one in compilation.getRoot().topInstances if one.name == file.name)
    return Source(path, manager, compilation, file.module_in(tree), instance)


def read_bound(path: Path, sources: SourceSet, text: str | None = None) -> tuple[Source, ...]:
    """Elaborate ``path``, or ``text`` in its place, in the design of ``sources``; return its instances.

    Without a bind directive it is bound to the top, each port to the signal of its name. Errors as those of
    ``read_alone``; InputError PE256 where it is bound to nothing of the design.
    """
    file = _File(path, read_text(path) if text is None else text)
    top = sources.top or ""
    bound = file.is_bound
    beside = elaborate_beside(sources, path, file.text if bound else file.bound_to(top))
    own = [one for one in beside.compilation.getAllDiagnostics() if _buffer(beside.manager, one) == beside.buffer]
    inside = len(file.text)
    added = [one for one in own if one.isError() and one.location.offset >= inside]
    if added and not bound:
        file.raise_unknown_port(beside)
    file.raise_unknown_target(own, beside)
    file.raise_errors(beside.manager, own)
    module = file.module_in(beside.tree)
    instances = [] if beside.top is None else list(_instances(beside.top.body, file.name))
    if not instances:
        what = f"the module {file.name} is bound to no instance of the design"
        raise InputError("PE256", what, where=display(path), allowed=f"the design's top is {top}")
    return tuple(
        Source(
            path=path,
            manager=beside.manager,
            compilation=beside.compilation,
            module=module,
            instance=one,
            within=one.hierarchicalPath.rpartition(".")[0].partition(".")[2],
            top=top,
        )
        for one in instances
    )


class _File:
    """The text of a file, its one module with assertions, and its bind directives."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        manager = pyslang.SourceManager()
        tree = syntax.SyntaxTree.fromBuffer(manager.assignText(str(path), text), manager)
        self.raise_errors(manager, tree.diagnostics)
        module = self._only_module(tree, manager)
        self.name = str(module.header.name.valueText)
        self.text = with_defaults(text, module)
        """The text with ``DEFAULTS`` in it; lines and columns before that stay."""
        self.is_bound = bool(self._binds(tree))
        """Whether a bind directive names the module."""

    def bound_to(self, top: str) -> str:
        """Return the text with a bind directive behind it."""
        return f"{self.text}\nbind {top} {self.name} {_BOUND} (.*);\n"

    def module_in(self, tree: Any) -> Any:
        """Return the module's syntax in another tree of the text."""
        return next(one for one in _modules(tree) if one.header.name.valueText == self.name)

    def raise_errors(self, manager: Any, diagnostics: Iterable[Any]) -> None:
        """Raise InputError PE252 for slang's first error."""
        errors = [one for one in diagnostics if one.isError()]
        if errors:
            message = pyslang.DiagnosticEngine(manager).formatMessage(errors[0]).rstrip(".")
            more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
            where = place_of(manager, self._path, errors[0].location)
            raise InputError("PE252", f"{message}{more}", where=str(where))

    def raise_unknown_target(self, diagnostics: Sequence[Any], beside: Any) -> None:
        """Raise InputError PE256 where a bind directive names something that the design lacks."""
        manager = beside.manager
        for error in diagnostics:
            for bind in self._binds(beside.tree):
                span = bind.target.sourceRange
                if error.isError() and span.start.offset <= error.location.offset <= span.end.offset:
                    what = f"bind names {str(bind.target).strip()}, which the design doesn't have"
                    raise InputError("PE256", what, where=str(place_of(manager, self._path, error.location)))

    def raise_unknown_port(self, beside: Any) -> NoReturn:
        """Raise InputError PE252 for the first port that is no signal of the top."""
        definition = self.module_in(beside.tree)
        top = beside.top
        for port in port_names(definition):
            if top is None or top.body.find(port.valueText) is None:
                where = place_of(beside.manager, self._path, port.location)
                what = f"the port {port.valueText} is no signal of {top.name if top is not None else 'the design'}"
                hint = "bind the module, and connect the port there"
                raise InputError("PE252", what, where=str(where), hint=hint)
        raise InputError("PE252", "its ports don't fit the signals of the same names", where=display(self._path))

    def _binds(self, tree: Any) -> list[Any]:
        """Return the bind directives of the module."""
        binds = [member for member in members(tree) if member.kind == syntax.SyntaxKind.BindDirective]
        return [one for one in binds if str(one.instantiation.type).strip() == self.name]

    def _only_module(self, tree: Any, manager: Any) -> Any:
        found = [one for one in _modules(tree) if _has_assertions(one)]
        if not found:
            what = "no module holds a concurrent assertion"
            hint = "write one such as a1: assert property (...)"
            raise InputError("PE255", what, where=display(self._path), hint=hint)
        if len(found) > 1:
            where = place_of(manager, self._path, found[1].header.name.location)
            what = "a second module with properties in one file is not supported"
            raise Unsupported("PE251", what, where=str(where), hint="give each module a file of its own")
        return found[0]


def members(tree: Any) -> list[Any]:
    """Return what stands outermost in a syntax tree."""
    root = tree.root
    return list(root.members) if root.kind == syntax.SyntaxKind.CompilationUnit else [root]


def port_names(module: Any) -> Iterator[Any]:
    """Yield the name tokens of a module's ANSI ports."""
    ports = getattr(module.header.ports, "ports", None)
    for port in ports or ():
        if hasattr(port, "declarator"):
            yield port.declarator.name


def with_defaults(text: str, module: Any) -> str:
    """Return ``text`` with an assertion that spells out the module's default clock and default disable condition.

    It stands on the last line of the module, so that no line moves.
    """
    clock = disable = ""
    for member in module.members:
        if member.kind == syntax.SyntaxKind.ClockingDeclaration and member.globalOrDefault.valueText == "default":
            clock = f"@{str(member.event).strip().lstrip('@')}"
        if member.kind == syntax.SyntaxKind.DefaultDisableDeclaration:
            disable = f"disable iff ({str(member.expr).strip()})"
    if not clock and not disable:
        return text
    place = module.endmodule.location.offset
    return f"{text[:place]}{DEFAULTS}: assert property ({clock or NO_CLOCK} {disable} 1'b1); {text[place:]}"


def _modules(tree: Any) -> list[Any]:
    return [one for one in members(tree) if one.kind == syntax.SyntaxKind.ModuleDeclaration]


def _has_assertions(module: Any) -> bool:
    return any(member.kind == syntax.SyntaxKind.ConcurrentAssertionMember for member in module.members)


def _instances(scope: Any, name: str) -> Iterator[Any]:
    """Yield the instances of the module ``name`` below ``scope``."""
    for member in scope:
        match member.kind:
            case ast.SymbolKind.Instance if member.definition.name == name:
                yield member
            case ast.SymbolKind.Instance:
                yield from _instances(member.body, name)
            case ast.SymbolKind.GenerateBlock if not member.isUninstantiated:
                yield from _instances(member, name)
            case ast.SymbolKind.GenerateBlockArray:
                for entry in member.entries:
                    yield from _instances(entry, name)
            case ast.SymbolKind.InstanceArray:
                for element in member.elements:
                    yield from _instances([element], name)


def _within(diagnostic: Any, spans: Sequence[Any]) -> bool:
    place = diagnostic.location.offset
    return any(span.start.offset <= place <= span.end.offset for span in spans)


def _buffer(manager: Any, diagnostic: Any) -> Any:
    return manager.getFullyExpandedLoc(diagnostic.location).buffer
