"""Turn what a user names (files, directories, file lists, cores, a design.toml) into a ``SourceSet``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from verif.design.directory import in_order, read_unit, scan_directory
from verif.design.file_list import FileList, read_file_list
from verif.design.fusesoc import read_core
from verif.design.manifest import FILE_NAME, read_manifest
from verif.design.model import SourceSet
from verif.design.source_file import (
    HEADER_SUFFIXES,
    VERILOG_SUFFIXES,
    absolute,
    check_source,
    code_of,
    display,
    is_utf8,
    read_text,
)
from verif.errors import InputError

LIST_SUFFIXES = (".f", ".vc", ".flist", ".fl")
_IDENTIFIER = re.compile(r"[A-Za-z_][\w$]*")


def resolve_sources(
    names: Sequence[str | Path],
    *,
    file_lists: Sequence[str | Path] = (),
    include_dirs: Sequence[str | Path] = (),
    defines: Sequence[str] = (),
    parameters: Sequence[str] = (),
    blackboxes: Sequence[str] = (),
    top: str | None = None,
) -> SourceSet:
    """Return everything that ``names`` and the options say, in compile order.

    ``defines`` and ``parameters`` are ``NAME=VALUE``; a define may be a bare name. The options win over what files say.
    InputError PE1xx where something is missing or is not Verilog.
    """
    gathered = _Gathered(wanted_top=top)
    for directory in include_dirs:
        gathered.include_dirs.append(_directory(absolute(directory)))
    for file_list in file_lists:
        gathered.take_list(read_file_list(Path(file_list)))
    for name in names:
        gathered.take(absolute(name))
    gathered.defines.update(_pair(text, "-D") for text in defines)
    gathered.parameters.update(_pair(text, "-P", value_needed=True) for text in parameters)
    gathered.blackboxes += [_identifier(name, "--blackbox") for name in blackboxes]
    return gathered.finish()


@dataclass(slots=True)
class _Gathered:
    """A source set in the making."""

    wanted_top: str | None
    """What ``--top`` says."""
    files: list[Path] = field(default_factory=list)
    include_dirs: list[Path] = field(default_factory=list)
    defines: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    blackboxes: list[str] = field(default_factory=list)
    library_files: list[Path] = field(default_factory=list)
    library_dirs: list[Path] = field(default_factory=list)
    library_suffixes: list[str] = field(default_factory=list)
    top: str | None = None
    manifest: Path | None = None
    notes: list[str] = field(default_factory=list)

    def take(self, path: Path) -> None:
        """Add one SRC argument."""
        if path.is_dir():
            self._take_directory(path)
        elif path.suffix.lower() in LIST_SUFFIXES and path.exists():
            self.take_list(read_file_list(path))
        elif path.suffix == ".core" and path.exists():
            self._take_core(path)
        elif path.suffix == ".toml" and path.exists():
            self._take_manifest(path)
        else:
            self.files.append(path)

    def take_list(self, found: FileList) -> None:
        """Add what a file list names."""
        for path in found.files:
            self.take(path)
        self.include_dirs += found.include_dirs
        self.defines.update(found.defines)
        self.library_files += found.library_files
        self.library_dirs += found.library_dirs
        self.library_suffixes += found.library_suffixes
        self.top = found.top or self.top
        self.notes += found.notes

    def finish(self) -> SourceSet:
        """Check every file and return the source set."""
        if not any(path.suffix.lower() not in HEADER_SUFFIXES for path in self.files):
            hint = "name a .v or .sv file, a directory, a .f list, a .core or a design.toml"
            what = "only header files are named" if self.files else "no source file is named"
            raise InputError("PE105", what, hint=hint)
        files = list(dict.fromkeys(self.files))
        for path in files:
            check_source(path)
            if not is_utf8(path):
                self.notes.append(f"{display(path)}: not UTF-8, read as Latin-1")
        libraries = _from_libraries(self, files)
        headers = [path.parent for path in files if path.suffix.lower() in HEADER_SUFFIXES]
        return SourceSet(
            files=(*(path for path in files if path.suffix.lower() not in HEADER_SUFFIXES), *libraries),
            include_dirs=tuple(dict.fromkeys([*self.include_dirs, *headers])),
            defines=dict(self.defines),
            parameters=dict(self.parameters),
            blackboxes=tuple(dict.fromkeys(self.blackboxes)),
            top=self.wanted_top or self.top,
            manifest=self.manifest,
            libraries=tuple(libraries),
            notes=tuple(dict.fromkeys(self.notes)),
        )

    def _take_directory(self, path: Path) -> None:
        if (path / FILE_NAME).is_file():
            self._take_manifest(path / FILE_NAME)
            return
        scan = scan_directory(path, self.wanted_top)
        self.files += scan.files
        self.include_dirs += scan.include_dirs
        self.notes += scan.notes

    def _take_core(self, path: Path) -> None:
        core = read_core(path)
        for file in core.files:
            if not file.exists():
                raise InputError("PE101", f"the core names {display(file)}, which doesn't exist", where=display(path))
        self.files += [unit.path for unit in in_order([read_unit(file) for file in core.files])]
        self.include_dirs += core.include_dirs
        self.defines.update(core.defines)
        self.top = core.top or self.top
        self.notes += core.notes

    def _take_manifest(self, path: Path) -> None:
        if self.manifest is not None and self.manifest != path:
            hint = "give one of them"
            raise InputError(
                "PE116", f"a second design.toml beside {display(self.manifest)}", where=display(path), hint=hint
            )
        manifest = read_manifest(path)
        self.manifest = path
        for file in manifest.files:
            if not file.exists():
                raise InputError("PE101", f"files: {display(file)} doesn't exist", where=display(path))
            self.take(file)
        self.include_dirs += manifest.include_dirs
        self.defines.update(manifest.defines)
        self.parameters.update(manifest.parameters)
        self.blackboxes += manifest.blackboxes
        self.top = manifest.top or self.top


def _directory(path: Path) -> Path:
    if not path.is_dir():
        raise InputError("PE101", "no such include directory", where=display(path), hint="check -I")
    return path


def _pair(text: str, option: str, *, value_needed: bool = False) -> tuple[str, str]:
    """Split ``NAME=VALUE``."""
    name, equals, value = text.partition("=")
    if value_needed and not (equals and value):
        raise InputError("PE119", f"{option} {text}: a value is missing", allowed=f"write {option} NAME=VALUE")
    return _identifier(name, option), value


def _identifier(name: str, option: str) -> str:
    if not _IDENTIFIER.fullmatch(name):
        raise InputError("PE119", f"{option} {name}: not a Verilog name", allowed="letters, digits and _ are allowed")
    return name


def _from_libraries(gathered: _Gathered, files: Iterable[Path]) -> list[Path]:
    """Return the -v and -y files that define something which the sources, or those files in turn, name."""
    offers = _library_offers(gathered)
    chosen: list[Path] = []
    queue = list(files) if offers else []
    defined: set[str] = set()
    while queue:
        unit = read_unit(queue.pop())
        defined |= unit.defines
        for name in sorted((unit.words - defined) & offers.keys()):
            if offers[name] not in chosen and _instantiates(unit.path, name):
                chosen.append(offers[name])
                queue.append(offers[name])
    for path in chosen:
        check_source(path)
    return chosen


def _library_offers(gathered: _Gathered) -> Mapping[str, Path]:
    """Map a module's name to the library file that defines it; -v files come before -y directories."""
    offers: dict[str, Path] = {}
    for file in gathered.library_files:
        for name in read_unit(file).defines:
            offers.setdefault(name, file)
    suffixes = [*gathered.library_suffixes, *VERILOG_SUFFIXES]
    for directory in gathered.library_dirs:
        for path in sorted(directory.iterdir()):
            if path.suffix in suffixes:
                offers.setdefault(path.stem, path)
    return offers


def _instantiates(path: Path, name: str) -> bool:
    pattern = rf"\b{re.escape(name)}\s*(#\s*\(|::|[A-Za-z_\\][\w$]*\s*[\[(;])|\bimport\s+{re.escape(name)}\b"
    return re.search(pattern, code_of(read_text(path))) is not None
