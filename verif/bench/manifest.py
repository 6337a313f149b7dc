"""bench.toml: what a bench is made of and how it is run. Reading, checking and writing it."""

from __future__ import annotations

import os
import tomllib
from datetime import date
from pathlib import Path
from typing import Literal

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from verif.design.model import SourceSet
from verif.errors import InputError

FILE_NAME = "bench.toml"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Sources(_Part):
    """The RTL; paths are relative to the bench.toml, or absolute."""

    files: tuple[str, ...]
    include_dirs: tuple[str, ...] = ()
    defines: dict[str, str] = Field(default_factory=dict)
    blackboxes: tuple[str, ...] = ()


class Config(_Part):
    """A named set of parameter overrides (and, for adopted benches, environment) to run the bench with."""

    name: str = "default"
    parameters: dict[str, str] = Field(default_factory=dict)
    env: dict[str, str] = Field(default_factory=dict)
    defines: dict[str, str] = Field(default_factory=dict)


class ClockEntry(_Part):
    """A clock that the bench drives."""

    name: str
    edge: Literal["rising", "falling"] = "rising"
    ratio: int = Field(default=1, ge=1)
    """Period in base ticks."""


class ResetEntry(_Part):
    """A reset that the bench drives."""

    name: str
    active_high: bool
    asynchronous: bool = False
    cycles: int = Field(default=4, ge=1)


class Waiver(_Part):
    """Coverage points that need no closing, with the reason."""

    id: str = Field(min_length=1)
    """Glob on the ids of coverage points."""
    reason: str
    who: str = ""
    until: str = ""
    """The last day on which it holds, as in 2027-03-31; empty: no end."""

    @field_validator("reason")
    @classmethod
    def _has_words(cls, reason: str) -> str:
        if not reason.strip():
            raise ValueError("a waiver needs a reason")
        return reason

    @field_validator("until")
    @classmethod
    def _is_date(cls, until: str) -> str:
        if until:
            date.fromisoformat(until)
        return until


class Provenance(_Part):
    """What the bench was made from, by what."""

    plan_digest: str = ""
    sources_digest: str = ""
    spec_digest: str = ""
    model: str = "none"
    prompt_digest: str = ""
    seed: int = 0
    tools: dict[str, str] = Field(default_factory=dict)
    created: str = ""
    """Time of day in ISO 8601; not part of any digest."""


class BenchManifest(_Part):
    """The whole bench.toml."""

    schema_version: Literal[1] = 1
    top: str
    toplevel: str = ""
    """The HDL module that the simulator elaborates; empty means ``top`` (a flat wrapper differs)."""
    hdl_library: str = ""
    sources: Sources
    test_modules: tuple[str, ...]
    python_path: tuple[str, ...] = (".",)
    simulators: tuple[str, ...] = ("icarus", "verilator")
    compile_args: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Simulator name to further compiler arguments (adopted benches)."""
    plusargs: tuple[str, ...] = ()
    test_filter: str = ""
    """Regular expression on ``module.test`` that chooses the tests where the user doesn't (adopted benches)."""
    data: tuple[str, ...] = ()
    """Files and folders that the design or the tests read by relative path; linked into the folder of each run."""
    env: dict[str, str] = Field(default_factory=dict)
    timescale: str = "1ns/1ps"
    timeout_seconds: int = Field(default=600, ge=1)
    config: tuple[Config, ...] = (Config(),)
    clock: tuple[ClockEntry, ...] = ()
    reset: tuple[ResetEntry, ...] = ()
    waiver: tuple[Waiver, ...] = ()
    spec: str = ""
    adopted: bool = False
    provenance: Provenance = Provenance()

    @property
    def hdl_top(self) -> str:
        """The module to elaborate."""
        return self.toplevel or self.top


def find_manifest(path: Path) -> Path:
    """Return the bench.toml that ``path`` (the file or its directory) means; InputError where there is none."""
    candidate = path / FILE_NAME if path.is_dir() else path
    if not candidate.is_file():
        raise InputError(
            "PE401",
            f"no {FILE_NAME} here",
            where=str(path),
            hint="name a bench directory, or make one with 'posedge draft' or 'posedge adopt'",
        )
    return candidate


def read_manifest(path: Path) -> BenchManifest:
    """Read the bench.toml at ``path`` (file or directory); InputError tells the first thing that is wrong in it."""
    file = find_manifest(path)
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        return BenchManifest.model_validate(data)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError("PE402", f"not valid TOML: {error}", where=str(file)) from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise InputError("PE403", f"{key}: {first['msg']}", where=str(file)) from error


def write_manifest(manifest: BenchManifest, directory: Path) -> Path:
    """Write ``manifest`` as ``directory``/bench.toml and return its path."""
    file = directory / FILE_NAME
    file.write_text(manifest_text(manifest), encoding="utf-8")
    return file


def manifest_text(manifest: BenchManifest) -> str:
    """Return ``manifest`` as TOML; what has its default value is left out."""
    data = manifest.model_dump(mode="json", exclude_defaults=True)
    return tomli_w.dumps({"schema_version": manifest.schema_version, **data})


def source_set(manifest: BenchManifest, directory: Path, config: Config | None = None) -> SourceSet:
    """Return the bench's sources with absolute paths and the parameters of ``config``."""
    config = config or manifest.config[0]
    return SourceSet(
        files=tuple(_absolute(directory, name) for name in manifest.sources.files),
        include_dirs=tuple(_absolute(directory, name) for name in manifest.sources.include_dirs),
        defines={**manifest.sources.defines, **config.defines},
        parameters=dict(config.parameters),
        blackboxes=manifest.sources.blackboxes,
        top=manifest.hdl_top,
    )


def _absolute(directory: Path, name: str) -> Path:
    return Path(os.path.normpath(directory.resolve() / name))
