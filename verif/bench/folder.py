"""A bench as a set of texts: file name to content, before anything is written."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from verif.bench.manifest import (
    FILE_NAME,
    BenchManifest,
    ClockEntry,
    Config,
    Provenance,
    ResetEntry,
    Sources,
    manifest_text,
)
from verif.bench.oracles import OracleSet, Rule, Snippet
from verif.bench.render import BenchSource, render_python
from verif.bench.stored import Stored
from verif.design.model import Design
from verif.plan import files as plan_files
from verif.plan.model import Testplan
from verif.verdict import Oracle

RECORDED = "recorded.json"
REGRESSIONS = "regressions"
KNOWN_OUTPUTS = "outputs-known"
"""Id of the rule that no output is X or Z; only a four-state simulator can break it."""
Files = Mapping[str, str]
"""Path relative to the bench to text."""


def bench_files(
    source: BenchSource,
    recorded: Stored,
    directory: Path,
    *,
    simulators: Sequence[str],
    spec: Path | None,
    provenance: Provenance,
    compile_args: Mapping[str, tuple[str, ...]] | None = None,
    regressions: Sequence[Stored] = (),
) -> dict[str, str]:
    """Return all files of the bench that will lie in ``directory``."""
    manifest = _manifest(source, directory, simulators, spec, provenance, compile_args or {})
    files = {
        **render_python(source),
        plan_files.FILE_NAME: plan_files.plan_text(source.plan),
        RECORDED: recorded.text(),
        FILE_NAME: manifest_text(manifest),
        **{f"{REGRESSIONS}/{stored.id}.json": stored.text() for stored in regressions},
        **({f"{source.design.top}.sv": source.wrapper} if source.wrapper else {}),
    }
    return dict(sorted(files.items()))


def _manifest(
    source: BenchSource,
    directory: Path,
    simulators: Sequence[str],
    spec: Path | None,
    provenance: Provenance,
    compile_args: Mapping[str, tuple[str, ...]],
) -> BenchManifest:
    design = source.design
    given = design.sources

    def near(path: Path) -> str:
        return Path(os.path.relpath(path, directory.resolve())).as_posix()

    files = [near(file) for file in given.files]
    if source.wrapper:
        files[-1] = f"{design.top}.sv"

    return BenchManifest(
        top=source.name,
        toplevel=design.top if source.wrapper else "",
        sources=Sources(
            files=tuple(files),
            include_dirs=tuple(near(folder) for folder in given.include_dirs),
            defines=dict(given.defines),
            blackboxes=given.blackboxes,
        ),
        test_modules=(f"test_{source.module}",),
        simulators=tuple(simulators),
        compile_args=dict(compile_args),
        config=(Config(parameters=dict(given.parameters)),),
        clock=tuple(ClockEntry(name=c.name, edge=c.edge.value, ratio=c.ratio) for c in design.clocks),
        reset=tuple(
            ResetEntry(name=r.name, active_high=r.active_high, asynchronous=r.asynchronous, cycles=r.cycles)
            for r in design.resets
        ),
        spec=near(spec) if spec else "",
        provenance=provenance,
    )


def with_known_outputs(oracles: OracleSet, outputs: Sequence[str]) -> OracleSet:
    """Add the GENERIC rule that ``outputs`` are never X or Z once the design was reset."""
    if not outputs:
        return oracles
    rule = Rule(
        id=KNOWN_OUTPUTS,
        title="After reset no output is X or Z.",
        snippet=Snippet(
            module="verif.bench.library.rules.known", class_name="KnownRule", arguments=f"outputs={list(outputs)!r}"
        ),
        oracle=Oracle.GENERIC,
        ports=tuple(outputs),
    )
    return replace(oracles, rules=(*oracles.rules, rule))


def text_digest(*texts: str) -> str:
    """Return the SHA-256 of texts, in hexadecimal."""
    return sha256("\0".join(texts).encode()).hexdigest()


def plan_digest(plan: Testplan) -> str:
    """Return the digest of a plan's content."""
    return text_digest(plan_files.plan_text(plan))


def sources_digest(design: Design) -> str:
    """Return the digest of a design's source files and parameters."""
    contents = [sha256(file.read_bytes()).hexdigest() for file in design.sources.files]
    return text_digest(design.top, *contents, repr(sorted(design.sources.parameters.items())))
