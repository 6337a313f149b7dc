"""Write a failing stimulus down as a regression: at the design's ports, as benches replay it, and at the harness's."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt

from verif.bench.stored import Stored
from verif.harness.model import FieldKind
from verif.search.checks import Check
from verif.search.engine import Engine
from verif.search.judging import JudgeBroke, TraceJudge
from verif.sim.batch.layout import Layout
from verif.verdict import Verdict

AT_HARNESS = "harness"
"""Key of a regression that a search saved: its rows at the harness's stimulus port."""
COVERING = "cover_"
"""Names of the regressions that closure saves begin so."""
Rows = npt.NDArray[np.uint32]
"""[ticks, words] of one lane."""


class Writer:
    """Makes regressions of one harness's stimuli."""

    def __init__(self, engine: Engine, judge: TraceJudge | None, *, init_seed: int = 1) -> None:
        """``init_seed`` is what registers without a reset start from, where the simulator draws that."""
        self.engine = engine
        self.harness = engine.harness
        self.init_seed = init_seed
        self._judge = judge
        self._stimulus = Layout.of(self.harness.stimulus)
        self._observed = Layout.of(self.harness.observed)

    def stored(self, check: Check, rows: Rows, fail_cycle: int, said: str = "") -> Stored:
        """Return the regression that shows how ``check`` fails; ``fail_cycle`` counts the reset before the rows.

        ``said`` is told where the bench's own judge says nothing.
        """
        seen = self._run(rows)
        facts: dict[str, Any] = {
            "oracle": check.oracle.value,
            "check": check.id,
            "rule": check.title,
            "requirements": list(check.requirements),
            "message": self._message(check, seen, fail_cycle, said),
        }
        return self._replayable(f"{check.id}-", rows, seen, facts)

    def covering(self, rows: Rows, facts: Mapping[str, Any]) -> Stored:
        """Return the regression that shows what ``rows`` cover; ``facts`` tell what that is."""
        return self.telling(COVERING, rows, facts)

    def telling(self, prefix: str, rows: Rows, facts: Mapping[str, Any]) -> Stored:
        """Return the regression of ``rows``, its name begins with ``prefix``; ``facts`` tell what it is for."""
        return self._replayable(prefix, rows, self._run(rows), facts)

    def _replayable(self, prefix: str, rows: Rows, seen: Rows, facts: Mapping[str, Any]) -> Stored:
        """Return rows with the values that they give the design's ports, named by a digest of these."""
        design = self.harness.design
        ports = (*(reset.name for reset in design.resets), *(port.name for port in design.data_inputs))
        values = (*self._reset_rows(ports), *self._values(seen, ports))
        digest = sha256(repr((ports, values)).encode()).hexdigest()[:8]
        every: dict[str, Any] = {
            **facts,
            "seed": self.init_seed,
            "clocks": [{"name": c.name, "edge": c.edge.value, "ratio": c.ratio} for c in design.clocks],
            "verdict_expected": Verdict.PASS.value,
            AT_HARNESS: self._at_harness(rows),
        }
        return Stored(id=f"{prefix}{digest}", inputs=ports, rows=values, facts=every)

    def _run(self, rows: Rows) -> Rows:
        answer = self.engine.lanes(rows[np.newaxis], observe=True, fresh=True)
        assert answer.observed is not None
        seen: Rows = answer.observed[0]
        return seen

    def _values(self, seen: Rows, ports: tuple[str, ...]) -> list[tuple[int, ...]]:
        """Return the values of design ports row by row."""
        names = {entry.port: entry.name for entry in self.harness.observed}
        columns = [self._observed.get(seen, names[port], integers=True).tolist() for port in ports]
        return list(zip(*columns, strict=True)) if columns else [()] * len(seen)

    def _reset_rows(self, ports: tuple[str, ...]) -> list[tuple[int, ...]]:
        """Return what the ports hold while the design is reset and nothing is asked for."""
        if not self.harness.reset_ticks:
            return []
        ticks = max(2, self.harness.reset_ticks) * max(1, len(self.harness.schedule))
        resets = {field.name: 1 for field in self.harness.stimulus if field.kind is FieldKind.RESET}
        rows = self._stimulus.rows(ticks)
        self._stimulus.pack(resets, into=rows)
        return self._values(self._run(rows), ports)[-1:] * self.harness.reset_ticks

    def _at_harness(self, rows: Rows) -> dict[str, Any]:
        names = [field.name for field in self.harness.stimulus]
        columns = [self._stimulus.get(rows, name, integers=True).tolist() for name in names]
        return {"top": self.harness.top, "fields": names, "rows": [list(row) for row in zip(*columns, strict=True)]}

    def _message(self, check: Check, seen: Rows, fail_cycle: int, said: str) -> str:
        """Return the text with which the bench fails."""
        if self._judge is not None and any(known.id == check.id for known in self._judge.checks):
            with contextlib.suppress(JudgeBroke):
                said = self._judge.judge(seen[np.newaxis], [check.id]).messages.get((check.id, 0), said)
        requirements = f" ({', '.join(check.requirements)})" if check.requirements else ""
        place = f" ({check.place})" if check.place else ""
        return f"{check.oracle.value} {check.id}: cycle {fail_cycle}: {said or check.title}{place}{requirements}"
