"""Designs for tests: those kept in ``rtl/``, and small ones written in a test and read as a user's would be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from verif.design.frontend import read_design
from verif.design.manifest import DesignManifest, read_manifest
from verif.design.model import Design
from verif.design.sources import resolve_sources

RTL = Path(__file__).resolve().parents[2] / "rtl"
_CELL = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class Kept:
    """A design kept in ``rtl/<name>``."""

    name: str

    @property
    def directory(self) -> Path:
        """Where it lies."""
        return RTL / self.name

    @property
    def source(self) -> Path:
        """Its module."""
        return self.directory / f"{self.name}.sv"

    @cached_property
    def manifest(self) -> DesignManifest:
        """Its design.toml."""
        return read_manifest(self.directory)

    @cached_property
    def design(self) -> Design:
        """Its design, read through design.toml."""
        return read_design(resolve_sources([self.directory / "design.toml"]))

    @cached_property
    def spec(self) -> str:
        """Text of its spec.md."""
        return (self.directory / "spec.md").read_text(encoding="utf-8")

    @cached_property
    def bugs(self) -> tuple[Path, ...]:
        """The broken variants that lie in its folder."""
        return tuple(sorted((self.directory / "bugs").glob("*.sv")))

    @property
    def requirements(self) -> list[str]:
        """Ids of the requirements of spec.md, as written."""
        return re.findall(r"^- (R\d+): ", self.spec, re.MULTILINE)

    def table(self, heading: str) -> Iterator[list[str]]:
        """Yield the rows of the first table under ``heading`` of spec.md; cells without backquotes."""
        under = self.spec.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
        for line in [line for line in under.splitlines() if line.startswith("|")][2:]:
            yield [cell.strip().replace("`", "") for cell in _CELL.split(line)[1:-1]]


def kept_designs() -> tuple[Kept, ...]:
    """Return every design of ``rtl/``."""
    return tuple(Kept(folder.name) for folder in sorted(RTL.iterdir()) if folder.is_dir())


def write(directory: Path, **files: str) -> list[Path]:
    """Write files into ``directory``; ``a__sv="..."`` becomes ``a.sv``."""
    paths = []
    for name, text in files.items():
        path = directory / name.replace("__", ".")
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths


def design_of(directory: Path, text: str, **options: Any) -> Design:
    """Read ``text`` as the file ``dut.sv`` with the options of ``resolve_sources``."""
    return read_design(resolve_sources(write(directory, dut__sv=text), **options))
