"""Random arrays, fast and the same on every machine: raw words of a bit generator, turned into what is asked for."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint32]
Counts = npt.NDArray[np.int64]


class Dice:
    """A stream of random arrays named by numbers; the same numbers give the same stream."""

    def __init__(self, *name: int) -> None:
        self._raw = np.random.SFC64(np.random.SeedSequence(name))

    def bytes(self, count: int) -> Bytes:
        """Return ``count`` even bytes."""
        return self._raw.random_raw(-(-count // 8)).view(np.uint8)[:count]

    def words(self, count: int) -> Words:
        """Return ``count`` even 32-bit words."""
        return self._raw.random_raw(-(-count // 2)).view(np.uint32)[:count]

    def below(self, bound: int, count: int) -> Counts:
        """Return ``count`` numbers from 0 to ``bound`` - 1, ``bound`` at most 2**31; even up to one in 2**32."""
        return (self.words(count).astype(np.uint64) * np.uint64(bound) >> np.uint64(32)).astype(np.int64)

    def small(self, bound: int, count: int) -> Bytes:
        """Return ``count`` numbers from 0 to ``bound`` - 1 as bytes, ``bound`` at most 256; even up to one in 256."""
        return (self.bytes(count).astype(np.uint16) * np.uint16(bound) >> np.uint16(8)).astype(np.uint8)

    def held(self, longest: int, count: int) -> Bytes:
        """Return ``count`` bytes in runs: each byte stays for 1 to ``longest`` places, at most 128 of them."""
        if longest == 1:
            return self.bytes(count)
        mean = (longest + 1) / 2
        runs = int(count / mean * 1.25) + 64
        lengths = self.small(longest, runs) + np.uint8(1)
        while lengths.sum(dtype=np.int64) < count:
            lengths = np.concatenate((lengths, self.small(longest, runs) + np.uint8(1)))
        return np.repeat(self.bytes(len(lengths)), lengths)[:count]
