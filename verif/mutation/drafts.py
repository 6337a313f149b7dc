"""Mutants as they are found: where they stand, before they have ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from verif.design.texts import Texts
from verif.mutation.model import Mutant


@dataclass(frozen=True, kw_only=True, slots=True)
class Where:
    """What is around a node of the syntax tree."""

    module: str
    clocked: bool = False
    """Whether it is in a process that waits for a clock."""
    combinational: bool = False
    """Whether it is in a process without a clock."""
    reset: bool = False
    """Whether it is in a branch that resets."""
    asynchronous: bool = False
    """Whether that reset needs no clock, so that its values must be constant."""
    given: frozenset[str] = frozenset()
    """Variables that have a value here in every run of a combinational process."""
    registers: tuple[tuple[str, int], ...] = ()
    """Names and widths of what the process assigns, in order."""
    counters: frozenset[str] = frozenset()
    """Registers of the module that count."""


@dataclass(slots=True)
class Drafts:
    """The mutants of a design; gives the text of nodes too."""

    texts: Texts
    _found: dict[tuple[int, int, int, bytes], Mutant] = field(default_factory=dict)
    _order: dict[Path, int] = field(default_factory=dict)

    def span(self, node: Any) -> tuple[int, int] | None:
        """Return first and last offset of a node in its file; None where it isn't all there, as in a macro."""
        first, last = node.getFirstToken(), node.getLastToken()
        text = self.texts.of(first)
        if text is None or self.texts.of(last) is not text:
            return None
        start, end = self.texts.start(first), self.texts.end(last)
        return (start, end) if start < end else None

    def text(self, node: Any) -> str:
        """Return the text of a node; empty where it has none of its own."""
        span = self.span(node)
        source = self.texts.of(node.getFirstToken())
        if span is None or source is None:
            return ""
        return source.text[slice(*span)].decode("utf-8", "replace")

    def add(
        self, node: Any, operator: str, after: str, where: Where, *, statement: bool = False, own_build: str = ""
    ) -> None:
        """Add the mutant that has ``after`` in the place of ``node``."""
        span = self.span(node)
        if span is not None:
            self.add_span(node, span, operator, after.encode(), where, statement=statement, own_build=own_build)

    def add_span(
        self,
        node: Any,
        span: tuple[int, int],
        operator: str,
        after: bytes,
        where: Where,
        *,
        statement: bool = False,
        own_build: str = "",
    ) -> None:
        """Add the mutant that has ``after`` in the place of ``span``, which begins where ``node`` does."""
        token = node.getFirstToken()
        source = self.texts.of(token)
        if source is None or source.text[slice(*span)] == after:
            return
        rank = self._order.setdefault(source.path, self.texts.rank(token)[0])
        self._found.setdefault(
            (rank, *span, after),
            Mutant(
                id="",
                operator=operator,
                module=where.module,
                file=source.path,
                line=self.texts.line(token),
                column=self.texts.column(token),
                start=span[0],
                end=span[1],
                before=source.text[slice(*span)].decode("utf-8", "replace"),
                after=after.decode("utf-8", "replace"),
                own_build=own_build,
                statement=statement,
                asynchronous=where.asynchronous,
            ),
        )

    def named(self) -> Iterator[Mutant]:
        """Yield the mutants in source order, with ids."""
        counts: Counter[str] = Counter()
        for key in sorted(self._found):
            mutant = self._found[key]
            name = f"{mutant.file.stem}:{mutant.line}:{mutant.operator}"
            counts[name] += 1
            number = counts[name]
            yield replace(mutant, id=name if number == 1 else f"{name}:{number}")
