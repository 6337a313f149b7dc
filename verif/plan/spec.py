"""Read a specification: Markdown or plain text into requirements, tables and sentences, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from verif.errors import InputError
from verif.plan.model import Requirement

_ID = r"(?:(?:[A-Z][A-Z0-9]*[-_])*(?:R|REQ|RQ|FR|NFR|SR)[-_ ]?|[A-Z][A-Z0-9]*(?:-[A-Z][A-Z0-9]*)*-)\d+(?:\.\d+)*[a-z]?"
_BULLET = r"(?:[-*+]\s+|\d+[.)]\s+|>\s+)?"
_DASHES = "\u2013\u2014"
_MARKED = re.compile(
    rf"^\s*(?:#+\s+)?{_BULLET}(?:\*\*|__|`)?[\[(]?(?P<id>{_ID})[\])]?(?P<sign>\s*[:.){_DASHES}-]*)(?:\*\*|__|`)?\s*[:.{_DASHES}-]*(?P<text>\s.*)?$"
)
_NUMBERED = re.compile(r"^\s*(?:#+\s+)?(?P<id>\d+(?:\.\d+)*)[.):]?\s+(?P<text>\S.*)$")
_OBLIGES = re.compile(r"\b(shall|must)\b", re.IGNORECASE)
_ITEM = re.compile(r"^\s*(?:[-*+]\s|\d+(?:\.\d+)*[.)]\s|#|>|\||`?\w+`?(?:\s*\[[^\]]*\])?\s*:\s)")
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z`\"'(*\[])")


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A Markdown table; cells are stripped of blanks and of ``*`` and backquote marks."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    line: int
    """Line of the header, counted from 1."""
    row_lines: tuple[int, ...] = ()
    """Line of each row."""

    def column(self, *names: str) -> int | None:
        """Return the index of the first column whose heading contains one of ``names``, ignoring case."""
        for name in names:
            for index, heading in enumerate(self.header):
                if name.lower() in heading.lower():
                    return index
        return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """A sentence, list item or line of code of the specification."""

    text: str
    line: int
    """Line on which it begins, counted from 1."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Specification:
    """What a specification says, as far as reading it goes."""

    path: Path
    title: str
    """The first heading, else the file's name."""
    text: str
    requirements: tuple[Requirement, ...] = ()
    """The numbered requirements; none where the author numbered none."""
    tables: tuple[Table, ...] = ()
    sentences: tuple[Sentence, ...] = ()

    def where(self, line: int) -> str:
        """Return ``file:line`` for messages, with the file's bare name."""
        return f"{self.path.name}:{line}"


def read_specification(path: Path) -> Specification:
    """Read the specification at ``path``; InputError PE211-PE214 where it can't be read as UTF-8 text.

    A requirement is a line, list item, heading or table row that begins with an id (``R1:``, ``**R1**``, ``REQ-3``,
    ``[R1]``, ``FIFO-2.1``), or a numbered sentence with "shall" or "must". Lines that go on belong to it.
    """
    text = _text(path)
    lines = text.splitlines()
    return Specification(
        path=path,
        title=_title(lines) or path.name,
        text=text,
        requirements=_requirements(lines),
        tables=_tables(lines),
        sentences=tuple(_sentences(lines)),
    )


def _text(path: Path) -> str:
    where = str(path)
    if not path.is_file():
        what = "the specification is a directory" if path.is_dir() else "no such specification file"
        raise InputError("PE211", what, where=where, hint="give a Markdown or text file to --spec")
    data = path.read_bytes()
    if b"\0" in data:
        raise InputError("PE212", "the specification is binary", where=where, allowed="Markdown or plain text is read")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            "PE213",
            f"byte 0x{data[error.start]:02x} is not UTF-8",
            where=f"{where}:{line}",
            hint="save the specification as UTF-8",
        ) from error
    if not text.strip():
        raise InputError("PE214", "the specification is empty", where=where, hint="leave --spec out to draft without")
    return text


def _title(lines: list[str]) -> str:
    return next((line.lstrip("#").strip() for line in lines if re.match(r"^#+\s+\S", line)), "")


def _requirements(lines: list[str]) -> tuple[Requirement, ...]:
    """Return the requirements in the order of the file; of a repeated id the first counts."""
    found: dict[str, Requirement] = {}
    fenced = False
    for index, line in enumerate(lines):
        if _FENCE.match(line):
            fenced = not fenced
            continue
        head = None if fenced else _head(line, lines, index)
        if head and head[0] not in found:
            found[head[0]] = Requirement(id=head[0], text=head[1], line=index + 1)
    return tuple(found.values())


def _head(line: str, lines: list[str], index: int) -> tuple[str, str] | None:
    """Return the id and the whole text of the requirement that begins on ``line``, if one does."""
    if line.lstrip().startswith("|"):
        return _table_requirement(line)
    if match := _MARKED.match(line):
        text = _joined(match["text"] or "", lines, index)
        separated = bool(match["sign"].strip()) or "**" in line or "[" in line[: match.end("id") + 1] or "#" in line[:6]
        return (match["id"].replace(" ", ""), text) if text and (separated or _OBLIGES.search(text)) else None
    if match := _NUMBERED.match(line):
        text = _joined(match["text"], lines, index)
        return (match["id"], text) if _OBLIGES.search(text) else None
    return None


def _table_requirement(line: str) -> tuple[str, str] | None:
    cells = _cells(line)
    if len(cells) > 1 and re.fullmatch(_ID, cells[0]) and len(cells[1].split()) > 2:
        return cells[0].replace(" ", ""), "; ".join(cell for cell in cells[1:] if cell)
    return None


def _joined(first: str, lines: list[str], index: int) -> str:
    """Return ``first`` and the lines after ``index`` that go on with it, as one line."""
    parts = [first.strip()]
    for line in lines[index + 1 :]:
        if not line.strip():
            if any(parts):
                break
            continue
        if _ITEM.match(line) or _MARKED.match(line) or _FENCE.match(line):
            break
        parts.append(line.strip())
    return re.sub(r"\*\*|__(?=\W|$)", "", " ".join(part for part in parts if part)).strip()


def _tables(lines: list[str]) -> tuple[Table, ...]:
    tables = []
    for index in range(1, len(lines)):
        if not (_RULE.match(lines[index]) and "|" in lines[index - 1]):
            continue
        header = _cells(lines[index - 1])
        rows, numbers = [], []
        for number, line in enumerate(lines[index + 1 :], start=index + 2):
            if "|" not in line or not line.strip():
                break
            cells = _cells(line)
            rows.append(tuple((cells + [""] * len(header))[: len(header)]))
            numbers.append(number)
        tables.append(Table(header=tuple(header), rows=tuple(rows), line=index, row_lines=tuple(numbers)))
    return tuple(tables)


def _cells(line: str) -> list[str]:
    """Split a table row at its bars; an escaped bar and a bar inside backquotes stay."""
    body = line.strip().removeprefix("|")
    body = body[:-1] if body.endswith("|") and not body.endswith("\\|") else body
    hidden = re.sub(r"`[^`]*`", lambda code: code[0].replace("|", "\0"), body.replace("\\|", "\0"))
    return [re.sub(r"[`*]", "", cell).replace("\0", "|").strip() for cell in hidden.split("|")]


def _sentences(lines: list[str]) -> Iterator[Sentence]:
    """Yield the sentences; wrapped lines are joined, list items, headings and code lines stand alone."""
    block: list[tuple[int, str]] = []
    fenced = False
    for number, line in enumerate(lines, start=1):
        fence = bool(_FENCE.match(line))
        fenced ^= fence
        alone = fenced or fence or not line.strip() or line.lstrip().startswith(("|", "#"))
        if alone or _ITEM.match(line) or _MARKED.match(line):
            yield from _split(block)
            block = []
        if line.strip() and not fence:
            block.append((number, line.strip()))
        if alone:
            yield from _split(block)
            block = []
    yield from _split(block)


def _split(block: list[tuple[int, str]]) -> Iterator[Sentence]:
    """Yield the sentences of one paragraph, given as numbered lines."""
    text = " ".join(part for _, part in block)
    begin = 0
    for end in [match.start() for match in _SENTENCE_END.finditer(text)] + [len(text)]:
        if re.fullmatch(r"\d+(?:\.\d+)*[.)]", text[begin:end]):
            continue
        if sentence := text[begin:end].strip():
            yield Sentence(text=sentence, line=_line_at(block, begin))
        begin = end + 1


def _line_at(block: list[tuple[int, str]], offset: int) -> int:
    """Return the number of the line in which character ``offset`` of the joined block lies."""
    for number, part in block:
        if offset <= len(part):
            return number
        offset -= len(part) + 1
    return block[-1][0]
