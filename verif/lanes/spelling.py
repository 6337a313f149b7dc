"""Routines as functions of C++, or of assembly where the processor has what that needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from verif.lanes.assembly import Assembly
from verif.lanes.expressions import expression
from verif.lanes.netlist import Bit
from verif.lanes.processor import Processor
from verif.lanes.steps import Compute, Part, Place, Routine

ARGUMENTS = (
    "Word* __restrict s, const Word* __restrict in, Word* __restrict out, Word* __restrict x, Word* __restrict l"
)
PASSED = "s, in, out, x, l"


@dataclass
class Speller:
    """Spells routines; ``exchange`` is how many words of it they need in all."""

    processor: Processor
    exchange: int = 0
    declarations: list[str] = field(default_factory=list)
    """C++ that comes before the functions, outside of any namespace."""
    assemblies: list[str] = field(default_factory=list)
    """Assembly of the whole file."""

    def function(self, name: str, routine: Routine) -> Iterator[str]:
        """Give a function ``name`` that runs the parts."""
        self.exchange = max(self.exchange, routine.exchange)
        calls = []
        for number, part in enumerate(routine.parts):
            called = f"{name}_{number}"
            if part.steps and self.processor.assembled:
                called = f"posedge_{called}"
                self._assemble(called, part, routine.exchange)
            elif part.steps:
                yield from _straight(called, part, ternary=self.processor.ternary)
            run = f"{called}({PASSED});" if part.steps else ""
            run = f"{run} {part.then}".strip()
            if run:
                calls.append(f"    if ({part.where}) {{ {run} }}" if part.where else f"    {run}")
        yield f"void {name}({ARGUMENTS}) {{"
        yield from calls
        yield "}"

    def _assemble(self, name: str, part: Part, exchange: int) -> None:
        assembly = Assembly(part, exchange, self.processor.word_bits)
        self.exchange = max(self.exchange, exchange + assembly.spilled)
        self.declarations.append(f'extern "C" __attribute__((visibility("hidden"))) void {name}({ARGUMENTS});')
        self.assemblies += [f".local {name}", ".p2align 6", f"{name}:", *assembly.lines]


def _straight(name: str, part: Part, *, ternary: bool) -> Iterator[str]:
    """Give a part as C++."""
    here: set[Bit] = set()

    def named(bit: Bit) -> str:
        if isinstance(bit, str):
            return "ONES" if bit == "1" else "ZERO"
        place: Place | None = None if bit in here else part.places[bit]
        return f"t{bit}" if place is None else str(place)

    yield f"NOT_INLINE void {name}({ARGUMENTS}) {{"
    for step in part.steps:
        if isinstance(step, Compute):
            value = expression(step.table.values, [named(bit) for bit in step.table.inputs], ternary=ternary)
            yield f"    const Word t{step.net} = {value};"
            here.add(step.net)
        else:
            yield f"    {step.place} = {named(step.net)};"
    yield "}"
