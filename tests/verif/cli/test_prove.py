"""``posedge prove`` as a user calls it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command import Command
from tests.support.regressions import bug, specified
from verif.campaign.ledger import Ledger
from verif.workspace import Workspace


def test_failing_property_is_saved_replayed_and_told(posedge: Command, tmp_path: Path, workspace: Workspace) -> None:
    folder = specified(tmp_path / "tb", "arbiter")
    broken = bug("arbiter", "two_grants")
    call = ("prove", folder, "--depth", "3", "--check", "grant-*", "--sim", "icarus", "--sources", broken)
    told = posedge(*call, "--json")
    assert (told.code, told.json["verdict"]) == (1, "FAIL"), told.err
    (entry,) = told.json["properties"]
    assert (entry["name"], entry["oracle"], entry["status"]) == ("grant-one-requester", "SPEC", "FAILED")
    failure = entry["failure"]
    assert failure["replayed"] == {"icarus": "FAIL"}
    assert len(json.loads(Path(failure["regression"]).read_text())["rows"]) == 2 + failure["cycles"]
    assert Path(failure["picture"]).suffix == ".svg"
    assert [one["name"] for one in told.json["assumptions"]] == ["reset", "drivers"]
    assert Ledger(workspace.ledger).entries()[-1].verb == "prove"
    people = posedge(*call)
    assert people.code == 1
    assert "FAILED   SPEC grant-one-requester: At most one" in people.out
    assert f"broken {entry['bound']} tick" in people.out
    assert f"--sources {broken}" in people.out


@pytest.mark.parametrize(("option", "value"), [("--depth", "0"), ("--budget", "0"), ("--solver", "guess")])
def test_wrong_options_are_refused(posedge: Command, tmp_path: Path, option: str, value: str) -> None:
    told = posedge("prove", tmp_path, option, value)
    assert told.code == 2
    assert option in told.err
