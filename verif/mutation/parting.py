"""Which mutants a stimulus parts from the design, from any start values: the others need no closer look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from verif.mutation.builds import TIMEOUT_SECONDS, MutantBuilds
from verif.mutation.model import Mutant
from verif.sim.batch.layout import Rows


def parted(
    builds: MutantBuilds,
    stimulus: Sequence[Rows],
    mutants: Iterable[Mutant],
    *,
    seed: int | None = None,
    jobs: int = 1,
    timeout: float = TIMEOUT_SECONDS,
) -> set[str]:
    """Return the ids of those of ``mutants`` on which an output differs, a check fails, or the simulation breaks.

    ``stimulus`` are rows ``[ticks, words]`` of the harness without mutants, ``seed`` that of the start values. A mutant
    gets no more stimulus once it is known. The batch engine runs them, ``jobs`` at once.
    """
    numbers = [builds.numbers[mutant.id] for mutant in mutants]
    size = -(-len(numbers) // max(1, jobs))
    shares = [numbers[start : start + size] for start in range(0, len(numbers), max(1, size))]
    if not shares:
        return set()
    with ThreadPoolExecutor(max_workers=len(shares)) as pool:
        found = pool.map(lambda share: _parted(builds, stimulus, share, seed, timeout), shares)
        return {builds.order[number - 1].id for numbers in found for number in numbers}


def _parted(
    builds: MutantBuilds, stimulus: Sequence[Rows], numbers: Sequence[int], seed: int | None, timeout: float
) -> set[int]:
    known: set[int] = set()
    with builds.open(lanes=False, timeout=timeout) as crowd:
        for rows in stimulus:
            left = [number for number in numbers if number not in known]
            if not left:
                break
            played = crowd.play(rows, left, apart=True, seed=seed)
            shown = (played.differs >= 0) | (played.first_fail >= 0).any(axis=1)
            known |= {number for number, one in zip(left, shown, strict=True) if one} | set(played.faults)
    return known
