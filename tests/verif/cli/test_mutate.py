"""``posedge mutate`` as a user calls it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import Command
from tests.support.lamp import lamp_bench
from tests.support.mutants import outcome
from verif.campaign.ledger import Ledger
from verif.campaign.mutants.outcome import MutateResult
from verif.campaign.mutants.result import Gap
from verif.cli.mutate import exit_code, tell
from verif.verdict import Verdict
from verif.workspace import Workspace

GAP = Gap(mutant="dut:3:slice", check="model", method="pdr")


def test_mutate_scores_a_bench(posedge: Command, tmp_path: Path, workspace: Workspace) -> None:
    bench = lamp_bench(tmp_path / "lamp")
    call = ("mutate", bench, "--mutants", "6", "--operators", "bitwise", "--depth", "8", "--sim", "icarus")
    told = posedge(*call, "--json")
    assert told.code == 0, told.err
    found = told.json
    counts = ("killed", "survived", "equivalent", "stillborn", "timeout")
    assert sum(found[name] for name in counts) == found["total"] == len(found["mutants"]) == 6
    assert 0 < found["score_low"] <= found["score_high"] <= 1
    assert {"id", "file", "line", "before", "after", "status"} <= found["mutants"][0].keys()
    assert Ledger(workspace.ledger).entries()[-1].verb == "mutate"
    people = posedge(*call, "--fail-under", "100")
    assert people.code == 1
    assert "mutation score " in people.out
    assert "SURVIVED lamp:" in people.out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--operators", "relation"), "PE902", "there is no mutation operator 'relation'; operators: relational,"),
        (("--mutants", "0"), "PE903", "0 mutants were asked for; a score needs at least one."),
        (("--mutants", "3", "--budget", "5m"), "PE843", "--budget and --mutants were both given; take --mutants for"),
    ],
)
def test_mutate_refuses_wrong_use(
    posedge: Command, tmp_path: Path, arguments: tuple[str, ...], code: str, said: str
) -> None:
    told = posedge("mutate", lamp_bench(tmp_path / "lamp"), *arguments)
    assert told.code == 2
    assert told.err.startswith(f"posedge: {code}: {said}"), told.err


@pytest.mark.parametrize(
    ("result", "under", "code"),
    [
        (outcome(), None, 0),
        (outcome(), 50.0, 0),
        (outcome(), 51.0, 1),
        (outcome(trouble=((Verdict.FAIL, "a test fails on the design"),)), None, 1),
        (outcome(interrupted=True), None, 130),
        (outcome(gaps=(GAP,)), None, 3),
    ],
)
def test_exit_code_tells_the_outcome(result: MutateResult, under: float | None, code: int) -> None:
    assert exit_code(result, under) == code


def test_people_are_told_bounds_and_the_gap() -> None:
    lines = list(tell(outcome(gaps=(GAP,))))
    assert lines[-1] == "dut: mutation score 50.0 to 66.7 % (2/4), 75.0 to 100.0 % (3/4) with RECORDED in 12 s"
    assert GAP.sentence in lines
    assert "gate: with no mutant chosen the common build is the design, proved by correspondence" in lines
    assert "killed by 1 SPEC, 1 PROTOCOL, 1 RECORDED" in lines
