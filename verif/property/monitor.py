"""From a property to the synthesizable module that judges it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from verif.property.automaton import ANY, Automaton, Edge, Guard
from verif.property.clauses import Clause, clause
from verif.property.ir import Property, PropertyFile, Signal
from verif.property.values import PREFIX, Values, declared, one_line


@dataclass(frozen=True, kw_only=True, slots=True)
class PropertyMonitor:
    """A property with the hardware that judges it."""

    property: Property
    module: str
    """Module name, also the name of its file without ``.sv``."""
    text: str
    """HDL text of the module. Ports: ``clk``, whose rising edge samples; ``rst``, 1 in reset; one for each signal that
    the property reads; ``fail``, ``covered`` and ``seen``."""
    connections: Mapping[str, str]
    """Port (``rst``, ``fail``, ``covered`` and ``seen`` apart) to an expression over the names of the bound module."""


def monitors(file: PropertyFile) -> tuple[PropertyMonitor, ...]:
    """Return the monitors of a file's properties; Unsupported PE253 for one that takes too many cycles."""
    return tuple(monitor(prop, file) for prop in file.properties)


def monitor(prop: Property, file: PropertyFile) -> PropertyMonitor:
    """Return the monitor of one of ``file``'s properties; Unsupported PE253 where it takes too many cycles."""
    module = f"{file.module}_{prop.name}"
    rules = clause(prop)
    writer = _Writer(prop, rules)
    signals = writer.values.signals
    clock = file.connections[prop.clock.name]
    connections = {"clk": clock if prop.rising else f"~({clock})"}
    connections |= {f"{PREFIX}{signal.name}": file.connections[signal.name] for signal in signals}
    return PropertyMonitor(property=prop, module=module, text=writer.module(module), connections=connections)


class _Writer:
    """Writes the text of one module."""

    def __init__(self, prop: Property, rules: Clause) -> None:
        self._property = prop
        self._rules = rules
        used = [
            guard for automaton in (rules.antecedent, rules.consequent) if automaton for guard in _guards(automaton)
        ]
        booleans = dict.fromkeys(boolean for guard in used for boolean in sorted(guard, key=str))
        if prop.disable:
            booleans[prop.disable] = None
        self.values = Values(booleans)

    def module(self, name: str) -> str:
        """Return the whole text."""
        ports = ["input  wire clk", "input  wire rst", *(f"input  wire {_port(one)}" for one in self.values.signals)]
        ports += ["output wire fail", "output wire covered", "output wire seen"]
        lines = [
            one_line(f"// {self._property.directive} property {self._property.name}: {self._property.body}"),
            "`default_nettype none",
            "/* verilator lint_off WIDTH */           // the expressions are the user's",
            "/* verilator lint_off UNUSEDSIGNAL */    // they may read some bits of a port only",
            "",
            f"module {name} (",
            ",\n".join(f"    {port}" for port in ports),
            ");",
            "",
            *(f"    {line}".rstrip() for line in self._body()),
            "",
            "endmodule",
            "",
            "/* verilator lint_on UNUSEDSIGNAL */",
            "/* verilator lint_on WIDTH */",
            "`default_nettype wire",
        ]
        return "\n".join(lines) + "\n"

    def _body(self) -> Iterator[str]:
        yield from self.values.lines()
        disable = f" || {self.values.name(self._property.disable)}" if self._property.disable else ""
        yield f"wire off = rst{disable};    // gives up every attempt"
        registers: list[tuple[str, str]] = []
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
            yield "assign seen = !off;"
            return
        waiting = sorted({edge.source for edge in automaton.edges} - {0})
        names = {state: f"before_{state}" for state in waiting} | {0: ""}
        yield from (f"reg {names[state]};" for state in waiting)
        for state in waiting:
            registers.append((names[state], f"!off && {self._arrives(automaton.edges, {state}, names)}"))
        yield f"assign seen = !off && {self._arrives(automaton.edges, automaton.final, names)};"

    def _consequent(self, registers: list[tuple[str, str]]) -> Iterator[str]:
        """Yield ``fail`` and ``covered``; slot ``k`` is the obligation that began ``k`` cycles ago."""
        automaton = self._rules.consequent
        waiting = {edge.source for edge in automaton.edges}
        fails, matches = [], []
        for age, level in enumerate(automaton.levels()):
            alive = sorted(level & waiting)
            if not alive:
                break
            names = {state: f"slot_{age}_{state}" if age else "seen" for state in alive}
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
        yield f"assign fail = !off && ({' || '.join(fails)});"
        yield f"assign covered = !off && ({' || '.join(matches)});"

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


def _port(signal: Signal) -> str:
    return f"{declared(signal)}{PREFIX}{signal.name}"
