"""The hardware of the rules that read sentences: a module of its own for each, made from the rule's formulas."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from verif.harness.monitors.arguments import Arguments, Uncovered
from verif.harness.monitors.formulas import HELPERS, Translator
from verif.harness.monitors.hardware import Builder, Hardware
from verif.harness.monitors.nets import Nets, literal

_MODULE = "check_stated"
"""Stands for the name that the module gets from its rule."""
_MOST_CASES = 64
_LONGEST_DELAY = 8


def own(port: str) -> str:
    """Return what a module calls a port of the design."""
    return f"p_{port}"


@dataclass(frozen=True, slots=True)
class _Case:
    """A condition of one bit, the bits of the value that goes with it, and when that value may be anything."""

    condition: str
    value: str
    none: str


class _Formulas:
    """A rule's cases; they are translated as often as the module looks at another row of ports."""

    def __init__(self, nets: Nets, given: Arguments, name: str) -> None:
        self.nets = nets
        self.output = given.text("output")
        self.width = nets.width(self.output)
        self._mask = (1 << given.number("width")) - 1
        self._cases = given.cases(name)
        if not 0 < len(self._cases) <= _MOST_CASES:
            raise Uncovered(f"{len(self._cases)} cases")
        tried = self._translated(1, own)[0]
        self.bits = max(tried.needed, self.width + 1, given.number("width") + 1)
        self.ports = sorted(tried.ports)
        """Ports that the formulas look at."""
        self.helpers = sorted(tried.helpers)
        self.all_ports = sorted({*self.ports, self.output})
        for port in self.all_ports:
            if not re.fullmatch(r"\w+", port, re.ASCII):
                raise Uncovered(f"a port called {port}")

    def _translated(self, bits: int, name: Callable[[str], str]) -> tuple[Translator, list[_Case]]:
        translator = Translator(self.nets.widths, bits=bits)
        cases = []
        for condition, value in self._cases:
            number = translator.value(value, name)
            masked = f"{number.text} & {literal(self._mask, bits)}"
            cases.append(_Case(translator.condition(condition, name), masked, number.none))
        return translator, cases

    def cases(self, name: Callable[[str], str]) -> list[_Case]:
        """Return the cases over the nets that ``name`` tells."""
        return self._translated(self.bits, name)[1]

    def seen(self, net: str) -> str:
        """Return a net of the output's width with zeros above it."""
        return f"{{{self.bits - self.width}'b0, {net}}}"

    def known(self, nets: Iterable[str]) -> str:
        """Return whether no bit of ``nets`` is X or Z, for Icarus."""
        joined = ", ".join(nets)
        return f"^{{{joined}}} !== 1'bx" if joined else "1'b1"

    def module(self, name: str, about: str, clocked: bool, body: Iterable[str]) -> str:
        """Return the text of the module around ``body``."""
        ports = [*(["input  logic clk"] if clocked else []), "input  logic rst"]
        ports += [f"input  logic [{self.nets.width(port) - 1}:0] {own(port)}" for port in self.all_ports]
        ports += ["output logic fail", "output logic seen"]
        lines = [
            f"// {about}",
            "`default_nettype none",
            "",
            f"module {name} (",
            ",\n".join(f"    {port}" for port in ports),
            ");",
            "",
            f"    localparam W = {self.bits};    // bits of every number here",
            *(HELPERS[helper].rstrip() for helper in self.helpers),
            "",
            *(f"    {line}".rstrip() for line in body),
            "",
            "endmodule",
            "",
            "`default_nettype wire",
        ]
        return "\n".join(lines) + "\n"

    def hardware(self, name: str, text: str, clocked: bool) -> Hardware:
        """Return the module with its connections."""
        connections = {"clk": self.nets.the_clock()} if clocked else {}
        connections |= {own(port): self.nets.net(port) for port in self.all_ports}
        return Hardware(module=name, connections=connections, text=text)


def _if_known(name: str, condition: str) -> Iterator[str]:
    """Yield a net that is 0 in Icarus where ``condition`` is, and else 1."""
    if condition == "1'b1":
        yield f"wire {name} = 1'b1;"
        return
    yield from ("`ifdef __ICARUS__", f"wire {name} = {condition};", "`else", f"wire {name} = 1'b1;", "`endif")


def _follows(nets: Nets, given: Arguments) -> Hardware:
    """Compare with what a case says whose condition holds, now or so many cycles later; one of the delays fits."""
    given.only("output", "width", "cases", "delays")
    formulas, delays = _Formulas(nets, given, "cases"), given.numbers("delays")
    if not delays or min(delays) < 0 or max(delays) > _LONGEST_DELAY:
        raise Uncovered(f"the delays {delays}")
    clocked = len(delays) > 1 or max(delays) > 0
    about = f"{formulas.output} is what the specification computes from other ports."
    body = list(_follows_body(formulas, sorted(delays)))
    text = formulas.module(_MODULE, about, clocked, body)
    return formulas.hardware(_MODULE, text, clocked)


def _follows_body(formulas: _Formulas, delays: list[int]) -> Iterator[str]:
    count, deepest, output = len(delays), delays[-1], own(formulas.output)
    cases = formulas.cases(own)
    yield from _if_known("known", formulas.known([output]))
    yield from _if_known("known_now", formulas.known(map(own, formulas.ports)))
    yield "// What the output may be for the ports of this cycle; anything where it is open."
    for number, case in enumerate(cases):
        yield f"wire holds_0_{number} = {case.condition};"
        yield f"wire [W-1:0] value_0_{number} = {case.value};"
    holds = [f"holds_0_{number}" for number in range(len(cases))]
    none = [f"({one} && {case.none})" for one, case in zip(holds, cases, strict=True) if case.none != "1'b0"]
    yield f"wire open_0 = !({' || '.join(holds)}) || !known_now{''.join(f' || {one}' for one in none)};"
    for delay in range(1, deepest + 1):
        yield f"logic open_{delay};"
        for number in range(len(cases)):
            yield f"logic holds_{delay}_{number};"
            yield f"logic [W-1:0] value_{delay}_{number};"
    for delay in delays:
        fits = [f"(holds_{delay}_{n} && value_{delay}_{n} == {formulas.seen(output)})" for n in range(len(cases))]
        yield f"wire fits_{delay} = {' || '.join([f'open_{delay}', *fits])};"
    if not deepest:
        yield "assign seen = !rst && known && !open_0;"
        yield "assign fail = !rst && known && !fits_0;"
        return
    joined = ", ".join(f"fits_{delay}" for delay in reversed(delays))
    closed = ", ".join(f"!open_{delay}" for delay in reversed(delays))
    yield f"logic [{count - 1}:0] delays;    // that fit so far, the shortest lowest"
    yield f"wire [{count - 1}:0] fits = delays & {{{joined}}};"
    yield f"assign seen = !rst && known && |(delays & {{{closed}}});"
    yield "assign fail = !rst && known && fits == 0;"
    yield "always @(posedge clk) begin"
    for delay in range(1, deepest + 1):
        yield f"    open_{delay} <= rst || open_{delay - 1};"
        for number in range(len(cases)):
            yield f"    holds_{delay}_{number} <= holds_{delay - 1}_{number};"
            yield f"    value_{delay}_{number} <= value_{delay - 1}_{number};"
    yield "    if (!rst && known && fits != 0) begin"
    yield "        delays <= fits;"
    yield "    end"
    yield "end"
    yield "initial begin"
    yield f"    delays = {{{count}{{1'b1}}}};"
    yield from (f"    open_{delay} = 1'b1;" for delay in range(1, deepest + 1))
    yield "end"


def _register(nets: Nets, given: Arguments) -> Hardware:
    """Compare with what a case says whose condition held, else with the value before; one of the lags fits."""
    given.only("output", "width", "changes", "start", "idle", "lags")
    formulas = _Formulas(nets, given, "changes")
    lags = given.whole("lags", (0, 1))
    if not set(lags) <= {0, 1} or not lags:
        raise Uncovered(f"the lags {lags}")
    idle = [nets.net(port) for port in given.whole_texts("idle")]
    body = list(_register_body(formulas, sorted(lags), given))
    text = formulas.module(_MODULE, f"{formulas.output} changes as the specification says.", True, body)
    hardware = formulas.hardware(_MODULE, text, True)
    return Hardware(
        module=hardware.module,
        connections={
            **hardware.connections,
            "busy": f"({' | '.join(f'(|{net})' for net in idle)})" if idle else "1'b0",
        },
        text=text.replace("    input  logic rst,\n", "    input  logic rst,\n    input  logic busy,\n", 1),
    )


def _register_body(formulas: _Formulas, lags: list[int], given: Arguments) -> Iterator[str]:
    output, before = own(formulas.output), f"earlier_1_{formulas.output}"
    rows = [1, 2] if 1 in lags else [1]
    starts = given.has("start")
    start = literal(given.number("start"), formulas.bits) if starts else ""
    looked = formulas.all_ports
    for row in rows:
        for port in looked:
            if row == 1 or port != formulas.output:
                yield f"logic [{formulas.nets.width(port) - 1}:0] earlier_{row}_{port};"
    yield from _if_known("known", formulas.known([output, before]))
    yield "logic [2:0] cycles;    // since the reset, 4 at most"
    for lag in lags:
        yield from _lag(formulas, lag, start)
    count = len(lags)
    joined = ", ".join(f"fits_{lag}" for lag in reversed(lags))
    closed = ", ".join(f"!open_{lag}" for lag in reversed(lags))
    yield f"logic [{count - 1}:0] lags;    // that fit so far, the shortest lowest"
    yield f"wire [{count - 1}:0] fits = lags & {{{joined}}};"
    if starts:
        yield f"wire early = cycles == 3'd0 && !busy && {formulas.seen(output)} !== {start};"
    else:
        yield "wire early = 1'b0;"
        yield "wire unused = busy;"
    yield (
        f"assign seen = !rst && cycles != 3'd0 && known && |(lags & {{{closed}}});"
        if not starts
        else (f"assign seen = !rst && (cycles == 3'd0 ? !busy : known && |(lags & {{{closed}}}));")
    )
    yield "assign fail = !rst && (cycles == 3'd0 ? early : known && fits == 0);"
    yield "always @(posedge clk) begin"
    for port in looked:
        yield f"    earlier_1_{port} <= {own(port)};"
    if 2 in rows:
        for port in looked:
            if port != formulas.output:
                yield f"    earlier_2_{port} <= earlier_1_{port};"
    yield "    cycles <= rst ? 3'd0 : cycles == 3'd4 ? cycles : cycles + 3'd1;"
    yield "    if (!rst && cycles != 3'd0 && known && fits != 0) begin"
    yield "        lags <= fits;"
    yield "    end"
    yield "end"
    yield "initial begin"
    yield "    cycles = 3'd0;"
    yield f"    lags = {{{count}{{1'b1}}}};"
    yield "end"


def _lag(formulas: _Formulas, lag: int, start: str) -> Iterator[str]:
    """Yield whether the output fits what the ports of the cycle before, or of the one before that, ask for."""
    output = formulas.output

    def name(port: str) -> str:
        return f"earlier_1_{port}" if port == output else f"earlier_{lag + 1}_{port}"

    cases = formulas.cases(name)
    for number, case in enumerate(cases):
        yield f"wire holds_{lag}_{number} = {case.condition};"
        yield f"wire [W-1:0] value_{lag}_{number} = {case.value};"
    yield from _if_known(f"known_{lag}", formulas.known(name(port) for port in formulas.ports))
    holds = [f"holds_{lag}_{number}" for number in range(len(cases))]
    none = [f"({one} && {case.none})" for one, case in zip(holds, cases, strict=True) if case.none != "1'b0"]
    yield f"wire open_{lag} = cycles < 3'd{lag + 1} || !known_{lag}{''.join(f' || {one}' for one in none)};"
    seen = formulas.seen(own(output))
    fits = [f"open_{lag}", f"(!({' || '.join(holds)}) && earlier_1_{output} == {own(output)})"]
    fits += [f"({one} && value_{lag}_{number} == {seen})" for number, one in enumerate(holds)]
    if start:
        fits.append(f"(cycles < 3'd4 && {seen} == {start})")
    yield f"wire fits_{lag} = {' || '.join(fits)};"


STATED: Mapping[str, Builder] = {"FollowsRule": _follows, "RegisterRule": _register}
"""Class of a rule to its hardware."""
