"""All mutants in one text: a selector chooses at run time which of them, if any, is there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import Any

from verif.design.model import Design
from verif.design.source_file import code_of
from verif.mutation.model import LeftOut, Mutant, Mutants, Schemata

NAME = "pe_mutant"
"""What the selector is called, where no identifier of the sources is."""


class Selector(StrEnum):
    """Where the selector comes from."""

    PORT = "port"
    """An input of the top: 0 is the original, n the n-th mutant."""
    ONE_HOT = "one-hot"
    """An input of the top with a bit for each mutant, bit n - 1 for the n-th: for lanes, which need no decoder then."""
    PLUSARG = "plusarg"
    """``+pe_mutant=n`` on the simulator's command line; the top's ports stay as they are."""
    TIED = "tied"
    """A constant in the top; its ports stay as they are."""


def schemata(
    design: Design, mutants: Mutants | Iterable[Mutant], *, selector: Selector = Selector.PORT, tied: int = 0
) -> Schemata:
    """Return texts that hold all ``mutants`` that can take a selector; the same arguments give the same bytes.

    Those that can't are told with the reason: they need builds of their own, or are stillborn. ``tied`` is the
    constant of ``Selector.TIED``. The errors are those of ``elaborate``.
    """
    from verif.mutation.checking import without_broken

    asked = tuple(mutants)
    left_out = [
        LeftOut(mutant=mutant, reason=f"{mutant.own_build[:1].upper()}{mutant.own_build[1:]}.")
        for mutant in asked
        if mutant.own_build
    ]
    form = Form(kind=selector, tied=tied)
    order, broken, texts, name = without_broken(design, [m for m in asked if not m.own_build], form)
    return Schemata(
        texts=texts,
        selector=name,
        width=form.width(len(order)),
        one_hot=selector is Selector.ONE_HOT,
        order=order,
        left_out=(*left_out, *broken),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """How the selector is read."""

    kind: Selector
    tied: int = 0

    def width(self, count: int) -> int:
        """Return the bits of a selector for ``count`` mutants and the forced fail of harnesses."""
        return count + 1 if self.kind is Selector.ONE_HOT else (count + 1).bit_length()

    def chosen(self, name: str, number: int, count: int, *, asynchronous: bool = False) -> str:
        """Return the condition of the mutant ``number``.

        What an ``asynchronous`` reset loads must be constant for proofs, so there the number tied stands itself.
        """
        width = self.width(count)
        if self.kind is Selector.ONE_HOT:
            return f"{name}[{number - 1}]"
        if self.kind is Selector.TIED and asynchronous:
            return f"{width}'d{self.tied} == {width}'d{number}"
        return f"{name} == {width}'d{number}"

    def declared(self, name: str, count: int) -> str | None:
        """Return what the top declares; None where it gets a port."""
        width = self.width(count)
        if self.kind is Selector.TIED:
            return f"wire [{width - 1}:0] {name} = {width}'d{self.tied};"
        if self.kind is Selector.PLUSARG:
            start = f'initial if (!$value$plusargs("{name}=%d", {name})) {name} = {width}\'d0;'
            return f"reg [{width - 1}:0] {name}; {start}"
        return None


@dataclass(slots=True)
class Weaving:
    """One try: the texts with some mutants in them."""

    design: Design
    form: Form
    texts: dict[Path, bytes] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    order: tuple[Mutant, ...] = ()
    name: str = NAME

    def weave(self, mutants: Sequence[Mutant]) -> None:
        """Put the mutants into fresh texts."""
        from verif.design.elaboration import elaborate
        from verif.design.texts import Texts
        from verif.mutation.plumbing import Plumbing
        from verif.mutation.promises import blank_promises

        sources = self.design.sources
        elaborated = elaborate(sources)
        texts = Texts(elaborated, sources)
        plumbing = Plumbing.of(elaborated, texts)
        closed = plumbing.unreachable()
        self.left_out = [
            LeftOut(mutant=mutant, reason=f"The selector can't be brought to {mutant.module}: {closed[mutant.module]}.")
            for mutant in mutants
            if mutant.module in closed
        ]
        self.order = tuple(mutant for mutant in mutants if mutant.module not in closed)
        self.name = free_name([file.read_bytes() for file in sources.files if file.is_file()])
        numbers = {id(mutant): number for number, mutant in enumerate(self.order, start=1)}
        for file, members in groupby(sorted(self.order, key=lambda m: str(m.file)), key=lambda m: m.file):
            self._file(texts.at(file), list(members), numbers)
        count = len(self.order)
        plumbing.connect(
            {mutant.module for mutant in self.order} | {elaborated.top.definition.name},
            self.name,
            self.form.width(count),
            top=self.form.declared(self.name, count),
        )
        self._listen(elaborated, texts)
        if self.order:
            blank_promises(elaborated, texts)
        self.texts = {text.path: text.edited for text in texts.edited()}

    def _file(self, text: Any, mutants: list[Mutant], numbers: dict[int, int]) -> None:
        mutants.sort(key=lambda m: (m.start, -m.end, m.statement))
        for (start, end, statement), group in groupby(mutants, key=lambda m: (m.start, m.end, m.statement)):
            chosen = [(self._chosen(mutant, numbers[id(mutant)]), one_line(mutant.after)) for mutant in group]
            if statement:
                arms = "".join(f"if ({test}) begin {after} end else " for test, after in chosen)
                text.edits.around(start, end, f"begin {arms}begin ", " end end")
            else:
                arms = "".join(f"({test}) ? ({after}) : " for test, after in chosen)
                text.edits.around(start, end, f"({arms}(", "))")

    def _chosen(self, mutant: Mutant, number: int) -> str:
        return self.form.chosen(self.name, number, len(self.order), asynchronous=mutant.asynchronous)

    def _listen(self, elaborated: Any, texts: Any) -> None:
        """Add the selector to the event lists of combinational processes that have one."""
        from verif.mutation.listening import event_lists

        touched = [(mutant.file, mutant.start) for mutant in self.order]
        for file, start, end, place in event_lists(elaborated, texts):
            if any(where == file and start <= offset < end for where, offset in touched):
                texts.at(file).edits.insert(place, f" or {self.name}", opening=False, depth=0)


def one_line(text: str) -> str:
    """Return Verilog on one line, where nothing in it needs its own."""
    if "\n" not in text or '"' in text or "`" in text:
        return text
    return " ".join(code_of(text).split())


def free_name(texts: Sequence[bytes]) -> str:
    """Return a name for the selector that no text uses."""
    for name in _names():
        if not any(re.search(rb"\b" + name.encode() + rb"\b", text) for text in texts):
            return name
    raise AssertionError


def _names() -> Iterator[str]:
    yield NAME
    number = 2
    while True:
        yield f"{NAME}{number}"
        number += 1
