"""Memory shared with a worker: numpy arrays that both sides see, given back when nobody looks at them any more."""

from __future__ import annotations

import mmap
import os
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

_SMALLEST = 1 << 16
_IDLE_KEPT = 6
"""How many pieces of memory that nobody uses are kept for the next call."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One file in memory, mapped here and, once told of it, in the worker."""

    number: int
    descriptor: int
    memory: mmap.mmap
    size: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where an array lies: the piece and the byte in it."""

    piece: Piece
    offset: int


class Sharing:
    """Gives out arrays in shared memory; a piece is used again when all arrays in it are gone."""

    def __init__(self) -> None:
        self._pieces: dict[int, Piece] = {}
        self._idle: list[Piece] = []
        self._used: dict[int, tuple[int, Piece]] = {}
        """Number of the piece to the address of its array and the piece."""
        self._next = 0

    def array(self, shape: tuple[int, ...], dtype: npt.DTypeLike = np.uint32) -> npt.NDArray[Any]:
        """Return an array of unknown content; its memory is free again when the last view of it is gone."""
        size = prod(shape) * np.dtype(dtype).itemsize
        piece = self._take(max(size, _SMALLEST))
        whole = np.frombuffer(piece.memory, np.uint8)
        self._used[piece.number] = (whole.__array_interface__["data"][0], piece)
        weakref.finalize(whole, self._free, piece.number).atexit = False
        return whole[:size].view(dtype).reshape(shape)

    def place(self, array: npt.NDArray[Any]) -> Place | None:
        """Return where ``array`` lies; None where its bytes aren't in shared memory, in order and without gaps."""
        if not array.flags.c_contiguous:
            return None
        start = array.__array_interface__["data"][0]
        for address, piece in self._used.values():
            if address <= start and start + array.nbytes <= address + piece.size:
                return Place(piece, start - address)
        return None

    def live(self) -> Iterator[Piece]:
        """Give every piece that there is."""
        yield from self._pieces.values()

    def close(self) -> None:
        """Give idle memory back; arrays that are still looked at keep theirs."""
        for piece in self._idle:
            self._drop(piece)
        self._idle.clear()

    def _take(self, size: int) -> Piece:
        fitting = [piece for piece in self._idle if size <= piece.size <= 4 * size]
        if fitting:
            found = min(fitting, key=lambda piece: piece.size)
            self._idle.remove(found)
            return found
        return self._make(1 << (size - 1).bit_length())

    def _make(self, size: int) -> Piece:
        descriptor = os.memfd_create("posedge-batch", os.MFD_CLOEXEC)
        os.ftruncate(descriptor, size)
        piece = Piece(self._next, descriptor, mmap.mmap(descriptor, size), size)
        self._pieces[piece.number] = piece
        self._next += 1
        return piece

    def _free(self, number: int) -> None:
        _, piece = self._used.pop(number)
        self._idle.append(piece)
        if len(self._idle) > _IDLE_KEPT:
            self._drop(self._idle.pop(0))

    def _drop(self, piece: Piece) -> None:
        del self._pieces[piece.number]
        os.close(piece.descriptor)
        # The mapping itself ends with the mmap object: a view in the middle of dying may still refer to it.
