"""Small designs with coverage points, for proofs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.support.harnesses import around
from verif.design.model import Clock
from verif.harness.model import COVERS, Harness

CLOCK = (Clock(name="clk"),)


def covered(body: str, points: dict[str, str], directory: Path, *, clocks: tuple[Clock, ...] = CLOCK) -> Harness:
    """Return the harness of ``around`` with coverage points: id to one bit in names of the module ``dut``."""
    vector = f"[{len(points) - 1}:0]"
    hits = f"wire {vector} hits = {{{', '.join(reversed(points.values()))}}};"
    plain = around(f"{body}\n{hits}", directory, clocks=clocks)
    ((name, text),) = plain.files.items()
    text = text.replace("output wire seen_told\n", f"output wire seen_told,\n  output wire {vector} {COVERS}\n")
    text = text.replace("endmodule", f"  assign {COVERS} = dut.hits;\nendmodule")
    return replace(plain, files={name: text}, covers=tuple(points))
