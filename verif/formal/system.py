"""A harness as a transition system: from its text to SMT2 and AIGER, sliced to what is asked."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from verif.design.model import Edge, SourceSet
from verif.formal.blocking import with_nonblocking
from verif.formal.held import with_held
from verif.formal.top import LATCHES, TOP, Order, Question, tick_of, top_text
from verif.formal.yosys import quoted, read_command, run_yosys
from verif.harness.model import Harness
from verif.sim.process import Processes

FREE = "posedge_free_"
"""How inputs of the AIGER begin that stand for an X."""
PAIR = "posedge_pair_"
"""How names of latches begin that are registers of the same name in two copies of a design: the number of the pair and
of the copy follow."""

WORDS_AS_REGISTERS = 64
"""Memories of at most so many words become registers: yices takes minutes for arrays where registers take seconds."""
MEMORY_BITS = 32768
"""Of all memories together, up to which they become latches."""

_NOT_TOLD = {"black_boxes": ("pairs", "aliases"), "same_start": ("boxes",), "share_x": ("boxes", "aliases")}
"""What a command of ours about two copies isn't told."""

_UNSIZED_X = re.compile(r"(?<![\w'$ ])( *)'[sS]?[bBoOhHdD] *[xX](?![\w?])")
"""An X without a size; a number before it is its size."""

_READ = ("proc", "flatten", "chformal -remove", "delete t:$print t:$check", "opt_clean", "dffunmap", "@free_x")
"""``@one_step`` takes registers without enables, so ``dffunmap`` comes first: ``read_slang`` gives an enable to those
that the asynchronous reset of their process leaves alone.
"""
_WORDS = ("setundef -undriven -anyseq", "opt_mem_priority", "opt_mem_feedback", "memory_share", "memory_collect")
"""``setundef`` comes before what optimises: ``write_smt2`` would read an X as 0, and ``opt`` would choose it. So would
``opt_mem``, a part of ``memory``: it takes a memory that only one value is written to as if it began with that value.
"""
_SMALL = f"memory_map t:$mem_v2 r:SIZE<={WORDS_AS_REGISTERS} %i"
_FREE = "setundef -undriven -anyseq"
_TIDY = (_FREE, "opt_clean", "async2sync", "opt -full -noff", "dffunmap", "opt_clean", _FREE)
"""``-noff``: a register that keeps its free start value for ever would become an X."""
_BITS = ("memory_map", _FREE, "opt -full -noff", "techmap", "opt -noff", "dffunmap", "opt_clean", "aigmap", _FREE)


@dataclass(frozen=True, kw_only=True, slots=True)
class System:
    """A harness whose steps are ticks; ``verif.formal.top`` says what its ports are."""

    harness: Harness
    questions: tuple[Question, ...]
    assumptions: tuple[str, ...]
    order: Order
    folder: Path

    @property
    def smt(self) -> Path:
        """Word level, with arrays for large memories."""
        return self.folder / "system.smt2"

    @property
    def aiger(self) -> Path:
        """Bit level; each latch begins at 0, a free start value is an input."""
        return self.folder / "system.aig"

    @property
    def names(self) -> Path:
        """What inputs, outputs and latches of the AIGER are."""
        return self.folder / "system.map"


def build_system(
    harness: Harness,
    questions: Sequence[Question],
    folder: Path,
    *,
    assumptions: Sequence[str] = (),
    order: Order = Order.SCHEDULE,
    bits: bool = True,
    seconds: float = 300.0,
    processes: Processes,
    copies: Mapping[str, SourceSet] | None = None,
) -> System:
    """Write the transition system that answers ``questions`` to ``folder``, which may exist.

    ``bits``: as AIGER too, unless its memories are too large. ``copies`` are modules that the harness has as black
    boxes: each is the design's top as read from its own sources.

    Start values of registers that have none are free, so is each X. Unsupported PE874 where a tick is more than one
    step, with the register that is why; InputError PE870 where Yosys refuses the text.
    """
    folder.mkdir(parents=True, exist_ok=True)
    system = System(
        harness=harness,
        questions=tuple(questions),
        assumptions=tuple(assumptions),
        order=order,
        folder=folder,
    )
    own = {**harness.files, f"{TOP}.sv": top_text(harness, questions, assumptions, order)}
    for name, text in own.items():
        (folder / name).write_text(_UNSIZED_X.sub(r"\1'x", text), encoding="utf-8")
    given = _readable(harness.design.sources, folder, "x")
    # The parameters are the design's; the harness passes them on.
    main = replace(given, files=(*given.files, *(folder / name for name in own)), parameters={})
    others = {
        module: _readable(other, folder, f"copy{number}_")
        for number, (module, other) in enumerate((copies or {}).items())
    }
    reading = _Reading(main=main, top=harness.design.top, copies=others)
    for stale in (system.smt, system.aiger, system.names):
        stale.unlink(missing_ok=True)
    run_yosys(_script(system, reading.commands(), bits), folder, processes=processes, seconds=seconds)
    return system


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reading:
    """What is read into one Yosys design."""

    main: SourceSet
    top: str
    """The design's top, as its copies call it."""
    copies: Mapping[str, SourceSet]

    def commands(self) -> list[str]:
        """Return the commands that read all; each copy takes the place of its black box."""
        for_copies = [
            command
            for module, sources in self.copies.items()
            for command in (
                read_command(sources, self.top),
                "flatten",
                f"rename -top {module}",
                f"design -stash {module}",
            )
        ]
        placed = [f"design -copy-from {module} -as {module} {module}" for module in self.copies]
        return [*for_copies, read_command(self.main, TOP), *placed]


def _readable(sources: SourceSet, folder: Path, prefix: str) -> SourceSet:
    """Return sources as ``read_slang`` reads them right, copies of them in ``folder`` where they must differ."""
    files = {
        file: _as_it_reads(file, folder / f"{prefix}{number}_{file.name}") for number, file in enumerate(sources.files)
    }
    return replace(
        sources,
        files=tuple(files.values()),
        libraries=tuple(files[file] for file in sources.libraries),
        include_dirs=tuple(dict.fromkeys((*sources.include_dirs, *(file.parent for file in sources.files)))),
    )


def _as_it_reads(file: Path, copy: Path) -> Path:
    """Return a source that ``read_slang`` reads right: ``copy`` is written where it must differ.

    Unsized X are as wide as where they stand, as IEEE 1800 (5.7.1) has it: ``read_slang`` makes 32 bits of ``'bx`` and
    fills the rest with 0. Registers that only an asynchronous reset assigns hold what it gives them; some
    blocking assignments are written as nonblocking ones.
    """
    text = file.read_bytes().decode("utf-8", errors="surrogateescape")
    told = with_held(with_nonblocking(_UNSIZED_X.sub(r"\1'x", text)))
    if told == text:
        return file
    copy.write_bytes(told.encode("utf-8", errors="surrogateescape"))
    return copy


def _script(system: System, read: Sequence[str], bits: bool) -> list[str]:
    edges = {
        clock.name: {"rising": clock.edge is Edge.RISING, "tick": tick_of(number) if several else ""}
        for several in [len(system.harness.clocks) > 1]
        for number, clock in enumerate(system.harness.clocks)
    }
    latches = any(LATCHES in question.expression for question in system.questions)
    same, shared = _copies(system.harness, "same_start"), _copies(system.harness, "share_x", latches=latches)
    shown = [f"@show_pairs {PAIR}"] if same else []
    flags = _boxed(system.harness)
    boxes = _copies(system.harness, "black_boxes") if flags else []
    read = [command.replace("read_slang ", f"read_slang {flags}", 1) for command in read]
    first = (*_READ[:2], *boxes, *_READ[2:])
    words = [
        *(*read, f"hierarchy -top {TOP}", *first, f"@one_step {json.dumps(edges)}", *shared),
        *(*_WORDS, _SMALL, *same, *_TIDY),
        f"write_smt2 {quoted(system.smt)}",
    ]
    as_bits = [
        *(f"@small_memories {MEMORY_BITS}", _BITS[0], *same, *_BITS[1:3], *shown, *_BITS[3:]),
        *(f"@expose_free {FREE}", "opt_clean"),
        f"write_aiger -zinit -L -map {quoted(system.names)} {quoted(system.aiger)}",
    ]
    return [*words, *(as_bits if bits else ())]


def _boxed(harness: Harness) -> str:
    """Return the words that keep black boxes of two copies closed, with a space behind them."""
    copies = harness.same_start
    names = [name + ending for name in copies.boxes for ending in ("", copies.ending)] if copies else []
    return "".join(f"--blackboxed-module {name} " for name in names)


def _copies(harness: Harness, command: str, *, latches: bool = False) -> list[str]:
    """Return a command about two copies of a design; none where there is one."""
    if harness.same_start is None:
        return []
    told = asdict(harness.same_start)
    told["first"], told["second"] = (f"harness.{told[each]}." for each in ("first", "second"))
    for name in _NOT_TOLD[command]:
        told.pop(name)
    if command == "share_x":
        told["latches"] = latches
    return [f"@{command} {json.dumps({**told, 'names': sorted(told['names'])})}"]
