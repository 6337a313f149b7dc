"""``posedge draft`` as a user calls it."""

import json
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.command import Answer, Command
from tests.support.tools import need
from verif.design.frontend import read_design
from verif.design.sources import resolve_sources
from verif.plan.baseline import baseline_plan
from verif.plan.randomised import random_wire

TOGGLE = """\
module toggle(
    input            clk,
    input            rst,
    input            en,
    output reg [1:0] q
);
  always @(posedge clk)
    if (rst) q <= 0;
    else if (en) q <= q + 1;
endmodule
"""
KEYS = {"schema", "verb", "bench", "outcome", "accepted", "checks", "oracles", "requirements", "forced_fail", "model"}


@pytest.fixture
def rtl(tmp_path: Path) -> Path:
    need("iverilog")
    file = tmp_path / "toggle.v"
    file.write_text(TOGGLE, encoding="utf-8")
    return file


def drafted(posedge: Command, *arguments: str | Path) -> Answer:
    return posedge("draft", *arguments, "--sim", "icarus")


def bench_texts(directory: Path) -> dict[str, str]:
    files = sorted(file for file in directory.rglob("*") if file.is_file())
    texts = {file.relative_to(directory).as_posix(): file.read_text(encoding="utf-8") for file in files}
    return {
        name: "\n".join(line for line in text.splitlines() if not line.startswith("created = "))
        for name, text in texts.items()
    }


def test_draft_tells_outcome_and_requirements_first(posedge: Command, rtl: Path) -> None:
    answer = drafted(posedge, rtl)
    assert answer.code == 0
    assert answer.out.splitlines()[0] == "CLEAN  requirements checked 0/0  toggle"
    assert (
        "  icarus     compiles PASS, seed 1 PASS, seed 2 PASS, seed 3 PASS, forced fails are caught PASS" in answer.out
    )
    assert "  broken designs caught 4/4 (4 by RECORDED)" in answer.out
    assert "  posedge run tb/toggle" in answer.out


def test_draft_again_gives_the_same_bytes_and_the_json_says_so(posedge: Command, rtl: Path) -> None:
    first = drafted(posedge, rtl, "--out", "one/toggle", "--json", "--seed", "7").json
    second = drafted(posedge, rtl, "--out", "two/toggle", "--json", "--seed", "7").json
    assert first.keys() >= KEYS
    assert first["forced_fail"] | {"variants": []} == second["forced_fail"] | {"variants": []}
    assert (first["forced_fail"]["caught"], first["forced_fail"]["total"]) == (4, 4)
    assert bench_texts(rtl.parent / "one") == bench_texts(rtl.parent / "two")
    assert "toggle_harness.sv" in first["files"]
    assert "module toggle_harness (" in bench_texts(rtl.parent / "one" / "toggle")["toggle_harness.sv"]
    assert first["plan_digest"] == second["plan_digest"] != ""
    changing = {"bench", "seconds", "checks"}
    assert {k: v for k, v in first.items() if k not in changing} == {
        k: v for k, v in second.items() if k not in changing
    }


def test_redraft_keeps_edits_and_takes_an_added_port(posedge: Command, rtl: Path) -> None:
    assert drafted(posedge, rtl).code == 0
    test = rtl.parent / "tb" / "toggle" / "test_toggle.py"
    plan = rtl.parent / "tb" / "toggle" / "testplan.yaml"
    mine = "\n\n@cocotb.test()\nasync def test_mine(dut: HierarchyObject) -> None:\n    await TB(dut, 'mine').start()\n"
    test.write_text(test.read_text() + mine, encoding="utf-8")
    plan.write_text(plan.read_text().replace("- id: smoke", "- id: first_light"), encoding="utf-8")
    rtl.write_text(TOGGLE.replace("input            en,", "input            en,\n    input            up,"))
    answer = drafted(posedge, rtl)
    assert answer.code == 0, answer.out
    assert "your edits of test_toggle.py, testplan.yaml kept" in answer.out
    text = test.read_text()
    assert "async def test_mine" in text
    assert "async def test_first_light" in text
    assert "async def test_smoke" not in text
    assert '"up"' in (rtl.parent / "tb" / "toggle" / "toggle_tb.py").read_text()


def test_conflict_leaves_the_edits_and_exits_with_1(posedge: Command, rtl: Path) -> None:
    assert drafted(posedge, rtl).code == 0
    bench = rtl.parent / "tb" / "toggle"
    file = bench / "toggle_tb.py"
    file.write_text(file.read_text().replace('INPUTS = ("en",)', 'INPUTS = ("en", "mine")'), encoding="utf-8")
    before = bench_texts(bench)
    rtl.write_text(TOGGLE.replace("input            en,", "input            en,\n    input            up,"))
    answer = drafted(posedge, rtl)
    assert answer.code == 1
    assert answer.out.startswith("CONFLICT  tb/toggle is unchanged: the new draft and your edits meet here\n")
    assert '    INPUTS = ("en", "mine")' in answer.out
    assert answer.out.endswith("undo your own, then draft again; or draft elsewhere with --out\n")
    assert bench_texts(bench) == before


def test_two_drafts_of_a_bench_at_once_take_turns(posedge: Command, rtl: Path) -> None:
    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(lambda _: drafted(posedge, rtl, "--out", "my bench"), range(2)))
    assert [answer.code for answer in answers] == [0, 0], answers
    assert answers[0].out == answers[1].out
    assert "  posedge run 'my bench'\n" in answers[0].out


def test_rejected_draft_is_written_and_marked(posedge: Command, rtl: Path) -> None:
    assert drafted(posedge, rtl).code == 0
    test = rtl.parent / "tb" / "toggle" / "test_toggle.py"
    test.write_text(test.read_text().replace('TB(dut, "smoke")', 'TB(dut, "smoke", 3, 4)'), encoding="utf-8")
    answer = drafted(posedge, rtl)
    assert answer.code == 1
    assert answer.out.startswith("REJECTED  requirements checked 0/0  toggle\n  the bench breaks on icarus: test_smoke")
    saved = next((rtl.parent / "sim_builds" / "benches").glob("toggle-*/draft.json"))
    assert json.loads(saved.read_text())["outcome"] == "REJECTED"
    assert 'TB(dut, "smoke", 3, 4)' in test.read_text()


def test_draft_without_a_place_to_write_is_refused_in_a_sentence(posedge: Command, rtl: Path) -> None:
    answer = drafted(posedge, rtl, "--out", rtl / "tb")
    assert answer.code == 2
    assert answer.err == (
        f"posedge: PE410: {rtl}/tb: a bench can't be written here ({rtl} is a file); choose another with --out.\n"
    )
    assert not list(rtl.parent.glob("**/bench.toml"))


def test_draft_without_any_simulator_is_refused_in_a_sentence(posedge: Command, rtl: Path) -> None:
    answer = posedge("draft", rtl, "--sim", "questa")
    assert answer.code == 2
    assert answer.err == "posedge: PE315: no simulator is called 'questa'; there are icarus and verilator.\n"


def test_model_that_fails_is_told_and_the_baseline_stands(posedge: Command, rtl: Path) -> None:
    script = rtl.parent / "answers.json"
    script.write_text(json.dumps(["not a plan"]), encoding="utf-8")
    answer = drafted(posedge, rtl, "--model", f"scripted:{script}")
    assert answer.code == 0, answer.err
    assert answer.out.startswith("CLEAN")
    assert "note: " in answer.out
    assert not (rtl.parent / "tb" / "toggle" / "test_toggle.py").read_text().count("test_model_")


def test_model_points_join_the_plan_and_compete_with_the_baseline(posedge: Command, rtl: Path) -> None:
    plan = baseline_plan(read_design(resolve_sources((str(rtl),))))
    wire = random_wire(plan, random.Random(1))
    script = rtl.parent / "answers.json"
    script.write_text(json.dumps([json.dumps(wire)] * 16), encoding="utf-8")
    result = drafted(posedge, rtl, "--model", f"scripted:{script}", "--json").json
    assert result["outcome"] == "CLEAN"
    assert result["model"] == f"scripted:{script}"
    assert [entry["name"] for entry in result["contest"]["contenders"]] == ["baseline", "model", "random"]
    baseline, model, _ = result["contest"]["contenders"]
    assert (model["points"], model["total"]) == (1, baseline["total"])
    assert 0 < model["hit"] <= model["total"]
    assert "async def test_model_1" in (rtl.parent / "tb" / "toggle" / "test_toggle.py").read_text()
