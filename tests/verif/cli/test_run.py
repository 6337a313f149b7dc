"""Laws of ``run``, ``replay`` and ``adopt`` as a user calls them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.benches import COUNTER, FAILING, HEAD, PASSING, bench, design
from tests.support.command import ROOT, Command
from tests.support.tools import need
from verif.workspace import Workspace


def test_passing_bench_exits_with_zero(posedge: Command, tmp_path: Path) -> None:
    answer = posedge("run", bench(tmp_path / "bench", PASSING))
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == "bench: PASS (1 PASS on fake, seed 1)\n"


def test_failing_bench_exits_with_one_and_says_how_to_replay(posedge: Command, tmp_path: Path) -> None:
    answer = posedge("run", bench(tmp_path / "bench", PASSING, FAILING), "--seed", "5")
    assert answer.code == 1
    first, second, last = answer.out.splitlines()
    assert first == "FAIL test_fails [fake, default, seed 5]: SPEC counter-model: cycle 3: count is 4, expected 3"
    assert second.startswith("     to run it again with waves: posedge replay ")
    assert last == "bench: FAIL (1 PASS, 1 FAIL on fake, seed 5)"
    again = posedge("replay", second.split()[-1])
    assert again.code == 1
    assert again.out.startswith(first)
    waves = Path(again.out.splitlines()[1].removeprefix("     waves: "))
    assert waves.is_file()


def test_failure_is_replayed_from_where_the_run_was_started(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    (theirs / ".git").mkdir(parents=True)
    folder = bench(theirs / "bench", FAILING)
    command, nowhere = Command(cwd=tmp_path), {"POSEDGE_BUILDS": ""}
    failed = command("run", folder, "--json", env=nowhere)
    again = command("replay", failed.json["tests"][0]["id"], "--json", env=nowhere)
    assert (again.code, again.json["verdict"]) == (1, "FAIL")
    assert theirs / "sim_builds" in Path(again.json["waves"]).parents


def test_json_has_the_keys_of_the_design(posedge: Command, tmp_path: Path, workspace: Workspace) -> None:
    folder = bench(tmp_path / "bench", PASSING, FAILING)
    answer = posedge("run", folder, "--json", "--seeds", "2", "--junit", tmp_path / "r.xml", "--coverage")
    told = answer.json
    assert {"schema", "verb", "verdict", "tests", "junit", "coverage"} <= set(told)
    assert {"name", "simulator", "config", "seed", "verdict", "seconds", "replay"} <= set(told["tests"][0])
    assert told["coverage"]["functional"] == {"hit": 0, "total": 0, "points": {}, "tests": {}}
    assert Path(told["junit"]).is_file()
    assert workspace.load_results(folder)["run"] == told
    replayed = posedge("replay", tmp_path / "r.xml", "--json")
    assert (replayed.code, replayed.json["verdict"]) == (1, "FAIL")
    assert len(replayed.json["tests"]) == 2
    assert Path(replayed.json["waves"]).is_file()


def test_same_inputs_and_seed_give_the_same_answer(posedge: Command, tmp_path: Path) -> None:
    folder = bench(tmp_path / "bench", PASSING, FAILING)

    def told() -> str:
        answer = posedge("run", folder, "--json", "--seeds", "3").json
        for entry in (*answer["tests"], *answer["builds"]):
            entry.pop("seconds"), entry.pop("reused", None)
        return json.dumps(answer)

    assert told() == told()


def test_directory_runs_all_benches_below_it(posedge: Command, tmp_path: Path) -> None:
    bench(tmp_path / "all" / "one", PASSING)
    bench(tmp_path / "all" / "deep" / "two", PASSING)
    answer = posedge("run", tmp_path / "all", "--json")
    assert answer.code == 0
    assert [Path(told["bench"]).name for told in answer.json["benches"]] == ["two", "one"]
    assert [Path(test["bench"]).name for test in answer.json["tests"]] == ["two", "one"]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["run", "nowhere"], 2, "PE401: nowhere: no bench.toml here"),
        (
            ["run", "bench", "--sim", "modelsim"],
            2,
            "PE315: no simulator is called 'modelsim'; there are icarus and veri",
        ),
        (["run", "bench", "--config", "x"], 2, "PE413: bench: no configuration is called 'x'; there are default."),
        (["run", "bench", "--test", "x*"], 2, "no test matches 'x*'"),
        (["run", "bench", "--sources", "x.sv"], 2, "PE414: x.sv: no such source file."),
        (["run", "bench", "--timeout", "soon"], 2, "'soon' is not a duration; write it as 90s, 10m or 1h."),
        (["replay", "x"], 2, "PE420: "),
        (["adopt", "bench/nothing"], 2, "PE444: bench/nothing: there is no such file or folder."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_use_is_one_sentence(
    posedge: Command, tmp_path: Path, arguments: list[str], code: int, sentence: str
) -> None:
    bench(tmp_path / "bench", PASSING)
    answer = posedge(*arguments)
    assert answer.code == code
    assert sentence in answer.err
    assert answer.out == ""


def test_no_simulator_installed_exits_with_three(posedge: Command, tmp_path: Path) -> None:
    folder = bench(tmp_path / "bench", PASSING, simulators=("icarus", "verilator"))
    answer = posedge("run", folder, env={"PATH": str(tmp_path)})
    assert answer.code == 3
    assert answer.err.startswith("posedge: PE300: no simulator to run on: iverilog and g++ not found; install with ")


def test_output_that_cannot_be_written_is_told(posedge: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    folder = bench(tmp_path / "bench", PASSING)
    answer = posedge("run", folder, env={"POSEDGE_BUILDS": str(tmp_path / "file" / "builds")})
    assert answer.code == 2
    assert "can't write tool output here" in answer.err


def test_read_only_file_system_is_told(tmp_path: Path) -> None:
    folder = bench(tmp_path / "bench", PASSING)
    sealed = (need("bwrap"), "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc")
    done = subprocess.run(
        [*sealed, sys.executable, "-m", "verif.cli.main", "run", str(folder)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "POSEDGE_BUILDS": str(tmp_path / "builds")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == (
        f"posedge: PE410: {tmp_path / 'builds' / 'builds'}: can't write tool output here (Read-only file system); "
        "set POSEDGE_BUILDS to a directory that can be written.\n"
    )


@pytest.mark.parametrize("way", [signal.SIGINT, signal.SIGTERM])
def test_interrupt_leaves_no_program_behind(tmp_path: Path, workspace: Workspace, way: signal.Signals) -> None:
    hangs = """
@cocotb.test()
async def test_hangs(dut):
    with open("pid", "w") as file:
        file.write(str(os.getpid()))
    os.rename("pid", "started")
    subprocess.run([sys.executable, "-c", "import time; time.sleep(600)"])
"""
    folder = bench(tmp_path / "bench", hangs)
    process = subprocess.Popen(
        [sys.executable, "-m", "verif.cli.main", "run", str(folder)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    )
    while not (started := list(workspace.root.glob("benches/*/runs/*/started"))):
        time.sleep(0.05)
    process.send_signal(way)
    _, told = process.communicate()
    assert process.returncode == 130
    assert told == "posedge: PE901: interrupted; run the same command again to go on.\n"
    assert not Path(f"/proc/{started[0].read_text()}").exists()


def test_both_simulators_run_a_bench(posedge: Command, tmp_path: Path) -> None:
    need("iverilog")
    folder = bench(tmp_path / "bench", PASSING, FAILING, simulators=("icarus", "verilator"))
    answer = posedge("run", folder, "--coverage", "--json")
    assert answer.code == 1
    assert [(test["simulator"], test["verdict"]) for test in answer.json["tests"]] == [
        ("icarus", "PASS"),
        ("icarus", "FAIL"),
        ("verilator", "PASS"),
        ("verilator", "FAIL"),
    ]
    assert answer.json["coverage"]["code"]["toggle"]["total"] > 0
    again = posedge("run", folder, "--coverage", "--json")
    assert all(build["reused"] for build in again.json["builds"])


def test_adopted_bench_runs_as_it_is(posedge: Command, tmp_path: Path) -> None:
    need("iverilog")
    folder = tmp_path / "theirs"
    design(folder, text=COUNTER)
    runner = """
from pathlib import Path
import pytest
from cocotb_tools.runner import get_runner

@pytest.mark.parametrize("width", [4, 8])
def test_runner(width):
    runner = get_runner("icarus")
    here = Path(__file__).resolve().parent
    runner.build(sources=[here / "counter.sv"], hdl_toplevel="counter", parameters={"WIDTH": width}, includes=[here])
    runner.test(hdl_toplevel="counter", test_module="test_theirs", extra_env={"WIDTH": str(width)})
"""
    check = PASSING + "    assert int(dut.WIDTH.value) == int(os.environ['WIDTH'])\n"
    (folder / "test_theirs.py").write_text(HEAD + runner + check)
    adopted = posedge("adopt", folder, "--json")
    assert adopted.code == 0
    (told,) = adopted.json["benches"]
    assert (told["path"], told["top"], told["configs"]) == (str(folder), "counter", ["4", "8"])
    ran = posedge("run", folder, "--json")
    assert [(test["config"], test["verdict"]) for test in ran.json["tests"]] == [("4", "PASS"), ("8", "PASS")]
    assert {path.name for path in folder.iterdir()} == {"counter.sv", "step.svh", "test_theirs.py", "bench.toml"}
