"""The boolean layer in hardware: wires for booleans and calls, registers for what they look back at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from verif.property.ir import Boolean, Constant, Function, Origin, Part, Sampled, Signal

PREFIX = "p_"
"""Before the name of a signal, so that none meets a keyword or a name of the monitor's own."""

_COUNTED = (Function.ONEHOT, Function.ONEHOT0, Function.COUNTONES)


class Values:
    """Names for booleans and calls, each once."""

    def __init__(self, booleans: Iterable[Boolean], others: Iterable[Signal] = ()) -> None:
        """``others`` are signals that need a name, too."""
        self._booleans = {boolean: f"is_{number}" for number, boolean in enumerate(dict.fromkeys(booleans))}
        pieces = dict.fromkeys(piece for boolean in self._booleans for piece in boolean.pieces())
        self._calls = {call: number for number, call in enumerate(one for one in pieces if isinstance(one, Sampled))}
        read = [one for one in pieces if isinstance(one, Signal)]
        self.signals = tuple(dict.fromkeys([*read, *others]))
        """What the booleans read, and the others."""
        self._names = _distinct(self.signals)
        self.registers: list[tuple[str, str]] = []
        """Register to what it becomes; complete once ``lines`` is used up."""

    def name(self, boolean: Boolean) -> str:
        """Return the wire that is 1 where ``boolean`` is true, 0 where it is false or unknown."""
        return self._booleans[boolean]

    def port(self, signal: Signal) -> str:
        """Return what a signal is called in the monitor."""
        return self._names[signal]

    def lines(self) -> Iterator[str]:
        """Yield the declarations."""
        self.registers.clear()
        for width in sorted({call.operand_width for call in self._calls if call.function in _COUNTED}):
            yield from _counter(width)
        for call, number in self._calls.items():
            yield from self._call(call, number)
        for boolean, name in self._booleans.items():
            yield f"wire {name} = (|({self._text(boolean)})) === 1'b1;    // {one_line(boolean)}"

    def _text(self, boolean: Boolean) -> str:
        return "".join(self._part(part) for part in boolean.parts)

    def _part(self, part: Part) -> str:
        match part:
            case Sampled():
                return f"call_{self._calls[part]}"
            case Signal():
                return self.port(part)
            case Constant():
                return part.text
        return part

    def _call(self, call: Sampled, number: int) -> Iterator[str]:
        now, before = f"now_{number}", f"past_{number}_1"
        bits = _bits(call.operand_width)
        sign = "signed " if call.signed and call.function is Function.PAST else ""
        yield f"wire {sign}{bits}{now} = {self._text(call.operand)};    // {one_line(call)}"
        depth = call.cycles if call.function is Function.PAST else 0 if call.function in _OF_NOW else 1
        source = now
        for age in range(1, depth + 1):
            yield f"reg {sign}{bits}past_{number}_{age};"
            self.registers.append((f"past_{number}_{age}", source))
            source = f"past_{number}_{age}"
        result = f"call_{number}"
        match call.function:
            case Function.PAST:
                yield f"wire {sign}{bits}{result} = {source};"
            case Function.ROSE:
                yield f"wire {result} = {now}[0] === 1'b1 && {before}[0] !== 1'b1;"
            case Function.FELL:
                yield f"wire {result} = {now}[0] === 1'b0 && {before}[0] !== 1'b0;"
            case Function.STABLE:
                yield f"wire {result} = {now} === {before};"
            case Function.CHANGED:
                yield f"wire {result} = {now} !== {before};"
            case Function.ISUNKNOWN:
                yield f"wire {result} = (^{now}) === 1'bx;"
            case Function.COUNTONES:
                yield f"wire signed [31:0] {result} = ones_{call.operand_width}({now});"
            case Function.ONEHOT:
                yield f"wire {result} = ones_{call.operand_width}({now}) == 32'd1;"
            case Function.ONEHOT0:
                yield f"wire {result} = ones_{call.operand_width}({now}) <= 32'd1;"


_OF_NOW = (*_COUNTED, Function.ISUNKNOWN)


def _distinct(signals: Iterable[Signal]) -> dict[Signal, str]:
    """Return a name for each signal; hierarchical names come last, so that ports keep theirs."""
    names: dict[Signal, str] = {}
    for signal in sorted(signals, key=lambda one: one.origin is Origin.DESIGN):
        plain = PREFIX + re.sub(r"\W+", "_", signal.name)
        number = next(
            n for n in range(1, len(names) + 2) if (plain if n == 1 else f"{plain}_{n}") not in names.values()
        )
        names[signal] = plain if number == 1 else f"{plain}_{number}"
    return names


def declared(signal: Signal) -> str:
    """Return sign and range of a signal's declaration, with a blank after them."""
    sign = "signed " if signal.signed else ""
    return sign if signal.scalar else f"{sign}[{signal.left}:{signal.right}] "


def one_line(what: object) -> str:
    """Return the text of something without line ends, for a comment."""
    return " ".join(str(what).split())


def _bits(width: int) -> str:
    return f"[{width - 1}:0] "


def _counter(width: int) -> Iterator[str]:
    """Yield a function that counts the bits that are 1."""
    yield f"function [31:0] ones_{width}(input [{width - 1}:0] number);"
    yield "    integer place;"
    yield "    begin"
    yield f"        ones_{width} = 32'd0;"
    yield f"        for (place = 0; place < {width}; place = place + 1) begin"
    yield "            if (number[place] === 1'b1) begin"
    yield f"                ones_{width} = ones_{width} + 32'd1;"
    yield "            end"
    yield "        end"
    yield "    end"
    yield "endfunction"
