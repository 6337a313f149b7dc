"""Check a draft: it compiles, repeats, agrees across simulators, and fails when the design is broken.

The order: compile the untouched sources; drive the plan's points unjudged and record (RECORDED); run the whole bench
with three seeds on each simulator that compiled; compare the simulators' traces; run every forced fail; shrink and
replay what the given RTL breaks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from verif.bench import forced_fail
from verif.bench.folder import RECORDED, REGRESSIONS, with_known_outputs
from verif.bench.forced_fail import Toggling
from verif.bench.recording import choose_stimulus, without_outputs
from verif.bench.render import BenchSource, render_python, schedule
from verif.bench.stored import Stored
from verif.bench.traces import Disagreement, Memory, Trace, first_disagreement, merge_bins
from verif.campaign.drafts.acceptance_result import Acceptance, Caught, Check, Stop
from verif.campaign.drafts.breaking import break_outputs, explain_toggling, some
from verif.campaign.drafts.finding import CheckFailure, Finding, check_failures, explain, shrink
from verif.campaign.drafts.recorder import record, trusted
from verif.campaign.drafts.trial import Ran, Trial, points_of
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

_STOPPED = "Verilog $stop"
"""What Verilator prints where an assertion of the design fails."""

ATTEMPTS = 8
"""How often the bench is run anew because something in it did not repeat."""

Progress = Callable[[str], None]
Overlay = Callable[[Mapping[str, str]], Mapping[str, str]]
"""Puts the user's edits of an earlier draft into a new one."""


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
        self.disagreement = ""
        self.remembers = False
        """Whether the outputs depend on more than the inputs since reset."""
        self.compile_args: dict[str, tuple[str, ...]] = {}
        self._say = progress
        self._overlay = overlay

    @property
    def primary(self) -> tuple[Simulator, Build]:
        """The simulator that records and runs the forced fails: the first that compiled."""
        return next(iter(self.builds.values()))

    @property
    def _resets(self) -> dict[str, int]:
        """Reset to its active level."""
        return {reset.name: int(reset.active_high) for reset in self.source.design.resets}

    def check(self) -> Acceptance:
        """Return the verdict on the draft."""
        outcome, reason = self._attempt()
        if _STOPPED in reason and not self.compile_args:
            self.notes.append(f"the design's own assertions are switched off in Verilator, they end the run: {reason}")
            self.compile_args = {"verilator": ("--no-assert",)}
            self.checks, self.builds, self.runs = [], {}, {}
            outcome, reason = self._attempt()
        return self._result(outcome, reason)

    def _attempt(self) -> tuple[Outcome, str]:
        try:
            self._compile()
            self._record()
            failures = self._repeat()
            self._agree()
            self._force(failures)
            return self._conclude(failures)
        except Stop as stop:
            return stop.outcome, stop.reason

    def _compile(self) -> None:
        self._say("compiling")
        with ThreadPoolExecutor(len(self.simulators) or 1) as pool:
            results = list(pool.map(self._compiled, self.simulators))
        for simulator, result in zip(self.simulators, results, strict=True):
            if isinstance(result, Build):
                self.builds[simulator.name] = (simulator, result)
                self._add("compiles", simulator.name, Verdict.PASS, seconds=result.seconds)
            else:
                self._add("compiles", simulator.name, Verdict.UNSUPPORTED, result.sentence)
        if not self.builds:
            refusals = [result for result in results if not isinstance(result, Build)]
            if all(isinstance(refusal, ToolError) for refusal in refusals):
                raise refusals[0]  # the tools are at fault, not the design
            told = " / ".join(refusal.sentence for refusal in refusals)
            raise Stop(Outcome.REJECTED, f"no simulator compiles the design: {told}")

    def _compiled(self, simulator: Simulator) -> Build | Unsupported | ToolError:
        design = self.source.design
        extra = self.compile_args.get(simulator.name, ())
        try:
            return simulator.build(BuildRequest(sources=design.sources, top=design.top, extra_args=extra))
        except (Unsupported, ToolError) as error:
            return error

    def _record(self) -> None:
        """Drive the points, choose a stimulus out of that, and take expectations from replays of it."""
        self._say("recording")
        self.trial.write(self._files())  # without the user's edits: they belong to a draft that knows its rules
        simulator, build = self.primary
        driven = self.trial.job(simulator, build, "drive", {"points": points_of(self.source.plan)}, seed=self.seed)
        trusted(driven, "the bench does not run")
        trace = driven.trace
        period = len(schedule(self.source.design))
        stimulus = choose_stimulus(self.source.design, trace, period=period)
        self._expect(stimulus, [simulator.name])
        self._know(trace)

    def _expect(self, stimulus: Stored, simulators: Sequence[str], *, cautious: bool = False) -> None:
        """Take expectations from replays on ``simulators``; what differs between them is don't-care."""
        builds = [self.builds[name] for name in simulators]
        self._keep(record(self.trial, builds, stimulus, seed=self.seed, cautious=cautious))

    def _keep(self, recorded: Stored) -> None:
        self.recorded = recorded
        self.toggling = forced_fail.toggling(self.source.design, recorded)

    def _know(self, trace: Trace) -> None:
        """Add the GENERIC rule for outputs that always had a value, where a simulator with X says so."""
        if "icarus" not in self.builds:
            return
        unknown = {
            name
            for cycles in trace.values()
            for cycle in cycles
            if not any(cycle.inputs[reset] == level for reset, level in self._resets.items())
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
        """Run the whole bench with every seed on every simulator; return the checks that the design itself fails."""
        for attempt in range(ATTEMPTS):
            self._write()
            failures, unknown = self._run_seeds()
            unrepeated = [failure for failure in failures if failure.oracle is Oracle.RECORDED]
            if unknown:
                self._exempt(unknown | self._unknown_so_far())
            elif not unrepeated:
                return failures
            elif not self.remembers:
                self.remembers = True
                self._expect(self.recorded, list(self.builds), cautious=True)
                self.notes.append(
                    "outputs depend on more than the inputs since reset: RECORDED leaves out what differed"
                )
            elif attempt < ATTEMPTS - 1:
                self._keep(without_outputs(self.recorded, {f.check.removeprefix("recorded-") for f in unrepeated}))
        raise Stop(Outcome.REJECTED, "the outputs are not the same from run to run")

    def _run_seeds(self) -> tuple[list[CheckFailure], set[str]]:
        self._say("running the bench")
        with ThreadPoolExecutor(len(self.builds)) as pool:
            for runs in pool.map(self._run_on, self.builds.values()):
                self.runs.update(runs)
        found: list[CheckFailure] = []
        unknown: set[str] = set()
        checks: list[Check] = []
        for (name, seed), ran in self.runs.items():
            trusted(ran, f"the bench breaks on {name}")
            failures, errors = check_failures(ran, name, seed)
            if errors:
                raise Stop(Outcome.REJECTED, f"the bench breaks on {name} with seed {seed}: {errors[0]}")
            unknown |= {port for f in failures if f.check == "outputs-known" for port in _ports_in(f.detail)}
            verdict = Verdict.FAIL if failures else Verdict.PASS
            message = failures[0].message if failures else ""
            checks.append(
                Check(
                    name=f"seed {seed}", simulator=name, verdict=verdict, message=message, seconds=ran.outcome.seconds
                )
            )
            found += failures
        self.checks = [check for check in self.checks if not check.name.startswith("seed ")] + checks
        return found, unknown

    def _unknown_so_far(self) -> set[str]:
        rules = [rule for rule in self.source.oracles.rules if rule.id == "outputs-known"]
        checked = {port for rule in rules for port in rule.ports}
        return {port.name for port in self.source.design.outputs} - checked

    def _run_on(self, built: tuple[Simulator, Build]) -> dict[tuple[str, int], Ran]:
        simulator, build = built
        runs = self.trial.run_seeds(simulator, build, range(self.seed, self.seed + SEEDS))
        return {(simulator.name, seed): ran for seed, ran in runs.items()}

    def _agree(self) -> None:
        """Compare the simulators' traces seed by seed."""
        if len(self.builds) < 2:
            return
        one, other = list(self.builds)
        apart: set[str] = set()
        for seed in range(self.seed, self.seed + SEEDS):
            left, right = self.runs[one, seed].trace, self.runs[other, seed].trace
            while found := self._disagreement(left, right, apart):
                if not self._depends_on_start(found, seed):
                    message = f"GENERIC simulators-agree: cycle {found.cycle}: {found.sentence} on {one} and {other}"
                    self.disagreement = f"{message} (seed {seed})"
                    self._add("simulators agree", "both", Verdict.FAIL, self.disagreement)
                    return
                apart.add(found.port)
        if apart:
            names = some(sorted(apart))
            self.notes.append(f"the simulators are not compared on {names}: it depends on what registers start with")
        self._add("simulators agree", "both", Verdict.PASS)

    def _disagreement(self, left: Trace, right: Trace, apart: set[str]) -> Disagreement | None:
        memory = Memory.OVER_RESETS if self.remembers else Memory.UNTIL_RESET
        memory = memory if self.source.design.sequential else Memory.NONE
        return first_disagreement(left, right, resets=self._resets, memory=memory, apart=apart)

    def _depends_on_start(self, found: Disagreement, seed: int) -> bool:
        """Return whether Verilator, started with other register values, gives yet another value there."""
        simulator, build = self.builds.get("verilator", self.primary)
        recorded = ["recorded", str(self.trial.bench / RECORDED)]
        work = {"replays": [recorded], "points": points_of(self.source.plan), "stimulus_seed": seed}
        for start in range(1, 4):
            other = self.trial.job(simulator, build, f"start-{start}", work, seed=seed + 1000 * start).trace
            mine = self.runs[simulator.name, seed].trace
            pairs = zip(mine.get(found.test, ()), other.get(found.test, ()), strict=False)
            if any(a.outputs[found.port] != b.outputs[found.port] for a, b in list(pairs)[: found.cycle + 1]):
                return True
        return False

    def _force(self, failures: Sequence[CheckFailure]) -> None:
        """Run every forced fail; a variant counts as caught only by tests that pass on the design itself."""
        self._say("breaking outputs")
        simulator, _ = self.primary
        failing = {failure.test for failure in failures}
        extra = self.compile_args.get(simulator.name, ())
        breaking = break_outputs(
            self.trial, simulator, self.recorded, failing=failing, seed=self.seed, extra_args=extra
        )
        if breaking is None:
            return
        self.forced = breaking.caught
        missed = [entry.variant.name for entry in breaking.caught if entry.by is None]
        verdict = Verdict.FAIL if missed else Verdict.PASS
        message = f"not caught: {some(missed)}" if missed else ""
        self._add("forced fails are caught", simulator.name, verdict, message, seconds=breaking.seconds)
        if missed:
            count = f"{len(missed)} of {len(breaking.caught)} broken designs pass"
            raise Stop(Outcome.REJECTED, breaking.trouble or f"{count}: {some(missed)}")

    def _conclude(self, failures: Sequence[CheckFailure]) -> tuple[Outcome, str]:
        assert self.toggling is not None
        if not self.toggling.toggled:
            return Outcome.UNKNOWN, "no output ever changed, so nothing shows that the bench notices a broken design"
        if self.toggling.toggled < EXPLAIN_BELOW * self.toggling.total:
            self.notes.append(explain_toggling(self.toggling))
        if failures:
            self._say("shrinking the finding")
            self.findings = self._found(failures)
        found = failures or self.disagreement
        return (Outcome.FINDING if found else Outcome.CLEAN), self.disagreement

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

    def _files(self, regressions: Sequence[Stored] = ()) -> dict[str, str]:
        files = render_python(self.source) | {RECORDED: self.recorded.text()}
        return files | {f"{REGRESSIONS}/{stored.id}.json": stored.text() for stored in regressions}

    def _write(self, regressions: Sequence[Stored] = ()) -> None:
        self.trial.write(self._overlay(self._files(regressions)))

    def _add(self, name: str, simulator: str, verdict: Verdict, message: str = "", seconds: float = 0.0) -> None:
        self.checks.append(Check(name=name, simulator=simulator, verdict=verdict, message=message, seconds=seconds))

    def _result(self, outcome: Outcome, reason: str) -> Acceptance:
        inouts = [p.name for p in self.source.design.ports if p.direction is Direction.INOUT]
        if inouts:
            self.notes.append(f"inout ports are neither driven nor compared: {', '.join(inouts)}")
        if self.toggling and self.toggling.never and self.toggling.toggled:
            self.notes.append(f"outputs that never changed, so not broken on purpose: {some(self.toggling.never)}")
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
            compile_args=self.compile_args,
        )


def _replayed(finding: Finding, replays: Mapping[str, Ran]) -> dict[str, Verdict]:
    """Return for each simulator whether the same check fails again."""
    verdicts = {}
    for name, ran in replays.items():
        failures, _ = check_failures(ran, name, finding.failure.seed)
        again = any(f.check == finding.failure.check and finding.regression.id in f.test for f in failures)
        verdicts[name] = Verdict.FAIL if again else Verdict.PASS
    return verdicts


def _ports_in(detail: str) -> list[str]:
    return [name.strip() for name in detail.partition(" unknown")[0].split(",")]
