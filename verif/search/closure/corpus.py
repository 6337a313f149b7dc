"""The corpus: stimuli that hit something first, cut after it; what others are made of."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.uint32]
"""[ticks, words] at the harness's stimulus port, the reset before them left out."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Good:
    """A stimulus that hit something first."""

    rows: Rows
    by: str
    points: tuple[str, ...]
    """What it hits, on a model that was just made."""

    @property
    def digest(self) -> str:
        """Names it."""
        return digest_of(self.rows)


def digest_of(rows: Rows) -> str:
    """Return the name of a stimulus: its content decides."""
    return sha256(repr(rows.shape).encode() + np.ascontiguousarray(rows, "<u4").tobytes()).hexdigest()[:12]


class Corpus:
    """Good stimuli in the order in which they came, each once."""

    def __init__(self, goods: Sequence[Good] = ()) -> None:
        self._goods: dict[str, Good] = {good.digest: good for good in goods}

    def __len__(self) -> int:
        return len(self._goods)

    def __iter__(self) -> Iterator[Good]:
        return iter(self._goods.values())

    def __getitem__(self, digest: str) -> Good:
        return self._goods[digest]

    def lose(self, names: Collection[str]) -> None:
        """Forget that any of them hits these points."""
        for digest, good in self._goods.items():
            self._goods[digest] = replace(good, points=tuple(name for name in good.points if name not in names))

    def add(self, good: Good) -> None:
        """Keep a stimulus."""
        self._goods.setdefault(good.digest, good)
