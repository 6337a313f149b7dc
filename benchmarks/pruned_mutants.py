"""Mutants that are run only where a probe finds that they can matter, timed: a part of ``mutation.py``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lanes import worker_seconds

from verif.mutation.crowd import Crowd, Played
from verif.mutation.pruning import Matters
from verif.sim.batch.layout import Rows


@dataclass(frozen=True, kw_only=True)
class Pruned:
    """The mutants run only where they matter."""

    probe: float
    """CPU seconds of finding out where, with every stimulus there from the beginning."""
    run: float
    members: list[list[int]]
    """Numbers of the mutants that matter, for each stimulus."""
    played: list[Played]

    @classmethod
    def of(
        cls, crowd: Crowd, stimuli: list[Rows], numbers: Sequence[int], in_lanes: Mapping[int, int], stop: bool
    ) -> Pruned:
        """Run them; none where the build has no probe."""
        box: list[Matters] = []
        answers: list[Played] = []

        def ask() -> None:
            if (matters := crowd.matters(stimuli, numbers, stop=stop, always=True)) is not None:
                box.append(matters)

        def play() -> None:
            answers.extend(crowd.play_all(stimuli, numbers, stop=stop, matters=box[-1]))

        ask()
        if not box or crowd.probe is None:
            return cls(probe=0, run=0, members=[], played=[])
        probe, run = worker_seconds(crowd.probe.engine, ask), worker_seconds(crowd.engine, play)
        places = [in_lanes[number] for number in numbers]
        members = [[numbers[place] for place in box[-1].members(n, places)] for n in range(len(stimuli))]
        return cls(probe=probe, run=run, members=members, played=answers)

    def told(self, batch: Crowd, stimuli: list[Rows], theirs: float, stop: bool) -> dict[str, Any] | None:
        """Return the figures beside the Verilated build's, which runs all, or what the probe found at no cost."""
        if not self.played:
            return None

        def play() -> None:
            for rows, numbers in zip(stimuli, self.members, strict=True):
                if numbers:
                    batch.play(rows, numbers, stop=stop)

        ours, helped = self.probe + self.run, worker_seconds(batch.engine, play)
        return {
            "probe_ms": round(self.probe * 1e3, 3),
            "run_ms": round(self.run * 1e3, 3),
            "matter": sum(map(len, self.members)),
            "ratio": round(theirs / ours, 1),
            "ratio_if_verilated_knew": round(helped / ours, 1),
        }
