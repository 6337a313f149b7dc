"""A pytest plugin that records what a bench's own pytest file would have simulated.

It runs by itself in another process (standard library, pytest and cocotb only), where the runners of cocotb and
cocotb-test are replaced by recorders. POSEDGE_ADOPT names the file that the calls are written to.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
import types
from pathlib import Path
from typing import Any

CALLS: list[dict[str, Any]] = []
_BEFORE_PATH = tuple(sys.path)
_BEFORE_ENVIRONMENT = dict(os.environ)
_NODE = {"id": ""}


class Recorder:
    """Stands in for a runner of cocotb_tools: ``build`` is remembered, ``test`` is recorded together with it."""

    def __init__(self, simulator: str) -> None:
        self.simulator = simulator
        self.built: dict[str, Any] = {}

    def build(self, **arguments: Any) -> None:
        """Remember what would have been built."""
        self.built = arguments

    def test(self, test_module: Any = None, hdl_toplevel: Any = None, **arguments: Any) -> str:
        """Record what would have been run; the results file that scripts then read has one passing test."""
        told = {"test_module": test_module, "hdl_toplevel": hdl_toplevel, **arguments}
        _record("runner", self.simulator, self.built, told)
        results = Path(os.environ["POSEDGE_ADOPT"]).with_name("results.xml")
        results.write_text('<testsuites><testsuite tests="1"><testcase name="x"/></testsuite></testsuites>')
        return str(results)

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: None


def _record(kind: str, simulator: str, built: dict[str, Any], tested: dict[str, Any]) -> None:
    python_path = [entry for entry in sys.path if entry not in _BEFORE_PATH]
    environment = {n: v for n, v in os.environ.items() if _BEFORE_ENVIRONMENT.get(n) != v and "PYTEST" not in n}
    call = {"kind": kind, "node": _NODE["id"], "simulator": simulator, "build": built, "test": tested}
    CALLS.append({**call, "python_path": python_path, "env": environment, "cwd": str(Path.cwd())})


def _cocotb_test_run(simulator: Any = None, **arguments: Any) -> str:
    _record("cocotb_test", os.environ.get("SIM", "icarus"), {}, arguments)
    return ""


def install() -> None:
    """Replace the runners; old benches also find ``cocotb.SIM_NAME``, which is empty outside of a simulation."""
    import cocotb
    from cocotb_tools import runner

    runner.get_runner = Recorder
    old = types.ModuleType("cocotb.runner")
    vars(old).update({**vars(runner), "__name__": "cocotb.runner"})
    sys.modules["cocotb.runner"] = old
    if not hasattr(cocotb, "SIM_NAME"):
        cocotb.SIM_NAME = ""
    package, simulator = types.ModuleType("cocotb_test"), types.ModuleType("cocotb_test.simulator")
    vars(package).update(simulator=simulator, __path__=[])
    vars(simulator).update(run=_cocotb_test_run)
    sys.modules.update({"cocotb_test": package, "cocotb_test.simulator": simulator})


def write() -> None:
    """Write the calls; what isn't JSON is written as text."""
    text = json.dumps(CALLS, default=_text)
    Path(os.environ["POSEDGE_ADOPT"]).write_text(text, encoding="utf-8")


def _text(value: Any) -> Any:
    tagged = getattr(value, "value", None)
    return str(value if tagged is None else tagged)


def pytest_configure(config: Any) -> None:
    """Begin before any test file is imported."""
    install()


def pytest_runtest_setup(item: Any) -> None:
    """Remember which test calls."""
    _NODE["id"] = item.name


def pytest_unconfigure(config: Any) -> None:
    """Tell."""
    write()


if __name__ == "__main__":
    install()
    sys.path.insert(0, str(Path(sys.argv[1]).parent))
    try:
        runpy.run_path(sys.argv[1], run_name="__main__")
    finally:
        write()
