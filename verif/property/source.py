"""A file with properties as slang reads it, and how its problems are told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pyslang
from pyslang import ast, syntax

from verif.design.source_file import display, read_text
from verif.errors import InputError, Unsupported
from verif.property.ir import Place

DEFAULTS = "pe_defaults"
"""Label of the assertion that is added to learn what ``default clocking`` and ``default disable iff`` mean."""


@dataclass(frozen=True, slots=True)
class Source:
    """The one module with assertions of a file, elaborated alone."""

    path: Path
    text: str
    manager: Any
    module: Any
    """Its syntax."""
    instance: Any
    binds: tuple[Any, ...]
    """Syntax of the bind directives."""

    def place(self, location: Any) -> Place:
        """Return file, line and column of a location of slang, that of its use for one inside of a macro."""
        location = self.manager.getFullyExpandedLoc(location)
        line, column = self.manager.getLineNumber(location), self.manager.getColumnNumber(location)
        return Place(file=display(self.path), line=line, column=column)

    def refuse(self, what: str, location: Any, hint: str = "") -> NoReturn:
        """Raise Unsupported PE251: ``what`` is outside of the subset, ``hint`` is what to write instead."""
        raise Unsupported("PE251", what, where=str(self.place(location)), hint=hint)

    def of(self, span: Any) -> str:
        """Return the text of a range; Unsupported where a macro makes it."""
        if self.manager.isMacroLoc(span.start) or self.manager.isMacroLoc(span.end):
            self.refuse("a macro in a property is not supported", span.start, "write out what it stands for")
        return self.text[span.start.offset : span.end.offset]


def read_source(path: Path) -> Source:
    """Parse and elaborate ``path``.

    InputError PE252 where slang finds an error, PE255 where there is no assertion; Unsupported PE251 for more than one
    module with assertions.
    """
    text = read_text(path)
    tree, manager = _parsed(path, text)
    _raise_errors(path, manager, tree.diagnostics, ())
    module = _module(path, manager, tree)
    text = _with_defaults(text, module)
    tree, manager = _parsed(path, text)
    module = _module(path, manager, tree)
    members = _members(tree)
    binds = tuple(member for member in members if member.kind == syntax.SyntaxKind.BindDirective)
    name = module.header.name.valueText
    compilation = _compiled(tree, name)
    _raise_errors(path, manager, compilation.getAllDiagnostics(), binds)
    instance = next(one for one in compilation.getRoot().topInstances if one.name == name)
    return Source(path, text, manager, module, instance, binds)


def _parsed(path: Path, text: str) -> tuple[Any, Any]:
    manager = pyslang.SourceManager()
    return syntax.SyntaxTree.fromBuffer(manager.assignText(str(path), text), manager), manager


def _compiled(tree: Any, name: str) -> Any:
    options = ast.CompilationOptions()
    options.topModules = {name}
    bag = pyslang.Bag()
    bag.compilationOptions = options
    compilation = ast.Compilation(bag)
    compilation.addSyntaxTree(tree)
    return compilation


def _members(tree: Any) -> list[Any]:
    root = tree.root
    return list(root.members) if root.kind == syntax.SyntaxKind.CompilationUnit else [root]


def _module(path: Path, manager: Any, tree: Any) -> Any:
    """Return the syntax of the one module with concurrent assertions."""
    modules = [one for one in _members(tree) if one.kind == syntax.SyntaxKind.ModuleDeclaration]
    found = [one for one in modules if any(m.kind == syntax.SyntaxKind.ConcurrentAssertionMember for m in one.members)]
    if not found:
        what = "no module holds a concurrent assertion"
        raise InputError("PE255", what, where=display(path), hint="write one such as a1: assert property (...)")
    if len(found) > 1:
        first = found[1].header.name.location
        where = f"{display(path)}:{manager.getLineNumber(first)}:{manager.getColumnNumber(first)}"
        what = "a second module with properties in one file is not supported"
        raise Unsupported("PE251", what, where=where, hint="give each module a file of its own")
    return found[0]


def _with_defaults(text: str, module: Any) -> str:
    """Return ``text`` with an assertion that spells out the module's default clock and default disable condition.

    It stands on the last line of the module, so that no line moves.
    """
    clock = disable = ""
    for member in module.members:
        if member.kind == syntax.SyntaxKind.ClockingDeclaration and member.globalOrDefault.valueText == "default":
            clock = f"@{str(member.event).strip().lstrip('@')}"
        if member.kind == syntax.SyntaxKind.DefaultDisableDeclaration:
            disable = f"disable iff ({str(member.expr).strip()})"
    if not clock:
        return text
    place = module.endmodule.location.offset
    return f"{text[:place]}{DEFAULTS}: assert property ({clock} {disable} 1'b1); {text[place:]}"


def _raise_errors(path: Path, manager: Any, diagnostics: Any, binds: tuple[Any, ...]) -> None:
    """Raise InputError PE252 for slang's first error; the design that a bind directive names is not there."""
    errors = [one for one in diagnostics if one.isError() and not _of_bind(one, binds)]
    if not errors:
        return
    first = manager.getFullyExpandedLoc(errors[0].location)
    message = pyslang.DiagnosticEngine(manager).formatMessage(errors[0]).rstrip(".")
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    where = f"{display(path)}:{manager.getLineNumber(first)}:{manager.getColumnNumber(first)}"
    raise InputError("PE252", f"{message}{more}", where=where)


def _of_bind(diagnostic: Any, binds: tuple[Any, ...]) -> bool:
    place = diagnostic.location.offset
    return any(one.sourceRange.start.offset <= place <= one.sourceRange.end.offset for one in binds)
