"""Foreign designs: RTL and specification in other people's styles, with bugs and wrong specifications to find.

A file holds many: ``=== name``, then parts that begin with ``--- spec``, ``--- rtl``, ``--- bugs`` and ``--- wrong``. A
bug is a line ``old => new`` to apply once to the RTL; the lines of ``wrong`` together make a wrong specification.
``--- silent`` marks a near miss: nothing may judge it by its specification. Without bugs and without that mark a
design is peculiar: it may be judged, but does what its specification says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.rtl import design_of
from verif.bench.library.select import choose_oracles
from verif.bench.oracles import OracleSet
from verif.design.model import Design
from verif.plan.spec import read_specification

FOLDER = Path(__file__).resolve().parents[1] / "verif" / "bench" / "library" / "foreign"


@dataclass(frozen=True)
class Foreign:
    """One design with its specification."""

    name: str
    spec: str
    rtl: str
    bugs: tuple[tuple[str, str], ...]
    wrong: tuple[tuple[str, str], ...]
    silent: bool

    def read(self, folder: Path, rtl: str = "", spec: str = "") -> tuple[Design, OracleSet]:
        """Write the files and return the design with its oracles."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "spec.md").write_text(spec or self.spec, encoding="utf-8")
        design = design_of(folder, rtl or self.rtl)
        return design, choose_oracles(design, read_specification(folder / "spec.md"))

    def broken(self) -> Iterator[str]:
        """Yield the RTL with each bug."""
        for old, new in self.bugs:
            assert old in self.rtl, (self.name, old)
            yield self.rtl.replace(old, new, 1)

    def misread(self) -> str:
        """Return the wrong specification."""
        text = self.spec
        for old, new in self.wrong:
            assert old in text, (self.name, old)
            text = text.replace(old, new)
        return text


def foreign(path: Path) -> Iterator[Foreign]:
    """Yield the designs of a file."""
    for block in re.split(r"^=== ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        name, _, rest = block.partition("\n")
        parts = dict(re.findall(r"^--- (\w+)\n(.*?)(?=^--- |\Z)", rest, re.MULTILINE | re.DOTALL))
        yield Foreign(
            name=name.strip(),
            spec=parts["spec"],
            rtl=parts["rtl"],
            bugs=_edits(parts.get("bugs", "")),
            wrong=_edits(parts.get("wrong", "")),
            silent="silent" in parts,
        )


def _edits(text: str) -> tuple[tuple[str, str], ...]:
    pairs = (line.partition(" => ") for line in text.splitlines() if line.strip())
    return tuple((old, new.rstrip("\n")) for old, _, new in pairs)
