"""In harnesses of other people's designs the checkers fail first where their Python versions do, good RTL or broken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.foreign import FOLDER, Foreign, foreign
from tests.support.harness_runs import play
from tests.support.monitors import Bench, python_verdicts
from tests.verif.harness.monitors.test_kept_designs import cells_of, first, harness_of, rows
from verif.bench.oracles import OracleSet
from verif.bench.render import model_check_id
from verif.design.model import Design
from verif.harness.model import Harness
from verif.harness.monitors.choose import unmonitored

ALL = [found for path in sorted(FOLDER.glob("*.txt")) for found in foreign(path)]


def agreed(design: Design, oracles: OracleSet, directory: Path) -> int:
    """Play a design, demand agreement, and return how many checkers its harness has."""
    harness = harness_of(design, oracles)
    played = play(harness, list(rows(harness, 400, 3)), directory)
    expected = dict(
        _expected(harness, oracles, python_verdicts(Bench(design=design, oracles=oracles), cells_of(harness, played)))
    )
    heard = {monitor.id: first([sampled[monitor.fail] == 1 for sampled in played]) for monitor in harness.monitors}
    assert heard == {check: expected[check] for check in heard}
    return len(heard)


def _expected(harness: Harness, oracles: OracleSet, verdicts: list[list[bool]]) -> Iterator[tuple[str, int]]:
    ids = [rule.id for rule in oracles.rules]
    if oracles.model:
        ids.append(model_check_id(oracles.model))
    for check, said in zip(ids, verdicts, strict=True):
        yield check, first(said[harness.reset_ticks :])


@pytest.mark.slow
@pytest.mark.parametrize("found", ALL, ids=lambda found: found.name)
def test_checkers_of_foreign_designs_agree_with_python(found: Foreign, tmp_path: Path) -> None:
    design, oracles = found.read(tmp_path / "good")
    checks = len(oracles.rules) + (oracles.model is not None)
    assert agreed(design, oracles, tmp_path / "good" / "harness") == checks - len(unmonitored(design, oracles))
    for number, text in enumerate(found.broken()):
        (tmp_path / f"bug{number}.sv").write_text(text, encoding="utf-8")
        broken = replace(design, sources=replace(design.sources, files=(tmp_path / f"bug{number}.sv",)))
        agreed(broken, oracles, tmp_path / f"bug{number}")
