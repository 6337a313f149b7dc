"""The files of a design as slang read them: where a token lies in the text that is edited, if it does at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from verif.design.edits import SourceText
from verif.design.elaboration import Elaborated
from verif.design.model import SourceSet


class Texts:
    """The source files, by slang's buffers."""

    def __init__(self, elaborated: Elaborated, sources: SourceSet) -> None:
        self.manager = elaborated.manager
        self._place = elaborated.place
        self._paths = {str(path): path for path in sources.files}
        self._order = {path: index for index, path in enumerate(sources.files)}
        self._texts: dict[int, SourceText | None] = {}

    def of(self, token: Any) -> SourceText | None:
        """Return the source file that ``token`` stands in; None for macros' bodies and arguments and for includes."""
        location = token.location
        if token.isMissing or not self.manager.isFileLoc(location):
            return None
        buffer = location.buffer
        if buffer.id not in self._texts:
            path = self._paths.get(str(self.manager.getFullPath(buffer)))
            self._texts[buffer.id] = SourceText.of(path, self.manager, buffer) if path else None
        return self._texts[buffer.id]

    def at(self, path: Path) -> SourceText:
        """Return a file in which a token was looked up; KeyError for any other."""
        for text in self._texts.values():
            if text is not None and text.path == path:
                return text
        raise KeyError(path)

    def start(self, token: Any) -> int:
        """Return the offset of ``token`` in its file."""
        text = self.of(token)
        assert text is not None
        return int(token.location.offset) - text.shift

    def end(self, token: Any) -> int:
        """Return the offset behind ``token`` in its file."""
        return self.start(token) + len(token.rawText.encode())

    def line(self, token: Any) -> int:
        """Return the line of ``token``, that of the macro's use where it comes out of one."""
        return int(self.manager.getLineNumber(self.manager.getFullyExpandedLoc(token.location)))

    def column(self, token: Any) -> int:
        """Return the column of ``token``, from 1."""
        text = self.of(token)
        column = int(self.manager.getColumnNumber(token.location))
        first_line = text is not None and self.line(token) == 1
        return column - text.shift if text is not None and first_line else column

    def where(self, token: Any) -> str:
        """Return ``file:line`` of ``token`` for a reader, where a macro is used for what comes out of it."""
        file, line = self._place(self.manager.getFullyExpandedLoc(token.location))
        return f"{file}:{line}"

    def file(self, token: Any) -> str:
        """Return the file of ``token`` for a reader."""
        return str(self._place(self.manager.getFullyExpandedLoc(token.location))[0])

    def rank(self, token: Any) -> tuple[int, int]:
        """Return what tokens are sorted by: file, in compile order, and offset."""
        text = self.of(token)
        return (self._order[text.path], self.start(token)) if text else (len(self._order), 0)

    def edited(self) -> Iterator[SourceText]:
        """Yield the files that have edits."""
        for text in self._texts.values():
            if text and (text.edits.insertions or text.edits.blanks):
                yield text
