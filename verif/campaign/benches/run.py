"""One bench, one configuration, one simulator: how it is built and run."""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from verif.bench.manifest import BenchManifest, Config, find_manifest, read_manifest, source_set
from verif.campaign.benches.options import RunOptions
from verif.design.model import SourceSet
from verif.errors import InputError
from verif.sim.content import file_digest, sources_digest
from verif.sim.locks import locked
from verif.sim.seam import Build, BuildRequest, RunOutcome, RunRequest, Simulator
from verif.workspace import Workspace

_MODULE = re.compile(r"^[ \t]*(?:module|interface|package|program)\s+(?:automatic\s+|static\s+)?(\w+)", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Beside:
    """A module that runs beside the bench's own tests."""

    module: str
    python_path: Path
    env: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Bound:
    """The module that holds the design and judges its properties."""

    top: str
    file: Path
    properties: Mapping[str, str] = field(default_factory=dict)
    """Property to the name of its file, where that isn't the bench's own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BenchRun:
    """A bench in one configuration, with the options of this call."""

    directory: Path
    """Where bench.toml lies."""
    manifest: BenchManifest
    config: Config
    options: RunOptions
    bound: Bound | None = None
    """What is compiled around the design so that its properties are judged; None: they aren't."""

    @property
    def sources(self) -> SourceSet:
        """The RTL that is compiled: the bench's, or what ``--sources`` puts in its place; InputError PE412."""
        own = source_set(self.manifest, self.directory, self.config)
        for file in own.files:
            if not file.is_file():
                hint = "put it back, or correct the sources in the bench's bench.toml"
                raise InputError("PE412", "a source of the bench is missing", where=str(file), hint=hint)
        return with_replaced(own, self.options.sources)

    @property
    def sources_digest(self) -> str:
        """Digest of the RTL with its includes, defines and parameters."""
        return sources_digest(self.sources)

    @property
    def python_path(self) -> tuple[Path, ...]:
        """Where the bench's Python modules are."""
        return tuple((self.directory / entry).resolve() for entry in self.manifest.python_path)

    @property
    def bench_digest(self) -> str:
        """Digest of the Python files beside the test modules."""
        files = sorted({file for folder in self.python_path for file in folder.glob("*.py")})
        return sha256("".join(f"{file.name}{file_digest(file)}" for file in files).encode()).hexdigest()

    @property
    def timeout_seconds(self) -> float:
        """Limit of one simulator process."""
        return self.options.timeout_seconds or float(self.manifest.timeout_seconds)

    def build(self, simulator: Simulator, *, waves: bool) -> Build:
        """Compile the bench's RTL, or reuse the build."""
        sources = self.sources
        top = self.manifest.hdl_top
        if self.bound:
            # The parameters are in the module around the design.
            sources = replace(sources, files=(*sources.files, self.bound.file), parameters={}, top=self.bound.top)
            top = self.bound.top
        request = BuildRequest(
            sources=sources,
            top=top,
            coverage=self.options.coverage and simulator.name == "verilator",
            waves=waves,
            wave_format=self.options.wave_format,
            timescale=self.manifest.timescale,
            extra_args=self.manifest.compile_args.get(simulator.name, ()),
        )
        return simulator.build(request)

    def run(
        self,
        simulator: Simulator,
        build: Build,
        seed: int,
        place: Path,
        *,
        waves: bool,
        only: str | None = None,
        beside: Beside | None = None,
    ) -> RunOutcome:
        """Run the tests with ``seed`` in the folder ``place``; ``only`` is a filter in place of ``--test``."""
        with locked(place.with_suffix(".lock")):
            place.mkdir(parents=True, exist_ok=True)
            self._link_data(place)
            for stale in place.glob("waves.*"):
                stale.unlink()
            request = RunRequest(
                build=build,
                test_modules=(*((beside.module,) if beside else ()), *self.manifest.test_modules),
                python_path=(*self.python_path, *((beside.python_path,) if beside else ())),
                seed=seed,
                test_filter=only or name_filter(self.options.tests) or self.manifest.test_filter or None,
                plusargs=(*self.manifest.plusargs, *self.options.plusargs),
                env={**self._environment(place), **(beside.env if beside else {})},
                timeout_seconds=self.timeout_seconds,
                waves=place / f"waves.{build.wave_format}" if waves else None,
                directory=place,
            )
            return simulator.run(request)

    def _environment(self, place: Path) -> dict[str, str]:
        coverage = {}
        if self.options.coverage:
            (place / FUNCTIONAL).unlink(missing_ok=True)
            (place / CYCLES).unlink(missing_ok=True)
            coverage = {"BENCH_COVERAGE": str(place / FUNCTIONAL)}
            if not self.manifest.adopted:
                coverage["BENCH_TRACE"] = str(place / CYCLES)
        files = self.bound.properties if self.bound else {}
        named = {"BENCH_PROPERTIES": json.dumps(files)} if files else {}
        return {**self.manifest.env, **self.config.env, **coverage, **named, **self.options.env}

    def _link_data(self, place: Path) -> None:
        for name in self.manifest.data:
            target, link = (self.directory / name).resolve(), place / Path(name).name
            if target.exists() and not link.is_symlink() and not link.exists():
                link.symlink_to(target)


FUNCTIONAL = "functional.jsonl"
"""File in a run's folder that the bench writes its coverage to."""
CYCLES = "cycles.jsonl"
"""File in a run's folder that a drafted bench writes its ports' values to, cycle by cycle."""


def bench_runs(bench: Path, options: RunOptions) -> tuple[BenchRun, ...]:
    """Return the bench's chosen configurations; InputError PE413 names the ones that there are."""
    manifest = read_manifest(bench)
    directory = find_manifest(bench).resolve().parent
    known = {config.name: config for config in manifest.config}
    names = [name for name in options.configs if name != "all"] or list(known)
    for name in names:
        if name not in known:
            raise InputError(
                "PE413",
                f"no configuration is called '{name}'",
                where=str(bench),
                allowed=f"there are {', '.join(known)}",
            )
    return tuple(
        BenchRun(directory=directory, manifest=manifest, config=known[name], options=options) for name in names
    )


def run_folder(workspace: Workspace, run: BenchRun, simulator: str, seed: int) -> Path:
    """Return the folder of a run's log, results and waves."""
    safe = re.sub(r"[^\w.-]", "_", run.config.name)
    return workspace.bench(run.directory) / "runs" / f"{simulator}-{safe}-{seed}"


def name_filter(glob: str | None) -> str | None:
    """Return the regular expression on ``module.test`` that a glob on test names means."""
    return None if glob is None else r"(?:^|\.)" + fnmatch.translate(glob)


def with_replaced(sources: SourceSet, files: Sequence[Path]) -> SourceSet:
    """Return ``sources`` with ``files`` in place of those that define the same modules.

    A wrapper or package that ``files`` don't define stays. Where nothing is replaced they stand in for all.
    """
    if not files:
        return sources
    for file in files:
        if not file.is_file():
            raise InputError("PE414", "no such source file", where=str(file))
    given = tuple(file.resolve() for file in files)
    defined = {name for file in given for name in defined_modules(file)}
    dropped = [bool(defined & set(defined_modules(file))) for file in sources.files]
    if not any(dropped) and sources.top and sources.top not in defined:
        raise InputError(
            "PE414",
            f"defines no module of the bench, whose top is {sources.top}",
            where=", ".join(map(str, files)),
            hint="name the files that stand in for the bench's own",
        )
    at = dropped.index(True) if any(dropped) else 0
    kept = [file for file, gone in zip(sources.files, dropped, strict=True) if not gone and any(dropped)]
    beside = tuple(dict.fromkeys(file.parent for file in sources.files))
    return replace(sources, files=(*kept[:at], *given, *kept[at:]), include_dirs=(*sources.include_dirs, *beside))


def defined_modules(file: Path) -> Iterator[str]:
    """Give the names of the modules, interfaces and packages that a file seems to define."""
    if file.is_file():
        yield from _MODULE.findall(file.read_text(encoding="utf-8", errors="replace"))
