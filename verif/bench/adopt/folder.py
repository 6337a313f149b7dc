"""From a place that a user names to the bench.toml files that it gives."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from verif.bench.adopt.calls import Adopted, Confine, FoundCall
from verif.bench.adopt.makefile import data_in, read_for_simulators, uses_cocotb
from verif.bench.adopt.pyfile import read_pyfile, simulators_of, starts_simulations
from verif.bench.manifest import BenchManifest, Config, Sources
from verif.errors import InputError

_FARTHEST = 6
"""So many ``..`` a relative path may begin with; beyond that an absolute one reads better."""
_SKIPPED = frozenset({"sim_build", "sim_builds", "__pycache__", "node_modules"})
_GENERATED = "generated"


def adopt(place: Path, out: Path | None, confine: Confine, *, top: str = "") -> tuple[Adopted, ...]:
    """Return the bench.toml files for the bench at ``place``: a Makefile, a Python file, or a folder.

    They belong into ``out``, or beside what was read. InputError PE444 where there is no cocotb bench.
    """
    if not place.exists():
        raise InputError("PE444", "there is no such file or folder", where=str(place))
    adopted = _one(place, confine) if place.is_file() else _folder(place, confine)
    chosen = [bench for bench in adopted if not top or bench.manifest.top == top]
    if not chosen:
        tops = ", ".join(sorted({bench.manifest.top for bench in adopted}))
        raise InputError("PE445", f"no bench here has the top '{top}'", where=str(place), allowed=f"there is {tops}")
    return tuple(_placed(_separate(chosen), place, out))


def _folder(folder: Path, confine: Confine) -> list[Adopted]:
    """Adopt what is in a folder: its Python files, else its Makefile, else what is in the folders below."""
    python = [file for file in sorted(folder.glob("*.py")) if starts_simulations(file)]
    makefile = folder / "Makefile"
    if makefile.is_file() and not uses_cocotb(makefile):
        makefile = folder / "none"
    problems: list[InputError] = []
    for file in (*python, *([makefile] if makefile.is_file() else [])):
        try:
            if found := _one(file, confine):
                return [*found, *_others(python, file, confine)] if file in python else found
        except InputError as error:
            problems.append(error)
    if problems:
        raise problems[0]
    below = [path for path in sorted(folder.iterdir()) if path.is_dir() and not _left_out(path)]
    return list(_below(below, folder, confine))


def _others(files: Sequence[Path], first: Path, confine: Confine) -> Iterator[Adopted]:
    """Adopt the Python files after ``first`` that can be; one that can't isn't this bench's affair."""
    for file in files[files.index(first) + 1 :]:
        try:
            yield from _one(file, confine)
        except InputError:
            continue


def _below(folders: Sequence[Path], root: Path, confine: Confine) -> Iterator[Adopted]:
    found = False
    problem: InputError | None = None
    for folder in folders:
        try:
            for bench in _folder(folder, confine):
                found = True
                yield bench
        except InputError as error:
            problem = problem or (error if error.code != "PE444" else None)
    if not found:
        raise problem or InputError(
            "PE444",
            "no cocotb bench here",
            where=str(root),
            allowed="a Makefile that includes cocotb's Makefile.sim, or a Python file that calls a runner",
        )


def _left_out(path: Path) -> bool:
    return path.name in _SKIPPED or path.name.startswith(".")


def _one(file: Path, confine: Confine) -> list[Adopted]:
    """Adopt a Makefile or a Python file."""
    file = file.resolve()
    if file.suffix == ".py":
        simulators = simulators_of(file)
        recordings = {name: read_pyfile(file, name, confine) for name in simulators}
        first = recordings[simulators[0]]
        calls = {name: recording.calls for name, recording in recordings.items()}
        return [_with_made(bench, first.made) for bench in _benches(file, simulators, calls)]
    found = read_for_simulators(file, confine)
    return _benches(file, tuple(found), {name: (call,) for name, call in found.items()})


def _benches(origin: Path, simulators: Sequence[str], calls: Mapping[str, Sequence[FoundCall]]) -> list[Adopted]:
    """Put calls that differ in parameters, environment and defines only into one bench, as its configurations."""
    groups: dict[object, list[int]] = {}
    for index, call in enumerate(calls[simulators[0]]):
        groups.setdefault(_shape(call), []).append(index)
    return [_bench(origin, simulators, calls, indices) for indices in groups.values()]


def _shape(call: FoundCall) -> object:
    """Return what calls of one bench have in common."""
    plain = replace(call, label="", parameters={}, env={}, defines={})
    return tuple(repr(getattr(plain, name)) for name in plain.__slots__)


def _bench(
    origin: Path, simulators: Sequence[str], calls: Mapping[str, Sequence[FoundCall]], indices: Sequence[int]
) -> Adopted:
    own = [calls[simulators[0]][index] for index in indices]
    first = own[0]
    arguments = {
        name: calls[name][indices[0]].compile_args
        for name in simulators
        if indices[0] < len(calls[name]) and calls[name][indices[0]].compile_args
    }
    manifest = BenchManifest(
        top=first.top,
        sources=Sources(files=_texts(first.sources), include_dirs=_texts(first.include_dirs)),
        test_modules=first.test_modules,
        python_path=_texts(dict.fromkeys(first.python_path)),
        simulators=tuple(simulators),
        compile_args=arguments,
        plusargs=first.plusargs,
        data=_texts(data_in(first.data_folder)) if first.data_folder else (),
        timescale=first.timescale or "1ns/1ps",
        test_filter=first.test_filter,
        config=tuple(_configs(own)),
        adopted=True,
    )
    missing = [source for source in first.sources if not source.exists()]
    notes = tuple(f"{source} isn't there; the bench's own flow makes it" for source in missing)
    return Adopted(directory=origin.parent, manifest=manifest, origin=origin, notes=notes)


def _configs(calls: Sequence[FoundCall]) -> Iterator[Config]:
    used: set[str] = set()
    for number, call in enumerate(calls, start=1):
        name = call.label if call.label not in used else f"{call.label}-{number}"
        used.add(name)
        yield Config(name=name, parameters=dict(call.parameters), env=dict(call.env), defines=dict(call.defines))


def _with_made(bench: Adopted, made: Mapping[Path, bytes]) -> Adopted:
    generated = {path: made[path] for path in map(Path, bench.manifest.sources.files) if path in made}
    notes = tuple(note for note in bench.notes if not any(str(path) in note for path in generated))
    return replace(bench, generated=generated, notes=notes)


def _separate(benches: Sequence[Adopted]) -> Iterator[Adopted]:
    """Give each bench a folder of its own where several came from one: the first keeps it."""
    used: set[Path] = set()
    for bench in benches:
        folder, number = bench.directory, 2
        while folder in used:
            folder, number = bench.directory / f"{bench.origin.stem}_{number}", number + 1
        used.add(folder)
        yield replace(bench, directory=folder)


def _placed(benches: Iterator[Adopted], place: Path, out: Path | None) -> Iterator[Adopted]:
    """Put the benches where they belong and their paths in relation to that."""
    all_benches = list(benches)
    root = (place if place.is_dir() else place.parent).resolve()
    for bench in all_benches:
        folder = bench.directory
        if out is not None:
            folder = out.resolve() if len(all_benches) == 1 else out.resolve() / os.path.relpath(bench.directory, root)
        yield replace(bench, directory=folder, manifest=_relative(bench, folder))


def _relative(bench: Adopted, folder: Path) -> BenchManifest:
    manifest = bench.manifest

    def near(names: Sequence[str]) -> tuple[str, ...]:
        return tuple(_near(Path(name), folder, bench) for name in names)

    sources = manifest.sources.model_copy(
        update={"files": near(manifest.sources.files), "include_dirs": near(manifest.sources.include_dirs)}
    )
    changes = {"sources": sources, "python_path": near(manifest.python_path), "data": near(manifest.data)}
    return manifest.model_copy(update=changes)


def _near(path: Path, folder: Path, bench: Adopted) -> str:
    if path in bench.generated:
        return f"{_GENERATED}/{path.name}"
    relative = os.path.relpath(path, folder)
    return str(path) if len(re.findall(r"\.\.", relative)) > _FARTHEST else relative


def _texts(paths: Iterable[Path]) -> tuple[str, ...]:
    return tuple(str(path) for path in paths)
