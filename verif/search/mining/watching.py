"""The module around a harness in which mining watches: registers as outputs, candidates as coverage points."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from verif.design.model import Direction, Edge
from verif.harness.model import COVERS, FieldKind, Harness, Observed
from verif.harness.names import Names, vector
from verif.property.mining import Candidate, Watched

_MODULE = re.compile(r"^\s*(?:module|interface|package|program)\s+(\w+)", re.MULTILINE)
_TIMESCALE = "`timescale 1ns/1ps"


@dataclass(frozen=True, kw_only=True, slots=True)
class Around:
    """A harness with more outputs."""

    harness: Harness
    signals: tuple[Watched, ...]
    """What the nets of the module around it stand for."""

    def watching(self) -> Harness:
        """Return it with an ``obs_`` output for each register."""
        outputs = self._registers()
        observed = [
            Observed(name=f"obs_{net}", port=signal.path, width=signal.width, direction=Direction.OUTPUT)
            for signal, net in outputs.items()
        ]
        ports = [f"output wire {vector(each.width)}{each.name}" for each in observed]
        lines = [f"assign obs_{net} = {net};" for net in outputs.values()]
        return replace(self._made(ports, lines), observed=(*self.harness.observed, *observed))

    def judging(self, candidates: Sequence[Candidate]) -> Harness:
        """Return it with ``covers``: bit n is 1 in the sampled tick in which candidate n, ``m<n>``, is broken."""
        port = f"output wire {vector(len(candidates))}{COVERS}"
        lines = list(self._violations(candidates))
        return replace(self._made([port], lines), covers=tuple(f"m{number}" for number in range(len(candidates))))

    def net(self, signal: Watched) -> str:
        """Return the net that has a signal's value."""
        return f"now_{self.signals.index(signal)}"

    def place(self, signal: Watched, within: str = "harness") -> str:
        """Return a signal's hierarchical name where the harness's path is ``within``."""
        if signal.role != "register":
            return f"{within}.{next(each.name for each in self.harness.observed if each.port == signal.path)}"
        return f"{within}.dut.{signal.path}" if signal.own else f"{within}.{signal.path.removeprefix('^')}"

    def invariant(self, candidate: Candidate, within: str = "harness") -> str:
        """Return a candidate about one cycle as an expression where the harness's path is ``within``; 1 in a reset."""

        def place(signal: Watched) -> str:
            return self.place(signal, within)

        holds = plain_onehots(candidate.expression(candidate.holds, place, place))
        before = candidate.expression(candidate.before, place, place)
        off = " || ".join(f"{within}.{name}" for name in _resets(self.harness))
        excuses = [text for text in (off, f"!({before})" if before else "") if text]
        return " || ".join([*excuses, f"({holds})"])

    def _registers(self) -> dict[Watched, str]:
        return {signal: self.net(signal) for signal in self.signals if signal.role == "register"}

    def _made(self, ports: Sequence[str], lines: Sequence[str]) -> Harness:
        harness = self.harness
        taken = [name for text in harness.files.values() for name in _MODULE.findall(text)]
        top = Names([*taken, harness.top]).take(f"{harness.top.removesuffix('_harness')}_mining")
        own = list(_ports(harness))
        text = [
            *([_TIMESCALE] if any(_TIMESCALE in text for text in harness.files.values()) else []),
            "// verilator lint_off SYNCASYNCNET",
            "`default_nettype none",
            f"module {top} (",
            ",\n".join(f"    {port}" for port in (*(declared for declared, _ in own), *ports)),
            ");",
            f"    {harness.top} harness (",
            ",\n".join(f"        .{name}({name})" for _, name in own),
            "    );",
            *(f"    {line}" for line in (*self._nets(), *lines)),
            "endmodule",
            "`default_nettype wire",
        ]
        return replace(harness, top=top, files={**harness.files, f"{top}.sv": "\n".join(text) + "\n"})

    def _nets(self) -> Iterator[str]:
        ports = {each.port: each.name for each in self.harness.observed}
        for signal in self.signals:
            place = self.place(signal) if signal.role == "register" else ports[signal.path]
            yield f"wire {vector(signal.width)}{self.net(signal)} = {place};"

    def _violations(self, candidates: Sequence[Candidate]) -> Iterator[str]:
        """Yield what remembers the last cycle, then a bit for each candidate, with the meaning of an assertion."""
        yield f"wire off = {_in_reset(self.harness)};"
        registers: dict[str, tuple[str, str]] = {"was_off": ("", "off")}
        late: list[str] = []
        lines: list[str] = []
        befores: dict[str, str] = {}
        for place, candidate in enumerate(candidates):
            holds = self._hold(candidate)
            before = candidate.expression(candidate.before, self.net, self._past) if candidate.before else "1'b1"
            for signal in candidate.looks_back:
                registers[self._past(signal)] = (vector(signal.width), self.net(signal))
            if candidate.window:
                registers[f"last_{place}"] = ("", before)
                late += self._late(place, before, holds, candidate.window)
                violated = f"left_{place}[{candidate.window[1]}]"
            elif candidate.later:
                name = befores.setdefault(before, f"was_{len(befores)}")
                registers[name] = ("", before)
                violated = f"!was_off && {name} && !({holds})"
            else:
                violated = f"{before} && !({holds})"
            bit = f"{COVERS}[{place}]" if len(candidates) > 1 else COVERS
            lines.append(f"assign {bit} = !off && {violated};")
        for name, (width, value) in registers.items() if self.harness.clocks else ():
            yield f"reg {width}{name} = {int(name == 'was_off')};"
            yield f"always @({self._edge()}) {name} <= {value};"
        yield from (*late, *lines)

    def _hold(self, candidate: Candidate) -> str:
        return plain_onehots(candidate.expression(candidate.holds, self.net, self._past))

    def _late(self, place: int, before: str, holds: str, window: tuple[int, int]) -> Iterator[str]:
        """Yield the attempts under way by age: the oldest is 1 where it has waited for too long."""
        low, high = window
        waiting, now = f"waiting_{place}", f"ages_{place}"
        mask = sum(1 << age for age in range(low, high + 1))
        yield f"reg {vector(high)}{waiting} = 0;"
        yield f"wire {vector(high + 1)}{now} = {{{waiting}, {before} && !last_{place}}};"
        yield f"wire {vector(high + 1)}left_{place} = ({holds}) ? {now} & ~{high + 1}'d{mask} : {now};"
        yield f"always @({self._edge()}) {waiting} <= off ? {high}'d0 : left_{place}[{high - 1}:0];"

    def _past(self, signal: Watched) -> str:
        return f"past_{self.signals.index(signal)}"

    def _edge(self) -> str:
        clock = self.harness.clocks[0]
        return f"{'posedge' if clock.edge is Edge.RISING else 'negedge'} {clock.name}"


def _in_reset(harness: Harness) -> str:
    return " || ".join(_resets(harness)) or "1'b0"


def _resets(harness: Harness) -> list[str]:
    return [field.name for field in harness.stimulus if field.kind is FieldKind.RESET]


def plain_onehots(text: str) -> str:
    """Return an expression with ``$onehot`` and ``$onehot0`` of names written out."""
    return re.sub(r"\$onehot(0?)\(([\w.\[\]]+)\)", lambda found: _onehot(found[2], least=0 if found[1] else 1), text)


def _onehot(net: str, *, least: int) -> str:
    few = f"(({net} & ({net} - 1'b1)) == 0)"
    return f"({few} && {net} != 0)" if least else few


def _ports(harness: Harness) -> Iterator[tuple[str, str]]:
    """Yield declarations and names of the harness's ports; what it covers already is left open."""
    for clock in harness.clocks:
        yield f"input wire {clock.name}", clock.name
    for field in harness.stimulus:
        yield f"input wire {vector(field.width)}{field.name}", field.name
    for port in harness.observed:
        yield f"output wire {vector(port.width)}{port.name}", port.name
    for monitor in harness.monitors:
        for name in (monitor.fail, monitor.seen):
            yield f"output wire {name}", name
