"""The report as text for a terminal: outcome first."""

from __future__ import annotations

from collections.abc import Iterator

from verif.report.model import BenchReport, OracleVerdicts, Report, Search
from verif.report.mutant_view import text as mutation_text
from verif.report.point_text import points_text
from verif.report.proof_text import mined_text, proof_text
from verif.report.text import columns, count
from verif.report.view import (
    ORACLES,
    OUTCOMES,
    FailureGroup,
    bits,
    caught_by,
    contest_sentence,
    effort,
    grouped,
    headline,
    replays,
    search_summary,
    summary,
)


def render_text(report: Report) -> str:
    """Return the report as text; its first line is ``requirements checked k/n``."""
    lines = [headline(report)]
    for bench in report.benches:
        lines += ["", *_bench(bench)]
    return "\n".join(lines)


def _bench(bench: BenchReport) -> Iterator[str]:
    outcome = f"{bench.outcome}, {OUTCOMES[bench.outcome]}" if bench.outcome else "adopted bench"
    yield f"{bench.dut}  ({bench.bench})"
    yield f"  {outcome}"
    yield f"  {headline(bench)}. {summary(bench)}"
    for refused in bench.refused:
        yield f"  {refused.verdict} {refused.simulator} [{refused.config}]: {refused.reason}"
    yield from _section("verdicts by oracle", _oracles(bench))
    for group in grouped(bench.failures):
        yield from _failure(group)
    yield from _section("on other sources", _elsewhere(bench))
    for search in bench.searches:
        yield from _search(search)
    for proof in bench.proofs:
        yield from (f"  {line}" for line in proof_text(proof))
    if bench.mined:
        yield from (f"  {line}" for line in mined_text(bench.mined))
    if bench.mutation:
        yield from (f"  {line}" for line in mutation_text(bench.mutation))
    if bench.points:
        yield "  coverage points"
        yield from ("\n".join(f"    {line}" for line in text.splitlines()) for text in points_text(bench.points))
    yield from _section("how good the bench is", _quality(bench))
    for note in bench.notes:
        yield f"  note: {note}"


def _section(title: str, body: str) -> Iterator[str]:
    if body:
        yield f"  {title}"
        yield body


def _oracles(bench: BenchReport) -> str:
    rows = [
        (row.oracle, count(row.checks, "check"), *_ended(row), f"stands on {ORACLES[row.oracle]}")
        for row in bench.oracles
    ]
    return columns(rows, right=(1, 2, 3, 4), indent="    ")


def _ended(row: OracleVerdicts) -> tuple[str, str, str]:
    """Return how tests ended; nothing where none was run."""
    if not row.passed + row.failed + row.undecided:
        return "", "", "not run yet"
    return f"{row.passed} pass", f"{row.failed} fail", f"{row.undecided} undecided"


def _failure(group: FailureGroup) -> Iterator[str]:
    shown = group.shown
    told = f"{shown.oracle} {shown.rule}" if shown.oracle else shown.test.name
    at = f" in cycle {shown.cycle}" if shown.cycle is not None else ""
    where = f"{shown.test.name} on {shown.test.simulator}, seed {shown.test.seed}"
    yield f"  {shown.test.verdict} {told}{at}: {shown.detail or 'no message'}"
    yield "    " + ", ".join(filter(None, [where, group.others]))
    if shown.title:
        yield f"    rule: {shown.title}"
    if shown.assume:
        yield f"    if that stimulus is illegal, say so: {shown.assume}"
    if shown.test.replay:
        yield f"    replay: {shown.test.replay}"


def _search(search: Search) -> Iterator[str]:
    yield f"  search{f' on {search.label}' if search.label else ''}: {search.verdict}, {search_summary(search)}"
    for found in search.found:
        failure = found.failure
        yield f"    {found.verdict} {failure.oracle} {failure.rule} in cycle {failure.cycle}: {failure.detail}"
        yield f"      {effort(found)}"
        yield f"      {replays(found)}"
        if failure.title:
            yield f"      rule: {failure.title}"
        if found.picture:
            yield f"      picture: {found.picture}"
        yield f"      replay: {failure.test.replay}"
    for text in search.trouble:
        yield f"    {text}"


def _elsewhere(bench: BenchReport) -> str:
    rows = [(run.label, run.verdict, f"caught by {caught_by(run)}") for run in bench.elsewhere]
    return columns(rows, indent="    ")


def _quality(bench: BenchReport) -> str:
    rows = [("broken variants caught", str(bench.variants_caught))] if bench.forced_fail else []
    if bench.functional:
        rows.append(("functional bins hit so far", bits(bench.bins_hit)))
    rows += [(f"{row.kind} coverage so far", bits(row.ratio)) for row in bench.code]
    if bench.code_from:
        rows.append(("code coverage is of", bench.code_from))
    rows += [("warning", text) for text in bench.code_warnings]
    text = columns(rows, indent="    ") if rows else ""
    if bench.contest:
        told = bench.contest.sentence or contest_sentence(bench.contest.contenders)
        text = "\n".join(filter(None, [text, f"    {told}" if told else ""]))
    return text
