"""The hardware that ships with a bench: harness, monitors and properties, so that it judges in any simulator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from verif.bench.oracles import OracleSet
from verif.bench.render import BenchSource
from verif.campaign.benches.properties import bench_properties, props_path
from verif.design.model import Design
from verif.errors import InputError, Unsupported
from verif.harness import assemble
from verif.harness.assemble import has_timescale
from verif.harness.bound import bound_design
from verif.harness.model import Harness
from verif.harness.monitors.properties import JudgedProperty
from verif.property.protocols import drafted_file, props_file_name


@dataclass(frozen=True, kw_only=True, slots=True)
class HarnessFiles:
    """The files, or why there are none."""

    files: Mapping[str, str] = field(default_factory=dict)
    """File name to text."""
    harness: Harness | None = None
    """What they hold; None where there are none."""
    notes: tuple[str, ...] = ()
    """Why there is no harness, or why it doesn't judge properties; empty where all is there."""


def properties_file(design: Design, oracles: OracleSet, dut: str) -> dict[str, str]:
    """Return the file with the properties of the protocols that a design speaks: name to text; empty without any."""
    checked = {rule.id: rule.requirements for rule in oracles.rules}
    drafted = drafted_file(design, dut, checked)
    return {props_file_name(dut): drafted.text} if drafted else {}


def harness_files(source: BenchSource, directory: Path, properties: str = "") -> HarnessFiles:
    """Return the harness of a bench in ``directory`` as files that lie beside its Python files.

    ``properties`` is the text of its file of properties. One that can't be taken is left out, and told.
    """
    notes: list[str] = []
    judged = _properties(source, directory, properties, notes) if properties else ()
    try:
        harness = assemble(source.design, source.plan, source.oracles, dut=source.name, properties=judged)
        bound = bound_design(source.design, source.name, judged, timescale=has_timescale(source.design))
    except Unsupported as error:
        return HarnessFiles(notes=(*notes, f"no harness: {error.sentence}"))
    around = {f"{bound.top}.sv": bound.text} if bound else {}
    return HarnessFiles(files={**harness.files, **around}, harness=harness, notes=tuple(notes))


def _properties(source: BenchSource, directory: Path, text: str, notes: list[str]) -> tuple[JudgedProperty, ...]:
    path = props_path(directory, source.name)
    try:
        judged = bench_properties(path, source.design, source.oracles, source.name, text)
        assemble(source.design, source.plan, source.oracles, dut=source.name, properties=judged)
    except (InputError, Unsupported) as error:
        notes.append(f"the harness judges no properties: {error.sentence}")
        return ()
    return judged
