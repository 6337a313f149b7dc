"""From a property to the synthesizable module that judges it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from verif.property.automaton import ANY, Automaton, Edge, Guard
from verif.property.clauses import Clause, clause
from verif.property.ir import Origin, Property, PropertyFile, Signal
from verif.property.values import Values, declared, one_line
from verif.property.wiring import Reference, Wiring

OUTPUTS = ("fail", "covered", "seen")
"""What a monitor says."""
_SHOWN = "shown_"
"""Before the name of a signal of modelling code where that shows it."""
_HEAD = (
    "`default_nettype none",
    "/* verilator lint_off WIDTH */           // the expressions are the user's",
    "/* verilator lint_off UNUSEDSIGNAL */    // they may read some bits of a port only",
    "",
)
_TAIL = ("/* verilator lint_on UNUSEDSIGNAL */", "/* verilator lint_on WIDTH */", "`default_nettype wire")


@dataclass(frozen=True, kw_only=True, slots=True)
class PropertyMonitor:
    """A property with the hardware that judges it."""

    property: Property
    module: str
    """Module name, also the name of its file without ``.sv``."""
    text: str
    """HDL text of the module. Ports: ``clk``, whose rising edge samples; ``rst``, 1 in reset; one for each signal that
    the property reads; ``fail``, ``covered`` and ``seen``."""
    clock: Wiring
    """What the property's clock is connected to; ``property.rising`` says which edge of it samples."""
    connections: Mapping[str, Wiring]
    """Port (``rst``, ``fail``, ``covered`` and ``seen`` apart) to what it is connected to in the design."""
    code: str = ""
    """Text of the module with the modelling code, of which this one has an instance; the same for all properties of a
    file. Empty where the property reads none of it."""
    code_module: str = ""
    """That module's name."""


def monitors(file: PropertyFile, *, held: bool = False) -> tuple[PropertyMonitor, ...]:
    """Return the monitors of a file's properties; Unsupported PE253 for one that takes too many cycles."""
    return tuple(monitor(prop, file, held=held) for prop in file.properties)


def monitor(
    prop: Property, file: PropertyFile, *, held: bool = False, outputs: Sequence[str] = OUTPUTS
) -> PropertyMonitor:
    """Return the monitor of one of ``file``'s properties; Unsupported PE253 where it takes too many cycles.

    The outputs belong to the cycle that its clock's next edge ends; ``held`` ones show what that edge sampled, until
    the next one: for harnesses in which other edges come in between. ``outputs`` are those that the module has.
    """
    module = re.sub(r"\W+", "_", f"{file.module}_{prop.name}")
    writer = _Writer(prop, clause(prop), file, held=held, outputs=outputs)
    clock = file.connections[prop.clock.name]
    connections = {"clk": clock if prop.rising else clock.inverted()}
    connections |= {writer.values.port(signal): _wiring(signal, file) for signal in writer.inputs}
    return PropertyMonitor(
        property=prop,
        module=module,
        text=writer.module(module),
        clock=clock,
        connections=connections,
        code=writer.code_text(),
        code_module=writer.code_module,
    )


def _wiring(signal: Signal, file: PropertyFile) -> Wiring:
    if signal.origin is Origin.DESIGN:
        return Wiring((Reference(signal.name),))
    return file.connections[signal.name]


class _Writer:
    """Writes the text of one module."""

    def __init__(
        self, prop: Property, rules: Clause, file: PropertyFile, *, held: bool, outputs: Sequence[str]
    ) -> None:
        self._property = prop
        self._rules = rules
        self._file = file
        self._held = held
        self._outputs = outputs
        used = [
            guard for automaton in (rules.antecedent, rules.consequent) if automaton for guard in _guards(automaton)
        ]
        booleans = dict.fromkeys(boolean for guard in used for boolean in sorted(guard, key=str))
        if prop.disable:
            booleans[prop.disable] = None
        read = [signal for boolean in booleans for signal in boolean.signals]
        coded = any(signal.origin is Origin.OWN for signal in read)
        self._code = file.code if coded else None
        self.values = Values(booleans, file.signals if coded else ())
        self.inputs = tuple(signal for signal in self.values.signals if signal.origin is not Origin.OWN)
        """What comes from the design; where modelling code is read, all that the code may read."""
        self.code_module = f"{file.module}_code" if self._code else ""

    def module(self, name: str) -> str:
        """Return the whole text."""
        ports = ["input  wire clk", "input  wire rst", *(f"input  wire {self._declared(one)}" for one in self.inputs)]
        kind = "reg " if self._held else "wire"
        ports += [f"output {kind} {port}" for port in self._outputs]
        lines = [
            one_line(f"// {self._property.directive} property {self._property.name}: {self._property.body}"),
            *_HEAD,
            f"module {name} (",
            ",\n".join(f"    {port}" for port in ports),
            ");",
            "",
            *(f"    {line}".rstrip() for line in self._body()),
            "",
            "endmodule",
            "",
            *_TAIL,
        ]
        return "\n".join(lines) + "\n"

    def code_text(self) -> str:
        """Return the module with the modelling code; empty where the property reads none."""
        if self._code is None:
            return ""
        outputs = [replace(signal, name=f"{_SHOWN}{signal.name}") for signal in self._code.signals]
        ports = [f"input  wire {declared(one)}{one.name}" for one in self._file.signals]
        ports += [f"output wire {declared(one)}{one.name}" for one in outputs]
        shown = [f"    assign {_SHOWN}{one.name} = {one.name};" for one in self._code.signals]
        head = [f"// The modelling code of {self._file.module}.", *_HEAD, f"module {self.code_module} ("]
        lines = [*head, ",\n".join(f"    {port}" for port in ports), ");", "", self._code.text, "", *shown, ""]
        return "\n".join([*lines, "endmodule", "", *_TAIL]) + "\n"

    def _declared(self, signal: Signal) -> str:
        return f"{declared(signal)}{self.values.port(signal)}"

    def _coded(self) -> Iterator[str]:
        """Yield the instance of the modelling code, and what the property reads of it."""
        if self._code is None:
            return
        read = [signal for signal in self.values.signals if signal.origin is Origin.OWN]
        yield from (f"wire {self._declared(signal)};" for signal in read)
        ports = [f".{one.name}({self.values.port(one)})" for one in self._file.signals]
        for one in self._code.signals:
            ports.append(f".{_SHOWN}{one.name}({self.values.port(one) if one in read else ''})")
        yield "/* verilator lint_off PINCONNECTEMPTY */"
        yield f"{self.code_module} code ({', '.join(ports)});"
        yield "/* verilator lint_on PINCONNECTEMPTY */"

    def _body(self) -> Iterator[str]:
        yield from self._coded()
        yield from self.values.lines()
        disable = f" || {self.values.name(self._property.disable)}" if self._property.disable else ""
        yield f"wire off = rst{disable};    // gives up every attempt"
        registers: list[tuple[str, str]] = []
        if self._held:
            yield from (f"wire now_{name};" for name in OUTPUTS)
            registers += [(name, f"now_{name}") for name in self._outputs]
        else:
            yield from (f"wire {name};" for name in OUTPUTS if name not in self._outputs)
        yield from self._antecedent(registers)
        yield from self._consequent(registers)
        if self.values.registers or registers:
            yield "always @(posedge clk) begin"
            yield from (f"    {name} <= {value};" for name, value in [*self.values.registers, *registers])
            yield "end"
            yield "initial begin"
            yield from (f"    {name} = 0;" for name, _ in [*self.values.registers, *registers])
            yield "end"

    def _antecedent(self, registers: list[tuple[str, str]]) -> Iterator[str]:
        """Yield ``seen``; all attempts share the states, since every match obliges."""
        automaton = self._rules.antecedent
        if automaton is None:
            yield f"assign {self._seen} = !off;"
            return
        waiting = sorted({edge.source for edge in automaton.edges} - {0})
        names = {state: f"before_{state}" for state in waiting} | {0: ""}
        yield from (f"reg {names[state]};" for state in waiting)
        for state in waiting:
            registers.append((names[state], f"!off && {self._arrives(automaton.edges, {state}, names)}"))
        yield f"assign {self._seen} = !off && {self._arrives(automaton.edges, automaton.final, names)};"

    def _consequent(self, registers: list[tuple[str, str]]) -> Iterator[str]:
        """Yield ``fail`` and ``covered``; slot ``k`` is the obligation that began ``k`` cycles ago."""
        automaton = self._rules.consequent
        waiting = {edge.source for edge in automaton.edges}
        fails, matches = [], []
        for age, level in enumerate(automaton.levels()):
            alive = sorted(level & waiting)
            if not alive:
                break
            names = {state: f"slot_{age}_{state}" if age else self._seen for state in alive}
            yield from (f"reg {names[state]};" for state in alive if age)
            leaving = [edge for edge in automaton.edges if edge.source in alive]
            pending = " || ".join(names[state] for state in alive)
            onward = sorted({edge.target for edge in leaving} & waiting)
            yield f"wire match_{age} = {self._arrives(leaving, automaton.final, names)};"
            for state in onward:
                yield f"wire next_{age}_{state} = {self._arrives(leaving, {state}, names)};"
                registers.append((f"slot_{age + 1}_{state}", f"!off && !match_{age} && next_{age}_{state}"))
            hopes = " || ".join([f"match_{age}", *(f"next_{age}_{state}" for state in onward)])
            yield f"wire fail_{age} = ({pending}) && !({hopes});"
            fails.append(f"fail_{age}")
            matches.append(f"match_{age}")
        now = "now_" if self._held else ""
        yield f"assign {now}fail = !off && ({' || '.join(fails)});"
        yield f"assign {now}covered = !off && ({' || '.join(matches)});"

    @property
    def _seen(self) -> str:
        return "now_seen" if self._held else "seen"

    def _arrives(
        self, edges: tuple[Edge, ...] | list[Edge], goals: frozenset[int] | set[int], names: dict[int, str]
    ) -> str:
        """Return whether an edge into one of ``goals`` is taken in this cycle, in parentheses."""
        ways = []
        for edge in edges:
            if edge.target in goals:
                conditions = [names[edge.source]] if names[edge.source] else []
                conditions += sorted(self.values.name(one) for one in edge.guard)
                ways.append(" && ".join(conditions) or "1'b1")
        either = [f"({way})" for way in dict.fromkeys(ways)] or ["1'b0"]
        return f"({' || '.join(either)})"


def _guards(automaton: Automaton) -> list[Guard]:
    return [edge.guard for edge in automaton.edges if edge.guard != ANY]
