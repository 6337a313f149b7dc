"""The process that runs pyverilog: a request as JSON on stdin, an answer as JSON on stdout.

Only this file imports pyverilog. It writes files into the current directory, prints to stdout, exits on its own in
places and can run very long, so it lives in a process that ``verif.design.dataflow`` starts in a scratch directory and
ends.

Request: ``files``, ``top``, ``include_dirs``, ``defines`` (``NAME=TEXT``), ``registers`` (names to look at for FSMs),
``cache`` (a directory for the parser's tables, or null). Answer: ``cones`` {output: [inputs]}, ``fsms`` [{register,
arcs: [[from, to]]}], or ``error``.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_TABLES = "parsetab.py"
_TABLES_MODULE = "pyverilog.vparser.parsetab"


def main() -> None:
    """Answer one request."""
    request = json.load(sys.stdin)
    answer_to = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    try:
        answer = _analyse(request)
    except (Exception, SystemExit) as error:
        answer = {"error": " ".join(f"{type(error).__name__}: {error}".split())}
    with os.fdopen(answer_to, "w") as stream:
        json.dump(answer, stream)


def _analyse(request: dict[str, Any]) -> dict[str, Any]:
    from pyverilog.dataflow.dataflow_analyzer import VerilogDataflowAnalyzer

    cache = Path(request["cache"]) if request["cache"] else None
    _load_tables(cache)
    analyzer = VerilogDataflowAnalyzer(
        request["files"],
        request["top"],
        preprocess_include=request["include_dirs"],
        preprocess_define=request["defines"],
    )
    analyzer.generate()
    _save_tables(cache)
    answer: dict[str, Any] = {"cones": _cones(analyzer, request["top"]), "fsms": []}
    try:
        answer["fsms"] = list(_fsms(analyzer, request["top"], request["registers"]))
    except Exception as error:
        answer["fsm_error"] = " ".join(f"{type(error).__name__}: {error}".split())
    return answer


def _cones(analyzer: Any, top: str) -> dict[str, list[str]]:
    graph: dict[str, set[str]] = {}
    for name, binds in analyzer.getBinddict().items():
        sources = graph.setdefault(str(name), set())
        for bind in binds:
            for part in (bind.tree, bind.msb, bind.lsb, bind.ptr):
                sources.update(_terminals(part))
            for edge in (bind.getClockName(), bind.getResetName()):
                sources.update([str(edge)] if edge else [])
    kinds = {str(name): term.termtype for name, term in analyzer.getTerms().items()}
    inputs = [name for name, kind in kinds.items() if _port_of(name, top) and kind & {"Input", "Inout"}]
    outputs = [name for name, kind in kinds.items() if _port_of(name, top) and kind & {"Output", "Inout"}]
    return {
        _port_of(output, top): [_port_of(name, top) for name in inputs if name in reached and name != output]
        for output in outputs
        for reached in [_reachable(output, graph)]
    }


def _port_of(name: str, top: str) -> str:
    """Return the last part of ``top.port``; empty for names deeper down."""
    prefix, _, port = name.rpartition(".")
    return port if prefix == top else ""


def _terminals(node: Any) -> Iterator[str]:
    if node is None:
        return
    if type(node).__name__ == "DFTerminal":
        yield str(node.name)
    for child in node.children() if hasattr(node, "children") else ():
        yield from _terminals(child)


def _reachable(start: str, graph: dict[str, set[str]]) -> set[str]:
    seen, queue = {start}, [start]
    while queue:
        fresh = graph.get(queue.pop(), set()) - seen
        seen |= fresh
        queue += fresh
    return seen


def _fsms(analyzer: Any, top: str, registers: list[str]) -> Iterator[dict[str, Any]]:
    from pyverilog.controlflow.controlflow_analyzer import VerilogControlflowAnalyzer
    from pyverilog.dataflow.optimizer import VerilogDataflowOptimizer

    terms, binds = analyzer.getTerms(), analyzer.getBinddict()
    optimizer = VerilogDataflowOptimizer(terms, binds)
    optimizer.resolveConstant()
    patterns = tuple(f"^{re.escape(top.lower())}\\.{re.escape(name.lower())}$" for name in registers)
    control = VerilogControlflowAnalyzer(
        top,
        terms,
        binds,
        optimizer.getResolvedTerms(),
        optimizer.getResolvedBinddict(),
        optimizer.getConstlist(),
        fsm_vars=(*patterns, r"(?:^|[._])(?:fsm|state|st)(?:_|$)"),
    )
    for name, machine in control.getFiniteStateMachines().items():
        arcs = {(source, target) for source, moves in machine.fsm.items() for target in moves.values()}
        arcs |= {(source, target) for source in machine.fsm for target in machine.any.values()}
        yield {"register": str(name).partition(".")[2], "arcs": sorted(arcs)}


def _load_tables(cache: Path | None) -> None:
    """Use the parser tables of an earlier run; the parser makes new ones where they are of another version."""
    file = cache / _TABLES if cache else None
    if file is None or not file.exists():
        return
    with contextlib.suppress(Exception):
        specification = importlib.util.spec_from_file_location(_TABLES_MODULE, file)
        if specification and specification.loader:
            module = importlib.util.module_from_spec(specification)
            specification.loader.exec_module(module)
            sys.modules[_TABLES_MODULE] = module


def _save_tables(cache: Path | None) -> None:
    made = Path(_TABLES)
    if cache is None or not made.exists():
        return
    with contextlib.suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True)
        scratch = cache / f"{_TABLES}.{os.getpid()}"
        shutil.copyfile(made, scratch)
        scratch.replace(cache / _TABLES)


if __name__ == "__main__":
    main()
