"""Mutants and what became of them, where a test needs no design."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from verif.campaign.mutants.result import Difference, JudgedMutant, Kill
from verif.mutation.model import Mutant
from verif.verdict import MutantStatus, Oracle


def mutant(id_: str = "dut:3:relational", **given: Any) -> Mutant:
    values = {
        "operator": id_.split(":")[2],
        "module": "dut",
        "file": Path("dut.sv"),
        "line": int(id_.split(":")[1]),
        "column": 5,
        "start": 20,
        "end": 25,
        "before": "a < b",
        "after": "a <= b",
    }
    return Mutant(id=id_, **{**values, **given})


def judged(status: MutantStatus, *oracles: Oracle | None, id_: str = "dut:3:relational", **given: Any) -> JudgedMutant:
    kills = tuple(Kill(check=f"check-{number}", oracle=oracle) for number, oracle in enumerate(oracles))
    return JudgedMutant(mutant=mutant(id_), status=status, kills=kills, **given)


DIFFERENCE = Difference(rows=((1, 0), (0, 3)), outputs=("y",), by="solver")
