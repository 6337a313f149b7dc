"""Measure a bench by mutation: judge its design's mutants, decide the survivors, turn witnesses into tests."""

from __future__ import annotations

from pathlib import Path

from verif.campaign.benches.options import RunOptions
from verif.campaign.benches.run import bench_runs
from verif.campaign.mutants.adopted import AdoptedCampaign
from verif.campaign.mutants.campaign import Progress
from verif.campaign.mutants.drafted import DraftedCampaign
from verif.campaign.mutants.options import MutateOptions
from verif.campaign.mutants.outcome import MutateResult
from verif.sim.process import Processes
from verif.sim.registry import simulator
from verif.workspace import Workspace


def mutate_bench(
    bench: Path,
    options: MutateOptions,
    *,
    workspace: Workspace,
    processes: Processes | None = None,
    progress: Progress = lambda done, total, text: None,
) -> MutateResult:
    """Measure one bench; an interrupt ends it with what is known so far, and the next call goes on.

    InputError PE315 for an unknown simulator, PE840 for a bench without a plan, PE841 where nothing judges, PE902 for
    an unknown operator, PE903 where there is no mutant, PE904 where the bench fails on the design itself.
    """
    for name in options.simulators:
        simulator(name)
    run_options = RunOptions(configs=(options.config,) if options.config else (), simulators=options.simulators)
    progress(0, 0, "reading the bench")
    run = bench_runs(bench, run_options)[0]
    kind = AdoptedCampaign if run.manifest.adopted else DraftedCampaign
    return kind(run, options, workspace, processes or Processes(), progress).perform()
