"""Differences as tests: written into the bench, replayed in cocotb on the design, then on the mutants."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from verif.bench.folder import REGRESSIONS
from verif.bench.recording import expectations
from verif.bench.stored import Stored
from verif.campaign.benches.run import BenchRun
from verif.campaign.mutants.result import Difference, WitnessTest
from verif.campaign.mutants.showing import packed
from verif.campaign.mutants.simulating import CocotbBench, Tried, verdicts
from verif.campaign.regressions.replay import Regression, Replayed
from verif.design.model import Design, SourceSet
from verif.mutation.model import Mutant
from verif.search.writing import Writer
from verif.verdict import Oracle, Verdict

TELLING = "mutant_"
"""Names of the regressions that a campaign over mutants saves begin so."""
TELLS = "tells_apart"
"""Key of such a regression: the mutants that it was made for."""


@dataclass(kw_only=True)
class Improver:
    """Makes tests of differences, for one bench."""

    run: BenchRun
    """The bench; its regressions are those of the bench that stands in for an adopted one."""
    bench: CocotbBench
    design: Design
    writer: Writer
    sources: Callable[[Mutant], SourceSet]
    """Gives a mutant as plain source text."""
    progress: Callable[[int, int, str], None] = lambda done, total, text: None
    tests: dict[str, WitnessTest] = field(default_factory=dict)
    """Mutant to its test."""
    unsound: list[str] = field(default_factory=list)
    """What a test says of the design itself, where that fails, a sentence each."""

    def improve(self, differences: Mapping[Mutant, Difference]) -> dict[str, tuple[Tried, ...]]:
        """Save a test for each difference, several mutants may share one; return mutant id to what it gives in cocotb.

        The tests stay in the bench where they pass on the design and at least one mutant fails.
        """
        if not differences:
            return {}
        groups = _groups(differences)
        stored = {key: self._stored(difference, ids) for key, (difference, ids) in groups.items()}
        passing = self._recorded(stored)
        tried: dict[str, tuple[Tried, ...]] = {}
        for number, (mutant, difference) in enumerate(differences.items()):
            self.progress(number, len(differences), f"trying the test of {mutant.id}")
            one = stored[_key(difference)]
            if one.id in passing:
                tried[mutant.id] = self._on_mutant(mutant, difference, passing[one.id])
        self._drop_useless(passing)
        return tried

    @property
    def killed(self) -> frozenset[str]:
        """The mutants that a test kills."""
        return frozenset(mutant for mutant, test in self.tests.items() if test.kills)

    def _stored(self, difference: Difference, mutants: Sequence[str]) -> Stored:
        oracle = difference.oracle or Oracle.RECORDED
        told = f"{difference.check} notices it" if difference.check else f"{', '.join(difference.outputs)} differs"
        facts = {
            "oracle": oracle.value,
            "message": f"tells {len(mutants)} mutant{'' if len(mutants) == 1 else 's'} from the design: {told}",
            TELLS: sorted(mutants),
            "config": self.run.config.name,
        }
        rows = packed(self.writer.harness, difference.rows)[0]
        return self.writer.telling(TELLING, rows, facts)

    def _recorded(self, stored: dict[str, Stored]) -> dict[str, tuple[Stored, tuple[Tried, ...]]]:
        """Save the tests and replay them on the design; return those that pass there, with expected outputs."""
        for one in stored.values():
            self._save(one)
        self.progress(0, 0, "replaying tests on the design")
        names = {one.id: one for one in stored.values()}
        first = self.bench.regressions(list(names))
        kept = {name: one for name, one in names.items() if self._passes(one, first[name])}
        for name, one in kept.items():
            if (one.facts or {})["oracle"] == Oracle.RECORDED.value:
                kept[name] = self._expecting(one, first[name])
        again = self.bench.regressions([name for name, one in kept.items() if one.expected is not None])
        return {name: (one, again.get(name, first[name])) for name, one in kept.items()}

    def _passes(self, stored: Stored, tried: Sequence[Tried]) -> bool:
        """Whether the design passes where it runs; a test on which it fails is not kept."""
        ran = [one for one in tried if one.verdict is not Verdict.UNSUPPORTED]
        wrong = next((one for one in ran if one.verdict is not Verdict.PASS), None)
        if wrong is None and ran:
            return True
        self._file(stored).unlink(missing_ok=True)
        told = f"{wrong.verdict} on {wrong.simulator}: {wrong.message}" if wrong else "no simulator takes the design"
        self.unsound.append(f"a stimulus that tells mutants apart does not pass on the design itself: {told}")
        return False

    def _expecting(self, stored: Stored, tried: Sequence[Tried]) -> Stored:
        """Save the test with the design's outputs as expectations; bits that differ or are X may be any."""
        traces = [list(one.trace) for one in tried if len(one.trace) == len(stored.rows)]
        if not traces:
            return stored
        outputs = tuple(port.name for port in self.design.outputs)
        expecting = replace(stored, outputs=outputs, expected=expectations(self.design, traces))
        self._save(expecting)
        return expecting

    def _on_mutant(
        self, mutant: Mutant, difference: Difference, test: tuple[Stored, tuple[Tried, ...]]
    ) -> tuple[Tried, ...]:
        stored, clean = test
        tried = self.bench.regressions([stored.id], self.sources(mutant))[stored.id]
        kills = [kill for one in tried if (kill := one.kill) is not None]
        strongest = next((o for o in Oracle if any(kill.oracle is o for kill in kills)), Oracle.RECORDED)
        self.tests[mutant.id] = WitnessTest(
            regression=Regression(bench=self.run.directory, file=self._file(stored), stored=stored),
            oracle=strongest,
            check=next((kill.check for kill in kills if kill.oracle is strongest), difference.check),
            clean=tuple(_replayed(one, self.run.config.name) for one in clean),
            mutant=verdicts(tried),
            why="" if kills else "it passes on the mutant too",
        )
        return tried

    def _drop_useless(self, passing: Iterable[str]) -> None:
        """Take the tests away that tell no mutant apart."""
        useful = {test.regression.file.stem for test in self.tests.values() if test.kills}
        for name in passing:
            if name not in useful:
                (self._folder / f"{name}.json").unlink(missing_ok=True)

    @property
    def _folder(self) -> Path:
        return self.run.directory / REGRESSIONS

    def _file(self, stored: Stored) -> Path:
        return self._folder / f"{stored.id}.json"

    def _save(self, stored: Stored) -> None:
        self._folder.mkdir(exist_ok=True)
        self._file(stored).write_text(stored.text(), encoding="utf-8")


def _key(difference: Difference) -> str:
    return repr((difference.rows, bool(difference.check)))


def _groups(differences: Mapping[Mutant, Difference]) -> dict[str, tuple[Difference, list[str]]]:
    """Return each difference once, with the mutants that it is of."""
    groups: dict[str, tuple[Difference, list[str]]] = {}
    for mutant, difference in differences.items():
        groups.setdefault(_key(difference), (difference, []))[1].append(mutant.id)
    return groups


def _replayed(tried: Tried, config: str) -> Replayed:
    return Replayed(
        simulator=tried.simulator,
        config=config,
        seed=1,
        verdict=tried.verdict,
        message=tried.message,
        seconds=tried.seconds,
    )


def useful_tests(tests: Iterable[WitnessTest]) -> Iterator[WitnessTest]:
    """Yield the tests that kill, each once."""
    seen: set[str] = set()
    for test in tests:
        if test.kills and test.regression.file.stem not in seen:
            seen.add(test.regression.file.stem)
            yield test
