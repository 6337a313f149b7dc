"""Parse and elaborate sources with slang; its diagnostics become our sentences.

All files form one compilation unit, in the given order, as Icarus and Verilator read them: macros and compiler
directives carry over from file to file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyslang
from pyslang import ast, parsing, syntax

from verif.design.model import SourceSet
from verif.design.slang_problems import Problems, file_and_line, listing
from verif.design.source_file import read_text
from verif.design.top_choice import choose_top, refuse_invalid_top
from verif.errors import InputError

_FLAGS = ast.CompilationFlags
_LENIENT = (
    _FLAGS.AllowTopLevelIfacePorts
    | _FLAGS.AllowUseBeforeDeclare
    | _FLAGS.RelaxStringConversions
    | _FLAGS.RelaxEnumConversions
    | _FLAGS.AllowBareValParamAssignment
    | _FLAGS.AllowMergingAnsiPorts
    | _FLAGS.AllowRecursiveImplicitCall
    | _FLAGS.AllowUnnamedGenerate
)
"""What simulators commonly take beyond the standard."""


@dataclass(frozen=True, slots=True)
class Elaborated:
    """An elaborated top and what is needed to talk about it."""

    top: Any
    """slang's InstanceSymbol of the top."""
    compilation: Any
    manager: Any
    """slang's SourceManager, for locations."""
    notes: tuple[str, ...] = ()

    def place(self, location: Any) -> tuple[str, int]:
        """Return file (as displayed) and line of a source location."""
        return file_and_line(self.manager, location)


@dataclass(frozen=True, slots=True)
class Beside:
    """A text that was elaborated together with a design, as a compilation unit of its own."""

    top: Any
    """slang's InstanceSymbol of the design's top; None where the design doesn't elaborate with it."""
    compilation: Any
    manager: Any
    tree: Any
    """The text's syntax tree."""
    buffer: Any
    """The text's buffer, to tell its locations from the design's."""


def elaborate_beside(sources: SourceSet, path: Path, text: str) -> Beside:
    """Elaborate ``sources``, whose top is known and which elaborate alone, with ``text``, called ``path``.

    Nothing is checked: what is wrong with the text is the caller's to tell.
    """
    design, _ = _parse(sources)
    manager = design.sourceManager
    buffer = manager.assignText(str(path), text)
    tree = syntax.SyntaxTree.fromBuffer(buffer, manager, _options(sources, ()))
    compilation = ast.Compilation(_options(sources, (sources.top or "",)))
    compilation.addSyntaxTree(design)
    compilation.addSyntaxTree(tree)
    tops = [instance for instance in compilation.getRoot().topInstances if instance.name == sources.top]
    return Beside(tops[0] if tops else None, compilation, manager, tree, buffer.id)


def elaborate(sources: SourceSet) -> Elaborated:
    """Elaborate the top of ``sources``; InputError PE106 to PE113, PE117, PE119, PE120, PE122 where that fails."""
    tree, notes = _parse(sources)
    manager = tree.sourceManager
    problems = Problems(manager)
    problems.raise_parse_errors(tree.diagnostics)
    first = _compile(tree, sources, ())
    top, remarks = choose_top(first, tree, sources)
    compilation = first if _only_top(first, top) else _compile(tree, sources, (top,))
    instances = [instance for instance in compilation.getRoot().topInstances if instance.name == top]
    if not instances:
        refuse_invalid_top(tree, top, sources)
    problems.raise_semantic_errors(compilation, sources)
    _check_parameters(instances[0], sources)
    return Elaborated(instances[0], compilation, manager, (*notes, *remarks))


def _parse(sources: SourceSet) -> tuple[Any, tuple[str, ...]]:
    """Parse all files as one compilation unit; return the tree and remarks on how."""
    names = [str(path) for path in sources.files]
    tree = syntax.SyntaxTree.fromFiles(names, pyslang.SourceManager(), _options(sources, ()))
    if _broken(tree) and any(path.suffix.lower() == ".v" for path in sources.files):
        older = _parse_as_2005(sources, pyslang.SourceManager())
        if not _broken(older):
            return older, ("SystemVerilog's keywords are used as names, so the .v files were read as Verilog-2005",)
    return tree, ()


def _parse_as_2005(sources: SourceSet, manager: Any) -> Any:
    """Parse with the keywords of Verilog-2005 in ``.v`` files; lines stay where they are."""
    buffers = [_buffer(path, manager) for path in sources.files]
    return syntax.SyntaxTree.fromBuffers(buffers, manager, _options(sources, ()))


def _buffer(path: Path, manager: Any) -> Any:
    if path.suffix.lower() != ".v":
        return manager.readSource(str(path))
    text = f'`begin_keywords "1364-2005" {read_text(path)}\n`end_keywords\n'
    return manager.assignText(str(path), text)


def _broken(tree: Any) -> bool:
    return any(diagnostic.isError() for diagnostic in tree.diagnostics)


def _compile(tree: Any, sources: SourceSet, tops: Sequence[str]) -> Any:
    compilation = ast.Compilation(_options(sources, tops))
    compilation.addSyntaxTree(tree)
    return compilation


def _options(sources: SourceSet, tops: Sequence[str]) -> Any:
    preprocessor = parsing.PreprocessorOptions()
    preprocessor.predefines = [f"{name}={text or '1'}" for name, text in sources.defines.items()]
    preprocessor.additionalIncludePaths = [str(path) for path in sources.include_dirs]
    options = ast.CompilationOptions()
    options.flags = _LENIENT
    options.topModules = set(tops)
    options.paramOverrides = [f"{name}={value}" for name, value in sources.parameters.items()]
    bag = pyslang.Bag()
    bag.preprocessorOptions = preprocessor
    bag.compilationOptions = options
    return bag


def _only_top(compilation: Any, top: str) -> bool:
    return [instance.name for instance in compilation.getRoot().topInstances] == [top]


def _check_parameters(top: Any, sources: SourceSet) -> None:
    """Refuse overrides that no parameter of the top takes."""
    settable = [p.name for p in top.body.parameters if not p.isLocalParam]
    for name in sources.parameters:
        if name not in settable:
            allowed = f"parameters: {listing(settable)}" if settable else "it has no parameters"
            raise InputError("PE119", f"-P {name}: {top.name} has no such parameter", allowed=allowed)
