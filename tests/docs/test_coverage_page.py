"""What the page on coverage shows in Python runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.support.command import ROOT
from tests.support.drafts import rtl_source
from tests.support.probes import hit_ids
from verif.harness import assemble
from verif.sim.batch import Batch, build_batch
from verif.workspace import Workspace


def test_the_example_of_hits_runs(tmp_path: Path) -> None:
    (text,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "coverage.md").read_text(), re.DOTALL)
    source = rtl_source("divider")
    workspace = Workspace(tmp_path / "sim_builds")
    harness = assemble(source.design, source.plan, source.oracles)
    rows = build_batch(harness, workspace=workspace).stimulus.rows(3, 5)
    names: dict[str, Any] = {"harness": harness, "plan": source.plan, "workspace": workspace, "rows": rows}
    names |= {"build_batch": build_batch, "Batch": Batch}
    exec(compile(text, "coverage.md", "exec"), names)
    assert names["lanes"].hits.shape[0] == 3
    hit = hit_ids(names["probed"].harness, names["lanes"].hits[0])
    assert "divider:37:if" in hit and "divider:49:if" not in hit
