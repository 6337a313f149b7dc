"""The nouns of a harness: the one synthesizable top that holds the design, its transactors and its monitors.

Ports of the top: each clock under its own name; ``stim_*`` inputs, the *stimulus port*; ``obs_*`` outputs, the design's
inputs as applied and its outputs; ``fail_*`` and ``seen_*`` outputs, one pair a monitor. Resets are stimulus too: 1
in ``stim_rst_<name>`` means that this reset is active in this row, whatever its level at the design is.

A row holds the stimulus of one tick. In each tick the stimulus changes away from any edge, all settles, every output is
sampled just before the active edge of ``schedule[t % len(schedule)]``, then that clock's active and inactive edge come.
Any stimulus is legal: a transactor turns it into moves that its protocol allows. So rows can be cut and changed freely.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from verif.design.model import Clock, Design, Direction, Reset
from verif.verdict import Oracle

WORD = 32
"""Bits of a word in which rows are packed."""


COVERS = "covers"
"""Port of a harness with probes: bit n is 1 in the sampled tick in which the coverage point ``covers[n]`` is hit."""


class FieldKind(StrEnum):
    """How values of a stimulus field are drawn."""

    RATE = "rate"
    """Bits that are 1 at a rate and in runs, each on its own: offer, accept, a plain control bit."""
    DATA = "data"
    """A value in a data style."""
    ADDRESS = "address"
    """A value in an address style, near those drawn lately."""
    CHOICE = "choice"
    """One of ``choices``, seldom another."""
    MODE = "mode"
    """The one of ``choices`` in the place of the word to which the knob ``style`` is set."""
    RESET = "reset"
    """1 holds a reset active."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """An input of the stimulus port."""

    name: str
    """Port of the harness, for example ``stim_push_offer``."""
    width: int
    kind: FieldKind
    default: int = 0
    """The value that asks for nothing: what reset rows and drained rows hold."""
    choices: tuple[int, ...] = ()
    """Meaningful values, for ``CHOICE`` and ``ADDRESS``; empty: all are."""
    clock: str = ""
    """The clock that paces it: its value changes only after that clock's active edges; empty means every tick."""
    driver: str = ""
    """The plan's driver that it stands for; empty for resets."""
    rate: str = ""
    """The plan's knob (0 to 9) that says how often: a RATE field is 1, any other takes a new value; empty: at will."""
    runs: str = ""
    """The plan's knob that says in runs of which length."""
    style: str = ""
    """The plan's knob that says which values."""
    meaning: str = ""
    """What it does, for readers of the port map."""
    held: bool = False
    """Whether a lane keeps the value of its first row from before its reset on: what a mutant is chosen by."""
    shows: str = ""
    """The design's port that shows in a recording what was asked for; empty: none does."""

    @property
    def words(self) -> int:
        """How many 32-bit words a row holds for it."""
        return -(-self.width // WORD)


@dataclass(frozen=True, kw_only=True, slots=True)
class Observed:
    """An ``obs_*`` output: a port of the design as sampled."""

    name: str
    """Port of the harness."""
    port: str
    """Port of the design."""
    width: int
    direction: Direction

    @property
    def words(self) -> int:
        """How many 32-bit words a row holds for it."""
        return -(-self.width // WORD)


@dataclass(frozen=True, kw_only=True, slots=True)
class Monitor:
    """A hardware checker: ``fail`` is 1 in the sampled cycle in which its rule is broken."""

    id: str
    """The id of the rule that it checks, as benches and reports call it."""
    oracle: Oracle
    title: str
    """The rule in one sentence."""
    fail: str
    """Port of the harness, for example ``fail_axis_valid_stable``."""
    seen: str
    """Port of the harness that is 1 where the rule's condition was met in the cycle; never in a run: vacuous."""
    requirements: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    """Ports of the design that it looks at."""
    assumption: bool = False
    """Whether ``fail`` says that the stimulus breaks an assumption: nothing counts from that cycle on, that cycle
    included, and nothing is wrong with the design. Proofs take it as a constraint."""
    place: str = ""
    """``file:line`` of the property that it was made of; empty for rules and models."""

    @property
    def judges(self) -> bool:
        """Whether a failure is one of the design."""
        return not self.assumption


@dataclass(frozen=True, kw_only=True, slots=True)
class Cover:
    """A ``cover property``: a coverage point that the harness itself shows."""

    id: str
    """``cover:<label>``."""
    title: str
    net: str
    """Net inside of the harness's top module: 1 in the sampled tick in which the property is covered."""
    file: str = ""
    line: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class SameStart:
    """Two copies of a design in one harness, whose registers of the same name start equal in proofs."""

    first: str
    """Path of an instance below the top, with dots."""
    second: str
    ending: str = ""
    """What the second has behind some names that the first has without it."""
    names: frozenset[str] = frozenset()
    """Those names, as the first has them."""
    pairs: Mapping[str, str] = field(default_factory=dict)
    """Register or memory below the first to the one below the second that starts as it does, where names differ."""
    boxes: tuple[str, ...] = ()
    """Modules that are black boxes in proofs: those of the same name below both give the same answers."""
    aliases: tuple[str, ...] = ()
    """Names of ports, which registers have that drive them: not enough to start equal."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Harness:
    """A harness: its text and what its ports mean."""

    top: str
    """The module's name, ``<dut>_harness``."""
    design: Design
    files: Mapping[str, str]
    """File name to HDL text, in compile order, after the design's own sources."""
    stimulus: tuple[Field, ...]
    """In the order in which rows hold them; resets first."""
    observed: tuple[Observed, ...]
    """In the order in which rows hold them."""
    monitors: tuple[Monitor, ...]
    schedule: tuple[str, ...]
    """The clock whose active edge ends a tick, tick by tick, over and over; empty for a design without a clock."""
    reset_ticks: int
    """How many ticks the resets are held before a run."""
    covers: tuple[str, ...] = ()
    """Ids of the coverage points that ``COVERS`` shows, bit 0 first; without any the harness has no such port."""
    properties_covered: tuple[Cover, ...] = ()
    """The cover properties that it computes; they are points of ``covers`` only once probes are added."""
    notes: tuple[str, ...] = ()
    """What has no transactor or no hardware checker, a sentence each."""
    same_start: SameStart | None = None
    """Which copies start equal, where there are two."""

    @property
    def clocks(self) -> tuple[Clock, ...]:
        """The design's clocks."""
        return self.design.clocks

    @property
    def moving(self) -> tuple[Field, ...]:
        """The stimulus fields that may change in a lane."""
        return tuple(field for field in self.stimulus if not field.held)

    @property
    def held(self) -> Field | None:
        """The stimulus field that a lane keeps, where there is one."""
        return next((field for field in self.stimulus if field.held), None)

    @property
    def resets(self) -> tuple[Reset, ...]:
        """The design's resets."""
        return self.design.resets

    def field(self, name: str) -> Field:
        """Return the stimulus field called ``name``; KeyError where there is none."""
        for each in self.stimulus:
            if each.name == name:
                return each
        raise KeyError(name)
