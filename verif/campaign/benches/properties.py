"""The properties of a bench: read from its ``<dut>_props.sv``, with where each comes from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from verif.bench.oracles import OracleSet
from verif.design.model import Design, Direction
from verif.errors import InputError
from verif.harness.monitors.properties import JudgedProperty
from verif.property import Directive, Property, PropertyFile, bound_properties
from verif.property.mining.sva import file_name
from verif.property.protocols import Drafted, DraftedFile, drafted_file, props_file_name
from verif.verdict import Oracle


def props_path(directory: Path, dut: str) -> Path:
    """Return where a bench keeps the properties of ``dut``."""
    return directory / props_file_name(identifier(dut))


def identifier(dut: str) -> str:
    """Return a design's name as files and modules of its bench have it."""
    name = re.sub(r"\W", "_", dut)
    return f"_{name}" if name[0].isdigit() else name


def bench_properties(
    path: Path, design: Design, oracles: OracleSet, dut: str, text: str | None = None
) -> tuple[JudgedProperty, ...]:
    """Return the properties of the file at ``path``, or of ``text`` in its place; none where there is no such file.

    Those that the protocol library drafts, as it drafts them, are PROTOCOL; an assertion of them is left out where an
    oracle judges the same. All others are the user's: SPEC. Errors as those of ``bound_properties``.
    """
    if text is None and not path.is_file():
        return ()
    text = path.read_text(encoding="utf-8") if text is None else text
    files = bound_properties(path, design.sources, text)
    drafted = drafted_file(design, identifier(dut))
    known = _known(path, design, drafted, text, files)
    return tuple(_judged(files, known, design, oracles))


def added_properties(path: Path, design: Design, taken: Mapping[str, str]) -> tuple[JudgedProperty, ...]:
    """Return the properties of a user's further file: SPEC, or RECORDED where they were mined of the design itself.

    A mined file may have none.

    ``taken`` maps the ids that there are to where they stand. InputError PE882 for one of them; errors as those of
    ``bound_properties``.
    """
    oracle = Oracle.RECORDED if path.name == file_name(identifier(design.top)) else Oracle.SPEC
    found = tuple(
        JudgedProperty(file=file, prop=prop, oracle=oracle)
        for file in _files(path, design, may_be_empty=oracle is Oracle.RECORDED)
        for prop in file.properties
    )
    for one in found:
        if one.id in taken:
            raise InputError(
                "PE882",
                f"there is another property called {one.id}",
                where=str(one.prop.place),
                allowed=f"it stands at {taken[one.id]}" if taken[one.id] else "it is a rule of the bench",
                hint="give this one another label",
            )
    return found


def _files(path: Path, design: Design, *, may_be_empty: bool) -> tuple[PropertyFile, ...]:
    """Return the properties of a further file; a mined one may have none, where nothing was found."""
    try:
        return bound_properties(path, design.sources)
    except InputError as error:
        if may_be_empty and error.code == "PE255":
            return ()
        raise


def _judged(
    files: Iterable[PropertyFile], known: dict[str, Drafted], design: Design, oracles: OracleSet
) -> Iterable[JudgedProperty]:
    for file in files:
        for prop in file.properties:
            library = known.get(_identity(prop))
            if library is None:
                yield JudgedProperty(file=file, prop=prop, oracle=Oracle.SPEC)
            elif not is_judged(library, design, oracles):
                yield JudgedProperty(file=file, prop=prop, oracle=Oracle.PROTOCOL, title=library.title)


def is_judged(drafted: Drafted, design: Design, oracles: OracleSet) -> bool:
    """Whether a rule or the reference model of ``oracles`` judges what this assertion does."""
    if drafted.directive is not Directive.ASSERT:
        return False
    if drafted.rule and any(rule.id == drafted.rule for rule in oracles.rules):
        return True
    driven = {port for port in drafted.ports if design.port(port).direction is Direction.OUTPUT}
    return oracles.model is not None and driven <= set(oracles.model.outputs)


def _known(
    path: Path, design: Design, drafted: DraftedFile | None, text: str, files: tuple[PropertyFile, ...]
) -> dict[str, Drafted]:
    """Return the library's properties by what identifies them."""
    if drafted is None:
        return {}
    own = files if text == drafted.text else bound_properties(path, design.sources, drafted.text)
    found = {}
    for file in own:
        for prop in file.properties:
            entry = drafted.named(prop.name)
            if entry is not None:
                found[_identity(prop)] = entry
    return found


def _identity(prop: Property) -> str:
    """Return what a property says, whatever is written around it."""
    return repr((prop.name, prop.directive, str(prop.body), prop.clock.name, prop.rising, str(prop.disable)))
