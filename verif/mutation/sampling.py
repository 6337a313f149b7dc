"""Which mutants are taken where not all are: spread over operators and modules, by a seed."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from verif.mutation.model import Mutant


def sampled(mutants: Sequence[Mutant], count: int, seed: int) -> tuple[Mutant, ...]:
    """Return ``count`` of ``mutants`` in their order, as evenly from each operator of each module as there are some.

    The same mutants, count and seed give the same sample; a smaller count gives a part of a larger one's.
    """
    strata: dict[tuple[str, str], list[Mutant]] = {}
    for mutant in mutants:
        strata.setdefault((mutant.module, mutant.operator), []).append(mutant)
    drawn: list[tuple[int, str, Mutant]] = []
    for members in strata.values():
        shuffled = sorted(members, key=lambda mutant: _drawn(seed, mutant.id))
        drawn += [(turn, _drawn(seed, mutant.id), mutant) for turn, mutant in enumerate(shuffled)]
    drawn.sort(key=lambda each: each[:2])
    chosen = {id(mutant) for _, _, mutant in drawn[:count]}
    return tuple(mutant for mutant in mutants if id(mutant) in chosen)


def _drawn(seed: int, name: str) -> str:
    return sha256(f"{seed}:{name}".encode()).hexdigest()
