import ast
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.drafts import ROOT, rtl_source, shorter
from verif.bench.render import BenchSource, render_python, schedule
from verif.design.model import Clock
from verif.errors import InputError

GOLDEN = ROOT / "tests" / "golden" / "benches"
UPDATE = os.environ.get("POSEDGE_UPDATE_GOLDEN") == "1"
DESIGNS = ["sync_fifo", "priority_encoder"]


def renamed(source: BenchSource, **changes: object) -> BenchSource:
    """Return ``source`` with the first point changed."""
    first, *others = source.plan.points
    plan = source.plan.model_copy(update={"points": (first.model_copy(update=changes), *others)})
    return replace(source, plan=plan)


@pytest.fixture(scope="module")
def fifo() -> BenchSource:
    return rtl_source("sync_fifo")


@pytest.mark.parametrize("name", DESIGNS)
def test_rendered_bench_is_the_golden_one(name: str) -> None:
    files = render_python(rtl_source(name))
    folder = GOLDEN / name
    if UPDATE:
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in files.items():
            (folder / file).write_text(text, encoding="utf-8")
    assert files == {file.name: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.py"))}


@pytest.mark.parametrize("name", ["sync_fifo", "priority_encoder", "async_fifo", "axi_lite_regs", "uart_rx", "lfsr"])
def test_rendered_bench_is_clean_under_ruff(name: str, tmp_path: Path) -> None:
    for file, text in render_python(rtl_source(name)).items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    rules = "E,F,W,I,B,UP,SIM,RUF,C4,PTH,RET,N,D1,D2,D4"
    options = ["--isolated", "--line-length", "120"]
    checks = [
        ["check", *options, "--select", rules, "--ignore", "D203,D213,D205,D105,D107,D102,D413,RUF002", "."],
        ["format", *options, "--diff", "."],
    ]
    for arguments in checks:
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_rendered_bench_imports_cocotb_and_the_standard_library_only(fifo: BenchSource) -> None:
    own = {name.removesuffix(".py") for name in render_python(fifo)}
    for text in render_python(fifo).values():
        for node in ast.walk(ast.parse(text)):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for module in modules:
                top = module.partition(".")[0]
                assert top in sys.stdlib_module_names or top == "cocotb" or top in own, module


def test_rendered_bench_holds_only_the_drivers_that_it_uses(fifo: BenchSource) -> None:
    text = render_python(fifo)["sync_fifo_tb.py"]
    assert "class FifoPush(Driver)" in text
    assert "class StreamSource" not in text


def test_rendering_again_gives_the_same_bytes(fifo: BenchSource) -> None:
    assert render_python(fifo) == render_python(rtl_source("sync_fifo"))


def test_hostile_intent_stays_a_docstring(fifo: BenchSource) -> None:
    source = renamed(fifo, intent='""" + __import__("os").system("true") + """ \\')
    text = render_python(source)["test_sync_fifo.py"]
    calls = [n.func for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Call)]
    assert not any(isinstance(function, ast.Name) and function.id == "__import__" for function in calls)


@pytest.mark.parametrize("name", ["two words", "class", "x: int", ""])
def test_point_id_that_python_cannot_name_is_refused(fifo: BenchSource, name: str) -> None:
    with pytest.raises(InputError, match=rf"^testplan: test point id {name!r} is not an identifier\.$"):
        render_python(renamed(fifo, id=name))


@pytest.mark.parametrize("name", ["recorded", "regressions", "typical"])
def test_point_id_that_is_taken_is_refused(fifo: BenchSource, name: str) -> None:
    with pytest.raises(InputError, match=rf"^testplan: test point id '{name}' is taken\.$"):
        render_python(renamed(fifo, id=name))


def test_schedule_gives_each_cycle_to_one_clock(fifo: BenchSource) -> None:
    clocks = (Clock(name="a", ratio=2), Clock(name="b", ratio=3))
    assert schedule(replace(fifo.design, clocks=clocks)) == ("a", "b", "a", "a", "b")


def test_short_plan_renders_one_test_a_point(fifo: BenchSource) -> None:
    text = render_python(shorter(fifo, points=2))["test_sync_fifo.py"]
    tests = [node.name for node in ast.parse(text).body if isinstance(node, ast.AsyncFunctionDef)]
    assert tests == ["test_recorded", "test_smoke", "test_typical", "test_regressions"]
