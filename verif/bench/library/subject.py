"""What the recognisers look at: a design beside its specification, with questions that are asked again and again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod

from verif.design.model import Clock, Design, Direction, Port, ProtocolMatch, Reset
from verif.plan.model import Requirement
from verif.plan.spec import Specification, Table

_AFFIX = re.compile(r"^(?:i|o)_|_(?:i|o)$")
_LITERAL = re.compile(r"^(?:\d+)?\s*'\s*s?([bdohBDOH])\s*([0-9a-fA-F_]+)$")
_BASE = {"b": 2, "o": 8, "d": 10, "h": 16}


Aliases = Mapping[str, tuple[str, ...]]
"""A model's name of a port to the names that designs give it, in lower case, the likelier first."""

ResetArgument = tuple[str, int, bool] | None


@dataclass(frozen=True, slots=True)
class Hit:
    """A place of the specification that answers a question."""

    match: re.Match[str]
    text: str
    where: str
    """``file:line``."""

    def __getitem__(self, group: int | str) -> str:
        found: str | None = self.match[group]
        return found or ""


@dataclass(frozen=True, slots=True)
class Property:
    """The value that a table of the specification gives a property."""

    text: str
    where: str
    """``file:line``."""


@dataclass(frozen=True)
class Subject:
    """A design and its specification."""

    design: Design
    specification: Specification | None

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """The numbered requirements; none without a specification."""
        return self.specification.requirements if self.specification else ()

    @property
    def tables(self) -> tuple[Table, ...]:
        """The specification's tables."""
        return self.specification.tables if self.specification else ()

    @cached_property
    def inputs(self) -> dict[str, Port]:
        """Data inputs by name."""
        return {port.name: port for port in self.design.data_inputs}

    @cached_property
    def outputs(self) -> dict[str, Port]:
        """Outputs by name."""
        return {port.name: port for port in self.design.outputs}

    @cached_property
    def has_inout(self) -> bool:
        """Whether any port is an inout, which no model of the library takes."""
        return any(port.direction is Direction.INOUT or not port.flat for port in self.design.ports)

    @property
    def clock(self) -> Clock | None:
        """The only clock, if there is just one."""
        return self.design.clocks[0] if len(self.design.clocks) == 1 else None

    @property
    def reset(self) -> Reset | None:
        """The only reset, if there is just one."""
        return self.design.resets[0] if len(self.design.resets) == 1 else None

    @property
    def reset_tuple(self) -> ResetArgument:
        """The ``reset`` argument of a model with one reset: port, active level, asynchronous."""
        return self.reset_of(self.reset)

    def reset_of(self, reset: Reset | None) -> ResetArgument:
        """Return ``reset`` as a model's argument; what the specification says of it goes before what the RTL does."""
        if reset is None:
            return None
        asynchronous = reset.asynchronous
        if hit := self.says(rf"\b{re.escape(reset.name)}\b.*?\b(a?synchronous)(?:ly)?\b"):
            asynchronous = hit[1].lower() == "asynchronous"
        return reset.name, int(reset.active_high), asynchronous

    @cached_property
    def parameters(self) -> dict[str, int]:
        """Elaborated integer parameters of the top by upper-case name."""
        values = ((p.name.upper(), number(p.value)) for p in self.design.parameters)
        return {name: value for name, value in values if value is not None}

    def parameter(self, *names: str) -> int | None:
        """Return the value of the first parameter called one of ``names`` (upper case)."""
        return next((self.parameters[name] for name in names if name in self.parameters), None)

    def fact(self, name: str) -> str:
        """Return the manifest's fact, or an empty text."""
        return self.design.facts.get(name, "").strip().lower()

    def says(self, *patterns: str) -> Hit | None:
        """Return the first sentence that matches all ``patterns``, ignoring case; the match is the first pattern's."""
        for sentence in self.specification.sentences if self.specification else ():
            matches = [re.search(pattern, sentence.text, re.IGNORECASE) for pattern in patterns]
            if matches and matches[0] and all(matches):
                assert self.specification is not None
                return Hit(matches[0], sentence.text, self.specification.where(sentence.line))
        return None

    def hits(self, pattern: str) -> list[Hit]:
        """Return all places that match ``pattern``, ignoring case."""
        found = []
        for sentence in self.specification.sentences if self.specification else ():
            assert self.specification is not None
            where = self.specification.where(sentence.line)
            found += [Hit(match, sentence.text, where) for match in re.finditer(pattern, sentence.text, re.IGNORECASE)]
        return found

    def property(self, name: str) -> Property | None:
        """Return the second cell of the first table row whose first cell matches ``name``, ignoring case."""
        for table in self.tables:
            for row, line in zip(table.rows, table.row_lines, strict=True):
                if len(row) > 1 and re.search(name, row[0], re.IGNORECASE):
                    assert self.specification is not None
                    return Property(row[1], self.specification.where(line))
        return None

    def value(self, text: str) -> int | None:
        """Return the value of an integer literal or of the name of a parameter."""
        bare = text.strip(" `*.,;")
        literal = number(bare)
        return self.parameters.get(bare.upper()) if literal is None else literal

    def expression(self, text: str) -> int | None:
        """Return the value of a sum, difference or product of literals and parameters; None for anything else."""
        tokens = re.findall(r"\w+|[-+*]|\S", re.sub(r"[`\s]", " ", text))
        values = [self.value(token) if token[0].isalnum() else None for token in tokens]
        terms = [token if value is None else str(value) for token, value in zip(tokens, values, strict=True)]
        if not re.fullmatch(r"\d+(?: [-+*] \d+)*", " ".join(terms)):
            return None
        return _sum(terms)

    def ports(self, inputs: Aliases, outputs: Aliases) -> dict[str, str]:
        """Return a model's names that the design has ports for, inputs by ``inputs`` and outputs by ``outputs``."""
        found = {name: self.find_input(*aliases) for name, aliases in inputs.items()}
        found |= {name: self.find_output(*aliases) for name, aliases in outputs.items()}
        return {name: port for name, port in found.items() if port}

    def find_input(self, *names: str, width: int | None = None) -> str | None:
        """Return the data input that is called one of ``names``, the earlier name first."""
        return _find(self.inputs.values(), names, width)

    def find_output(self, *names: str, width: int | None = None) -> str | None:
        """Return the output that is called one of ``names``, the earlier name first."""
        return _find(self.outputs.values(), names, width)

    def width(self, port: str) -> int:
        """Return the width of ``port`` in bits."""
        return self.design.port(port).width

    def protocols(self, *names: str) -> list[ProtocolMatch]:
        """Return the confident protocol matches whose protocol is one of ``names``."""
        return [match for match in self.design.protocols if match.protocol in names and match.confidence >= 0.5]

    def cone(self, output: str) -> set[str]:
        """Return the data inputs that can reach ``output`` in the RTL; all of them where nobody looked."""
        cones = self.design.cones
        return set(cones[output]) & set(self.inputs) if output in cones else set(self.inputs)

    def covers(self, outputs: Iterable[str], ports: Iterable[str]) -> bool:
        """Return whether no data input beyond ``ports``, or what reaches an output among them, reaches ``outputs``."""
        known = set(ports)
        reach = known.union(*(self.cone(port) for port in known & set(self.outputs) - set(outputs)))
        return set[str]().union(*(self.cone(port) for port in outputs)) <= reach

    def accounts_for(self, ports: Iterable[str]) -> bool:
        """Return whether no input beyond ``ports``, which a model would ignore, reaches the outputs among them."""
        known = set(ports)
        return self.covers(known & set(self.outputs), known & set(self.inputs))


def _sum(terms: list[str]) -> int:
    """Return the value of alternating numbers and signs; products bind more tightly."""
    for index in range(len(terms) - 2, 0, -2):
        if terms[index] in "+-":
            left, right = _sum(terms[:index]), _sum(terms[index + 1 :])
            return left + right if terms[index] == "+" else left - right
    return prod(int(term) for term in terms[::2])


def number(text: str) -> int | None:
    """Return the value of a Verilog, C or decimal integer literal (``8'h1D``, ``0x1D``, ``29``); None if it is none."""
    bare = text.strip().replace("_", "")
    if match := _LITERAL.match(bare):
        try:
            return int(match[2], _BASE[match[1].lower()])
        except ValueError:
            return None
    try:
        return int(bare, 0)
    except ValueError:
        return int(bare) if bare.isdecimal() else None


def bare_name(name: str) -> str:
    """Return a port's name in lower case without ``i_``, ``_o`` and the like."""
    return _AFFIX.sub("", name.lower())


def _spellings(name: str) -> tuple[str, ...]:
    return (bare_name(name), name.lower())


def _find(ports: Iterable[Port], names: Iterable[str], width: int | None) -> str | None:
    fitting = {spelling: p.name for p in ports if width in (None, p.width) for spelling in _spellings(p.name)}
    return next((fitting[name] for name in names if name in fitting), None)
