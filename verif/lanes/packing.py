"""How the words of a stimulus row are packed before bits become words of lanes: no room between narrow fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from verif.sim.batch.layout import WORD_BITS, Layout


@dataclass(frozen=True, slots=True)
class Piece:
    """Bits of a row's word and where they go."""

    word: int
    """Word of the row."""
    mask: int
    shift: int
    """How far up they go."""
    into: int
    """Packed word."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Packing:
    """Packed words, and the place of each field's lowest bit in them."""

    layout: Layout
    pieces: tuple[Piece, ...]
    places: Mapping[str, int]
    words: int

    @classmethod
    def of(cls, layout: Layout) -> Packing:
        """Pack a row: each field's bits follow each other; words of 32 bits are never split."""
        places: dict[str, int] = {}
        pieces: list[Piece] = []
        end = 0
        for slot in sorted(layout.slots, key=lambda slot: -slot.width):
            room = -end % WORD_BITS
            if slot.width > room:
                end += room
            places[slot.name] = end
            for index in range(slot.words):
                bits = min(WORD_BITS, slot.width - WORD_BITS * index)
                at = end + WORD_BITS * index
                pieces.append(Piece(slot.offset + index, (1 << bits) - 1, at % WORD_BITS, at // WORD_BITS))
            end += slot.width
        return cls(layout=layout, pieces=tuple(pieces), places=places, words=-(-end // WORD_BITS))

    def inputs(self) -> list[int]:
        """Return the place of each bit of a row, -1 for bits that no field has."""
        found = [-1] * (WORD_BITS * self.layout.words)
        for slot in self.layout.slots:
            for bit in range(slot.width):
                found[WORD_BITS * slot.offset + bit] = self.places[slot.name] + bit
        return found

    def rest(self) -> list[int]:
        """Return the packed row of defaults."""
        words = [0] * self.words
        for slot in self.layout.slots:
            at = self.places[slot.name]
            for bit in range(slot.width):
                words[(at + bit) // WORD_BITS] |= (slot.default >> bit & 1) << (at + bit) % WORD_BITS
        return words
