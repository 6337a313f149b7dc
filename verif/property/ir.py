"""The nouns of properties: what a `.sv` file says, without the words in which it says it.

A sequence is a Boolean, a Delay, a Repeat or a Throughout; a property is a sequence, an Implication or an Eventually.
Meaning: IEEE 1800-2017 clause 16 and annex F.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from verif.property.wiring import Wiring

MOST_CYCLES = 64
"""The longest consequent: every attempt keeps a slot for each of its cycles."""


class Function(StrEnum):
    """A system function of the boolean layer that a monitor computes itself."""

    PAST = "$past"
    ROSE = "$rose"
    FELL = "$fell"
    STABLE = "$stable"
    CHANGED = "$changed"
    ONEHOT = "$onehot"
    ONEHOT0 = "$onehot0"
    COUNTONES = "$countones"
    ISUNKNOWN = "$isunknown"


class Directive(StrEnum):
    """What a property is there for."""

    ASSERT = "assert"
    ASSUME = "assume"
    COVER = "cover"


class Origin(StrEnum):
    """Where a signal of a property comes from."""

    PORT = "port"
    """A port of the module with the properties."""
    OWN = "own"
    """A variable or net of that module: its modelling code drives it."""
    DESIGN = "design"
    """A hierarchical name: a signal of the design, read where it is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Signal:
    """A signal that properties read."""

    name: str
    """Its name in the module; of ``DESIGN`` its hierarchical name below the design's top."""
    width: int
    signed: bool = False
    left: int = 0
    """The number of its leftmost bit."""
    right: int = 0
    """The number of its rightmost bit."""
    scalar: bool = True
    """Whether it is declared without a range."""
    origin: Origin = Origin.PORT


@dataclass(frozen=True, kw_only=True, slots=True)
class Constant:
    """A parameter or a named value of an enumeration, with its value in the bound instance."""

    name: str
    text: str
    """A literal with its width."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sampled:
    """A call of a Function."""

    function: Function
    operand: Boolean
    operand_width: int
    width: int
    signed: bool
    cycles: int = 1
    """How many cycles ``$past`` looks back."""

    def __str__(self) -> str:
        ticks = f", {self.cycles}" if self.function is Function.PAST and self.cycles > 1 else ""
        return f"{self.function}({self.operand}{ticks})"


Part = str | Signal | Constant | Sampled
"""A piece of a boolean expression: source text, or what a monitor has another name for."""


@dataclass(frozen=True, slots=True)
class Boolean:
    """An expression that is true or false in each cycle; true where it is a number with a bit that is 1."""

    parts: tuple[Part, ...]

    def __str__(self) -> str:
        """Return it as source text."""
        return "".join(part.name if isinstance(part, Signal | Constant) else str(part) for part in self.parts)

    def pieces(self) -> Iterator[Part]:
        """Yield all parts, those inside of calls before the call."""
        for part in self.parts:
            if isinstance(part, Sampled):
                yield from part.operand.pieces()
            yield part

    @property
    def signals(self) -> tuple[Signal, ...]:
        """The signals that it reads, each once."""
        return tuple(dict.fromkeys(part for part in self.pieces() if isinstance(part, Signal)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Delay:
    """``first ##[low:high] then``; without ``first`` counted from the start."""

    first: Sequence | None
    low: int
    high: int
    then: Sequence

    def __str__(self) -> str:
        first = f"({self.first}) " if self.first else ""
        return f"{first}##{_cycles(self.low, self.high)} ({self.then})"


@dataclass(frozen=True, kw_only=True, slots=True)
class Repeat:
    """``operand [*low:high]``."""

    operand: Sequence
    low: int
    high: int

    def __str__(self) -> str:
        count = str(self.low) if self.low == self.high else f"{self.low}:{self.high}"
        return f"({self.operand})[*{count}]"


@dataclass(frozen=True, kw_only=True, slots=True)
class Throughout:
    """``condition throughout operand``."""

    condition: Boolean
    operand: Sequence

    def __str__(self) -> str:
        return f"(({self.condition}) throughout ({self.operand}))"


Sequence = Boolean | Delay | Repeat | Throughout
"""What matches some cycles in a row."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Implication:
    """``antecedent |-> consequent``, or ``|=>`` where it isn't overlapped."""

    antecedent: Sequence
    overlapped: bool
    consequent: Body

    def __str__(self) -> str:
        return f"{self.antecedent} {'|->' if self.overlapped else '|=>'} ({self.consequent})"


@dataclass(frozen=True, kw_only=True, slots=True)
class Eventually:
    """``s_eventually [low:high] operand``."""

    low: int
    high: int
    operand: Sequence

    def __str__(self) -> str:
        return f"s_eventually [{self.low}:{self.high}] ({self.operand})"


Body = Sequence | Implication | Eventually
"""What a property asks for from a cycle on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where something stands in a source."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Property:
    """An assert, assume or cover."""

    name: str
    """Its label, or one made from its line."""
    directive: Directive
    body: Body
    clock: Signal
    rising: bool
    """Whether the clock's rising edge samples."""
    disable: Boolean | None
    """Where it is true, every attempt under way is given up."""
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Code:
    """The modelling code of a module with properties: registers and nets that they read."""

    signals: tuple[Signal, ...]
    """What properties can read of it."""
    text: str
    """Declarations, assignments and processes as they are written."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PropertyFile:
    """An instance of a module with properties."""

    module: str
    properties: tuple[Property, ...]
    signals: tuple[Signal, ...]
    """The module's ports."""
    code: Code | None = None
    """None where the module has nothing but properties."""
    within: str = ""
    """Hierarchical name of the instance that it is bound into, below the top; empty for the top."""
    connections: Mapping[str, Wiring]
    """Port to what it is connected to in the design; of a file that is read alone, to its own name."""


def _cycles(low: int, high: int) -> str:
    return str(low) if low == high else f"[{low}:{high}]"
