"""The hardware that ships with a bench: harness and monitors, so that the bench judges in any simulator without us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from verif.bench.render import BenchSource
from verif.errors import Unsupported
from verif.harness import assemble


@dataclass(frozen=True, kw_only=True, slots=True)
class HarnessFiles:
    """The files, or why there are none."""

    files: Mapping[str, str] = field(default_factory=dict)
    """File name to text."""
    note: str = ""
    """Why there is no harness; empty where there is one."""


def harness_files(source: BenchSource) -> HarnessFiles:
    """Return the harness of a bench as files that lie beside its Python files."""
    try:
        harness = assemble(source.design, source.plan, source.oracles, dut=source.name)
    except Unsupported as error:
        return HarnessFiles(note=f"no harness: {error.sentence}")
    return HarnessFiles(files=harness.files)
