"""The report: everything known about some benches, as one versioned value that JSON, text, HTML and notebooks share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from verif.report.mutants import MutationScore
from verif.report.points import Points
from verif.report.reached import RECORDED_TEST, CodeCoverage, Contest, CoverBins, Missed, TestBins
from verif.trace import Trace
from verif.verdict import Oracle, Outcome, ProofStatus, Ratio, Verdict, combine


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RequirementStatus(_Frozen):
    """A requirement of the specification and whether anything checks it."""

    id: str
    text: str = ""
    checked: bool
    by: tuple[str, ...] = ()
    """Ids of the checks; RECORDED ones never count."""


class Check(_Frozen):
    """A reference model or a rule of the bench."""

    id: str
    oracle: Oracle
    title: str = ""
    """The rule in one sentence."""
    requirements: tuple[str, ...] = ()
    assume: str = ""
    """The assumption that would make the offending stimulus illegal, where there is one."""


class TestResult(_Frozen):
    """One test on one simulator with one seed."""

    __test__ = False

    name: str
    simulator: str = ""
    config: str = "default"
    seed: int | None = None
    verdict: Verdict
    seconds: float = 0.0
    message: str = ""
    replay: str = ""
    """The command that runs exactly this again."""

    @property
    def recorded(self) -> bool:
        """Whether a RECORDED expectation judges it, and nothing else does."""
        return self.name.startswith(RECORDED_TEST)


class Refused(_Frozen):
    """A simulator that could not take the design, or is not installed."""

    simulator: str
    config: str = "default"
    verdict: Verdict
    reason: str = ""


class Failure(_Frozen):
    """A test that did not pass, explained."""

    test: TestResult
    oracle: Oracle | None = None
    """None where the message names none: a crash, a time-out, an adopted bench's own assertion."""
    rule: str = ""
    title: str = ""
    requirements: tuple[str, ...] = ()
    """Ids of the requirements that the broken check stands for."""
    cycle: int | None = None
    detail: str = ""
    assume: str = ""
    signals: tuple[str, ...] = ()
    """The ports that the message names."""
    trace: Trace | None = None
    """The cycles around the failure."""

    @property
    def mark(self) -> int | None:
        """The cycle to point out in the trace: the failing one, else the last, where the test stopped."""
        if self.trace is None or not self.trace.cycles:
            return None
        last = self.trace.first + self.trace.cycles - 1
        return self.cycle if self.cycle is not None and self.trace.first <= self.cycle <= last else last


class OracleVerdicts(_Frozen):
    """How the tests ended, as seen by one kind of oracle; kinds are never added up."""

    oracle: Oracle
    checks: int
    """How many models and rules of this kind the bench has."""
    passed: int
    failed: int
    undecided: int
    """Tests that another oracle, or an error, ended first."""


class Variant(_Frozen):
    """A broken variant of the design that the bench must fail on."""

    name: str
    simulator: str = ""
    caught: bool
    by: str = ""
    """What caught it."""


class OtherRun(_Frozen):
    """A run of the bench on other sources with the same interface, for example a seeded bug."""

    label: str
    sources: tuple[str, ...] = ()
    verdict: Verdict
    tests: tuple[TestResult, ...] = ()
    failures: tuple[Failure, ...] = ()

    @property
    def caught(self) -> bool:
        """Whether the bench failed there by anything but RECORDED expectations alone."""
        return self.verdict is Verdict.FAIL and any(f.oracle is not Oracle.RECORDED for f in self.failures)


class Found(_Frozen):
    """A failing check that a search found, and what it took."""

    failure: Failure
    """As it replays, with the cycles around it."""
    verdict: Verdict
    """FAIL where a cocotb replay fails too, UNKNOWN where the batch engine alone does."""
    replayed: dict[str, Verdict] = Field(default_factory=dict)
    """Simulator to what the replay gave."""
    x_only: bool = False
    length: int
    """Cycles after shrinking."""
    length_before: int
    examples: int
    """Until it was seen, as the next two."""
    cycles: int
    seconds: float
    picture: str = ""
    """The SVG beside the regression."""


class Search(_Frozen):
    """The newest search of the bench on some sources."""

    label: str = ""
    """Names the sources; empty for the bench's own."""
    sources: tuple[str, ...] = ()
    verdict: Verdict
    examples: int
    cycles: int
    seconds: float
    seed: int | None = None
    checks: int
    """How many checks it looked at."""
    vacuous: tuple[str, ...] = ()
    """Checks that were never put to the test."""
    points: Ratio | None = None
    """Points of code coverage that it hit."""
    found: tuple[Found, ...] = ()
    trouble: tuple[str, ...] = ()
    """What hung, crashed or could not be judged."""
    notes: tuple[str, ...] = ()


class Counterexample(_Frozen):
    """A run that breaks a property, as it is saved and replays."""

    failure: Failure
    verdict: Verdict
    """FAIL where a cocotb replay fails too, UNKNOWN where the batch engine alone does."""
    replayed: dict[str, Verdict] = Field(default_factory=dict)
    length: int
    """Cycles after shrinking."""
    length_before: int
    regression: str = ""
    """Its file."""
    picture: str = ""
    """The SVG beside the regression."""


class ProvedProperty(_Frozen):
    """What a proof says about one property."""

    name: str
    oracle: Oracle
    rule: str = ""
    requirements: tuple[str, ...] = ()
    place: str = ""
    """``file:line`` where it is written in a file of properties."""
    status: ProofStatus
    bound: int | None = None
    """PROVED: depth of the proof; FAILED: the failing tick after the reset; else ticks in which nothing fails."""
    method: str = ""
    seconds: float = 0.0
    told: str = ""
    """Status, bound, method and what is known of its condition, in words."""
    why: str = ""
    """Why there is no better answer."""
    failure: Counterexample | None = None


class Proof(_Frozen):
    """The newest proof of the bench's properties on some sources."""

    label: str = ""
    """Names the sources; empty for the bench's own."""
    sources: tuple[str, ...] = ()
    seconds: float
    solver: str = ""
    interrupted: bool = False
    properties: tuple[ProvedProperty, ...] = ()
    """Holes first: FAILED, VACUOUS, UNKNOWN, BOUNDED, PROVED; none of them RECORDED."""
    recorded: tuple[ProvedProperty, ...] = ()
    """Invariants mined of the design itself, in the same order: no checks of requirements."""
    assumptions: dict[str, str] = Field(default_factory=dict)
    """What is taken for granted: a name and a sentence."""
    changed: tuple[str, ...] = ()
    """Files that are newer than the proof."""
    notes: tuple[str, ...] = ()


class Invariants(_Frozen):
    """What the newest ``prove --mine`` wrote: RECORDED, so never checks of requirements."""

    file: str
    properties: tuple[ProvedProperty, ...] = ()
    seconds: float
    changed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Provenance(_Frozen):
    """What the bench was made from, by what."""

    facts: dict[str, str] = Field(default_factory=dict)
    tools: dict[str, str] = Field(default_factory=dict)


class BenchReport(_Frozen):
    """All that is known about one bench."""

    bench: str
    dut: str
    outcome: Outcome | None = None
    """The draft's outcome; None where the bench was adopted."""
    adopted: bool = False
    requirements_checked: int = 0
    requirements_total: int = 0
    requirements: tuple[RequirementStatus, ...] = ()
    checks: tuple[Check, ...] = ()
    oracles: tuple[OracleVerdicts, ...] = ()
    acceptance: tuple[TestResult, ...] = ()
    """What the draft had to stand before it was accepted."""
    tests: tuple[TestResult, ...] = ()
    refused: tuple[Refused, ...] = ()
    failures: tuple[Failure, ...] = ()
    forced_fail: tuple[Variant, ...] = ()
    functional: tuple[CoverBins, ...] = ()
    functional_by_test: tuple[TestBins, ...] = ()
    code: tuple[CodeCoverage, ...] = ()
    missed: tuple[Missed, ...] = ()
    """Some of the code points that were missed."""
    code_from: str = ""
    """Where code coverage comes from, where it isn't the tests on Verilator themselves."""
    code_warnings: tuple[str, ...] = ()
    """What makes it doubtful."""
    contest: Contest | None = None
    elsewhere: tuple[OtherRun, ...] = ()
    searches: tuple[Search, ...] = ()
    proofs: tuple[Proof, ...] = ()
    mined: Invariants | None = None
    mutation: MutationScore | None = None
    """What mutants say of the bench; None where it was not measured."""
    points: Points | None = None
    """What is known about its coverage points; None where none were collected."""
    provenance: Provenance = Provenance()
    notes: tuple[str, ...] = ()

    @property
    def requirements_ratio(self) -> Ratio:
        """Requirements that something other than RECORDED checks, of all."""
        return Ratio(count=self.requirements_checked, total=self.requirements_total)

    @property
    def verdict(self) -> Verdict:
        """The tests' verdicts combined."""
        return combine(test.verdict for test in self.tests)

    @property
    def passed(self) -> Ratio:
        """Test runs that passed, of those that a simulator could take."""
        taken = [test for test in self.tests if test.verdict is not Verdict.UNSUPPORTED]
        return Ratio(count=sum(test.verdict is Verdict.PASS for test in taken), total=len(taken))

    @property
    def variants_caught(self) -> Ratio:
        """Forced-fail variants caught, of all."""
        return Ratio(count=sum(variant.caught for variant in self.forced_fail), total=len(self.forced_fail))

    @property
    def bins_hit(self) -> Ratio:
        """Functional bins hit, of all."""
        return total(point.hit for point in self.functional)

    @property
    def bins_by_oracle(self) -> dict[Oracle, Ratio]:
        """Bins hit in tests that each kind of oracle judges, of all; empty where a test's own bins aren't known.

        A bin hit under RECORDED only was reached, but nothing that stands on the specification looked.
        """
        if not any(test.bins for test in self.functional_by_test):
            return {}
        hit = {
            recorded: {name for test in self.functional_by_test if test.recorded is recorded for name in test.bins}
            for recorded in (True, False)
        }
        return {
            row.oracle: Ratio(count=len(hit[row.oracle is Oracle.RECORDED]), total=self.bins_hit.total)
            for row in self.oracles
        }

    @property
    def simulators(self) -> tuple[str, ...]:
        """Simulators that tests ran on, in order of first use."""
        return tuple(dict.fromkeys(test.simulator for test in self.tests if test.simulator))

    @property
    def bugs_caught(self) -> Ratio:
        """Runs on other sources that failed by more than RECORDED expectations, of all such runs."""
        return Ratio(count=sum(run.caught for run in self.elsewhere), total=len(self.elsewhere))


class Report(_Frozen):
    """The whole report; the ``--json`` of ``posedge report`` is its dump."""

    schema_version: Literal[1] = 1
    benches: tuple[BenchReport, ...]

    @property
    def requirements_ratio(self) -> Ratio:
        """Requirements checked over all benches."""
        return total(bench.requirements_ratio for bench in self.benches)

    @property
    def verdict(self) -> Verdict:
        """The benches' verdicts combined."""
        return combine(bench.verdict for bench in self.benches)


def total(ratios: Iterable[Ratio]) -> Ratio:
    """Add counts and totals; percentages are never averaged."""
    listed = list(ratios)
    return Ratio(count=sum(ratio.count for ratio in listed), total=sum(ratio.total for ratio in listed))
