"""What people read about mutants: bounds, reasons, the source with its survivors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from markupsafe import Markup

from verif.mutation.score import Score
from verif.report.mutants import MutationScore, ShownMutant
from verif.report.point_text import source_lines
from verif.report.source_page import folded
from verif.report.text import seconds, shown
from verif.report.waveform import waveform
from verif.verdict import MutantStatus, Oracle, Ratio

APART = "characterised from the design itself: counted apart"
_SURVIVORS = 15
_MARKS = {"hit": "✓", "unknown": "?", "missed": "✗", "unreachable": "∅"}


def bounds(low: Ratio, high: Ratio) -> str:
    """Return a score between two bounds: ``92.0 to 95.8 % (46/50)``."""
    ends = [f"{100 * ratio.fraction:.1f}" for ratio in (low, high) if ratio.fraction is not None]
    return f"{' to '.join(dict.fromkeys(ends))} % ({low})" if ends else "unknown: no mutant counts"


def score(counts: Score) -> str:
    """Return the score without RECORDED."""
    return bounds(counts.low, counts.high)


def score_recorded(counts: Score) -> str:
    """Return the score with RECORDED."""
    return bounds(counts.low_recorded, counts.high_recorded)


def summary(found: MutationScore) -> str:
    """Return the counts in a sentence."""
    counts = found.counts
    named = {
        MutantStatus.KILLED: counts.killed + counts.recorded,
        MutantStatus.SURVIVED: counts.survivors,
        MutantStatus.EQUIVALENT: counts.equivalent,
        MutantStatus.STILLBORN: counts.stillborn,
        MutantStatus.TIMEOUT: counts.timeout,
    }
    told = ", ".join(f"{number} {status}" for status, number in named.items() if number)
    sample = f", a sample of {found.possible}" if found.possible > counts.total else ""
    return f"{told} of {counts.total} mutants{sample}; {counts.decided} of those that no check kills are decided"


def effort(found: MutationScore) -> str:
    """Return what it cost."""
    parts = ", ".join(f"{name} {seconds(value)}" for name, value in found.spent.items() if value)
    ended = ", interrupted" if found.interrupted else ""
    return f"{seconds(found.seconds)} in all ({parts}){ended}"


def change(mutant: ShownMutant) -> str:
    """Return before and after on one line."""
    return f"{_flat(mutant.before)} -> {_flat(mutant.after)}"


def known(mutant: ShownMutant) -> str:
    """Return what is known of a mutant, in words."""
    if mutant.status is MutantStatus.KILLED:
        return f"killed by {', '.join(mutant.checks)}" + (f"; test {mutant.test}" if mutant.test else "")
    if mutant.status is MutantStatus.EQUIVALENT:
        return f"equivalent, proven by {mutant.method}"
    if mutant.status is not MutantStatus.SURVIVED:
        return mutant.why
    if mutant.outputs:
        return f"{mutant.reason}; {', '.join(mutant.outputs)} can differ in cycle {mutant.cycles} after the reset"
    bound = f"no difference within {mutant.bound} ticks" if mutant.bound else ""
    return "; ".join(dict.fromkeys(filter(None, (mutant.reason, bound, mutant.why))))


def suggestion(mutant: ShownMutant, bench: str) -> str:
    """Return the command that makes or shows the test of a mutant; empty where no stimulus is known."""
    if mutant.replay:
        return mutant.replay
    return f"posedge mutate {bench} --improve" if mutant.outputs else ""


def picture(mutant: ShownMutant) -> Markup:
    """Return the waves of the design and of a mutant on the stimulus that tells them apart."""
    if mutant.trace is None:
        return Markup("")
    named = [name for output in mutant.outputs for name in (output, f"{output} (mutant)")]
    last = mutant.trace.first + mutant.trace.cycles - 1
    return Markup(waveform(mutant.trace, mark=last, named=named, title=f"Waves of {mutant.id}"))


def text(found: MutationScore) -> Iterator[str]:
    """Give the lines for a terminal."""
    yield f"mutation score {score(found.counts)}"
    if found.counts.recorded:
        yield f"  with RECORDED, {APART}: {score_recorded(found.counts)}"
    yield f"  {summary(found)}"
    kinds = ", ".join(f"{count} by {name}" for name, count in found.killed_by.items() if count)
    if kinds:
        yield f"  killed: {kinds}"
    yield from (f"  {line}" for line in (*filter(None, [found.gate]), *found.gaps))
    for mutant in found.survivors[:_SURVIVORS]:
        yield f"  {mutant.status} {mutant.id}: {change(mutant)}"
        yield f"    {known(mutant)}"
    if len(found.survivors) > _SURVIVORS:
        yield f"  and {len(found.survivors) - _SURVIVORS} more survivors; --html shows all"
    yield from (f"  {line}" for line in (*found.trouble, *(f"note: {note}" for note in found.notes[:6])))


def files(found: MutationScore) -> Iterator[tuple[str, str, Markup]]:
    """Yield each source file with mutants: its name, what is left in it, and its lines; those with survivors first."""
    names = dict.fromkeys(mutant.file for mutant in found.mutants)
    groups = [(name, [m for m in found.mutants if m.file == name]) for name in names]
    groups.sort(key=lambda group: (not any(m.survives for m in group[1]), group[0]))
    for name, own in groups:
        left = sum(m.survives for m in own)
        lines = source_lines(Path(name))
        yield shown(Path(name)), f"{left} of {len(own)} mutants survive", Markup("".join(_source(lines, own)))


def _source(lines: Sequence[str], mutants: Sequence[ShownMutant]) -> Iterator[str]:
    digits = len(str(len(lines)))
    quiet: list[str] = []
    for number, line in enumerate(lines, start=1):
        head = f'<i class="n">{number:>{digits}}</i>'
        here = [mutant for mutant in mutants if mutant.line == number]
        if not here:
            quiet.append(f'<div>{head}<i class="m"></i>{escape(line)}</div>')
            continue
        yield from folded(quiet, "without mutants")
        quiet = []
        yield _line(head, line, here)
    yield from folded(quiet, "without mutants")


def _line(head: str, line: str, mutants: Sequence[ShownMutant]) -> str:
    counting = [m for m in mutants if m.status not in (MutantStatus.EQUIVALENT, MutantStatus.STILLBORN)]
    killed = sum(m.status is MutantStatus.KILLED and not m.recorded_only for m in counting)
    kind = _kind(counting, killed)
    mark = f"{_MARKS['hit' if kind == 'hit' else 'unreachable' if not counting else 'missed']} {killed}/{len(counting)}"
    listed = "".join(_item(mutant) for mutant in sorted(mutants, key=lambda m: not m.survives))
    summary_ = f'<summary>{head}<i class="m">{mark}</i>{escape(line)}</summary>'
    return f'<details class="{kind}">{summary_}<ul>{listed}</ul></details>'


def _kind(counting: Sequence[ShownMutant], killed: int) -> str:
    if not counting:
        return "unreachable"
    return "hit" if killed == len(counting) else "unknown"


def _item(mutant: ShownMutant) -> str:
    kind = "unknown" if mutant.survives or mutant.recorded_only else "hit"
    return (
        f'<li><b class="{kind}">{mutant.status}</b> <code>{escape(change(mutant))}</code> '
        f"{escape(mutant.operator)} <span>{escape(known(mutant))}</span></li>"
    )


def _flat(code: str, most: int = 80) -> str:
    flat = " ".join(code.split())
    return flat if len(flat) <= most else f"{flat[: most - 3]}..."


def killed_by(found: MutationScore) -> list[tuple[str, int]]:
    """Return oracles in order with the mutants that each kills, RECORDED last."""
    order = {oracle.value: place for place, oracle in enumerate(Oracle)}
    return sorted(found.killed_by.items(), key=lambda row: order.get(row[0], -1))
