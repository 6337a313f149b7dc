"""A design as a transition system in SMT2: one step is one tick of its clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from verif.design.model import SourceSet
from verif.formal.yosys import quoted, read_command, run_yosys
from verif.sim.process import Processes

WORDS_AS_REGISTERS = 64
"""Memories of at most so many words become registers: yices takes minutes for arrays where registers take seconds."""

_SMALL = f"memory_map t:$mem_v2 r:SIZE<={WORDS_AS_REGISTERS} %i"
_TO_WORDS = ("proc", "flatten", "opt_clean", "setundef -anyseq", "memory -nomap", _SMALL)
"""``setundef`` comes before what optimises: ``write_smt2`` would read an X as 0, and ``opt`` would choose it."""
_TO_SMT = ("async2sync", "opt -full", "dffunmap", "opt_clean")


@dataclass(frozen=True, kw_only=True, slots=True)
class SmtModel:
    """A transition system; ports of the design are its signals, ``[name]`` in a constraint."""

    file: Path
    top: str

    @property
    def folder(self) -> Path:
        """Where its files lie."""
        return self.file.parent


def write_model(sources: SourceSet, top: str, folder: Path, *, processes: Processes) -> SmtModel:
    """Write the SMT2 of ``top``. Every X is free; all clocks are taken for one, so the design must have at most one."""
    return _finish([*_read(sources, top), f"rename {top} dut_smt"], "dut_smt", folder, processes)


def write_difference(
    good: SourceSet, other: SourceSet, top: str, ports: Sequence[str], folder: Path, *, processes: Processes
) -> SmtModel:
    """Write the SMT2 of two designs side by side, with the same inputs.

    ``in_<port>`` are their inputs; ``trigger`` is 1 where one of the output ``ports`` differs. Registers and memories
    without a reset start free, in each of the two on its own.
    """
    commands: list[str] = []
    for name, sources in (("one", good), ("two", other)):
        compared = " ".join(f"{name}/o:{port} %d" for port in ports)
        commands += [*_read(sources, top), f"rename {top} {name}", f"delete -output {name}/o:* {compared}"]
        commands += [f"design -stash {name}"]
    commands += [f"design -copy-from {name} -as {name} {name}" for name in ("one", "two")]
    commands += ["miter -equiv -flatten -make_outputs one two miter"]
    return _finish(commands, "miter", folder, processes)


def _read(sources: SourceSet, top: str) -> list[str]:
    return [read_command(sources, top), f"hierarchy -top {top}", *_TO_WORDS]


def _finish(commands: Sequence[str], top: str, folder: Path, processes: Processes) -> SmtModel:
    file = folder / f"{top}.smt2"
    run_yosys([*commands, *_TO_SMT, f"write_smt2 -wires {quoted(file)}"], folder, processes=processes)
    return SmtModel(file=file, top=top)
