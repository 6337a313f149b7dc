"""The process that runs Yosys commands, one a line of the file that it is given; ``done`` ends its output.

Beside Yosys' own there are commands that begin with ``@``, which ``verif.formal.netlist``, ``starts``, ``unknowns``
and ``boxes`` explain; after ``@small_memories`` nothing is done where there are larger ones. Only these files import
pyosys. A Yosys error ends the process, and a crash may: ``verif.formal.yosys`` reads what is left.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from pathlib import Path

from pyosys import libyosys

from verif.formal.boxes import black_boxes
from verif.formal.netlist import ActiveEdge, Netlist, Refusal, expose_free, free_x, memory_bits, one_step
from verif.formal.starts import same_start, show_pairs
from verif.formal.top import BASE, BEGINS, BOXES, LATCHES
from verif.formal.unknowns import share_x

_KEPT: list[libyosys.Design] = []
"""The design as pyosys gave it: it deletes it with the last object that stands for it."""


def main(script: str) -> None:
    """Run the commands of a file in order, then end the process at once."""
    kept: list[Netlist] = []
    for command in Path(script).read_text(encoding="utf-8").splitlines():
        if not command.startswith("@"):
            _run(command)
            continue
        try:
            kept = kept or [Netlist()]
            if not _own(kept[0], *command[1:].partition(" ")[::2]):
                print("done", flush=True)
                break
        except Refusal as refusal:
            print(f"REFUSED: {refusal}", flush=True)
            break
    else:
        print("done", flush=True)
    os._exit(0)  # pyosys crashes where Python takes its objects apart


def _run(command: str) -> None:
    """Run a command of Yosys'. ``read_slang`` gets its words one by one: of a line it would keep the quotes."""
    if command.startswith("read_slang "):
        design = libyosys.yosys_get_design()
        _KEPT.append(design)
        libyosys.Pass.call(design, shlex.split(command))
    else:
        libyosys.run_pass(command)


def _own(netlist: Netlist, command: str, argument: str) -> bool:
    """Run a command of ours; return whether to go on."""
    if command == "free_x":
        free_x(netlist)
    elif command == "one_step":
        clocks = {name: ActiveEdge(**edge) for name, edge in json.loads(argument).items()}
        one_step(netlist, clocks, BASE)
    elif command == "black_boxes":
        black_boxes(netlist, BOXES, **json.loads(argument))
    elif command == "same_start":
        same_start(netlist, BEGINS, **json.loads(argument))
    elif command == "share_x":
        share_x(netlist, LATCHES, **json.loads(argument))
    elif command == "show_pairs":
        show_pairs(netlist, argument)
    elif command == "small_memories":
        return memory_bits(netlist) <= int(argument)
    else:
        assert command == "expose_free", command
        expose_free(netlist, argument)
    return True


if __name__ == "__main__":
    main(sys.argv[1])
