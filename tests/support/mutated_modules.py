"""Mutants of a few lines of RTL, by what they do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from verif.design.frontend import read_design
from verif.design.model import Design, SourceSet
from verif.mutation import Mutant, mutants_of

PORTS = "input wire clk, input wire rst_n, input wire en, input wire [7:0] a, input wire [7:0] b"


def module(body: str, folder: Path, *, outputs: str = "output reg [7:0] y", name: str = "m.sv") -> Design:
    """Return the design of a module ``m`` with this body and ``PORTS``; the body begins in line 2."""
    file = folder / name
    file.write_text(f"module m ({PORTS}, {outputs});\n{body}\nendmodule\n", encoding="utf-8")
    return read_design(SourceSet(files=(file,), top="m"))


def changes(design: Design, *operators: str) -> list[tuple[str, str]]:
    """Return before and after of the mutants of ``operators``, all without."""
    return [(mutant.before, mutant.after) for mutant in found(design, operators)]


def found(design: Design, operators: Sequence[str] = ()) -> tuple[Mutant, ...]:
    """Return the mutants of ``operators``, all without."""
    return mutants_of(design, operators=operators or None).chosen
