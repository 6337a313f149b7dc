"""Small designs written in a test and read as a user's would be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from verif.design.frontend import read_design
from verif.design.model import Design
from verif.design.sources import resolve_sources


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
