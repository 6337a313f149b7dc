"""slang's diagnostics as our sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NoReturn

import pyslang

from verif.design.model import SourceSet
from verif.design.source_file import VERILOG_SUFFIXES, display
from verif.errors import InputError

_MAX_NAMED = 8
"""How many names a sentence lists."""
_MAX_FLAGS = 4

_MISSING = ("UnknownModule", "UnknownInterface", "UnknownPackage", "UnknownPrimitive", "UnknownClassOrPackage")


_HARMLESS = ("MissingTimeScale",)
"""Errors of slang that no simulator makes of them."""


class Problems:
    """Turns slang's diagnostics into one InputError: the first that matters, and how many more there are."""

    def __init__(self, manager: Any) -> None:
        self._manager = manager
        self._engine = pyslang.DiagnosticEngine(manager)

    def raise_parse_errors(self, diagnostics: Iterable[Any]) -> None:
        errors = [d for d in diagnostics if d.isError()]
        if not errors:
            return
        for code, raiser in (("CouldNotOpenIncludeFile", self._no_include), ("UnknownDirective", self._no_macro)):
            matching = [d for d in errors if _code(d) == code]
            if matching and matching[0] is errors[0]:
                raiser(matching)
        self._fail("PE106", errors, "syntax error: ")

    def raise_semantic_errors(self, compilation: Any, sources: SourceSet) -> None:
        found = list(compilation.getAllDiagnostics())
        errors = [d for d in found if d.isError() and not _allowed(d, sources)]
        errors = [d for d in errors if _code(d) not in _HARMLESS]
        self._override_errors(errors, sources)
        missing = [d for d in errors if _code(d) in _MISSING]
        if missing:
            self._no_module(missing)
        duplicates = [d for d in found if _code(d) == "DuplicateDefinition"]
        if duplicates:
            hint = "name only one of the files, or a directory together with --top"
            self._fail("PE122", duplicates, "", hint)
        if errors:
            self._fail("PE113", errors, "", self._elaboration_hint(errors[0]))

    def _override_errors(self, errors: Sequence[Any], sources: SourceSet) -> None:
        """Refuse a -P whose value is not a constant; slang reads values from buffers of their own."""
        for error in errors:
            buffer = self._manager.getFullyOriginalLoc(error.location).buffer
            text = self._manager.getSourceText(buffer).rstrip("\0")
            for name, value in sources.parameters.items():
                if value == text and not Path(self._manager.getFullPath(buffer)).is_absolute():
                    hint = f"""write a string as -P '{name}="{value}"'"""
                    raise InputError("PE119", f"-P {name}={value}: the value is not a constant", hint=hint)

    def _elaboration_hint(self, error: Any) -> str:
        """Explain a hierarchical name that begins above the top."""
        location = self._manager.getFullyOriginalLoc(error.location)
        text = self._manager.getSourceText(location.buffer)[location.offset :]
        if _code(error) == "UndeclaredIdentifier" and text[len(_leading_word(text)) :].startswith("."):
            return "the name lies above this top: choose a larger one with --top, or leave the check out (-D SYNTHESIS)"
        return ""

    def _no_include(self, errors: Sequence[Any]) -> NoReturn:
        name = str(errors[0].args[0]) if errors[0].args else self._engine.formatMessage(errors[0])
        what = f"the included file {name} is in no include directory"
        raise InputError("PE117", what, where=self._where(errors[0]), hint="add its directory with -I DIR")

    def _no_macro(self, errors: Sequence[Any]) -> None:
        names = list(dict.fromkeys(str(d.args[0]).lstrip("`") for d in errors if d.args))
        if names[0] == "error":
            raise InputError("PE106", self._own_error(errors[0]), where=self._where(errors[0]))
        hint = (
            "define with " + " ".join(f"-D {name}=TEXT" for name in names[:3]) + ", or include the file that defines it"
        )
        what = f"nobody defines the macro {listing(names)}"
        raise InputError("PE111", what, where=self._where(errors[0]), hint=hint)

    def _own_error(self, error: Any) -> str:
        """Return the text of a source's own ```error "..."``."""
        location = self._manager.getFullyOriginalLoc(error.location)
        line = self._manager.getSourceText(location.buffer)[location.offset :].partition("\n")[0]
        return f"the source stops itself: {line.strip()}"

    def _no_module(self, errors: Sequence[Any]) -> None:
        names = list(dict.fromkeys(str(d.args[0]) for d in errors if d.args))
        first = errors[0]
        if "Package" in _code(first):
            what, hint = f"the package {names[0]} is not among the sources", "add the source that defines it"
        else:
            instance = self._instance_at(first)
            what = f"{instance}module {names[0]} is not among the sources"
            flags = " ".join(f"--blackbox {name}" for name in names[:_MAX_FLAGS])
            more = " and so on" if len(names) > _MAX_FLAGS else ""
            hint = f"add {self._neighbour(names[0]) or 'the source that defines it'}, or pass {flags}{more}"
        others = f"missing too: {listing(names[1:])}" if names[1:] else ""
        raise InputError("PE109", what, where=self._where(first), allowed=others, hint=hint)

    def _neighbour(self, module: str) -> str:
        """Return the file beside the sources that is named after ``module``; empty where there is none."""
        folders = dict.fromkeys(Path(self._manager.getFullPath(buffer)).parent for buffer in self._buffers())
        files = [folder / f"{module}{suffix}" for folder in folders for suffix in VERILOG_SUFFIXES]
        return next((display(file) for file in files if file.is_file()), "")

    def _buffers(self) -> list[Any]:
        return [b for b in self._manager.getAllBuffers() if str(self._manager.getFullPath(b)) not in ("", ".")]

    def _instance_at(self, diagnostic: Any) -> str:
        """Name the instance whose module is missing, from the text after the module's name."""
        location = self._manager.getFullyOriginalLoc(diagnostic.location)
        text = self._manager.getSourceText(location.buffer)[location.offset :]
        name = _instance_name(text)
        scope = getattr(diagnostic.symbol, "name", "") if diagnostic.symbol is not None else ""
        path = ".".join(part for part in (scope, name) if part)
        return f"instance {path}: " if path else ""

    def _fail(self, code: str, errors: Sequence[Any], prefix: str, hint: str = "") -> None:
        first = errors[0]
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        message = self._engine.formatMessage(first).rstrip(".")
        raise InputError(code, f"{prefix}{message}{more}", where=self._where(first, column=True), hint=hint)

    def _where(self, diagnostic: Any, *, column: bool = False) -> str:
        location = self._manager.getFullyOriginalLoc(diagnostic.location)
        file, line = file_and_line(self._manager, location)
        if not file:
            return ""
        return f"{file}:{line}:{self._manager.getColumnNumber(location)}" if column else f"{file}:{line}"


def _instance_name(text: str) -> str:
    """Return the instance's name in ``M #(...) name (...)``; empty where the text is of another form."""
    position = len(_leading_word(text))
    rest = text[position:].lstrip()
    if rest.startswith("#"):
        rest = _after_parentheses(rest[1:].lstrip()).lstrip()
    return _leading_word(rest)


def _leading_word(text: str) -> str:
    length = next((i for i, c in enumerate(text) if not (c.isalnum() or c in "_$\\")), len(text))
    return text[:length]


def _after_parentheses(text: str) -> str:
    depth = 0
    for index, character in enumerate(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth == 0:
            return text[index + 1 :]
    return ""


def _allowed(diagnostic: Any, sources: SourceSet) -> bool:
    """Whether a diagnostic is only about a module that the user said may be missing."""
    if _code(diagnostic) not in _MISSING or not diagnostic.args:
        return False
    return str(diagnostic.args[0]) in sources.blackboxes


def _code(diagnostic: Any) -> str:
    """``UnknownModule`` out of slang's ``DiagCode(UnknownModule)``."""
    return str(diagnostic.code).removeprefix("DiagCode(").rstrip(")")


def file_and_line(manager: Any, location: Any) -> tuple[str, int]:
    """Return the file, as displayed, and the line of a location; empty and 0 where it has none."""
    original = manager.getFullyOriginalLoc(location)
    path = manager.getFullPath(original.buffer)
    if not str(path) or str(path) == ".":
        return "", 0
    return display(Path(path)), manager.getLineNumber(original)


def listing(names: Sequence[str]) -> str:
    """Return ``names`` as text, cut after eight."""
    shown = ", ".join(names[:_MAX_NAMED])
    more = len(names) - _MAX_NAMED
    return f"{shown} and {more} more" if more > 0 else shown
