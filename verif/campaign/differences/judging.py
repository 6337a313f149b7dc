"""Judge a run on a four-state simulator: what both versions show at their ports on the same inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from verif.campaign.differences.result import Difference
from verif.campaign.differences.versions import Versions
from verif.design.model import Design, Direction, Port, PortRole
from verif.errors import ToolError
from verif.formal.top import in_reset
from verif.harness.model import Harness
from verif.sim.playback import Playback, play_on_icarus, play_on_verilator
from verif.sim.sandbox import Sandbox
from verif.stimulus.rows import Stimulus
from verif.trace import Signal, Trace
from verif.verdict import Verdict

_PLAYERS: Mapping[str, Callable[..., Playback]] = {"icarus": play_on_icarus, "verilator": play_on_verilator}
Rows = Sequence[Sequence[int]]
"""Stimulus of a harness after the reset, a value a field."""
_SHORTENING = 12
"""Rounds of leaving out cycles in a simulator."""
Played = tuple[list[dict[str, str]], str]
"""What the outputs were in each row, and the simulator that showed it."""
_UNKNOWN = str.maketrans("xXzZ", "0000")


@dataclass(frozen=True, kw_only=True)
class Judge:
    """Plays runs on both versions."""

    versions: Versions
    folder: Path
    sandbox: Sandbox | None = None
    simulators: Sequence[str] | None = None
    """Those of the versions, unless told."""

    def of_rows(self, harness: Harness, rows: Rows, found_by: str) -> Difference | None:
        """Return how the two differ on a harness's stimulus; None where they don't."""
        return self.of_inputs(self.inputs(harness, rows), harness.reset_ticks, found_by)

    def inputs(self, harness: Harness, rows: Rows) -> Stimulus:
        """Return the inputs that a harness gives to its design, the reset before the run first."""
        fields, clocks = harness.stimulus, harness.clocks
        every = [*([in_reset(each) for each in fields] for _ in range(harness.reset_ticks)), *rows]
        stimulus = Stimulus(
            ports=(*(clock.name for clock in clocks), *(each.name for each in fields)),
            rows=tuple((*_edges(harness, tick), *row) for tick, row in enumerate(every)),
        )
        design = _as_design(harness)
        files = [*harness.design.sources.files, *_written(harness, self.folder / "harness")]
        sources = replace(harness.design.sources, files=tuple(files), top=harness.top, parameters={})
        played, _ = self._play(sources=replace(design, sources=sources), stimulus=stimulus, place="inputs")
        taken = {each.port: each for each in harness.observed if each.direction is Direction.INPUT}
        columns = {name: [bits[name] for bits in played] for name in (each.name for each in taken.values())}
        ports = tuple(port.name for port in harness.design.ports if port.name in taken)
        values = [[int(text.translate(_UNKNOWN), 2) for text in columns[taken[port].name]] for port in ports]
        return Stimulus(
            ports=(*(clock.name for clock in clocks), *ports),
            rows=tuple((*_edges(harness, tick), *(column[tick] for column in values)) for tick in range(len(every))),
        )

    def of_old(self, stimulus: Stimulus) -> Played:
        """Play inputs on OLD."""
        return self._play(sources=self.versions.old, stimulus=stimulus, place="old")

    def of_inputs(
        self, stimulus: Stimulus, reset_ticks: int, found_by: str, *, old: Played | None = None
    ) -> Difference | None:
        """Return how the two differ on the same inputs after the reset; None where they don't.

        ``old`` is what OLD showed on them, where that is known.
        """
        versions = self.versions
        shown, judged = old or self.of_old(stimulus)
        new, _ = self._play(sources=versions.new, stimulus=self._renamed(stimulus), place="new")
        pairs = [(port, versions.pairing.port(port)) for port in versions.compared]
        for really in (True, False):
            for tick in range(reset_ticks, len(stimulus)):
                ports = {
                    port: (shown[tick][port], new[tick][other])
                    for port, other in pairs
                    if _differ(shown[tick][port], new[tick][other], known=really)
                }
                if ports:
                    return Difference(
                        stimulus=replace(stimulus, rows=stimulus.rows[: tick + 1]),
                        tick=tick,
                        ports=ports,
                        shown={port: tuple(row[port] for row in shown[: tick + 1]) for port in ports},
                        trace=_trace(versions, stimulus, shown, new, tuple(ports), tick),
                        judged_on=judged,
                        found_by=found_by,
                        unknown=not really,
                    )
        return None

    def shortened(self, found: Difference, reset_ticks: int) -> Difference:
        """Return a difference with fewer cycles before it, where leaving some out still shows one that is known."""
        best, size = found, (len(found.stimulus) - reset_ticks) // 2
        for _ in range(_SHORTENING):
            if size < 1:
                break
            again = self._without(best, reset_ticks, size)
            if again:
                best, size = again, min(size, len(again.stimulus) - reset_ticks - 1)
            else:
                size //= 2
        return best

    def _without(self, found: Difference, reset_ticks: int, size: int) -> Difference | None:
        """Leave out ``size`` cycles in one of a few places."""
        rows = found.stimulus.rows
        places = (reset_ticks, (reset_ticks + len(rows) - size) // 2, len(rows) - 1 - size)
        for start in dict.fromkeys(place for place in places if place >= reset_ticks):
            kept = replace(found.stimulus, rows=(*rows[:start], *rows[start + size :]))
            again = self.of_inputs(kept, reset_ticks, found.found_by)
            if again and not again.unknown and len(again.stimulus) < len(rows):
                return again
        return None

    def _renamed(self, stimulus: Stimulus) -> Stimulus:
        pairing = self.versions.pairing
        ties = pairing.ties
        return Stimulus(
            ports=(*(pairing.port(name) for name in stimulus.ports), *ties),
            rows=tuple((*row, *ties.values()) for row in stimulus.rows),
        )

    def _play(self, *, sources: Design, stimulus: Stimulus, place: str) -> Played:
        said = []
        for name in self.versions.simulators if self.simulators is None else self.simulators:
            played = _PLAYERS[name](sources.sources, sources, stimulus, self.folder / place, sandbox=self.sandbox)
            if played.verdict is Verdict.PASS:
                outputs = [port for port in sources.ports if port.direction is Direction.OUTPUT]
                return [_cut(line, outputs) for line in played.outputs], name
            said.append(f"{name}: {played.message}")
        raise ToolError("PE923", f"no simulator plays {sources.top}: {'; '.join(said)}")


def _edges(harness: Harness, tick: int) -> tuple[int, ...]:
    now = harness.schedule[tick % len(harness.schedule)] if harness.schedule else ""
    return tuple(int(clock.name == now) for clock in harness.clocks)


def _written(harness: Harness, folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in harness.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in harness.files]


def _as_design(harness: Harness) -> Design:
    """Return a harness as a design of its own."""
    inputs = [(clock.name, 1, PortRole.CLOCK) for clock in harness.clocks]
    inputs += [(each.name, each.width, PortRole.DATA) for each in harness.stimulus]
    outputs = [(each.name, each.width) for each in harness.observed]
    ports = [Port(name=n, direction=Direction.INPUT, width=w, role=role) for n, w, role in inputs]
    ports += [Port(name=n, direction=Direction.OUTPUT, width=w) for n, w in outputs]
    return Design(top=harness.top, sources=harness.design.sources, ports=tuple(ports), clocks=harness.clocks)


def _cut(line: str, outputs: Sequence[Port]) -> dict[str, str]:
    found, at = {}, 0
    for port in outputs:
        found[port.name] = line[at : at + port.width].lower()
        at += port.width
    return found


def _differ(old: str, new: str, *, known: bool) -> bool:
    if not known:
        return old != new
    return any(a != b and a in "01" and b in "01" for a, b in zip(old, new, strict=True))


def _trace(
    versions: Versions,
    stimulus: Stimulus,
    old: Sequence[Mapping[str, str]],
    new: Sequence[Mapping[str, str]],
    ports: Sequence[str],
    tick: int,
) -> Trace:
    clocks = {clock.name: f"{'pos' if clock.edge.value == 'rising' else 'neg'}edge" for clock in versions.old.clocks}
    widths = {port.name: port.width for port in versions.old.ports}
    signals = [
        Signal(
            name=name,
            values=stimulus.column(name)[: tick + 1],
            width=widths[name],
            direction=clocks.get(name, "input"),
        )
        for name in stimulus.ports
    ]
    for port in ports:
        for side, seen, name in (("OLD", old, port), ("NEW", new, versions.pairing.port(port))):
            values = tuple(_number(row[name]) for row in seen[: tick + 1])
            signals.append(Signal(name=f"{port} {side}", values=values, width=widths[port], direction="output"))
    return Trace(signals=tuple(signals))


def _number(bits: str) -> int | None:
    return None if set(bits) - {"0", "1"} else int(bits, 2)
