"""From a harness to a netlist of single bits, by Yosys."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from verif.design.model import SourceSet
from verif.errors import PosedgeError
from verif.formal.yosys import quoted, read_command, run_yosys
from verif.harness.model import Harness
from verif.lanes.netlist import Netlist
from verif.lanes.reading import read_netlist
from verif.sim.process import Processes

SECONDS = 120.0
"""How long each of the two runs of Yosys may take."""
MOST_BITS_IN_REGISTERS = 256
"""Written memories of at most so many bits become registers.

Those that are read in every tick are faster so up to 512 (benchmarks/lanes_memories.py), seldom asked ones as arrays.
"""
MOST_BITS_IN_LOGIC = 8192
"""A memory that nothing writes and that has at most so many bits becomes logic."""

_EXACT = Path(__file__).resolve().parent / "hdl" / "exact.sv"
_READ = ("proc", "flatten", "chformal -remove", "delete t:$print t:$check", "opt_clean")
_CHOICES = (
    f"techmap -map {quoted(_EXACT)} t:$pmux a:parallel_case %i t:$div t:$mod t:$eqx t:$nex",
    "chtype -set $div t:exact_div",
    "chtype -set $mod t:exact_mod",
    "chtype -set $shift t:$shiftx",
)
"""Before anything optimises: Yosys would choose what an X is where it likes."""
_ZERO = "setundef -undriven -zero"
"""Each X is 0, as in a batch run from zero. Registers without a start value keep none: ``-noff`` below is why."""
_WORDS = (_ZERO, "memory_collect", "opt -full -noff", "memory_share -nosat -nowiden", "opt -full -noff")
_BITS = (_ZERO, "opt -full -noff", "dffunmap", "alumacc", "opt -noff", "techmap", "opt -noff")
_TABLES = ("abc -lut 3", "abc -lut 3 -script +strash;dch,-f;if;mfs2;lutpack")
"""Two ways of which now one, now the other needs fewer: with what is done first it differs by a fifth."""
_AGAIN = "strash;dch,-f;if,-a;mfs2,-a,-e;lutpack;"
_THOROUGH = (
    f"abc -lut 3 -script +strash;dch,-f;if;mfs2,-a,-e;lutpack;{4 * _AGAIN}strash;if,-a;mfs2,-a,-e;lutpack",
    "abc -lut 3 -script +strash;ifraig;scorr;dc2;dch,-f;if;mfs2,-a,-e;lutpack;"
    f"{2 * _AGAIN}strash;if,-a;mfs2,-a,-e;lutpack",
)
"""For area, again and again: a tenth fewer functions, for a third more of the time that Yosys takes."""
MOST_THOROUGH = 6000
"""Netlists with more functions are mapped by ``_TABLES`` alone."""
_GATES = "abc -g AND,OR,XOR,MUX,ANDNOT,ORNOT"


@dataclass(frozen=True, kw_only=True, slots=True)
class Synthesis:
    """How a harness becomes a netlist."""

    harness: Harness
    sources: SourceSet
    """The design's and the harness's files."""
    tables: bool
    """Functions of three inputs (one instruction where there is AVX-512) or gates."""
    register_bits: int = MOST_BITS_IN_REGISTERS

    def run(self, folder: Path, processes: Processes, *, seconds: float = SECONDS) -> Netlist:
        """Return the netlist; scripts and results stay in ``folder``.

        InputError PE870, ToolError PE871 as Yosys refuses or breaks; Unsupported PE825 for what lanes can't run.
        """
        words, stage, bits = folder / "words.json", folder / "words.il", folder / "bits.il"
        first = (
            read_command(self.sources, self.harness.top),
            f"hierarchy -top {self.harness.top}",
            *(*_READ, *_CHOICES, *_WORDS, f"write_json {quoted(words)}", f"write_rtlil {quoted(stage)}"),
        )
        run_yosys(first, folder, processes=processes, seconds=seconds)
        second = (
            f"read_rtlil {quoted(stage)}",
            *(f"memory_map {_selected(name)}" for name in self._small_memories(words)),
            *(*_BITS, f"write_rtlil {quoted(bits)}"),
        )

        def mapped(mappings: Sequence[str], before: Sequence[str]) -> Netlist:
            return self._mapped(mappings, before, folder, partial(run_yosys, processes=processes, seconds=seconds))

        netlist = mapped(_TABLES if self.tables else (_GATES,), second)
        if self.tables and len(netlist.tables) <= MOST_THOROUGH:
            with suppress(PosedgeError):  # what there is will do
                netlist = min(netlist, mapped(_THOROUGH, (f"read_rtlil {quoted(bits)}",)), key=_size)
        for file in (words, stage, bits):
            file.unlink()
        return netlist

    def _mapped(
        self, mappings: Sequence[str], before: Sequence[str], folder: Path, run: Callable[[Sequence[str], Path], object]
    ) -> Netlist:
        """Return the smallest of what ways of mapping make of what the commands ``before`` leave.

        Some netlists are too much for some ways: ABC breaks off, and what the ways before it made has to do.
        """
        files = [folder / f"netlist_{number}.json" for number in range(len(mappings))]
        each = [
            ("design -load bits", mapping, "opt_clean -purge", f"write_json {quoted(file)}")
            for mapping, file in zip(mappings, files, strict=True)
        ]
        try:
            run((*before, "design -save bits", *(line for lines in each for line in lines)), folder)
        except PosedgeError:
            files = [file for file in files if file.is_file() and file.read_bytes().rstrip().endswith(b"}")]
            if not files:
                raise
        clocks = tuple(clock.name for clock in self.harness.clocks)
        netlist = min((read_netlist(file, clocks) for file in files), key=_size)
        for file in files:
            file.unlink()
        return netlist

    def _small_memories(self, file: Path) -> Iterator[str]:
        (module,) = json.loads(file.read_text(encoding="utf-8"))["modules"].values()
        for name, cell in module["cells"].items():
            if cell["type"] == "$mem_v2" and self._small(cell["parameters"]):
                yield name

    def _small(self, parameters: dict[str, Any]) -> bool:
        bits = int(parameters["WIDTH"], 2) * int(parameters["SIZE"], 2)
        written = int(parameters["WR_PORTS"], 2) > 0
        return bits <= (self.register_bits if written else MOST_BITS_IN_LOGIC)


def _size(netlist: Netlist) -> int:
    return len(netlist.tables)


def _selected(cell: str) -> str:
    """Return the pattern for a cell; what has a meaning in patterns stands for any sign."""
    return "c:" + "".join(sign if sign.isalnum() or sign in "_.$:" else "?" for sign in cell)
