"""Run one stimulus on many mutants: as lanes, or one after the other in the batch engine; the same verdicts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from verif.lanes import LaneEngine, LanesBuild
from verif.lanes.engine import SHARE
from verif.mutation.pruning import Matters, Pruner, words_of
from verif.sim.batch import Batch, Fault
from verif.sim.batch.layout import Rows
from verif.sim.batch.results import Ticks


@dataclass(frozen=True, kw_only=True, slots=True)
class Played:
    """What one stimulus did to some mutants."""

    first_fail: Ticks
    """``[mutants, monitors]``: tick of a monitor's first failure, -1 for none."""
    differs: Ticks
    """``[mutants]``: first tick in which an output is not the original's, -1 for none."""
    touched: Ticks | None
    """``[mutants]``: first tick that leaves a register with another value than the original's, -1 for none; None where
    nobody looked."""
    original: Ticks
    """``[monitors]``: the same as ``first_fail`` for the original."""
    faults: dict[int, Fault] = field(default_factory=dict)
    """Number of a mutant to why it has no verdict."""

    def take(self, other: Played, places: Sequence[int]) -> None:
        """Put what ``other`` has of some mutants to their ``places``."""
        self.first_fail[places], self.differs[places] = other.first_fail, other.differs
        if self.touched is not None and other.touched is not None:
            self.touched[places] = other.touched


class Crowd:
    """An engine with a build that holds mutants. Use it as a context manager, in one thread at a time."""

    def __init__(self, engine: Batch, probe: Callable[[], LaneEngine] | None = None) -> None:
        self.engine = engine
        self.probe = None if probe is None else Pruner(probe)
        """Tells which mutants needn't be run on a stimulus; None where the build has none."""
        held = engine.harness.held
        assert held is not None
        self._slot = engine.build.stimulus.slot(held.name)
        lanes = isinstance(engine.build, LanesBuild)
        self.most = engine.build.processor.word_bits - 1 if isinstance(engine.build, LanesBuild) else 0
        """Mutants that run in one step; 0: one after the other."""
        self.lanes = lanes

    def __enter__(self) -> Crowd:
        return self

    def __exit__(self, *error: object) -> None:
        self.engine.close()
        if self.probe is not None:
            self.probe.close()

    def play(
        self,
        rows: Rows,
        numbers: Sequence[int],
        *,
        stop: bool = True,
        apart: bool = False,
        touched: bool = False,
        seed: int | None = None,
    ) -> Played:
        """Run rows ``[ticks, words]`` of the harness without mutants on the mutants with these numbers.

        With ``stop`` a mutant ends at its first failure, with ``apart`` also where an output is another; with
        ``touched`` lanes look at registers too. ``seed`` is that of start values, which are 0 without, and always in
        lanes. A mutant that hangs or crashes has a fault; the others go on.
        """
        monitors = len(self.engine.harness.monitors)
        first = np.full((len(numbers), monitors), -1, np.int32)
        differs = np.full(len(numbers), -1, np.int32)
        registers = np.full(len(numbers), -1, np.int32) if touched and self.lanes else None
        original = np.full(monitors, -1, np.int32)
        faults: dict[int, Fault] = {}
        wide = self._widened(rows)
        waiting = list(range(len(numbers)))
        while True:
            select, places = self._packed([(place, numbers[place]) for place in waiting])
            lanes = self.engine.mutants(wide, select, stop=stop, apart=apart, touched=registers is not None, seed=seed)
            done = [(lane, place) for lane, place in places if lanes.fault is None or lane < lanes.fault.lane]
            if done:
                at, into = (np.array(column, np.intp) for column in zip(*done, strict=True))
                first[into], differs[into] = lanes.first_fail[at], _known(lanes.differs)[at]
                if registers is not None:
                    registers[into] = _known(lanes.touched)[at]
            original = lanes.first_fail[0] if lanes.fault is None or lanes.fault.lane else original
            if lanes.fault is None:
                break
            lost = self._lost(lanes.fault, places)
            faults |= {numbers[place]: lanes.fault for place in lost}
            finished = {place for _, place in done} | lost
            waiting = [place for place in waiting if place not in finished]
            if not lost or not waiting:
                faults |= {numbers[place]: lanes.fault for place in waiting}
                break
        return Played(first_fail=first, differs=differs, touched=registers, original=original, faults=faults)

    def at_once(self, count: int) -> int:
        """Return how many stimuli of one length run in one step on so many mutants."""
        stimuli = 1
        while self.lanes and SHARE * 2 * stimuli <= self.most + 1 and count < (self.most + 1) // (2 * stimuli):
            stimuli *= 2
        return stimuli

    def matters(
        self, stimuli: Sequence[Rows], numbers: Sequence[int], *, stop: bool = True, always: bool = False
    ) -> Matters | None:
        """Return which mutants have to be run on stimuli of one length, with this ``stop``.

        None without a probe, and, if not ``always``, where asking it takes longer than it seems to save.
        """
        words = -(-len(stimuli) // self.at_once(len(numbers))) * -(-len(numbers) // max(1, self.most))
        if self.probe is None or not (always or self.probe.pays(words)):
            return None
        return self.probe.matters(stimuli, stop=stop)

    def fit(self, numbers: Sequence[int], matters: Matters | None) -> int:
        """Return how many stimuli run in one step on these mutants, the first of those that ``matters`` is about."""
        return self.at_once(len(numbers)) if matters is None else matters.fit(numbers, self.most + 1)

    def play_all(
        self,
        stimuli: Sequence[Rows],
        numbers: Sequence[int],
        *,
        stop: bool = True,
        apart: bool = False,
        touched: bool = False,
        matters: Matters | None = None,
    ) -> list[Played]:
        """Run several stimuli on the same mutants, each as ``play`` does; lanes run those of one length together.

        Mutants are not run where they don't matter.
        """
        if matters is not None:
            found = self._pruned(stimuli, numbers, matters, stop=stop, apart=apart, touched=touched)
        else:
            found = self._together(stimuli, numbers, stop=stop, apart=apart, touched=touched)
        return found or [self.play(rows, numbers, stop=stop, apart=apart, touched=touched) for rows in stimuli]

    def _pruned(
        self, stimuli: Sequence[Rows], numbers: Sequence[int], matters: Matters, **how: bool
    ) -> list[Played] | None:
        """Run stimuli on those that matter; None where a mutant breaks it."""
        played = [_as_design(len(numbers), first, how["touched"]) for first in matters.original]
        members = [matters.members(number, numbers) for number in range(len(stimuli))]
        for word in words_of(members, self.most + 1):
            shares = [(stimuli[stimulus], [numbers[place] for place in places]) for stimulus, places in word]
            answers = self._word(shares, (self.most + 1) // SHARE, **how)
            if answers is None:
                return None
            for (stimulus, places), answer in zip(word, answers, strict=True):
                played[stimulus].take(answer, places)
        return played

    def _together(
        self, stimuli: Sequence[Rows], numbers: Sequence[int], *, stop: bool, apart: bool, touched: bool
    ) -> list[Played] | None:
        """Run stimuli in one step; None where they don't fit one, or a mutant breaks it."""
        room = self.at_once(len(numbers))
        alike = len({len(rows) for rows in stimuli}) == 1
        if not self.lanes or not alike or not 1 < len(stimuli) <= room:
            return None
        return self._word([(rows, numbers) for rows in stimuli], room, stop=stop, apart=apart, touched=touched)

    def _word(
        self, shares: Sequence[tuple[Rows, Sequence[int]]], room: int, *, stop: bool, apart: bool, touched: bool
    ) -> list[Played] | None:
        """Run shares of one word of lanes, each a stimulus with its mutants; None where a mutant breaks it."""
        assert isinstance(self.engine, LaneEngine)
        width = (self.most + 1) // room
        wide = np.stack([self._widened(shares[min(place, len(shares) - 1)][0]) for place in range(room)])
        select = np.zeros((room, width), np.uint32)
        for place, (_, numbers) in enumerate(shares):
            select[place, 1 : 1 + len(numbers)] = numbers
        lanes = self.engine.shared(wide, select.reshape(-1), stop=stop, apart=apart, touched=touched)
        if lanes.fault is not None:
            return None
        played = []
        for place, (_, numbers) in enumerate(shares):
            start = place * width
            mine = slice(start + 1, start + 1 + len(numbers))
            played.append(
                Played(
                    first_fail=lanes.first_fail[mine],
                    differs=_known(lanes.differs)[mine],
                    touched=_known(lanes.touched)[mine] if touched else None,
                    original=lanes.first_fail[start],
                )
            )
        return played

    def _lost(self, fault: Fault, places: Sequence[tuple[int, int]]) -> set[int]:
        """Return the mutants that a fault took: of lanes a whole step."""
        end = fault.lane + self.most + 1 if self.most else fault.lane + 1
        return {place for lane, place in places if fault.lane <= lane < end}

    def _packed(self, members: Sequence[tuple[int, int]]) -> tuple[npt.NDArray[np.uint32], list[tuple[int, int]]]:
        """Return the number of each lane, and the lane of each member: an original is before each step's mutants."""
        select: list[int] = []
        places: list[tuple[int, int]] = []
        for group in _groups(members, self.most or len(members)):
            select.append(0)
            for place, number in group:
                places.append((len(select), place))
                select.append(number)
        return np.array(select or [0], np.uint32), places

    def _widened(self, rows: Rows) -> Rows:
        """Return rows with room for the selector, which is the last field."""
        wide = self.engine.array(len(rows))
        wide[:, : self._slot.offset] = rows
        wide[:, self._slot.offset :] = 0
        return wide


class Mixed(Crowd):
    """Lanes for the mutants that have a number there, the batch engine for the others."""

    def __init__(self, lanes: Crowd, others: Callable[[], Crowd], numbers: Mapping[int, int]) -> None:
        """``numbers`` are those of the batch build to those of the lane build."""
        super().__init__(lanes.engine)
        self.probe = lanes.probe
        self._others = others
        self._numbers = numbers
        self._batch: Crowd | None = None

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        if self._batch is not None:
            self._batch.__exit__(*error)

    def play(
        self,
        rows: Rows,
        numbers: Sequence[int],
        *,
        stop: bool = True,
        apart: bool = False,
        touched: bool = False,
        seed: int | None = None,
    ) -> Played:
        """Run rows as ``Crowd`` does, with the numbers of the batch build."""
        inside = [place for place, number in enumerate(numbers) if number in self._numbers]
        outside = [place for place, number in enumerate(numbers) if number not in self._numbers]
        places = [self._numbers[numbers[place]] for place in inside]
        ours = super().play(rows, places, stop=stop, apart=apart, touched=touched, seed=seed)
        back = {other: number for number, other in self._numbers.items()}
        faults = {back[number]: fault for number, fault in ours.faults.items()}
        if not outside:
            return replace(ours, faults=faults)
        self._batch = self._batch or self._others()
        theirs = self._batch.play(rows, [numbers[place] for place in outside], stop=stop, apart=apart, seed=seed)
        first = np.full((len(numbers), ours.first_fail.shape[1]), -1, np.int32)
        differs, registers = np.full(len(numbers), -1, np.int32), np.full(len(numbers), -1, np.int32)
        first[inside], first[outside] = ours.first_fail, theirs.first_fail
        differs[inside], differs[outside] = ours.differs, theirs.differs
        if ours.touched is not None:
            registers[inside] = ours.touched
        return Played(
            first_fail=first,
            differs=differs,
            touched=None if ours.touched is None else registers,
            original=ours.original,
            faults={**faults, **theirs.faults},
        )

    def fit(self, numbers: Sequence[int], matters: Matters | None) -> int:
        """Return how many stimuli run in one step, as ``Crowd`` does."""
        return super().fit([self._numbers[number] for number in numbers if number in self._numbers], matters)

    def _together(
        self, stimuli: Sequence[Rows], numbers: Sequence[int], *, stop: bool, apart: bool, touched: bool
    ) -> list[Played] | None:
        places = self._places(numbers)
        if places is None:
            return None
        return super()._together(stimuli, places, stop=stop, apart=apart, touched=touched)

    def _pruned(
        self, stimuli: Sequence[Rows], numbers: Sequence[int], matters: Matters, **how: bool
    ) -> list[Played] | None:
        places = self._places(numbers)
        return None if places is None else super()._pruned(stimuli, places, matters, **how)

    def _places(self, numbers: Sequence[int]) -> list[int] | None:
        """Return the numbers in lanes; None where one is not there."""
        places = [self._numbers[number] for number in numbers if number in self._numbers]
        return places if len(places) == len(numbers) else None


def _as_design(count: int, first: Ticks, touched: bool) -> Played:
    """Return what so many mutants do that don't matter."""
    nowhere = np.full(count, -1, np.int32)
    return Played(
        first_fail=np.tile(first, (count, 1)),
        differs=nowhere,
        touched=nowhere.copy() if touched else None,
        original=first,
    )


def _known(ticks: Ticks | None) -> Ticks:
    assert ticks is not None
    return ticks


def _groups(members: Sequence[tuple[int, int]], size: int) -> Iterator[Sequence[tuple[int, int]]]:
    for start in range(0, len(members), max(size, 1)):
        yield members[start : start + size]
