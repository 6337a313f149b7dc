"""Grammars as values: texts, choices, sequences and bounded repetitions. Every language described here is finite.

A small model that may repeat itself will: so there is no unbounded repetition, no recursion and no free white space.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Text:
    """Exactly this text."""

    text: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """Any one of the options; at least one."""

    options: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Seq:
    """One part after the other, with nothing between."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """The part, ``least`` to ``most`` times."""

    part: Node
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Ref:
    """The rule or token of this name."""

    name: str


Node = Text | OneOf | Seq | Repeat | Ref


def texts(*options: str) -> OneOf:
    """Return the choice between plain texts."""
    return OneOf(tuple(Text(option) for option in options))


def seq(*parts: Node | str) -> Seq:
    """Return the sequence of ``parts``, plain strings standing for themselves."""
    return Seq(tuple(Text(part) if isinstance(part, str) else part for part in parts))


def optional(*parts: Node | str) -> Repeat:
    """Return the sequence of ``parts`` or nothing."""
    return Repeat(seq(*parts), 0, 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Grammar:
    """Named rules; ``start`` is where an answer begins. ValueError for a recursive or dangling one."""

    start: str
    rules: Mapping[str, Node]
    """Lower-case names."""
    tokens: Mapping[str, Node] = field(default_factory=lambda: MappingProxyType({}))
    """Upper-case names; matched as one word each and free of references to rules."""

    def __post_init__(self) -> None:
        self.longest()

    def node(self, name: str) -> Node:
        """Return the rule or token called ``name``; ValueError where there is none."""
        found = self.rules.get(name) or self.tokens.get(name)
        if found is None:
            raise ValueError(f"the grammar has no rule '{name}'")
        return found

    def longest(self) -> int:
        """Return the length of the longest text of the language, in characters."""
        return self._longest(Ref(self.start), ())

    def _longest(self, node: Node, within: tuple[str, ...]) -> int:
        match node:
            case Text(text):
                return len(text)
            case OneOf(options):
                return max(self._longest(option, within) for option in options)
            case Seq(parts):
                return sum(self._longest(part, within) for part in parts)
            case Repeat(part, _, most):
                return most * self._longest(part, within)
            case Ref(name):
                if name in within:
                    raise ValueError(f"the rule '{name}' is recursive: its language has no bound")
                return self._longest(self.node(name), (*within, name))


def random_text(grammar: Grammar, rng: Random) -> str:
    """Return a text of the language, every choice equally likely: what a model without any knowledge would write."""

    def text(node: Node) -> str:
        match node:
            case Text(fixed):
                return fixed
            case OneOf(options):
                return text(rng.choice(options))
            case Seq(parts):
                return "".join(map(text, parts))
            case Repeat(part, least, most):
                return "".join(text(part) for _ in range(rng.randint(least, most)))
            case Ref(name):
                return text(grammar.node(name))

    return text(Ref(grammar.start))
