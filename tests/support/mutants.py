"""Mutants and what became of them, where a test needs no design; a design whose mutants are known line by line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from verif.campaign.mutants.outcome import MutateResult
from verif.campaign.mutants.result import Difference, Gap, JudgedMutant, Kill
from verif.mutation.gate import Gate
from verif.mutation.model import Mutant
from verif.trace import Signal, Trace
from verif.verdict import MutantStatus, Oracle, Ratio

TWICE = """
  logic [7:0] q, shadow;
  wire [7:0] unused = q & a;
  always @(posedge clk) if (rst) q <= 8'd3; else if (a[0]) q <= q + a;
  always @(posedge clk) if (rst) shadow <= 8'd3; else if (a[0]) shadow <= shadow + a;
  assign y = q ^ {a[7], 7'd0};
  assign bad = q != shadow;
"""
"""The body of ``around``: nobody looks at line 11, the check at lines 12, 13 and 15, the output alone at line 14."""


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
WAVES = Trace(
    signals=(
        Signal(name="a", values=(1, 0), direction="input"),
        Signal(name="y", values=(0, 3), width=2, direction="output"),
        Signal(name="y (mutant)", values=(0, 2), width=2, direction="output"),
    )
)


def outcome(*mutants: JudgedMutant, gaps: tuple[Gap, ...] = (), **given: Any) -> MutateResult:
    """Return a campaign in which five mutants are killed, recorded, told apart or undecided, and equivalent."""
    some = mutants or (
        judged(MutantStatus.KILLED, Oracle.SPEC, id_="dut:2:reset"),
        judged(MutantStatus.KILLED, Oracle.PROTOCOL, id_="dut:3:slice"),
        judged(MutantStatus.KILLED, Oracle.RECORDED, id_="dut:3:relational"),
        judged(MutantStatus.SURVIVED, id_="dut:4:relational", bound=12, why="the time ran out", propagated=False),
        judged(MutantStatus.EQUIVALENT, id_="dut:5:relational", method="pdr", depth=3),
    )
    return MutateResult(
        bench=Path("tb/dut"),
        top="dut",
        seed=1,
        adopted=False,
        mutants=some,
        possible=given.pop("possible", len(some)),
        operators=(),
        engine="batch",
        controls=Ratio(count=2, total=2),
        gates=(Gate(proved=True, method="correspondence"),),
        gaps=gaps,
        seconds=12.5,
        **given,
    )


def saved(*mutants: JudgedMutant, **given: Any) -> dict[str, Any]:
    """Return the result that ``mutate`` leaves in the workspace."""
    return {"schema": 1, "verb": "mutate", **outcome(*mutants, **given).as_json()}
