"""A drafted bench's design, compiled with its harness, for tests by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from verif.campaign.benches.harness import BenchHarness, bench_harness
from verif.campaign.benches.options import RunOptions
from verif.campaign.benches.run import bench_runs
from verif.errors import InputError, ToolError
from verif.search.checks import Check, checks_of
from verif.search.compiled import Compiled
from verif.search.judging import JudgeBroke, TraceJudge
from verif.sim.batch import Batch, build_batch
from verif.workspace import Workspace


@contextmanager
def compiled_bench(
    bench: Path, *, sources: Sequence[Path] = (), config: str | None = None, workspace: Workspace
) -> Iterator[Compiled]:
    """Compile the design of ``bench`` and give it with the bench's checks; its processes end with the context.

    ``sources`` take the place of the bench's files that define the same modules. InputError PE840 for a bench without
    a plan, PE841 where nothing judges; ToolError PE862 where the bench's own model can't be loaded.
    """
    options = RunOptions(configs=(config,) if config else (), sources=tuple(sources))
    run = bench_runs(bench, options)[0]
    parts = bench_harness(run)
    with ExitStack() as stack:
        judge = _judge(parts, stack)
        checks = _checks(parts, judge)
        if not checks:
            raise InputError(
                "PE841",
                "nothing judges this design: the bench has neither a reference model nor a rule",
                where=str(run.directory),
                hint=f"write make_model or make_rules into {parts.module}.py",
            )
        batch = stack.enter_context(Batch(build_batch(parts.harness, workspace=workspace)))
        yield Compiled(batch, checks, judge)


def _judge(parts: BenchHarness, stack: ExitStack) -> TraceJudge | None:
    if not any((folder / f"{parts.module}.py").is_file() for folder in parts.python_path):
        return None
    try:
        return stack.enter_context(TraceJudge(parts.harness, parts.module, parts.python_path))
    except JudgeBroke as broke:
        raise ToolError("PE862", broke.sentence) from broke


def _checks(parts: BenchHarness, judge: TraceJudge | None) -> tuple[Check, ...]:
    """Return what the bench checks: an edited model, or one without a hardware version, is judged in Python."""
    bench = judge.checks if judge else ()
    named = {rule.id for rule in parts.oracles.rules} | set(parts.titles)
    known = {check.id for check in bench}
    dropped = named if parts.edited else {name for name in named if judge and name not in known}
    return checks_of(parts.harness, bench, parts.titles, edited=dropped)
