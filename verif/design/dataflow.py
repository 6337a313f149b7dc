"""A second opinion on cones and state machines from pyverilog, for Verilog-2001.

pyverilog runs in one process of its own with a time-out (``dataflow_worker``). What it can't take is told in a note,
and the findings of slang stand.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from verif.design.model import Design, Fsm, PortRole, SourceSet

_MAX_BYTES = 150_000
"""Source size beyond which pyverilog takes minutes."""
_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Dataflow:
    """What pyverilog found, or why it found nothing."""

    cones: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Output port to input ports, clocks and resets included."""
    arcs: Mapping[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    """State register to its arcs between encodings."""
    problem: str = ""


def analyse(design: Design, *, seconds: float = _SECONDS) -> Dataflow:
    """Run pyverilog on ``design``; ``seconds`` of wall time at most."""
    refusal = _refusal(design.sources)
    if refusal:
        return Dataflow(problem=refusal)
    request = {
        "files": [str(path) for path in design.sources.files],
        "top": design.top,
        "include_dirs": [str(path) for path in design.sources.include_dirs],
        "defines": [f"{name}={text}" if text else name for name, text in design.sources.defines.items()],
        "registers": [fsm.register for fsm in design.fsms],
        "cache": str(_cache()),
    }
    return _parsed(_ask(request, seconds))


def with_dataflow(design: Design, found: Dataflow) -> Design:
    """Return ``design`` with pyverilog's findings: cones confirmed or widened, further state machines, a note."""
    if found.problem:
        return replace(design, notes=(*design.notes, f"pyverilog can't take this design: {found.problem}"))
    cones, note = _merged_cones(design, found.cones)
    fsms, remarks = _merged_fsms(design.fsms, found.arcs)
    return replace(
        design, cones=cones, cones_by="slang and pyverilog", fsms=fsms, notes=(*design.notes, note, *remarks)
    )


def _refusal(sources: SourceSet) -> str:
    """Say why pyverilog isn't even asked; empty where it is."""
    modern = next((path for path in sources.files if path.suffix != ".v"), None)
    if modern is not None:
        return f"{modern.name} is SystemVerilog"
    if sources.parameters:
        return "it knows no overridden parameters (-P)"
    size = sum(path.stat().st_size for path in sources.files)
    if size > _MAX_BYTES:
        return f"the sources are larger than {_MAX_BYTES // 1000} kB"
    return ""


def _cache() -> Path:
    from importlib.metadata import version

    from platformdirs import user_cache_path

    return user_cache_path("posedge") / f"pyverilog-{version('pyverilog')}"


def _ask(request: dict[str, Any], seconds: float) -> dict[str, Any]:
    """Put ``request`` to a worker; every way to fail becomes an ``error``."""
    root = Path(__file__).resolve().parents[2]
    code = f"import sys; sys.path.insert(0, {str(root)!r}); from verif.design.dataflow_worker import main; main()"
    with tempfile.TemporaryDirectory(prefix="posedge-pyverilog-") as scratch:
        try:
            done = subprocess.run(
                [sys.executable, "-c", code],
                input=json.dumps(request),
                capture_output=True,
                text=True,
                cwd=scratch,
                timeout=seconds,
                check=False,
            )
            answer: dict[str, Any] = json.loads(done.stdout)
        except subprocess.TimeoutExpired:
            return {"error": f"no answer within {seconds:g} s"}
        except (OSError, json.JSONDecodeError):
            return {"error": "its process broke off"}
    return answer


def _parsed(answer: dict[str, Any]) -> Dataflow:
    if "error" in answer:
        return Dataflow(problem=_readable(answer["error"]))
    return Dataflow(
        cones={output: tuple(inputs) for output, inputs in answer["cones"].items()},
        arcs={fsm["register"]: tuple((a, b) for a, b in fsm["arcs"]) for fsm in answer["fsms"]},
    )


def _readable(error: str) -> str:
    """Shorten pyverilog's message; its parse errors name a line of the preprocessed text."""
    kind, _, text = error.partition(": ")
    if kind == "ParseError":
        return "its parser stops" + (f" at {text.lstrip(':')}" if text else "")
    return f"its analysis fails ({kind}{': ' + text[:120] if text else ''})"


def _merged_cones(design: Design, found: Mapping[str, tuple[str, ...]]) -> tuple[dict[str, tuple[str, ...]], str]:
    """Join both cones of each output; the note tells how many agree."""
    data = {port.name for port in design.ports if port.role is PortRole.DATA}
    order = [port.name for port in design.ports]
    merged, agreed = {}, 0
    for output, inputs in design.cones.items():
        other = set(found.get(output, ())) & data
        agreed += set(inputs) == other
        merged[output] = tuple(sorted(set(inputs) | other, key=order.index))
    note = f"slang and pyverilog agree on the cones of {agreed}/{len(merged)} outputs"
    return merged, note if agreed == len(merged) else f"{note}; where they differ, both are joined"


def _merged_fsms(
    fsms: tuple[Fsm, ...], found: Mapping[str, tuple[tuple[int, int], ...]]
) -> tuple[tuple[Fsm, ...], list[str]]:
    """Add machines that only pyverilog found, and arcs that slang's lack."""
    merged, remarks = [], []
    for fsm in fsms:
        arcs = found.get(fsm.register)
        if arcs is None:
            merged.append(fsm)
            continue
        names = {value: name for name, value in fsm.states.items()}
        named = [(names[a], names[b]) for a, b in arcs if a in names and b in names and a != b]
        extra = [arc for arc in named if arc not in fsm.arcs]
        merged.append(replace(fsm, arcs=(*fsm.arcs, *extra), found_by="slang and pyverilog"))
        if extra:
            remarks.append(f"{fsm.register}: {len(extra)} arc(s) found by pyverilog only")
    known = {fsm.register for fsm in fsms}
    merged += [_fsm(register, arcs) for register, arcs in found.items() if register not in known and _is_machine(arcs)]
    return tuple(merged), remarks


def _is_machine(arcs: tuple[tuple[int, int], ...]) -> bool:
    """More than two states, and not merely a counter's ring."""
    states = {state for arc in arcs for state in arc}
    steps = {b - a for a, b in arcs}
    return 2 < len(states) <= 128 and not steps <= {0, 1, -max(states)}


def _fsm(register: str, arcs: tuple[tuple[int, int], ...]) -> Fsm:
    states = sorted({state for arc in arcs for state in arc})
    return Fsm(
        register=register,
        states={f"S{state}": state for state in states},
        arcs=tuple((f"S{a}", f"S{b}") for a, b in arcs),
        found_by="pyverilog",
    )
