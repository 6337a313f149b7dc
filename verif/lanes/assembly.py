"""A part in the assembly of x86-64 with AVX-512, with registers chosen for the whole line.

Compilers spill what they could read again from where it lies, and copy what an instruction may overwrite: that is half
of what they emit for a netlist. Here each word is kept while there is room; what is needed last goes first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from verif.lanes.netlist import Bit, Table
from verif.lanes.steps import Area, Compute, Keep, Part, Place

REGISTERS = 32
_POINTERS = {
    Area.REGISTERS: "rdi",
    Area.INPUTS: "rsi",
    Area.OUTPUTS: "rdx",
    Area.EXCHANGE: "rcx",
    Area.LOADS: "r8",
}
"""The arguments, in the order of the System V calling convention."""
_BASES = ("rax", "r9", "r10", "r11", "rbx", "rbp", "r13", "r14", "r15", "r12")
"""Registers that can point into an area."""
_SAVED = frozenset(_BASES[4:])
"""Those of them that belong to the caller."""
_NEAR = 128
"""So many words on both sides of a pointer are reached by a displacement of one byte; any other takes four."""
_WORTH_A_BASE = 3
"""A pointer pays off at the third word that it makes near."""
_SOON = 48
"""A word in memory that is needed again within so many steps is worth a register."""
_CHEAP = 24
"""A word that needn't be written goes before one that is needed so many steps later."""
_NEVER = 1 << 40
_OF_TWO = {0b1000: "vpandq", 0b1110: "vporq", 0b0110: "vpxorq"}


@dataclass
class Assembly:
    """The lines of one part; ``spilled`` words of the exchange after ``first_spill`` are used."""

    part: Part
    first_spill: int
    word_bits: int = 512
    """512, or 256 of the same instructions."""
    lines: list[str] = field(default_factory=list)
    spilled: int = 0
    _now: int = 0
    _uses: dict[Bit, list[int]] = field(default_factory=dict)
    """The steps that look at a net, the last one first."""
    _register: dict[Bit, int] = field(default_factory=dict)
    _free: list[int] = field(default_factory=lambda: list(reversed(range(REGISTERS))))
    _memory: dict[Bit, Place] = field(default_factory=dict)
    """Where a value lies in memory, if it does."""
    _slots: list[Place] = field(default_factory=list)
    _reached: Counter[tuple[Area, int]] = field(default_factory=Counter)
    """How often each stretch of an area was reached without a pointer into it."""
    _bases: dict[tuple[Area, int], str] = field(default_factory=dict)
    """The pointers: stretch to register."""

    def __post_init__(self) -> None:
        for net, place in self.part.places.items():
            self._memory[net] = place
        for number, step in reversed(list(enumerate(self.part.steps))):
            for bit in _looked_at(step):
                self._uses.setdefault(bit, []).append(number)
        for number, step in enumerate(self.part.steps):
            self._now = number
            looked_at = _looked_at(step)
            for bit in looked_at:
                self._uses[bit].pop()
            if isinstance(step, Compute):
                self._compute(step.net, step.table)
                self._forget((step.net,))
            else:
                self._keep(step)
            self._forget(looked_at)
        saved = [base for base in self._bases.values() if base in _SAVED]
        self.lines[:0] = [f"pushq %{base}" for base in saved]
        self.lines += [f"popq %{base}" for base in reversed(saved)]
        self.lines += ["vzeroupper", "ret"]

    @property
    def kind(self) -> str:
        """What registers are called."""
        return "zmm" if self.word_bits == 512 else "ymm"

    def _compute(self, net: int, table: Table) -> None:
        if len(table.inputs) == 2 and table.values in (*_OF_TWO, 0b0010, 0b0100):
            self._two(net, table)
        elif len(table.inputs) < 3:
            self._any_of_two(net, table)
        else:
            self._three(net, table)

    def _two(self, net: int, table: Table) -> None:
        """Spell what has an instruction of three operands: either input may stay."""
        first, second = table.inputs
        if table.values == 0b0010:  # vpandn is ~first & second
            first, second = second, first
        if table.values in _OF_TWO and first not in self._register and second in self._register:
            first, second = second, first
        one, other = self._fetched(first, table.inputs), self._operand(second, table.inputs)
        into = self._result(net, table.inputs)
        self.lines.append(f"{_OF_TWO.get(table.values, 'vpandnq')} {other}, %{self.kind}{one}, %{self.kind}{into}")

    def _any_of_two(self, net: int, table: Table) -> None:
        """Spell a function of one or two: the third, overwritten operand of the instruction counts for nothing."""
        first, second = table.inputs[0], table.inputs[-1]
        if first not in self._register and second in self._register:
            first, second = second, first
        one, other = self._fetched(first, table.inputs), self._operand(second, table.inputs)
        into = self._result(net, table.inputs)
        values = _ordered(table, (None, first, second))
        self.lines.append(f"vpternlogq ${values}, {other}, %{self.kind}{one}, %{self.kind}{into}")

    def _three(self, net: int, table: Table) -> None:
        """Spell a function of three, of which one is overwritten."""
        gone = self._overwritten(table.inputs)
        into = self._taken(gone, table.inputs)
        rest = sorted((bit for bit in table.inputs if bit != gone), key=lambda bit: bit not in self._register)
        busy = (*table.inputs, net)
        self._register[net] = into
        one, other = self._fetched(rest[0], busy), self._operand(rest[1], busy)
        values = _ordered(table, (gone, rest[0], rest[1]))
        self.lines.append(f"vpternlogq ${values}, {other}, %{self.kind}{one}, %{self.kind}{into}")

    def _overwritten(self, inputs: Sequence[Bit]) -> Bit:
        """Return the input whose register, or whose copy, takes the result."""
        dying = [bit for bit in inputs if bit in self._register and not self._uses[bit]]
        if dying:
            return dying[0]
        return max(inputs, key=lambda bit: (bit not in self._register, bit in self._memory, self._next(bit)))

    def _taken(self, bit: Bit, busy: Sequence[Bit]) -> int:
        """Return a register with a value that may be overwritten."""
        if bit in self._register and (not self._uses[bit] or (bit in self._memory and self._far(bit))):
            return self._register.pop(bit)
        into = self._room(busy)
        source = f"%{self.kind}{self._register[bit]}" if bit in self._register else self._address(self._memory[bit])
        self.lines.append(f"vmovdqa64 {source}, %{self.kind}{into}")
        return into

    def _fetched(self, bit: Bit, busy: Sequence[Bit]) -> int:
        """Return the register of a value."""
        if bit not in self._register:
            into = self._room(busy)
            self.lines.append(f"vmovdqa64 {self._address(self._memory[bit])}, %{self.kind}{into}")
            self._register[bit] = into
        return self._register[bit]

    def _operand(self, bit: Bit, busy: Sequence[Bit]) -> str:
        """Return a value as the operand that may be in memory."""
        if bit in self._register or not self._far(bit):
            return f"%{self.kind}{self._fetched(bit, busy)}"
        return self._address(self._memory[bit])

    def _result(self, net: int, inputs: Sequence[Bit]) -> int:
        """Return the register of the result: one of an input that is not needed any more, or any."""
        into = next((self._register.pop(bit) for bit in inputs if bit in self._register and not self._uses[bit]), None)
        self._register[net] = self._room(inputs) if into is None else into
        return self._register[net]

    def _keep(self, step: Keep) -> None:
        if isinstance(step.net, str):
            into = self._room(())
            values = 255 if step.net == "1" else 0
            self.lines.append(f"vpternlogq ${values}, %{self.kind}{into}, %{self.kind}{into}, %{self.kind}{into}")
            self._free.append(into)
        else:
            into = self._fetched(step.net, (step.net,))
        self.lines.append(f"vmovdqa64 %{self.kind}{into}, {self._address(step.place)}")
        if isinstance(step.net, int) and step.net not in self._memory:
            self._memory[step.net] = step.place

    def _room(self, busy: Sequence[Bit]) -> int:
        """Return a register: a free one, or that of the value that is needed last."""
        if self._free:
            return self._free.pop()
        bit = max((bit for bit in self._register if bit not in busy), key=self._worth_leaving)
        if bit not in self._memory:
            self._memory[bit] = self._slot()
            self.lines.append(f"vmovdqa64 %{self.kind}{self._register[bit]}, {self._address(self._memory[bit])}")
        return self._register.pop(bit)

    def _worth_leaving(self, bit: Bit) -> int:
        return self._next(bit) + (_CHEAP if bit in self._memory else 0)

    def _slot(self) -> Place:
        if not self._slots:
            self._slots.append(Place(Area.EXCHANGE, self.first_spill + self.spilled))
            self.spilled += 1
        return self._slots.pop()

    def _next(self, bit: Bit) -> int:
        uses = self._uses.get(bit)
        return uses[-1] if uses else _NEVER

    def _far(self, bit: Bit) -> bool:
        return self._next(bit) - self._now > _SOON

    def _address(self, place: Place) -> str:
        size, stretch = self.word_bits // 8, (place.area, (place.index + _NEAR) // (2 * _NEAR))
        start = 2 * _NEAR * stretch[1]
        if stretch[1] == 0:
            return f"{size * place.index}(%{_POINTERS[place.area]})"
        self._reached[stretch] += 1
        if stretch not in self._bases and self._reached[stretch] >= _WORTH_A_BASE and len(self._bases) < len(_BASES):
            self._bases[stretch] = _BASES[len(self._bases)]
            self.lines.append(f"leaq {size * start}(%{_POINTERS[place.area]}), %{self._bases[stretch]}")
        if stretch not in self._bases:
            return f"{size * place.index}(%{_POINTERS[place.area]})"
        return f"{size * (place.index - start)}(%{self._bases[stretch]})"

    def _forget(self, bits: Sequence[Bit]) -> None:
        """Give back what values took that are not needed any more."""
        for bit in dict.fromkeys(bits):
            if self._uses.get(bit):
                continue
            if (register := self._register.pop(bit, None)) is not None:
                self._free.append(register)
            place = self._memory.get(bit)
            if place and place.area is Area.EXCHANGE and place.index >= self.first_spill:
                self._slots.append(self._memory.pop(bit))


def _looked_at(step: Compute | Keep) -> tuple[Bit, ...]:
    if isinstance(step, Compute):
        return tuple(dict.fromkeys(step.table.inputs))
    return (step.net,) if isinstance(step.net, int) else ()


def _ordered(table: Table, bits: tuple[Bit | None, Bit, Bit]) -> int:
    """Return the table of the instruction, whose operands are these: the overwritten one counts four."""
    values = 0
    for index in range(8):
        levels = dict(zip(bits, (index >> 2 & 1, index >> 1 & 1, index & 1), strict=True))
        if bits[1] == bits[2]:
            levels[bits[1]] = index & 1
        place = sum(levels[bit] << number for number, bit in enumerate(table.inputs))
        values |= (table.values >> place & 1) << index
    return values
