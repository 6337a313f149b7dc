"""Which module is the top: the one asked for, else the one that nobody instantiates."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any, NoReturn

from pyslang import ast, syntax

from verif.design.model import SourceSet
from verif.design.slang_problems import file_and_line, listing
from verif.design.source_file import display
from verif.errors import InputError


def modules_of(compilation: Any, tree: Any) -> dict[str, Any]:
    """Return the modules that the sources define, by name, in the order of the sources."""
    kind = ast.DefinitionKind.Module
    found = {d.name: d for d in compilation.getDefinitions() if getattr(d, "definitionKind", None) == kind}
    names = [node.header.name.valueText for node in _module_nodes(tree)]
    return {name: found[name] for name in names if name in found}


def choose_top(compilation: Any, tree: Any, sources: SourceSet) -> tuple[str, tuple[str, ...]]:
    """Return the top's name and notes on the choice."""
    modules = modules_of(compilation, tree)
    if not modules:
        hint = "name the file that defines the top module"
        raise InputError("PE120", "the sources define no module", where=_where(sources), hint=hint)
    if sources.top is not None:
        if sources.top not in modules:
            _refuse_unknown_top(sources.top, modules)
        return sources.top, ()
    return _guess_top(compilation, tree, sources, modules)


def _guess_top(compilation: Any, tree: Any, sources: SourceSet, modules: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Choose the module that nobody instantiates; one without ports is taken for a testbench and looked through."""
    used = instantiated_names(tree)
    library = {str(path) for path in sources.libraries}
    manager = tree.sourceManager
    roots = [
        name
        for name, definition in modules.items()
        if name not in used and str(manager.getFullPath(definition.location.buffer)) not in library
    ]
    candidates = [name for name in roots if _has_ports(modules[name])]
    benches = [name for name in roots if name not in candidates]
    if not candidates and benches:
        candidates = _below(benches, modules)
    if not candidates:
        candidates = benches or list(modules)
        benches = []
    if len(candidates) > 1:
        raise InputError(
            "PE108",
            f"{len(candidates)} modules could be the top: {listing(candidates)}",
            where=_where(sources),
            hint=f"choose one, for example with --top {candidates[0]}",
        )
    notes = [f"{name} has no ports and was taken for a testbench" for name in benches]
    return candidates[0], tuple(notes)


def instantiated_names(tree: Any) -> set[str]:
    """Return the names of all modules that any module of ``tree`` instantiates or binds, in taken branches or not."""
    return set(_instantiations(tree.root))


def _instantiations(node: Any) -> list[str]:
    names: list[str] = []
    node.visit(lookup_table={syntax.SyntaxKind.HierarchyInstantiation: lambda n: names.append(n.type.valueText)})
    return list(dict.fromkeys(names))


def _module_nodes(tree: Any) -> list[Any]:
    """Return the module declarations of a tree."""
    root = tree.root
    nodes = [root] if root.kind == syntax.SyntaxKind.ModuleDeclaration else getattr(root, "members", [])
    return [node for node in nodes if node.kind == syntax.SyntaxKind.ModuleDeclaration]


def _has_ports(definition: Any) -> bool:
    ports = definition.syntax.header.ports
    return ports is not None and len(list(getattr(ports, "ports", ()))) > 0


def _below(benches: Iterable[str], modules: dict[str, Any]) -> list[str]:
    """Return the modules with ports that the testbenches instantiate directly."""
    names = [name for bench in benches for name in _instantiations(modules[bench].syntax)]
    return [name for name in dict.fromkeys(names) if name in modules and _has_ports(modules[name])]


def _refuse_unknown_top(top: str, modules: dict[str, Any]) -> NoReturn:
    close = difflib.get_close_matches(top, modules, n=1)
    hint = f"did you mean --top {close[0]}?" if close else "choose one of them with --top"
    hint = hint.rstrip("?")
    raise InputError("PE107", f"no module is called {top}", allowed=f"modules: {listing(list(modules))}", hint=hint)


def refuse_invalid_top(tree: Any, top: str, sources: SourceSet) -> NoReturn:
    """Tell why slang refuses ``top``: a parameter without a value."""
    for node in _module_nodes(tree):
        if node.header.name.valueText == top:
            missing = [name for name in _valueless_parameters(node) if name not in sources.parameters]
            if missing:
                hint = "give " + " ".join(f"-P {name}=VALUE" for name in missing)
                what = f"{top} has parameters without a default: {listing(missing)}"
                raise InputError("PE112", what, where=_node_place(tree, node), hint=hint)
    raise InputError("PE107", f"{top} can't be a top module", hint="choose a module with --top")


def _valueless_parameters(node: Any) -> list[str]:
    parameters = node.header.parameters
    declarations = getattr(parameters, "declarations", None) or ()
    declarators: list[Any] = [d for declaration in declarations for d in getattr(declaration, "declarators", ())]
    return [d.name.valueText for d in declarators if hasattr(d, "name") and not _has_default(d)]


def _has_default(declarator: Any) -> bool:
    return (getattr(declarator, "initializer", None) or getattr(declarator, "assignment", None)) is not None


def _node_place(tree: Any, node: Any) -> str:
    file, line = file_and_line(tree.sourceManager, node.sourceRange.start)
    return f"{file}:{line}"


def _where(sources: SourceSet) -> str:
    return display(sources.files[0]) if len(sources.files) == 1 else ""
