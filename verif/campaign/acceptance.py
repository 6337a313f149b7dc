"""Check a draft: it compiles, repeats, agrees across simulators, and fails when the design is broken.

The order: compile the untouched sources; drive the plan's points unjudged and record (RECORDED); run the whole bench
with three seeds on each simulator that compiled; compare the simulators' traces; run every forced fail; shrink and
replay what the given RTL breaks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from verif.bench import forced_fail
from verif.bench.folder import RECORDED, REGRESSIONS, with_known_outputs
from verif.bench.forced_fail import Toggling, Variant
from verif.bench.recording import choose_stimulus, expectations
from verif.bench.render import BenchSource, render_python, schedule
from verif.bench.stored import Stored
from verif.bench.traces import Trace, first_disagreement, merge_bins
from verif.campaign.finding import CheckFailure, Finding, check_failures, explain, read_failure, shrink
from verif.campaign.trial import Ran, Trial, points_of
from verif.design.model import Direction
from verif.errors import ToolError, Unsupported
from verif.sim.seam import Build, BuildRequest, Simulator
from verif.verdict import Oracle, Outcome, Verdict

SEEDS = 3
"""Runs that must give the same verdicts."""
EXPLAIN_BELOW = 0.8
"""Fraction of toggled output bits under which the reason is printed."""
MOST_FINDINGS = 4
"""Different checks that are shrunk and saved; further ones are only told."""

Progress = Callable[[str], None]
Overlay = Callable[[Mapping[str, str]], Mapping[str, str]]
"""Puts the user's edits of an earlier draft into a new one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One line of the acceptance."""

    name: str
    simulator: str
    verdict: Verdict
    message: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Caught:
    """What became of one forced fail."""

    variant: Variant
    simulator: str
    by: Oracle | None
    """The oracle that caught it; None where nothing did."""
    check: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Acceptance:
    """The verdict on a draft, with everything that it rests on."""

    outcome: Outcome
    reason: str
    """Why it is REJECTED or UNKNOWN; empty otherwise."""
    source: BenchSource
    """As accepted: with the GENERIC rules that the check found applicable."""
    recorded: Stored
    checks: tuple[Check, ...]
    forced: tuple[Caught, ...] = ()
    toggling: Toggling | None = None
    findings: tuple[Finding, ...] = ()
    bins: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Functional coverage of the runs on the first simulator."""
    bins_by_test: tuple[tuple[str, int, Mapping[str, Mapping[str, int]]], ...] = ()
    notes: tuple[str, ...] = ()


class _Stop(Exception):
    """The draft can't be checked further."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        self.outcome = outcome
        self.reason = reason
        super().__init__(reason)


class AcceptanceRun:
    """Checks one draft; ``check`` is the way through."""

    def __init__(
        self,
        source: BenchSource,
        simulators: Sequence[Simulator],
        scratch: Path,
        *,
        seed: int,
        progress: Progress,
        overlay: Overlay = dict,
    ) -> None:
        self.source = source
        self.simulators = simulators
        self.seed = seed
        self.trial = Trial(scratch, source)
        self.checks: list[Check] = []
        self.notes: list[str] = []
        self.builds: dict[str, tuple[Simulator, Build]] = {}
        self.recorded = Stored(id="recorded", inputs=(), rows=(), expected=())
        self.forced: tuple[Caught, ...] = ()
        self.toggling: Toggling | None = None
        self.findings: tuple[Finding, ...] = ()
        self.runs: dict[tuple[str, int], Ran] = {}
        self._say = progress
        self._overlay = overlay

    @property
    def primary(self) -> tuple[Simulator, Build]:
        """The simulator that records and runs the forced fails: the first that compiled."""
        return next(iter(self.builds.values()))

    def check(self) -> Acceptance:
        """Return the verdict on the draft."""
        try:
            self._compile()
            self._record()
            failures = self._repeat()
            self._agree()
            self._force(failures)
            outcome, reason = self._conclude(failures)
        except _Stop as stop:
            outcome, reason = stop.outcome, stop.reason
        return self._result(outcome, reason)

    def _compile(self) -> None:
        self._say("compiling")
        with ThreadPoolExecutor(len(self.simulators) or 1) as pool:
            results = list(pool.map(self._compiled, self.simulators))
        for simulator, result in zip(self.simulators, results, strict=True):
            if isinstance(result, Build):
                self.builds[simulator.name] = (simulator, result)
                self._add("compiles", simulator.name, Verdict.PASS, seconds=result.seconds)
            else:
                self._add("compiles", simulator.name, Verdict.UNSUPPORTED, result)
        if not self.builds:
            raise _Stop(Outcome.REJECTED, "no simulator compiles the design: " + " / ".join(map(str, results)))

    def _compiled(self, simulator: Simulator) -> Build | str:
        design = self.source.design
        try:
            return simulator.build(BuildRequest(sources=design.sources, top=design.top))
        except (Unsupported, ToolError) as error:
            return error.sentence

    def _record(self) -> None:
        """Drive the points, choose a stimulus out of that, and take expectations from replays of it."""
        self._say("recording")
        self._write()
        simulator, build = self.primary
        driven = self.trial.job(simulator, build, "drive", {"points": points_of(self.source.plan)}, seed=self.seed)
        self._trust(driven, "the bench does not run")
        trace = driven.trace
        period = len(schedule(self.source.design))
        stimulus = choose_stimulus(self.source.design, trace, period=period)
        recordings = [trace_of for each in self._recordings(stimulus) for trace_of in each.values()]
        wanted = len(stimulus.rows)
        if any(len(cycles) != wanted for cycles in recordings):
            raise _Stop(Outcome.REJECTED, "a replay of the recorded stimulus ended early")
        outputs = tuple(port.name for port in self.source.design.outputs)
        expected = expectations(self.source.design, recordings)
        facts = {"oracle": Oracle.RECORDED.value, "seed": self.seed, "simulators": list(self.builds)}
        self.recorded = replace(stimulus, outputs=outputs, expected=expected, facts=facts)
        self.toggling = forced_fail.toggling(self.source.design, self.recorded)
        self._know(trace)

    def _recordings(self, stimulus: Stored) -> list[Trace]:
        """Replay ``stimulus`` twice per process, fresh and after a run; on Verilator with two start states."""
        file = self.trial.folder / "stimulus.json"
        file.write_text(stimulus.text(), encoding="utf-8")
        work = {"replays": [["fresh", str(file)], ["again", str(file)]]}
        traces = []
        for simulator, build in self.builds.values():
            for number in range(2 if simulator.name == "verilator" else 1):
                ran = self.trial.job(simulator, build, f"record-{number}", work, seed=self.seed + number)
                self._trust(ran, "recording does not run")
                traces.append(ran.trace)
        return traces

    def _know(self, trace: Trace) -> None:
        """Add the GENERIC rule for outputs that always had a value, where a simulator with X says so."""
        if "icarus" not in self.builds:
            return
        resets = {reset.name: int(reset.active_high) for reset in self.source.design.resets}
        unknown = {
            name
            for cycles in trace.values()
            for cycle in cycles
            if not any(cycle.inputs[reset] == level for reset, level in resets.items())
            for name, value in cycle.outputs.items()
            if value is None
        }
        self._exempt(unknown)

    def _exempt(self, unknown: set[str]) -> None:
        names = [port.name for port in self.source.design.outputs]
        plain = tuple(rule for rule in self.source.oracles.rules if rule.id != "outputs-known")
        oracles = replace(self.source.oracles, rules=plain)
        known = [name for name in names if name not in unknown]
        self.source = replace(self.source, oracles=with_known_outputs(oracles, known))
        self.trial = Trial(self.trial.folder, self.source)
        self.notes = [note for note in self.notes if not note.startswith("X after reset")]
        if unknown:
            listed = ", ".join(name for name in names if name in unknown)
            self.notes.append(f"X after reset is shown by {listed}: not checked there (GENERIC outputs-known)")

    def _repeat(self) -> list[CheckFailure]:
        """Run the whole bench with every seed on every simulator; return the failures of SPEC and PROTOCOL checks."""
        for _ in range(3):
            self._write()
            failures, unknown = self._run_seeds()
            if not unknown:
                return failures
            self._exempt(unknown | self._unknown_so_far())
        raise _Stop(Outcome.REJECTED, "outputs show X in some runs and not in others")

    def _run_seeds(self) -> tuple[list[CheckFailure], set[str]]:
        self._say("running the bench")
        with ThreadPoolExecutor(len(self.builds)) as pool:
            for runs in pool.map(self._run_on, self.builds.values()):
                self.runs.update(runs)
        found: list[CheckFailure] = []
        unknown: set[str] = set()
        checks: list[Check] = []
        for (name, seed), ran in self.runs.items():
            self._trust(ran, f"the bench breaks on {name}")
            failures, errors = check_failures(ran, name, seed)
            if errors:
                raise _Stop(Outcome.REJECTED, f"the bench breaks on {name} with seed {seed}: {errors[0]}")
            unknown |= {port for f in failures if f.check == "outputs-known" for port in _ports_in(f.detail)}
            for failure in failures:
                if failure.oracle is Oracle.RECORDED:
                    raise _Stop(Outcome.REJECTED, f"the recording does not repeat on {name}: {failure.message}")
            verdict = Verdict.FAIL if failures else Verdict.PASS
            message = failures[0].message if failures else ""
            checks.append(
                Check(
                    name=f"seed {seed}", simulator=name, verdict=verdict, message=message, seconds=ran.outcome.seconds
                )
            )
            found += failures
        if not unknown:
            self.checks += checks
        return found, unknown

    def _unknown_so_far(self) -> set[str]:
        rules = [rule for rule in self.source.oracles.rules if rule.id == "outputs-known"]
        checked = {port for rule in rules for port in rule.ports}
        return {port.name for port in self.source.design.outputs} - checked

    def _run_on(self, built: tuple[Simulator, Build]) -> dict[tuple[str, int], Ran]:
        simulator, build = built
        seeds = range(self.seed, self.seed + SEEDS)
        return {(simulator.name, seed): self.trial.run(simulator, build, f"seed-{seed}", seed=seed) for seed in seeds}

    def _agree(self) -> None:
        """Compare the simulators' traces seed by seed."""
        if len(self.builds) < 2:
            return
        names = list(self.builds)
        for seed in range(self.seed, self.seed + SEEDS):
            found = first_disagreement(self.runs[names[0], seed].trace, self.runs[names[1], seed].trace)
            if found:
                message = f"GENERIC simulators-agree: {found.sentence} on {names[0]} and {names[1]} (seed {seed})"
                self._add("simulators agree", "both", Verdict.FAIL, message)
                raise _Stop(Outcome.REJECTED, f"the simulators disagree: {found.sentence} (seed {seed})")
        self._add("simulators agree", "both", Verdict.PASS)

    def _force(self, failures: Sequence[CheckFailure]) -> None:
        """Run every forced fail; a variant counts as caught only by tests that pass on the design itself."""
        self._say("breaking outputs")
        design = self.source.design
        simulator, _ = self.primary
        wanted = forced_fail.variants(design, self.recorded)
        if not wanted:
            return
        failing = {failure.test for failure in failures}
        sources = forced_fail.wrap(design, self.trial.folder / "forced")
        build = simulator.build(BuildRequest(sources=sources, top=forced_fail.TOP))
        work = [{"select": v.select, "tests": self._tests_for(v, failing)} for v in wanted]
        ran = self.trial.job(simulator, build, "forced", {"variants": work}, seed=self.seed, trace=False)
        outcomes = {test.name: test for test in ran.outcome.tests}
        caught = []
        for variant in wanted:
            test = outcomes.get(f"variant_{variant.select}")
            failure = test and read_failure(test.name, simulator.name, self.seed, test.message)
            by, check = (failure.oracle, failure.check) if failure else (None, "")
            caught.append(Caught(variant=variant, simulator=simulator.name, by=by, check=check))
        self.forced = tuple(caught)
        missed = [entry.variant.name for entry in caught if entry.by is None]
        verdict = Verdict.FAIL if missed else Verdict.PASS
        self._add(
            "forced fails are caught",
            simulator.name,
            verdict,
            f"not caught: {_some(missed)}" if missed else "",
            seconds=ran.outcome.seconds,
        )
        if missed:
            trouble = ran.trouble or f"{len(missed)} of {len(caught)} broken designs pass: {_some(missed)}"
            raise _Stop(Outcome.REJECTED, trouble)

    def _tests_for(self, variant: Variant, failing: set[str]) -> list[str]:
        """Return the tests that may notice ``variant``: RECORDED last, so that it is credited only where it must be."""
        oracles = self.source.oracles
        judged = set(oracles.model.outputs) if oracles.model else set()
        judged |= {port for rule in oracles.rules if rule.oracle is not Oracle.GENERIC for port in rule.ports}
        points = [f"test_{point.id}" for point in self.source.plan.points] if variant.port in judged else []
        return [name for name in (*points, "test_recorded") if name not in failing]

    def _conclude(self, failures: Sequence[CheckFailure]) -> tuple[Outcome, str]:
        assert self.toggling is not None
        if not self.toggling.toggled:
            return Outcome.UNKNOWN, "no output ever changed, so nothing shows that the bench notices a broken design"
        if self.toggling.toggled < EXPLAIN_BELOW * self.toggling.total:
            self.notes.append(_explained(self.toggling))
        real = [f for f in failures if f.oracle in (Oracle.SPEC, Oracle.PROTOCOL)]
        if not real:
            return Outcome.CLEAN, ""
        self._say("shrinking the finding")
        self.findings = self._found(real)
        return Outcome.FINDING, ""

    def _found(self, failures: Sequence[CheckFailure]) -> tuple[Finding, ...]:
        firsts = {failure.check: failure for failure in reversed(failures)}
        chosen = list({f.check: firsts[f.check] for f in failures}.values())
        if len(chosen) > MOST_FINDINGS:
            others = ", ".join(failure.check for failure in chosen[MOST_FINDINGS:])
            self.notes.append(f"also broken, not shrunk: {others}")
        drafts = [self._shrunk(failure) for failure in chosen[:MOST_FINDINGS]]
        self._write([finding.regression for finding in drafts])
        replays = {
            simulator.name: self.trial.run(simulator, build, "replay", seed=self.seed, tests="test_regressions")
            for simulator, build in self.builds.values()
        }
        trace = next(iter(replays.values())).trace_file
        return tuple(replace(finding, replayed=_replayed(finding, replays), trace=trace) for finding in drafts)

    def _shrunk(self, failure: CheckFailure) -> Finding:
        simulator, build = self.builds[failure.simulator]
        cycles = self.runs[failure.simulator, failure.seed].trace[failure.test]
        stored, again = shrink(self.trial, simulator, build, failure, cycles)
        if not again:
            self.notes.append(
                f"{failure.check} failed in {failure.test} with seed {failure.seed} and not in a replay of its inputs"
            )
        title, requirements, assume = explain(self.source, failure)
        return Finding(
            failure=failure,
            title=title,
            requirements=requirements,
            assume=assume,
            regression=stored,
            cycles_before=failure.cycle + 1,
            replayed={},
        )

    def _write(self, regressions: Sequence[Stored] = ()) -> None:
        files = render_python(self.source) | {RECORDED: self.recorded.text()}
        files |= {f"{REGRESSIONS}/{stored.id}.json": stored.text() for stored in regressions}
        self.trial.write(self._overlay(files))

    def _trust(self, ran: Ran, what: str) -> None:
        if ran.trouble:
            raise _Stop(Outcome.REJECTED, f"{what}: {ran.trouble}")

    def _add(self, name: str, simulator: str, verdict: Verdict, message: str = "", seconds: float = 0.0) -> None:
        self.checks.append(Check(name=name, simulator=simulator, verdict=verdict, message=message, seconds=seconds))

    def _result(self, outcome: Outcome, reason: str) -> Acceptance:
        inouts = [p.name for p in self.source.design.ports if p.direction is Direction.INOUT]
        if inouts:
            self.notes.append(f"inout ports are neither driven nor compared: {', '.join(inouts)}")
        if self.toggling and self.toggling.never and self.toggling.toggled:
            self.notes.append(f"outputs that never changed, so not broken on purpose: {_some(self.toggling.never)}")
        first = next(iter(self.builds), "")
        by_test = [
            (n, seed, bins) for (s, seed), ran in self.runs.items() if s == first for n, bins in ran.bins.items()
        ]
        return Acceptance(
            outcome=outcome,
            reason=reason,
            source=self.source,
            recorded=self.recorded,
            checks=tuple(self.checks),
            forced=self.forced,
            toggling=self.toggling,
            findings=self.findings,
            bins=merge_bins(bins for _, _, bins in by_test),
            bins_by_test=tuple(by_test),
            notes=tuple(self.notes),
        )


def _replayed(finding: Finding, replays: Mapping[str, Ran]) -> dict[str, Verdict]:
    """Return for each simulator whether the same check fails again."""
    verdicts = {}
    for name, ran in replays.items():
        failures, _ = check_failures(ran, name, finding.failure.seed)
        again = any(f.check == finding.failure.check and finding.regression.id in f.test for f in failures)
        verdicts[name] = Verdict.FAIL if again else Verdict.PASS
    return verdicts


def _explained(toggling: Toggling) -> str:
    partly = [
        f"{name} ({mask.bit_count()} of {toggling.widths[name]})"
        for name, mask in toggling.masks.items()
        if 0 < mask.bit_count() < toggling.widths[name]
    ]
    reasons = [f"never changed: {_some(toggling.never)}"] if toggling.never else []
    reasons += [f"changed in part: {_some(partly)}"] if partly else []
    counts = f"{toggling.toggled} of {toggling.total} output bits took both values"
    return f"{counts}; {'; '.join(reasons)}: constant in this configuration, or not reached by the plan's stimulus"


def _ports_in(detail: str) -> list[str]:
    return [name.strip() for name in detail.partition(" unknown")[0].split(",")]


def _some(names: Sequence[str], most: int = 8) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
