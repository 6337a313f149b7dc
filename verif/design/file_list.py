"""Read ``.f`` file lists: the command files that Verilog tools share.

Understood: files, ``+incdir+A+B``, ``+define+A=1+B``, ``+libext+.v+.sv``, ``-f``, ``-F``, ``-y``, ``-v``, ``-I``,
``-D``, ``-top``, ``--top-module``, ``-s``, comments (``//``, ``#``, ``/* */``), quotes, and environment variables
(``$NAME``, ``${NAME}``, ``$(NAME)``).
Paths in a list that is given with ``-f`` are taken from the current directory and, where they don't exist there, from
the list's own directory; with ``-F`` from the list's directory alone. Any other option is left out with a note.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from verif.design.source_file import absolute, display, read_text
from verif.errors import InputError

_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\w])//[^\n]*|(?:^|(?<=\s))#[^\n]*", re.S)
_VARIABLE = re.compile(r"\$\((\w+)\)|\$\{(\w+)\}|\$(\w+)")
_TOPS = ("-top", "--top", "--top-module", "-s")
_FLAGS_WITH_VALUE = ("-o", "-timescale", "--timescale", "-l", "-work", "-Wl", "-CFLAGS", "-LDFLAGS", "-G", "-P")


@dataclass(slots=True)
class FileList:
    """What file lists and their nested lists name, in order."""

    files: list[Path] = field(default_factory=list)
    include_dirs: list[Path] = field(default_factory=list)
    defines: dict[str, str] = field(default_factory=dict)
    library_dirs: list[Path] = field(default_factory=list)
    library_files: list[Path] = field(default_factory=list)
    library_suffixes: list[str] = field(default_factory=list)
    top: str | None = None
    notes: list[str] = field(default_factory=list)


def read_file_list(path: Path) -> FileList:
    """Read the list at ``path`` and those that it names; InputError PE101 or PE114 says which line is wrong."""
    found = FileList()
    _Reader(found).read(absolute(path), (), own_directory=False)
    return found


class _Reader:
    """Reads one tree of lists into ``found``."""

    def __init__(self, found: FileList) -> None:
        self._found = found

    def read(self, path: Path, stack: tuple[Path, ...], *, own_directory: bool) -> None:
        if path in stack:
            raise InputError("PE114", f"the file list names itself through {display(stack[-1])}", where=display(path))
        context = _Context(path, own_directory)
        words = iter(context.words())
        for word in words:
            self._take(word, words, context, (*stack, path))

    def _take(self, word: str, words: Iterator[str], context: _Context, stack: tuple[Path, ...]) -> None:
        found = self._found
        if word in ("-f", "-F", "-file"):
            nested = context.existing(context.value(words, word))
            self.read(nested, stack, own_directory=word == "-F" or context.own_directory)
        elif word == "-y":
            found.library_dirs.append(context.existing(context.value(words, word)))
        elif word == "-v":
            found.library_files.append(context.existing(context.value(words, word)))
        elif word in _TOPS:
            found.top = context.value(words, word)
        elif word in ("-I", "-D", "-incdir", "-define"):
            self._include_or_define(word, context.value(words, word), context)
        elif word[:2] in ("-I", "-D"):
            self._include_or_define(word[:2], word[2:], context)
        elif word.startswith("+"):
            self._plus(word, context)
        elif word.startswith("-"):
            value = f" {context.value(words, word)}" if word in _FLAGS_WITH_VALUE else ""
            found.notes.append(f"{display(context.path)}: the option {word}{value} is left out")
        else:
            found.files.append(context.existing(word))

    def _include_or_define(self, option: str, value: str, context: _Context) -> None:
        if option in ("-I", "-incdir"):
            self._found.include_dirs.append(context.resolve(value))
        else:
            self._define(value)

    def _plus(self, word: str, context: _Context) -> None:
        _, keyword, *values = word.split("+")
        values = [value for value in values if value]
        if keyword == "incdir":
            self._found.include_dirs += [context.resolve(value) for value in values]
        elif keyword == "define":
            for value in values:
                self._define(value)
        elif keyword == "libext":
            self._found.library_suffixes += values
        else:
            self._found.notes.append(f"{display(context.path)}: the option {word} is left out")

    def _define(self, text: str) -> None:
        name, _, value = text.partition("=")
        self._found.defines[name] = value


@dataclass(frozen=True, slots=True)
class _Context:
    """One list: its words and how its paths are meant."""

    path: Path
    own_directory: bool

    def words(self) -> list[str]:
        """Return the words outside of comments with variables expanded."""
        text = _COMMENT.sub(" ", read_text(self.path))
        try:
            return shlex.split(_VARIABLE.sub(self._variable, text))
        except ValueError as error:
            raise InputError("PE114", f"a quote is not closed ({error})", where=display(self.path)) from error

    def value(self, words: Iterator[str], option: str) -> str:
        """Return the word that follows ``option``."""
        value = next(words, None)
        if value is None:
            raise InputError("PE114", f"{option} at the end of the list lacks its value", where=display(self.path))
        return value

    def resolve(self, name: str) -> Path:
        """Return ``name`` as an absolute path; see the module's text on relative ones."""
        beside = absolute(name, self.path.parent)
        if self.own_directory:
            return beside
        here = absolute(name)
        return beside if beside.exists() and not here.exists() else here

    def existing(self, name: str) -> Path:
        """Return ``name`` as the path of something that exists."""
        path = self.resolve(name)
        if not path.exists():
            places = " and ".join(dict.fromkeys([display(path.parent), display(self.path.parent)]))
            what = f"the list names {name}, which doesn't exist"
            raise InputError("PE101", what, where=display(self.path), allowed=f"looked in {places}")
        return path

    def _variable(self, match: re.Match[str]) -> str:
        name = match[1] or match[2] or match[3]
        value = os.environ.get(name)
        if value is None:
            hint = f"set it, for example with export {name}=DIR"
            raise InputError(
                "PE114", f"the environment variable {name} is not set", where=display(self.path), hint=hint
            )
        return value
