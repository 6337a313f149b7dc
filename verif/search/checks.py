"""Everything that can fail in a search: the harness's monitors, the bench's own model and rules."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from verif.harness.model import Harness
from verif.search.judging import BenchCheck
from verif.verdict import Oracle


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """A check that a search looks for failures of."""

    id: str
    oracle: Oracle
    title: str
    """The rule in a sentence."""
    requirements: tuple[str, ...] = ()
    place: str = ""
    """``file:line`` of the property that it is; empty for rules and models."""
    monitor: int | None = None
    """The harness's monitor that judges it; None: the bench's Python does."""

    @property
    def in_hardware(self) -> bool:
        """Whether a monitor judges it at the simulator's speed."""
        return self.monitor is not None


def checks_of(
    harness: Harness, bench: Sequence[BenchCheck], titles: Mapping[str, str], *, edited: Collection[str] = ()
) -> tuple[Check, ...]:
    """Return the checks, each once.

    A monitor stands for the bench's rule of the same id, unless the user changed the bench's judges: then the bench
    decides about the ids in ``edited``, those that its generated judges had.
    """
    monitored = {monitor.id for monitor in harness.monitors if monitor.judges and monitor.id not in edited}
    return (*_of_bench(bench, titles, monitored), *_of_monitors(harness, monitored))


def _of_bench(bench: Sequence[BenchCheck], titles: Mapping[str, str], monitored: set[str]) -> Iterator[Check]:
    for check in bench:
        if check.id not in monitored:
            title = titles.get(check.id, "")
            yield Check(id=check.id, oracle=check.oracle, title=title, requirements=check.requirements)


def _of_monitors(harness: Harness, monitored: set[str]) -> Iterator[Check]:
    for number, monitor in enumerate(harness.monitors):
        if monitor.judges and monitor.id in monitored:
            yield Check(
                id=monitor.id,
                oracle=monitor.oracle,
                title=monitor.title,
                requirements=monitor.requirements,
                place=monitor.place,
                monitor=number,
            )


def chosen(checks: Sequence[Check], glob: str | None) -> tuple[Check, ...]:
    """Return the checks whose id matches ``glob``; all without one."""
    return tuple(check for check in checks if glob is None or fnmatchcase(check.id, glob))
