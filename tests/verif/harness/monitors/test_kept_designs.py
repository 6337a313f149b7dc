"""In the harnesses of rtl/ under Icarus: silent on the good designs, and on the bugs of one mind with Python."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.harness_runs import Sampled, any_rows, play
from tests.support.monitors import Bench, Row, python_verdicts
from tests.support.rtl import Kept, kept_designs
from verif.bench.folder import with_known_outputs
from verif.bench.library.select import choose_oracles
from verif.bench.oracles import OracleSet
from verif.bench.render import model_check_id
from verif.design.model import Design
from verif.harness import assemble
from verif.harness.model import FieldKind, Harness
from verif.plan.baseline import baseline_plan
from verif.plan.spec import read_specification

UNKNOWN = {
    "axi_lite_regs": {"s_axil_rdata", "s_axil_bresp", "s_axil_rresp"},
    "skid_buffer": {"m_axis_tdata", "m_axis_tlast"},
    "wishbone_ram": {"wb_dat_o"},
}
"""Outputs that may be X in a good design: payload that isn't offered, bytes that were never written."""
designs = pytest.mark.parametrize("kept", kept_designs(), ids=lambda kept: kept.name)


def oracles_of(kept: Kept) -> OracleSet:
    """Return what judges the design, X on any output included."""
    found = choose_oracles(kept.design, read_specification(kept.directory / "spec.md"))
    return with_known_outputs(
        found, [port.name for port in kept.design.outputs if port.name not in UNKNOWN.get(kept.name, ())]
    )


def harness_of(design: Design, oracles: OracleSet) -> Harness:
    return assemble(design, baseline_plan(design, (), oracles.drivers), oracles)


def rows(harness: Harness, ticks: int, seed: int) -> Iterator[dict[str, int]]:
    """Yield rows with resets of all clocks now and then."""
    resets = {field.name: 1 for field in harness.stimulus if field.kind is FieldKind.RESET}
    rng = random.Random(seed)
    left = 0
    for row in any_rows(harness, ticks, seed):
        if rng.random() < 0.01:
            left = harness.reset_ticks
        yield row | resets if left > 0 else row
        left -= 1


def silent(kept: Kept, ticks: int, directory: Path) -> None:
    """Play a good design and demand that no checker fails, none is X and none is vacuous."""
    harness = harness_of(kept.design, oracles_of(kept))
    played = play(harness, list(rows(harness, ticks, 1)), directory)
    for monitor in harness.monitors:
        assert {sampled[monitor.fail] for sampled in played} == {0}, monitor.id
        assert {sampled[monitor.seen] for sampled in played} <= {0, 1}, monitor.id
        assert any(sampled[monitor.seen] for sampled in played), monitor.id


def agreed(kept: Kept, bug: Path, directory: Path) -> None:
    """Play a bug and demand that each checker first fails where its Python version does."""
    broken = replace(kept.design, sources=replace(kept.design.sources, files=(bug,)))
    oracles = oracles_of(kept)
    harness = harness_of(broken, oracles)
    played = play(harness, list(rows(harness, 1200, 2)), directory)
    bench = Bench(design=broken, oracles=oracles)
    verdicts = python_verdicts(bench, cells_of(harness, played))
    ids = [rule.id for rule in oracles.rules]
    if oracles.model:
        ids.append(model_check_id(oracles.model))
    expected = {check: first(said[harness.reset_ticks :]) for check, said in zip(ids, verdicts, strict=True)}
    heard = {monitor.id: first([sampled[monitor.fail] == 1 for sampled in played]) for monitor in harness.monitors}
    assert heard == expected, bug.stem


def cells_of(harness: Harness, played: list[Sampled]) -> list[Row]:
    """Return what was sampled, X as such, behind the rows of the run's reset."""
    ports = {entry.port: entry.width for entry in harness.observed}
    cells: list[Row] = []
    for sampled in played:
        values = {port: sampled[port] for port in ports}
        cells.append({port: "x" * ports[port] if value is None else value for port, value in values.items()})
    held: Row = dict.fromkeys(ports, 0)
    held |= {reset.name: int(reset.active_high) for reset in harness.resets}
    return [*[held] * harness.reset_ticks, *cells]


def first(said: list[bool]) -> int:
    """Return the first tick in which it is said, -1 for none."""
    return said.index(True) if True in said else -1


@designs
def test_checkers_are_silent_and_not_vacuous_on_the_good_design(kept: Kept, tmp_path: Path) -> None:
    silent(kept, 2_000, tmp_path)


@designs
def test_checkers_fail_first_where_python_does_on_a_bug(kept: Kept, tmp_path: Path) -> None:
    agreed(kept, kept.bugs[0], tmp_path)


@pytest.mark.slow
@designs
def test_checkers_are_silent_on_the_good_design_for_long(kept: Kept, tmp_path: Path) -> None:
    silent(kept, 20_000, tmp_path)


@pytest.mark.slow
@designs
def test_checkers_fail_first_where_python_does_on_every_bug(kept: Kept, tmp_path: Path) -> None:
    for bug in kept.bugs[1:]:
        agreed(kept, bug, tmp_path / bug.stem)
