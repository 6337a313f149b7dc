"""Which mutants sink the common text: they are taken out, one by one, until the front end takes it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from verif.design.elaboration import elaborate
from verif.design.model import Design, SourceSet
from verif.errors import InputError
from verif.mutation.model import LeftOut, Mutant
from verif.mutation.schemata import Form, Weaving
from verif.mutation.sources import mutated


def without_broken(
    design: Design, mutants: Sequence[Mutant], form: Form
) -> tuple[tuple[Mutant, ...], tuple[LeftOut, ...], dict[Path, bytes], str]:
    """Return the mutants that the front end takes with a selector, the others, the texts and the selector's name."""
    weaving = Weaving(design=design, form=form)
    weaving.weave(mutants)
    unreached = tuple(weaving.left_out)
    if not refusal(design.sources, weaving.texts):
        return weaving.order, unreached, weaving.texts, weaving.name
    broken = _broken(design, weaving.order, form)
    kept = [mutant for mutant in weaving.order if id(mutant) not in {id(each) for each in broken}]
    weaving.weave(kept)
    told = tuple(_told(design, mutant) for mutant in broken)
    return weaving.order, (*unreached, *told), weaving.texts, weaving.name


def _broken(design: Design, mutants: Sequence[Mutant], form: Form) -> list[Mutant]:
    """Return the mutants with which the front end refuses the text: halves are tried until single ones are left."""
    weaving = Weaving(design=design, form=form)
    weaving.weave(mutants)
    if not mutants or not refusal(design.sources, weaving.texts):
        return []
    if len(mutants) == 1:
        return list(mutants)
    half = len(mutants) // 2
    return [*_broken(design, mutants[:half], form), *_broken(design, mutants[half:], form)]


def _told(design: Design, mutant: Mutant) -> LeftOut:
    alone = refusal(design.sources, mutated(design, mutant))
    if alone:
        return LeftOut(mutant=mutant, reason=f"It does not compile: {alone}", stillborn=True)
    return LeftOut(mutant=mutant, reason="What it changes must be constant.")


def refusal(sources: SourceSet, texts: Mapping[Path, bytes]) -> str:
    """Return why the front end refuses ``sources`` with other texts, in a sentence; empty where it doesn't."""
    with tempfile.TemporaryDirectory() as name:
        places = {file: Path(name) / f"{index}_{file.name}" for index, file in enumerate(texts)}
        for file, place in places.items():
            place.write_bytes(texts[file])
        folders = (*sources.include_dirs, *(file.parent for file in sources.files))
        changed = replace(
            sources,
            files=tuple(places.get(file, file) for file in sources.files),
            libraries=tuple(places.get(file, file) for file in sources.libraries),
            include_dirs=tuple(dict.fromkeys(folders)),
        )
        try:
            elaborate(changed)
        except InputError as error:
            return error.sentence.replace(f"{name}/", "")
    return ""
