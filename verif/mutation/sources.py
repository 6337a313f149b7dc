"""Mutants as plain source text: one of them in its file, and as a diff."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

from verif.design.model import Design
from verif.design.source_file import display
from verif.mutation.model import Mutant


def mutated(design: Design, mutant: Mutant) -> dict[Path, bytes]:
    """Return source file to text, for the one file in which ``mutant`` stands; ValueError for another design's."""
    if mutant.file not in design.sources.files:
        raise ValueError(f"{mutant.file} is no source file of {design.top}")
    text = mutant.file.read_bytes()
    if text[mutant.start : mutant.end] != mutant.before.encode():
        raise ValueError(f"{mutant.file} changed since {mutant.id} was made")
    return {mutant.file: text[: mutant.start] + mutant.after.encode() + text[mutant.end :]}


def diff_of(design: Design, mutant: Mutant, *, context: int = 3) -> str:
    """Return ``mutant`` as a unified diff of its file."""
    (after,) = mutated(design, mutant).values()
    name = display(mutant.file)
    old, new = (text.decode("utf-8", "replace").splitlines(keepends=True) for text in (mutant.file.read_bytes(), after))
    return "".join(unified_diff(old, new, f"a/{name}", f"b/{name}", n=context))
