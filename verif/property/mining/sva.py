"""Mined invariants as a file of assertions that people read, adopt or delete."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from textwrap import wrap

from verif.design.model import Design, Edge
from verif.property.mining.candidate import Candidate, Kind, Watched, number

_WIDTH = 110
_TITLES = {
    Kind.DIFFERENCE: "One number is the difference of two others.",
    Kind.LATENCY: "One bit follows another one within so many cycles.",
    Kind.ONEHOT: "Codes with one bit that is 1, or with at most one.",
    Kind.NEXT: "What a cycle says about the next one.",
    Kind.EQUAL: "Signals with the same value, or the opposite one.",
    Kind.STATE: "What a state of a machine says.",
    Kind.IMPLIES: "What one bit says about another one.",
    Kind.BOUND: "Bounds of numbers.",
    Kind.VALUES: "Registers with few values.",
    Kind.CONSTANT: "Signals that never change.",
}
_LABEL = 60
_WORDS = (
    ("|->", "so"),
    ("|=>", "then"),
    ("##", "after"),
    ("$past", "past"),
    ("$stable", "stable"),
    ("$rose", "rise_of"),
    ("$onehot", "onehot"),
    ("==", "is"),
    ("!=", "is not"),
    ("<=", "at most"),
    (">=", "at least"),
    ("&&", "and"),
    ("||", "or"),
    ("!", "not"),
    (" - ", " minus "),
    (" + ", " plus "),
)
_ABOUT = (
    "RECORDED: what {dut} was found to do, proven by induction for every legal stimulus of its bench and every length. "
    "It says what the design does, not what it should do: adopt what the specification asks for, delete the rest. "
    "'posedge prove BENCH --props {file}' proves it again, and tells what a change of the design breaks."
)


def vector(width: int) -> str:
    """Return the range of a vector with a space behind it; nothing for one bit."""
    return f"[{width - 1}:0] " if width > 1 else ""


def file_name(dut: str) -> str:
    """Return the name of the file for a design."""
    return f"{dut}_mined.sv"


def mined_text(design: Design, kept: Sequence[Candidate], dut: str) -> str:
    """Return the file: a module with an assertion for each invariant of the design's own, and its bind directive.

    States of machines stand in it under their names.
    """
    names = _port_names(design, kept)
    states = _States(design, names)
    clock, module = design.clocks[0], f"{dut}_mined"
    resets = " || ".join(f"{'' if reset.active_high else '!'}{reset.name}" for reset in design.resets)
    control = [clock.name, *(reset.name for reset in design.resets)]
    ports = [f"input wire {name}" for name in control]
    ports += [f"input wire {vector(s.width)}{name}" for s, name in names.items()]
    connections = [f".{name}({name})" for name in control]
    connections += [f".{name}({signal.path})" for signal, name in names.items()]
    lines = [
        *(f"// {line}" for line in wrap(_ABOUT.format(dut=dut, file=file_name(dut)), _WIDTH)),
        f"module {module} (",
        ",\n".join(f"  {port}" for port in ports),
        ");",
        f"  default clocking @({'posedge' if clock.edge is Edge.RISING else 'negedge'} {clock.name}); endclocking",
        *([f"  default disable iff ({resets});"] if resets else []),
        *states.declarations(kept),
        *_assertions(kept, names, states),
        "endmodule",
        "",
        f"bind {design.top} {module} mined (",
        ",\n".join(f"  {connection}" for connection in connections),
        ");",
    ]
    return "\n".join(lines) + "\n"


class _States:
    """The names of the states of the design's machines."""

    def __init__(self, design: Design, names: dict[Watched, str]) -> None:
        machines = {fsm.register: fsm.states for fsm in design.fsms}
        taken = set(names.values())
        self._texts: dict[str, tuple[str, str]] = {}
        """Port and number, as in a comparison, to the name and its declaration."""
        for signal, port in names.items():
            for state, value in machines.get(signal.path, {}).items():
                plain = state if re.fullmatch(r"[A-Za-z_]\w*", state) else f"{port}_{value}"
                name = _fresh(plain, taken)
                text = number(value, signal.width)
                self._texts[f"{port} == {text}"] = (name, f"{vector(signal.width)}{name} = {text}")

    def named(self, text: str) -> str:
        """Return an assertion with the names of states in it."""
        for compared, (name, _) in self._texts.items():
            port, _, value = compared.partition(" == ")
            text = re.sub(rf"\b{re.escape(port)} ([!=]=) {re.escape(value)}\b", rf"{port} \1 {name}", text)
        return text

    def declarations(self, kept: Sequence[Candidate]) -> list[str]:
        """Return a parameter for each state, where any is named."""
        if not self._texts or not kept:
            return []
        return ["", *(f"  localparam {declared};" for _, declared in self._texts.values())]


def labels(design: Design, kept: Sequence[Candidate]) -> dict[Candidate, tuple[str, str]]:
    """Return for each invariant its label and its assertion, as the file has them and in its order."""
    names = _port_names(design, kept)
    return _labelled(kept, names, _States(design, names))


def _labelled(
    kept: Sequence[Candidate], names: dict[Watched, str], states: _States
) -> dict[Candidate, tuple[str, str]]:
    taken: set[str] = set(names.values())
    order = list(Kind)
    found: dict[Candidate, tuple[str, str]] = {}
    for candidate in sorted(kept, key=lambda each: order.index(each.kind)):
        text = states.named(candidate.sva(lambda signal: names[signal]))
        found[candidate] = (_fresh(label_of(text), taken), text)
    return found


def _assertions(kept: Sequence[Candidate], names: dict[Watched, str], states: _States) -> Iterator[str]:
    labelled = _labelled(kept, names, states)
    for kind, group in groupby(labelled, lambda each: each.kind):
        yield ""
        yield f"  // {_TITLES[kind]}"
        for candidate in group:
            label, text = labelled[candidate]
            yield f"  {label}: assert property ({text});"


def label_of(text: str) -> str:
    """Return an identifier made of what an assertion says."""
    words = re.sub(r"(\d+)'(?:d|h)(\w+)", r"\2", text)
    for sign, word in _WORDS:
        words = words.replace(sign, f" {word} ")
    name = re.sub(r"\W+", "_", words.strip()).strip("_")[:_LABEL].strip("_")
    return name if re.match(r"[A-Za-z_]", name) else f"m_{name}"


def _port_names(design: Design, kept: Sequence[Candidate]) -> dict[Watched, str]:
    taken = {clock.name for clock in design.clocks} | {reset.name for reset in design.resets}
    signals = dict.fromkeys(signal for candidate in kept for signal in candidate.signals)
    plain = {signal: re.sub(r"\W+", "_", signal.path).strip("_") for signal in signals}
    return {signal: _fresh(name, taken) for signal, name in plain.items()}


def _fresh(name: str, taken: set[str]) -> str:
    found, number = name, 2
    while found in taken:
        found, number = f"{name}_{number}", number + 1
    taken.add(found)
    return found
