"""The examples of docs/testing.md, run as the page shows them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from tests.support.command import ROOT
from tests.support.regressions import drafted
from tests.support.tools import need
from verif.campaign.benches.options import RunOptions
from verif.campaign.runs.regression import run_bench
from verif.verdict import Verdict
from verif.workspace import ENVIRONMENT, Workspace

PAGE = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"```python\n# (\w+\.py)\n(.*?)```", PAGE, re.DOTALL))
PLUGIN = "verif.campaign.pytest_plugin"


def session(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest as a user does, with no plugin but what the files bring in."""
    env = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        ENVIRONMENT: str(root / "builds"),
    }
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    drafted(tmp_path / "tb" / "sync_fifo", "sync_fifo")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    return tmp_path


def test_examples_pass_on_the_design_and_fail_on_a_bug(repository: Path) -> None:
    example = repository / "test_by_hand.py"
    example.write_text(EXAMPLES["test_by_hand.py"])
    passed = session(repository)
    assert "2 passed" in passed.stdout, passed.stdout
    bug = ROOT / "rtl" / "sync_fifo" / "bugs" / "full_one_early.sv"
    example.write_text(EXAMPLES["test_by_hand.py"].replace('("tb/sync_fifo")', f'("tb/sync_fifo", sources=["{bug}"])'))
    failed = session(repository, "-k", "any_traffic")
    assert "AssertionError: SPEC sync-fifo-model: cycle 1" in failed.stdout
    assert re.search(r"lane=Lane\((\d x nothing, )?1\d x push_offer=1\)", failed.stdout)


def test_plugin_is_asked_for_and_loads_nothing_heavy() -> None:
    """A registered plugin would be loaded by cocotb in every simulation, also in the sandbox, where it isn't there."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "pytest11" not in project.get("entry-points", {})
    assert callable(import_module(PLUGIN).posedge_batch)
    code = f"import sys, {PLUGIN}; print({{'numpy', 'hypothesis', 'pyslang', 'pydantic'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_cocotb_example_passes_on_the_design_and_shrinks_on_a_bug(repository: Path, workspace: Workspace) -> None:
    need("iverilog")
    bench = repository / "tb" / "sync_fifo"
    shutil.copy(ROOT / "verif" / "bench" / "inside" / "posedge_given.py", bench)
    (bench / "test_sync_fifo.py").write_text(EXAMPLES["test_drawn.py"])
    bug = ROOT / "rtl" / "sync_fifo" / "bugs" / "full_one_early.sv"
    good, broken = (
        run_bench(bench, RunOptions(simulators=("icarus",), sources=sources), workspace=workspace)
        for sources in ((), (bug,))
    )
    assert [test.verdict for test in good.tests] == [Verdict.PASS]
    assert [test.verdict for test in broken.tests] == [Verdict.FAIL]
    told = broken.tests[0].message
    assert "SPEC sync-fifo-model" in told
