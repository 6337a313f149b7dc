"""Break each output of the design on purpose and see whether the bench notices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from verif.bench import forced_fail
from verif.bench.forced_fail import Toggling, Variant
from verif.bench.render import BenchSource
from verif.bench.stored import Stored
from verif.campaign.drafts.acceptance_result import Caught
from verif.campaign.drafts.finding import read_failure
from verif.campaign.drafts.trial import Trial
from verif.sim.seam import BuildRequest, Simulator
from verif.verdict import Oracle


@dataclass(frozen=True, kw_only=True, slots=True)
class Breaking:
    """What became of all forced fails."""

    caught: tuple[Caught, ...]
    seconds: float
    trouble: str
    """Why the run says nothing, empty where it does."""


def break_outputs(
    trial: Trial,
    simulator: Simulator,
    recorded: Stored,
    *,
    failing: set[str],
    seed: int,
    extra_args: tuple[str, ...] = (),
) -> Breaking | None:
    """Run every variant in one process; None where no output toggles, so that there is nothing to break.

    ``failing`` tests fail on the design as it is, so they prove nothing here.
    """
    design = trial.source.design
    wanted = forced_fail.variants(design, recorded)
    if not wanted:
        return None
    sources = forced_fail.wrap(design, trial.folder / "forced")
    build = simulator.build(BuildRequest(sources=sources, top=forced_fail.TOP, extra_args=extra_args))
    work = [{"select": each.select, "tests": _tests_for(trial.source, each, failing)} for each in wanted]
    ran = trial.job(simulator, build, "forced", {"variants": work}, seed=seed, trace=False)
    messages = {test.name: test.message for test in ran.outcome.tests}
    caught = tuple(
        _judged(each, simulator.name, messages.get(f"variant_{each.select}", ""), seed=seed) for each in wanted
    )
    return Breaking(caught=caught, seconds=ran.outcome.seconds, trouble=ran.trouble)


def _judged(variant: Variant, simulator: str, message: str, *, seed: int) -> Caught:
    failure = read_failure(variant.name, simulator, seed, message)
    if failure is None:
        return Caught(variant=variant, simulator=simulator, by=None)
    return Caught(variant=variant, simulator=simulator, by=failure.oracle, check=failure.check)


def _tests_for(source: BenchSource, variant: Variant, failing: set[str]) -> list[str]:
    """Return the tests that may notice ``variant``: RECORDED last, so that it is credited only where it must be."""
    oracles = source.oracles
    judged = set(oracles.model.outputs) if oracles.model else set()
    judged |= {port for rule in oracles.rules if rule.oracle is not Oracle.GENERIC for port in rule.ports}
    points = [f"test_{point.id}" for point in source.plan.points] if variant.port in judged else []
    return [name for name in (*points, "test_recorded") if name not in failing]


def explain_toggling(toggling: Toggling) -> str:
    """Return why so few output bits toggled, as far as it is known."""
    partly = [
        f"{name} ({mask.bit_count()} of {toggling.widths[name]})"
        for name, mask in toggling.masks.items()
        if 0 < mask.bit_count() < toggling.widths[name]
    ]
    reasons = [f"never changed: {some(toggling.never)}"] if toggling.never else []
    reasons += [f"changed in part: {some(partly)}"] if partly else []
    counts = f"{toggling.toggled} of {toggling.total} output bits took both values"
    return f"{counts}; {'; '.join(reasons)}: constant in this configuration, or not reached by the plan's stimulus"


def some(names: Sequence[str], most: int = 8) -> str:
    """List names, the first ones of many."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
