"""A failure run again with waves: alone, or after the tests before it where it needs them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from verif.campaign.benches.run import BenchRun
from verif.campaign.runs.failure import Failure
from verif.campaign.runs.outcome import WHOLE_RUN
from verif.sim.seam import RunOutcome, Simulator, TestOutcome
from verif.verdict import Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Rerun:
    """What came of it."""

    verdict: Verdict
    message: str
    alone: bool
    """False where the test had to run after the others of its process to fail again."""
    reproduced: bool
    """Whether the verdict is the recorded one."""
    log: Path
    waves: Path | None
    trace: Path | None
    """JSON lines of the sampled values per cycle, from benches that write them (BENCH_TRACE)."""


def failure_of(run: BenchRun, simulator: str, seed: int, test: TestOutcome) -> Failure:
    """Return the record of a test that did not pass."""
    options = run.options
    return Failure(
        bench=str(run.directory),
        name=test.name,
        module=test.module,
        simulator=simulator,
        config=run.config.name,
        seed=seed,
        verdict=str(test.verdict),
        message=test.message,
        tests=options.tests,
        sources=tuple(str(file.resolve()) for file in options.sources),
        plusargs=options.plusargs,
        env=dict(options.env),
        timeout_seconds=run.timeout_seconds,
        sources_digest=run.sources_digest,
        bench_digest=run.bench_digest,
    )


def rerun(run: BenchRun, simulator: Simulator, failure: Failure, folder: Path) -> Rerun:
    """Run the failing test again with waves; where alone it does otherwise, run its whole process again."""
    trace = folder / "trace.jsonl"
    options = replace(run.options, coverage=False, env={**run.options.env, "BENCH_TRACE": str(trace)})
    run = replace(run, options=options)
    build = run.build(simulator, waves=True)
    if failure.name != WHOLE_RUN:
        trace.unlink(missing_ok=True)
        outcome = run.run(simulator, build, failure.seed, folder, waves=True, only=_exactly(failure))
        answer = _answer(outcome, failure, trace, alone=True)
        if answer.reproduced and answer.message == failure.message:
            return answer
    trace.unlink(missing_ok=True)
    outcome = run.run(simulator, build, failure.seed, folder, waves=True)
    return _answer(outcome, failure, trace, alone=False)


def _exactly(failure: Failure) -> str:
    start = rf"^{re.escape(failure.module)}\." if failure.module else r"(?:^|\.)"
    return rf"{start}{re.escape(failure.name)}$"


def _answer(outcome: RunOutcome, failure: Failure, trace: Path, *, alone: bool) -> Rerun:
    test = next((t for t in outcome.tests if t.name == failure.name and failure.module in ("", t.module)), None)
    verdict = test.verdict if test else outcome.verdict
    return Rerun(
        verdict=verdict,
        message=test.message if test else outcome.problem,
        alone=alone,
        reproduced=str(verdict) == failure.verdict,
        log=outcome.log,
        waves=outcome.waves,
        trace=trace if trace.is_file() else None,
    )
