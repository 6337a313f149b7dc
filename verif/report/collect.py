"""Collect a report from the saved results of benches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from verif.bench.manifest import FILE_NAME, BenchManifest, find_manifest, read_manifest
from verif.errors import InputError
from verif.report import results as saved
from verif.report.counted import with_counted
from verif.report.covering import points_of
from verif.report.failures import failures as failures_of
from verif.report.model import BenchReport, Check, Failure, OracleVerdicts, OtherRun, Provenance, Report, TestResult
from verif.report.mutating import mutation_of
from verif.report.proving import invariants_of, proofs_of
from verif.report.searches import searches_of
from verif.report.text import shown
from verif.verdict import Oracle, Outcome, Verdict
from verif.workspace import Workspace

Results = Mapping[str, Mapping[str, Any]]

_OTHER_RUN = "run@"
_HIDDEN = (".posedge", "sim_builds", ".venv", ".git")


def collect(
    path: Path, workspace: Workspace | None = None, *, today: date | None = None, counted: Sequence[Path] = ()
) -> Report:
    """Return the report on the bench at ``path``, or on all benches below it that have results.

    ``workspace`` is the one around ``path`` unless told. Waivers hold or have expired as of ``today``. ``counted`` are
    coverage files of Verilator whose hits are added to the points of the one bench.
    InputError where there is no bench, or no verb has left a result for any of them.
    """
    workspace = workspace or Workspace.locate(path)
    directories = benches_at(path)
    found = [(directory, _load(workspace, directory)) for directory in directories]
    notes: tuple[str, ...] = ()
    if counted:
        refuse_several(directories, path, "--import")
        results, notes = with_counted(found[0][1], directories[0], counted)
        found = [(directories[0], results)]
    day = today or date.today()
    reports = tuple(
        bench_report(directory, read_manifest(directory), got, workspace, today=day) for directory, got in found if got
    )
    if not reports:
        hint = f"run 'posedge run {path}' first"
        raise InputError("PE601", "nothing to report: no verb has left a result", where=str(path), hint=hint)
    if notes:
        points = reports[0].points
        told = points and points.model_copy(update={"notes": (*points.notes, *notes)})
        reports = (reports[0].model_copy(update={"points": told}),)
    return Report(benches=reports)


def benches_at(path: Path) -> list[Path]:
    """Return the bench at ``path``, or all benches below it; InputError where there is none."""
    directories = [path if path.is_dir() else path.parent] if _is_bench(path) else _benches_below(path)
    if not directories:
        find_manifest(path)
    return directories


def refuse_several(directories: Sequence[Path], path: Path, option: str) -> None:
    """Raise InputError PE605 where there is more than one bench."""
    if len(directories) > 1:
        what = f"{option} takes one bench, and there are {len(directories)} below"
        raise InputError("PE605", what, where=str(path), hint=f"name one, as {directories[0]}")


def bench_report(
    directory: Path,
    manifest: BenchManifest,
    results: Results,
    workspace: Workspace | None = None,
    *,
    today: date | None = None,
) -> BenchReport:
    """Return the report on one bench from its verbs' newest results; witnesses have pictures from ``workspace``."""
    try:
        report = _bench_report(directory, manifest, results)
        clocks = clocks_of(manifest)
        points = points_of(results, directory, manifest, clocks, workspace, today=today or date.today())
        proofs = proofs_of(results, directory, clocks, workspace)
        mined = invariants_of(results, directory, workspace)
        return report.model_copy(
            update={"points": points, "proofs": proofs, "mined": mined, "mutation": mutation_of(results)}
        )
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError) as error:
        what = f"a saved result can't be read: {' '.join(str(error).split())}"
        raise InputError("PE603", what, where=str(directory), hint=f"run 'posedge run {directory}' again") from error


def _bench_report(directory: Path, manifest: BenchManifest, results: Results) -> BenchReport:
    draft, run, replay = (results.get(verb, {}) for verb in ("draft", "run", "replay"))
    known = saved.checks(draft)
    tests = saved.tests(run)
    clocks = clocks_of(manifest)
    replayed = saved.entries(replay, "tests")
    failures = failures_of(run or draft, known, replayed, clocks=clocks)
    checked, total, requirements = saved.requirements(draft)
    code, missed = saved.code(run)
    functional, by_test = saved.functional(run if run.get("coverage") else draft)
    return BenchReport(
        bench=shown(directory),
        dut=manifest.top,
        outcome=Outcome(draft["outcome"]) if draft.get("outcome") else None,
        adopted=manifest.adopted,
        requirements_checked=checked,
        requirements_total=total,
        requirements=requirements,
        checks=known,
        oracles=verdicts_by_oracle(known, tests or [failure.test for failure in failures], failures),
        acceptance=saved.acceptance(draft),
        tests=tests,
        refused=saved.refused(run),
        failures=failures,
        forced_fail=saved.variants(draft),
        functional=functional,
        functional_by_test=by_test,
        code=code,
        missed=missed,
        code_from=saved.code_from(run),
        code_warnings=saved.code_warnings(run),
        contest=saved.contest(draft),
        elsewhere=tuple(
            _elsewhere(verb, got, known, replayed, clocks)
            for verb, got in results.items()
            if verb.startswith(_OTHER_RUN)
        ),
        searches=searches_of(results, clocks),
        provenance=_provenance(manifest, draft),
        notes=tuple(map(str, draft.get("notes") or ())),
    )


def verdicts_by_oracle(
    checks: Sequence[Check], tests: Iterable[TestResult], failures: Iterable[Failure]
) -> tuple[OracleVerdicts, ...]:
    """Return how the tests ended as seen by each kind of oracle that the bench has or that failed.

    A RECORDED expectation judges ``test_recorded*`` and nothing else does; every other test is judged by all the other
    kinds at once and ends at the first that fails, so for the rest of them it is undecided.
    """
    blamed = {_key(failure.test): failure.oracle for failure in failures}
    judged = [test for test in tests if test.verdict is not Verdict.UNSUPPORTED]
    kinds = {check.oracle for check in checks} | {oracle for oracle in blamed.values() if oracle}
    if any(test.recorded for test in judged):
        kinds.add(Oracle.RECORDED)
    return tuple(_verdicts(oracle, checks, judged, blamed) for oracle in Oracle if oracle in kinds)


def _verdicts(
    oracle: Oracle, checks: Sequence[Check], judged: Sequence[TestResult], blamed: Mapping[Any, Oracle | None]
) -> OracleVerdicts:
    own = [test for test in judged if test.recorded == (oracle is Oracle.RECORDED)]
    passed = sum(test.verdict is Verdict.PASS for test in own)
    failed = sum(blamed.get(_key(test)) is oracle for test in own)
    return OracleVerdicts(
        oracle=oracle,
        checks=sum(check.oracle is oracle for check in checks),
        passed=passed,
        failed=failed,
        undecided=len(own) - passed - failed,
    )


def _key(test: TestResult) -> tuple[str, str, str, int | None]:
    return test.name, test.simulator, test.config, test.seed


def _other_runs(results: Results) -> list[str]:
    return [verb for verb in results if verb.startswith(_OTHER_RUN)]


def _elsewhere(
    verb: str,
    result: Mapping[str, Any],
    known: Sequence[Check],
    replayed: Sequence[Mapping[str, Any]],
    clocks: Mapping[str, str],
) -> OtherRun:
    return OtherRun(
        label=verb.removeprefix(_OTHER_RUN) or saved.sources_label(result),
        sources=tuple(map(str, result.get("sources") or ())),
        verdict=Verdict(result.get("verdict", Verdict.UNKNOWN)),
        tests=saved.tests(result),
        failures=failures_of(result, known, replayed, clocks=clocks),
    )


def clocks_of(manifest: BenchManifest) -> dict[str, str]:
    """Return the bench's clocks, each with its active edge."""
    return {clock.name: clock.edge for clock in manifest.clock}


def _provenance(manifest: BenchManifest, draft: Mapping[str, Any]) -> Provenance:
    made = manifest.provenance.model_dump(mode="json", exclude={"tools"})
    facts = {key.replace("_", " "): str(value) for key, value in made.items() if value != ""}
    sources = {"sources": ", ".join(manifest.sources.files), "specification": manifest.spec}
    lines = {"lines drafted": str(draft["lines"])} if draft.get("lines") else {}
    return Provenance(
        facts={key: value for key, value in (sources | facts | lines).items() if value},
        tools=dict(manifest.provenance.tools),
    )


def _is_bench(path: Path) -> bool:
    return path.is_file() or (path / FILE_NAME).is_file()


def _benches_below(path: Path) -> list[Path]:
    found = (file.parent for file in path.rglob(FILE_NAME) if not set(_HIDDEN) & set(file.relative_to(path).parts))
    return sorted(found)


def _load(workspace: Workspace, directory: Path) -> Results:
    try:
        return workspace.load_results(directory)
    except ValueError as error:
        where = str(workspace.bench(directory))
        raise InputError("PE603", f"a saved result can't be read: {error}", where=where, hint="run again") from error
