"""``posedge close`` as a user calls it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.command import Command
from tests.support.regressions import specified
from verif.campaign.ledger import Ledger
from verif.workspace import Workspace


@pytest.fixture
def lfsr(tmp_path: Path) -> Path:
    """A bench with one point that nothing can hit, so that without a solver the budget is spent."""
    return specified(tmp_path / "tb", "lfsr")


def test_closure_is_told_saved_and_counted(posedge: Command, lfsr: Path, workspace: Workspace) -> None:
    call = ("close", lfsr, "--examples", "600", "--sim", "icarus", "--depth", "4")
    told = posedge(*call, "--json")
    assert told.code == 0, told.err
    found = told.json
    assert (found["unknown"], found["unreachable"], found["hit"] + 1) == (0, 1, found["total"])
    assert {"id", "kind", "where", "status", "by", "method", "bound", "witness", "tick"} <= set(found["points"][0])
    assert found["replayed"] == {"count": len(found["witnesses"]), "total": len(found["witnesses"])}
    assert found["curve"][-1]["hit"] == found["hit"]
    assert sum(found["closed_by"].values()) == found["total"]
    assert workspace.load_results(lfsr)["close"]["hit"] == found["hit"]
    assert Ledger(workspace.ledger).entries()[-1].verb == "close"
    people = posedge(*call)
    assert people.code == 0
    assert f"{found['hit']} HIT, 1 UNREACHABLE, 0 UNKNOWN of {found['total']} points" in people.out


def test_too_little_hit_is_exit_code_1(posedge: Command, lfsr: Path) -> None:
    call = ("close", lfsr, "--examples", "300", "--solver", "none", "--no-replay", "--fail-under")
    assert posedge(*call, "100").code == 1
    assert posedge(*call, "50").code == 0


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--budget", "0"), "'0' is not a duration; write it as 90s, 10m or 1h."),
        (("--solver", "guess"), "there is no solver guess; there are "),
        (("--only", "nothing"), "no coverage point matches 'nothing'; there are "),
        (("--budget", "5s", "--examples", "5"), "--budget and --examples were both given"),
        (("--fail-under", "101"), "101"),
    ],
)
def test_wrong_options_are_refused(posedge: Command, lfsr: Path, options: tuple[str, ...], sentence: str) -> None:
    told = posedge("close", lfsr, *options)
    assert told.code == 2
    assert sentence in told.err


def test_bench_without_a_plan_is_refused(posedge: Command, lfsr: Path) -> None:
    (lfsr / "testplan.yaml").unlink()
    told = posedge("close", lfsr)
    assert told.code == 2
    assert "the bench has no testplan.yaml" in told.err


@pytest.mark.slow
@pytest.mark.parametrize("way", [signal.SIGINT, signal.SIGKILL])
def test_interrupted_closure_goes_on(
    posedge: Command, lfsr: Path, workspace: Workspace, tmp_path: Path, way: signal.Signals
) -> None:
    command = [sys.executable, "-m", "verif.cli.main", "close", str(lfsr), "--solver", "none", "--no-replay", "--json"]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[3])}
    state = workspace.bench(lfsr) / "close" / "state" / "state.json"
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE) as process:
        limit = time.monotonic() + 60
        while not state.is_file() and time.monotonic() < limit:
            time.sleep(0.05)
        process.send_signal(way)
        output, _ = process.communicate(timeout=60)
    left = json.loads(state.read_text(encoding="utf-8"))
    if way is signal.SIGINT:
        assert process.returncode == 130
        assert json.loads(output)["interrupted"] is True
    told = posedge("close", lfsr, "--solver", "none", "--no-replay", "--examples", "1", "--json")
    assert told.json["resumed"] is True
    assert told.json["examples"] >= left["examples"]
    assert told.json["hit"] >= sum(one.get("status") == "HIT" for one in left["known"].values())
