"""What became of a regression: tests, builds, coverage, and the verdict over them."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verif.campaign.runs.failure import Failure
from verif.coverage.functional import FunctionalCoverage
from verif.coverage.verilator_dat import CodeCoverage
from verif.verdict import Oracle, Verdict, combine

if TYPE_CHECKING:
    from verif.campaign.runs.point_coverage import PointCoverage

WHOLE_RUN = "(run)"
"""Name of the entry that stands for a whole process, where no single test tells what happened."""

_ORACLE = re.compile(r"^(SPEC|PROTOCOL|GENERIC|RECORDED) ", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class TestResult:
    """One test, on one simulator, in one configuration, with one seed."""

    __test__ = False

    name: str
    module: str
    simulator: str
    config: str
    seed: int
    verdict: Verdict
    seconds: float
    sim_time_ns: float = 0.0
    message: str = ""
    failure: Failure | None = None
    """What ``posedge replay`` needs; None where the test passed."""
    waves: Path | None = None
    trace: Path | None = None
    """JSON lines of the sampled values per cycle (BENCH_TRACE), where the test was run again for its waves."""
    log: Path | None = None
    sources_digest: str = ""

    @property
    def replay(self) -> str:
        """Id for ``posedge replay``; empty where the test passed."""
        return self.failure.id if self.failure else ""

    @property
    def oracle(self) -> Oracle | None:
        """The oracle that judged, where the message of a failing check names it."""
        match = _ORACLE.search(self.message)
        return Oracle(match.group(1)) if match else None

    def as_json(self) -> dict[str, Any]:
        """Return the entry of ``tests`` in the ``--json`` object."""
        return {
            "name": self.name,
            "module": self.module,
            "simulator": self.simulator,
            "config": self.config,
            "seed": self.seed,
            "verdict": str(self.verdict),
            "seconds": round(self.seconds, 3),
            "sim_time_ns": self.sim_time_ns,
            "message": self.message,
            "oracle": str(self.oracle) if self.oracle else None,
            "replay": f"posedge replay {self.replay}" if self.replay else None,
            "id": self.replay or None,
            "waves": str(self.waves) if self.waves else None,
            "trace": str(self.trace) if self.trace else None,
            "log": str(self.log) if self.log else None,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class BuildResult:
    """One configuration compiled by one simulator, or why it was not."""

    simulator: str
    config: str
    verdict: Verdict
    """PASS, UNSUPPORTED (not compiled, or the simulator isn't installed) or ERROR."""
    reason: str = ""
    code: str = ""
    """The diagnostic's code where the verdict isn't PASS."""
    reused: bool = False
    seconds: float = 0.0
    warnings: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the entry of ``builds`` in the ``--json`` object."""
        return {
            "simulator": self.simulator,
            "config": self.config,
            "verdict": str(self.verdict),
            "reason": self.reason,
            "code": self.code or None,
            "reused": self.reused,
            "seconds": round(self.seconds, 3),
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class PlayedRecording:
    """What became of one recording of an adopted bench when it was played back."""

    config: str
    seed: int
    verdict: Verdict
    """PASS where every compared output is as recorded, FAIL where one is not; UNSUPPORTED, ERROR, TIMEOUT, UNKNOWN."""
    steps: int = 0
    compared: int = 0
    """Samples of outputs that were compared."""
    message: str = ""
    """Where it differs, or why it was not played."""

    def as_json(self) -> dict[str, Any]:
        """Return the entry of ``coverage.replayed.recordings``."""
        return {**asdict(self), "verdict": str(self.verdict)}


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplayedCoverage:
    """Code coverage of recorded traffic, played back open-loop on Verilator."""

    coverage: CodeCoverage | None
    """None where nothing could be played."""
    recordings: tuple[PlayedRecording, ...]
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return ``coverage.replayed``; the points themselves stand under ``coverage.code``."""
        return {"recordings": [one.as_json() for one in self.recordings], "notes": list(self.notes)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Regression:
    """A bench's tests on its simulators, configurations and seeds, in that order."""

    bench: Path
    top: str
    seeds: tuple[int, ...]
    sources: tuple[Path, ...] = ()
    """RTL that took the place of the bench's own."""
    tests: tuple[TestResult, ...]
    builds: tuple[BuildResult, ...]
    functional: FunctionalCoverage | None = None
    code: CodeCoverage | None = None
    replayed: ReplayedCoverage | None = None
    """Code coverage of recorded traffic played back, where no simulator of the run gave any."""
    points: PointCoverage | None = None
    """Coverage points, by the same ids on every simulator; None where they weren't asked for."""

    @property
    def verdict(self) -> Verdict:
        """The worst of all; UNSUPPORTED simulators don't count as long as one compiles."""
        refused = (build.verdict for build in self.builds if build.verdict is not Verdict.PASS)
        return combine((*(test.verdict for test in self.tests), *refused))

    @property
    def seconds(self) -> float:
        """Wall time of the builds and tests, as if done one after the other."""
        return sum(build.seconds for build in self.builds) + sum(test.seconds for test in self.tests)

    @property
    def failures(self) -> tuple[TestResult, ...]:
        """The tests that did not pass."""
        return tuple(test for test in self.tests if test.verdict is not Verdict.PASS)

    def as_json(self) -> dict[str, Any]:
        """Return the ``--json`` object of ``run`` for this bench."""
        payload: dict[str, Any] = {
            "bench": str(self.bench),
            "top": self.top,
            "verdict": str(self.verdict),
            "seeds": list(self.seeds),
            "sources": [str(file) for file in self.sources],
            "tests": [{"bench": str(self.bench), **test.as_json()} for test in self.tests],
            "builds": [build.as_json() for build in self.builds],
        }
        if self.functional is not None or self.code is not None:
            code = self.code or (self.replayed.coverage if self.replayed else None)
            payload["coverage"] = {
                "functional": self.functional.as_json() if self.functional else None,
                "code": code.as_json() if code else None,
                "replayed": self.replayed.as_json() if self.replayed else None,
                "points": self._points(),
                "notes": list(self.points.notes) if self.points else [],
            }
        return payload

    def _points(self) -> dict[str, Any] | None:
        from verif.coverage.saved import as_json

        return as_json(self.points.coverage) if self.points else None
