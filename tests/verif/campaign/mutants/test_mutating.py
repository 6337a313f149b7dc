"""A campaign over the mutants of a drafted bench's design, on real simulators and with the real solver."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.lamp import LAMP, lamp_bench
from verif.campaign.mutants import campaign
from verif.campaign.mutants.mutating import mutate_bench
from verif.campaign.mutants.options import MutateOptions
from verif.campaign.mutants.outcome import MutateResult
from verif.design.frontend import read_design
from verif.design.model import SourceSet
from verif.errors import InputError, ToolError
from verif.mutation import mutants_of
from verif.verdict import MutantStatus, Oracle, Verdict
from verif.workspace import Workspace

FEW = MutateOptions(
    seconds=None,
    count=24,
    operators=("bitwise", "relational", "condition"),
    depth=14,
    confirm=1,
    simulators=("icarus",),
)
DIM = """

@cocotb.test()
async def test_dim(dut):
    dut.clk.value, dut.rst_n.value, dut.go.value = 0, 0, 0
    for code in (0, 0, 3, 1, 2, 0):
        dut.code.value = code
        await Timer(5, "ns")
        dut.clk.value = 1
        await Timer(5, "ns")
        assert dut.rst_n.value == 0 or dut.dim.value == (code == 3)
        dut.clk.value, dut.rst_n.value = 0, 1
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lamp")


@pytest.fixture(scope="module")
def measured(place: Path) -> tuple[Path, MutateResult]:
    """The bench, and its score without --improve."""
    bench = lamp_bench(place)
    return bench, mutate_bench(bench, FEW, workspace=Workspace(root=place / "sim_builds"))


def test_campaign_decides_every_mutant_that_the_bench_misses(measured: tuple[Path, MutateResult]) -> None:
    _, found = measured
    assert found.verdict is Verdict.PASS
    assert found.score.killed > 0
    assert found.score.survived > 0
    assert found.score.decided.count == found.score.decided.total > 0
    assert str(found.score.low) == str(found.score.high)


def test_campaign_tells_why_mutants_survive(measured: tuple[Path, MutateResult]) -> None:
    _, found = measured
    left = {one.mutant.line: one for one in found.survivors}
    assert left.keys() <= {20, 21, 22}, "lit is judged, dim, deep and steps are not"
    dim = next(one for one in found.survivors if one.mutant.line == 20)
    assert dim.difference is not None
    assert dim.difference.outputs == ("dim",)
    assert dim.propagated and "a check is missing" in dim.reason
    assert dim.trace is not None and {"dim", "dim (mutant)"} <= {signal.name for signal in dim.trace.signals}


def test_campaign_proves_what_no_run_tells_apart(measured: tuple[Path, MutateResult]) -> None:
    _, found = measured
    same = [one for one in found.mutants if one.status is MutantStatus.EQUIVALENT]
    assert {one.mutant.line for one in same} & {11, 19}, "steps never exceeds 9"
    assert all(one.method for one in same)


def test_campaign_has_its_controls(measured: tuple[Path, MutateResult]) -> None:
    _, found = measured
    assert found.controls.count == found.controls.total > 0
    assert [one.verdict for one in found.confirmed] == [Verdict.FAIL]
    assert found.gaps == ()
    assert [gate.proved for gate in found.gates] == [True]


def test_build_that_changes_the_design_ends_the_campaign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = lamp_bench(tmp_path, text=LAMP.replace("code[0] & code[1]", "code[0] & code[1] & ~code[1] | go"))
    whole = mutants_of(read_design(SourceSet(files=(tmp_path / "lamp.sv",))), operators=["bitwise"])
    found = next(m for m in whole if m.before == "code[0] & code[1] & ~code[1] | go" and "^" in m.after)
    end = found.start + len("code[0] & code[1] & ~code[1] | go")
    start = end - len("~code[1] | go")
    cut = replace(found, start=start, end=end, before="~code[1] | go", after="1'b0", own_build="")
    monkeypatch.setattr(campaign, "mutants_of", lambda *given, **options: replace(whole, chosen=(cut,)))
    with pytest.raises(ToolError, match=r"the text with all mutants does not do what the design does where none is"):
        mutate_bench(bench, FEW, workspace=Workspace(root=tmp_path / "s"))


def test_improved_bench_kills_what_is_told_apart(measured: tuple[Path, MutateResult], place: Path) -> None:
    bench, before = measured
    found = mutate_bench(bench, replace(FEW, improve=True), workspace=Workspace(root=place / "sim_builds"))
    assert found.resumed
    assert found.survivors == ()
    assert found.score.killed == before.score.killed
    assert found.score.recorded == before.score.survived > 0
    saved = sorted(file.stem for file in (bench / "regressions").glob("*.json"))
    assert saved == sorted(test.regression.file.stem for test in found.tests)
    assert all(name.startswith("mutant_") for name in saved)
    assert all(test.oracle is Oracle.RECORDED and test.kills for test in found.tests)
    again = mutate_bench(bench, replace(FEW, fresh=True, confirm=0), workspace=Workspace(root=place / "sim_builds"))
    assert again.score.recorded == found.score.recorded
    assert again.survivors == ()


def test_interrupted_campaign_goes_on_where_it_was(tmp_path: Path, measured: tuple[Path, MutateResult]) -> None:
    bench = lamp_bench(tmp_path)
    workspace = Workspace(root=tmp_path / "sim_builds")

    def interrupt(done: int, total: int, text: str) -> None:
        if text == "asking the solver":
            raise KeyboardInterrupt

    first = mutate_bench(bench, replace(FEW, confirm=0), workspace=workspace, progress=interrupt)
    assert first.interrupted and first.score.killed == measured[1].score.killed
    said: list[str] = []
    second = mutate_bench(
        bench, replace(FEW, confirm=0), workspace=workspace, progress=lambda done, total, text: said.append(text)
    )
    assert second.resumed and not second.interrupted
    assert not any(text.startswith("judging") for text in said), "nothing is judged twice"
    statuses = [[one.status for one in each.mutants] for each in (second, measured[1])]
    assert statuses[0] == statuses[1]


def test_edited_tests_judge_in_cocotb_what_is_left(tmp_path: Path, workspace: Workspace) -> None:
    bench = lamp_bench(tmp_path)
    tests = bench / "test_lamp.py"
    base = bench / ".posedge" / "base"
    base.mkdir(parents=True)
    (base / tests.name).write_bytes(tests.read_bytes())
    assert "import cocotb" in tests.read_text(encoding="utf-8")
    with tests.open("a", encoding="utf-8") as file:
        file.write(f"\nfrom cocotb.triggers import Timer\n{DIM}")
    found = mutate_bench(bench, replace(FEW, count=6, operators=("bitwise",), confirm=0), workspace=workspace)
    dim = [one for one in found.mutants if one.mutant.line == 20]
    assert dim and all(one.status is MutantStatus.KILLED for one in dim)
    assert {(kill.check, kill.oracle, kill.by) for one in dim for kill in one.kills} == {("test_dim", None, "cocotb")}


def test_a_bench_that_fails_on_the_design_is_told(tmp_path: Path, workspace: Workspace) -> None:
    bench = lamp_bench(tmp_path, text=LAMP.replace("lit <= go | never", "lit <= go & code[0]"))
    with pytest.raises(InputError) as refused:
        mutate_bench(bench, FEW, workspace=workspace)
    assert refused.value.code == "PE904"
    assert "lit_follows fails on the design itself, in tick " in refused.value.sentence


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (replace(FEW, operators=("bitwise", "typo")), "PE902", "there is no mutation operator 'typo'; operators: "),
        (replace(FEW, count=0), "PE903", "0 mutants were asked for; a score needs at least one."),
        (replace(FEW, operators=("shift",)), "PE903", "lamp: there is nothing to mutate: no mutant of the operators "),
    ],
)
def test_a_campaign_over_nothing_is_an_error(
    tmp_path: Path, workspace: Workspace, options: MutateOptions, code: str, said: str
) -> None:
    with pytest.raises(InputError) as refused:
        mutate_bench(lamp_bench(tmp_path), options, workspace=workspace)
    assert (refused.value.code, refused.value.sentence.startswith(said)) == (code, True), refused.value.sentence
