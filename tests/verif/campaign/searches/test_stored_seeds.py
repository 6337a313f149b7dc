"""What a bench keeps as rows at its ports, asked for at its harness."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.support.drafts import rtl_source
from verif.bench.oracles import OracleSet
from verif.bench.stored import Stored
from verif.campaign.adopted.seeds import seed_rows, stored_rows
from verif.design.model import Direction
from verif.harness import Harness, assemble
from verif.search.stimulus import StimulusMaker
from verif.sim.batch import Batch, build_batch
from verif.sim.batch.layout import Layout
from verif.workspace import Workspace


def harness(name: str) -> Harness:
    source = rtl_source(name)
    return assemble(source.design, source.plan, OracleSet(model=None, rules=(), drivers=()))


@pytest.mark.parametrize("name", ["sync_fifo", "skid_buffer", "apb_timer", "async_fifo"])
def test_transactors_do_again_what_was_recorded_of_them(tmp_path: Path, workspace: Workspace, name: str) -> None:
    made = harness(name)
    inputs = [entry for entry in made.observed if entry.direction is Direction.INPUT]
    with Batch(build_batch(made, workspace=workspace)) as batch:
        lanes = StimulusMaker(made, rtl_source(name).plan, seed=1).block(0).stimulus[:2]
        once = batch.lanes(lanes, observe=True, fresh=True).observed
        assert once is not None
        layout = Layout.of(made.observed)
        found = []
        for lane in once:
            rows = zip(*(layout.get(lane, entry.name).tolist() for entry in inputs), strict=True)
            reset = [(0,) * len(inputs)] * made.reset_ticks
            stored = Stored(id="x", inputs=tuple(entry.port for entry in inputs), rows=(*reset, *rows))
            (tmp_path / "recorded.json").write_text(stored.text())
            found += stored_rows(tmp_path, made)
        again = batch.lanes(np.stack(found), observe=True, fresh=True).observed
    assert again is not None
    for entry in made.observed:
        assert (layout.get(again, entry.name) == layout.get(once, entry.name)).all(), entry.port


def test_what_a_search_saved_or_belongs_to_another_design_is_no_seed(tmp_path: Path, workspace: Workspace) -> None:
    made = harness("skid_buffer")
    ports = ("rst_n", "s_axis_tdata")
    rows = ((0, 0),) * made.reset_ticks + ((1, 7),)
    (tmp_path / "regressions").mkdir()
    kept = {
        "by_hand": Stored(id="a", inputs=ports, rows=rows),
        "searched": Stored(id="b", inputs=ports, rows=rows, facts={"harness": {}}),
        "other": Stored(id="c", inputs=("rst_n", "nothing"), rows=rows),
        "short": Stored(id="d", inputs=ports, rows=rows[:1]),
    }
    for name, stored in kept.items():
        (tmp_path / "regressions" / f"{name}.json").write_text(stored.text())
    (tmp_path / "regressions" / "broken.json").write_text("{}")
    (found,) = seed_rows(tmp_path, made, workspace=workspace)
    data = next(field.name for field in made.stimulus if field.shows == "s_axis_tdata")
    assert Layout.of(made.stimulus).get(found, data).tolist() == [7]
