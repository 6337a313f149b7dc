"""How a campaign tells of its builds with no mutant chosen."""

from __future__ import annotations

import pytest

from verif.campaign.mutants.gating import gate_json, gate_sentence, proof_seconds
from verif.mutation.gate import Gate

PROVED = Gate(proved=True, method="correspondence")
SIMULATED = Gate(proved=False, cycles=1_024_000)


@pytest.mark.parametrize(
    ("gates", "sentence"),
    [
        ((), ""),
        ((PROVED,), "gate: with no mutant chosen the common build is the design, proved by correspondence"),
        (
            (PROVED, Gate(proved=True, method="pdr")),
            "gate: with no mutant chosen the 2 common builds are the design, proved by correspondence and pdr",
        ),
        (
            (SIMULATED,),
            "gate: that with no mutant chosen the common build is the design is not proved: 1,024,000 simulated cycles "
            "show no difference",
        ),
        (
            (PROVED, SIMULATED, Gate(proved=False, bound=8, cycles=1_024_000)),
            "gate: that with no mutant chosen the 3 common builds are the design is not proved for 2 of them: "
            "1,024,000 simulated cycles show no difference",
        ),
        (
            (Gate(proved=False, bound=8, cycles=1_024_000),),
            "gate: that with no mutant chosen the common build is the design is not proved: a solver finds no "
            "difference within 8 ticks, and 1,024,000 simulated cycles show none",
        ),
    ],
)
def test_gate_is_told_in_one_sentence(gates: tuple[Gate, ...], sentence: str) -> None:
    assert gate_sentence(gates) == sentence


def test_gate_counts_what_is_proved() -> None:
    found = gate_json((PROVED, SIMULATED))
    assert (found["builds"], found["proved"], found["methods"], found["cycles"]) == (
        2,
        1,
        ["correspondence"],
        1_024_000,
    )
    assert gate_json(())["builds"] == 0


@pytest.mark.parametrize(("budget", "seconds"), [(None, 60.0), (30.0, 20.0), (200.0, 40.0), (600.0, 60.0)])
def test_proofs_of_gates_get_a_share_of_the_budget(budget: float | None, seconds: float) -> None:
    assert proof_seconds(budget) == seconds
