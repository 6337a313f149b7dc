"""Leave out what follows from other candidates alone, whatever the design does: the solver tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from verif.formal.frames import Frames
from verif.formal.solver import ABC, AUTO, SMT, Solver, command_of
from verif.formal.yosys import quoted, run_yosys
from verif.harness.names import vector
from verif.property.mining import Candidate, Watched
from verif.search.mining.watching import plain_onehots
from verif.sim.process import Processes

_TOP = "pruning"
_NOW, _BEFORE = "broken_now", "broken_before"
_SECONDS = 60.0


def independent(
    ordered: Sequence[Candidate], folder: Path, *, processes: Processes, solver: str = SMT
) -> tuple[Candidate, ...]:
    """Return the candidates that don't follow from the others, in their order; of several that say the same the first.

    Signals are free here: only what candidates say about them counts, in a cycle and in the one before. A LATENCY is
    always kept.
    """
    judged = [each for each in ordered if each.window is None]
    kept = set(_needed(judged, folder, processes, solver)) if judged else set()
    return tuple(each for each in ordered if each.window is not None or each in kept)


def _needed(judged: Sequence[Candidate], folder: Path, processes: Processes, solver: str) -> Iterator[Candidate]:
    folder.mkdir(parents=True, exist_ok=True)
    text, smt = folder / f"{_TOP}.sv", folder / f"{_TOP}.smt2"
    text.write_text(_text(judged), encoding="utf-8")
    commands = [
        f"read_slang --top {_TOP} {quoted(text)}",
        f"hierarchy -top {_TOP}",
        *("proc", "flatten", "opt_clean", f"write_smt2 {quoted(smt)}"),
    ]
    run_yosys(commands, folder, processes=processes, seconds=_SECONDS)
    frames = Frames.read(smt, (_NOW, _BEFORE))
    asked = _Asked(Solver(command_of(SMT if solver in (ABC, AUTO) else solver)), frames, judged)
    try:
        yield from asked.needed()
    finally:
        asked.close()


class _Asked:
    """Asks whether a candidate can be broken while others hold."""

    def __init__(self, solver: Solver, frames: Frames, judged: Sequence[Candidate]) -> None:
        self._solver = solver
        self._frames = frames
        self._judged = judged
        solver.tell(frames.step(0, start=False))

    def needed(self) -> list[Candidate]:
        """Return those that don't follow; the last is asked about first."""
        kept = (1 << len(self._judged)) - 1
        for place in reversed(range(len(self._judged))):
            others = kept & ~(1 << place)
            if not self._can_break(place, others):
                kept = others
        return [each for place, each in enumerate(self._judged) if kept >> place & 1]

    def close(self) -> None:
        """End the solver."""
        self._solver.close()

    def _can_break(self, place: int, others: int) -> bool:
        now, before = (self._frames.port(name, 0) for name in (_NOW, _BEFORE))
        width = len(self._judged) + 1
        zero = f"#b{0:0{width}b}"
        self._solver.tell("(push 1)")
        for port in (now, before):
            self._solver.tell(f"(assert (= (bvand {port} #b{others:0{width}b}) {zero}))")
        self._solver.tell(f"(assert (not (= (bvand {now} #b{1 << place:0{width}b}) {zero})))")
        answer = self._solver.satisfiable()
        self._solver.tell("(pop 1)")
        return answer


def _text(judged: Sequence[Candidate]) -> str:
    """Return a module whose inputs are the signals' values now and one cycle before."""
    signals = list(dict.fromkeys(signal for each in judged for signal in each.signals))
    places = {signal: place for place, signal in enumerate(signals)}

    def now(signal: Watched) -> str:
        return f"now_{places[signal]}"

    def past(signal: Watched) -> str:
        return f"past_{places[signal]}"

    width = len(judged) + 1
    ports = [f"input wire {vector(s.width)}{name(s)}" for s in signals for name in (now, past)]
    ports += [f"output wire [{width - 1}:0] {name}" for name in (_NOW, _BEFORE)]
    lines = [f"module {_TOP} (", ",\n".join(ports), ");"]
    for place, each in enumerate(judged):
        lines.append(f"assign {_NOW}[{place}] = {_broken(each, now, past)};")
        before = _broken(each, past, past) if _one_cycle(each) else "1'b0"
        lines.append(f"assign {_BEFORE}[{place}] = {before};")
    lines += [f"assign {name}[{width - 1}] = 1'b0;" for name in (_NOW, _BEFORE)]
    return "\n".join([*lines, "endmodule"]) + "\n"


def _one_cycle(candidate: Candidate) -> bool:
    return not candidate.later and not candidate.looks_back


def _broken(candidate: Candidate, now: Callable[[Watched], str], past: Callable[[Watched], str]) -> str:
    holds = plain_onehots(candidate.expression(candidate.holds, now, past))
    if not candidate.before:
        return f"!({holds})"
    before = candidate.expression(candidate.before, past if candidate.later else now, past)
    return f"({before}) && !({holds})"
