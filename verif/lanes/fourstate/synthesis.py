"""From a harness to a netlist in which each bit has a second one that tells whether it is known, by Yosys."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from verif.design.model import SourceSet
from verif.formal.yosys import quoted, read_command, run_yosys
from verif.harness.model import Harness
from verif.lanes.fourstate.doubling import doubled_module
from verif.lanes.fourstate.storage import Ports
from verif.lanes.netlist import Netlist
from verif.lanes.reading import read_netlist
from verif.lanes.synthesis import MOST_BITS_IN_LOGIC, MOST_BITS_IN_REGISTERS, SECONDS
from verif.sim.process import Processes

RULES = Path(__file__).resolve().parent / "hdl" / "rules.sv"
"""How X goes through each cell."""

_WORDS = (
    *("proc_clean", "proc_init", "proc_arst", "proc_mux", "proc_dlatch", "proc_dff", "proc_memwr", "proc_clean"),
    *("flatten", "chformal -remove", "delete t:$print t:$check", "dffunmap", "memory_collect", "opt_clean"),
)
"""Nothing here reasons about two states: no dead branches, no constants, nothing about X."""
_ZERO = "setundef -undriven -zero"
_BITS = (_ZERO, "bmuxmap", "demuxmap", "opt -full -noff", "alumacc", "opt -noff", "techmap", "opt -noff")
_TABLES = "abc -lut 3"
_GATES = "abc -g AND,OR,XOR,MUX,ANDNOT,ORNOT"


@dataclass(frozen=True, kw_only=True, slots=True)
class FourStateSynthesis:
    """How a harness becomes a netlist that knows X."""

    harness: Harness
    """As it is; its outputs are doubled on the way."""
    sources: SourceSet
    tables: bool
    """Functions of three inputs or gates."""
    register_bits: int = MOST_BITS_IN_REGISTERS
    rules: Path = RULES

    def run(self, folder: Path, processes: Processes, *, seconds: float = SECONDS) -> Netlist:
        """Return the netlist; scripts and results stay in ``folder``.

        InputError PE870, ToolError PE871 as Yosys refuses or breaks; Unsupported PE825 for what lanes can't run.
        """
        words, bits = folder / "words.json", folder / "netlist.json"
        read = read_command(self.sources, self.harness.top).replace("read_slang ", "read_slang --no-proc ", 1)
        first = (read, f"hierarchy -top {self.harness.top}", *_WORDS, f"write_json {quoted(words)}")
        run_yosys(first, folder, processes=processes, seconds=seconds)
        doubled = folder / "doubled.json"
        doubled.write_text(self._doubled(words), encoding="utf-8")
        second = (
            f"read_verilog -sv -defer {quoted(self.rules)}",
            f"read_json {quoted(doubled)}",
            f"hierarchy -top {self.harness.top}",
            *("proc", "flatten", *_BITS, _TABLES if self.tables else _GATES, "opt_clean -purge"),
            f"write_json {quoted(bits)}",
        )
        run_yosys(second, folder, processes=processes, seconds=seconds)
        netlist = read_netlist(bits, tuple(clock.name for clock in self.harness.clocks))
        for file in (words, doubled, bits):
            file.unlink()
        return netlist

    def _doubled(self, words: Path) -> str:
        modules = json.loads(words.read_text(encoding="utf-8"))["modules"]
        module = modules[self.harness.top]
        return json.dumps({"modules": {self.harness.top: doubled_module(module, small=self._small)}})

    def _small(self, memory: Ports) -> bool:
        return memory.bits <= (self.register_bits if memory.writes else MOST_BITS_IN_LOGIC)
