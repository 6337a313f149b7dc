"""A failure that can be run again: what ran, on what, and the id under which it is kept."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

from verif.errors import InputError
from verif.workspace import Workspace

_FOLDER = "failures"
_ID_LENGTH = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """Everything that decides what a test did."""

    bench: str
    """The bench's directory."""
    name: str
    module: str
    simulator: str
    config: str
    seed: int
    verdict: str
    message: str
    tests: str | None
    """The glob that chose the tests of the process that it failed in."""
    sources: tuple[str, ...]
    """RTL that took the place of the bench's own."""
    plusargs: tuple[str, ...]
    env: dict[str, str]
    timeout_seconds: float
    sources_digest: str
    bench_digest: str
    """Digest of the bench's Python files."""

    @property
    def id(self) -> str:
        """The same content, configuration, seed and test have the same id, on every machine."""
        facts = (
            self.name,
            self.module,
            self.simulator,
            self.config,
            self.seed,
            self.tests,
            self.plusargs,
            sorted(self.env.items()),
            self.sources_digest,
            self.bench_digest,
        )
        return sha256(json.dumps(facts).encode()).hexdigest()[:_ID_LENGTH]


def keep(workspace: Workspace, failure: Failure) -> str:
    """Write the failure into its bench's folder of the workspace and return its id."""
    folder = workspace.bench(Path(failure.bench)) / _FOLDER
    folder.mkdir(exist_ok=True)
    file = folder / f"{failure.id}.json"
    file.write_text(json.dumps(asdict(failure), indent=1, sort_keys=True), encoding="utf-8")
    return failure.id


def find(workspace: Workspace, identity: str) -> Failure:
    """Return the failure called ``identity`` of any bench; InputError PE420 where it isn't known here."""
    files = sorted(workspace.root.glob(f"benches/*/{_FOLDER}/{identity}.json"))
    if not files:
        raise InputError(
            "PE420",
            f"no failure '{identity}' is known",
            where=str(workspace.root),
            hint="take an id that 'posedge run' printed in this repository, the JUnit file that it wrote, or BENCH:ID "
            "for a stored regression",
        )
    return from_dict(json.loads(files[0].read_text(encoding="utf-8")), str(files[0]))


def from_dict(data: dict[str, Any], where: str) -> Failure:
    """Make a failure of what ``keep`` or JUnit stored; InputError PE421 where a field is missing."""
    try:
        values = {entry.name: data[entry.name] for entry in fields(Failure)}
    except KeyError as error:
        raise InputError("PE421", f"not a failure that posedge stored: {error} is missing", where=where) from error
    return Failure(**{**values, "sources": tuple(values["sources"]), "plusargs": tuple(values["plusargs"])})
