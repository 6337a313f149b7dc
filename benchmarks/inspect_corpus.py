"""Run ``inspect`` on every module of real RTL and count answers, one-sentence diagnoses and crashes.

    python benchmarks/inspect_corpus.py --data RTLLM_CHECKOUT [--data DIR ...] [--jobs N] [--json]

picorv32, serv and ibex are taken from the installed ``pythondata_cpu_*`` packages. Modules that need a file of another
package are diagnosed, not helped: no black boxes are named. A directory that holds ``design_description.txt`` files is
read as RTLLM: one design a folder.
"""

from __future__ import annotations

import argparse
import functools
import importlib.util
import json
import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, field
from pathlib import Path

from verif.design.directory import SourcePool
from verif.design.frontend import read_design
from verif.design.model import Design, SourceSet
from verif.errors import PosedgeError

PACKAGES = ("pythondata_cpu_picorv32", "pythondata_cpu_serv", "pythondata_cpu_ibex")
RTLLM_MARK = "design_description.txt"


@dataclass(frozen=True)
class Job:
    """One module to inspect."""

    corpus: str
    directory: Path
    module: str


@dataclass(frozen=True)
class Result:
    """What came of it."""

    corpus: str
    module: str
    status: str
    """answered, diagnosed or crashed"""
    code: str = ""
    text: str = ""
    seconds: float = 0.0
    clocks: int = 0
    resets: int = 0
    fsms: int = 0
    protocols: list[str] = field(default_factory=list)
    sequential: bool = False


@functools.lru_cache(maxsize=4)
def pool(directory: Path) -> SourcePool:
    return SourcePool(directory)


def inspect(job: Job) -> Result:
    start = time.perf_counter()
    try:
        scan = pool(job.directory).scan(job.module)
        sources = SourceSet(files=scan.files, include_dirs=scan.include_dirs, top=job.module, notes=scan.notes)
        return answered(job, read_design(sources), time.perf_counter() - start)
    except PosedgeError as error:
        seconds = time.perf_counter() - start
        return Result(job.corpus, job.module, "diagnosed", error.code, error.sentence, seconds)
    except Exception as error:
        return Result(job.corpus, job.module, "crashed", type(error).__name__, str(error))


def answered(job: Job, design: Design, seconds: float) -> Result:
    return Result(
        job.corpus,
        job.module,
        "answered",
        seconds=seconds,
        clocks=len(design.clocks),
        resets=len(design.resets),
        fsms=len(design.fsms),
        protocols=[match.protocol for match in design.protocols if match.confidence >= 0.5],
        sequential=design.sequential,
    )


def jobs_of(corpus: str, directory: Path) -> Iterator[Job]:
    """One job a module; a module that several files define counts once. Of RTLLM only the designs, no testbenches."""
    units = pool(directory).units
    if (directory / RTLLM_MARK).exists():
        units = tuple(unit for unit in units if not unit.path.stem.startswith("testbench"))
    modules = {name for unit in units for name in unit.modules}
    for module in sorted(modules):
        yield Job(corpus, directory, module)


def all_jobs(data: Iterable[Path]) -> list[Job]:
    found: list[Job] = []
    for package in PACKAGES:
        specification = importlib.util.find_spec(package)
        if specification is None or specification.origin is None:
            raise SystemExit(f"{package} is not installed: pip install {package.replace('_', '-')}")
        found += jobs_of(package.removeprefix("pythondata_cpu_"), Path(specification.origin).parent)
    for directory in data:
        folders = sorted({file.parent for file in directory.resolve().rglob(RTLLM_MARK)})
        for folder in folders or [directory.resolve()]:
            found += jobs_of(corpus_name(directory.resolve()), folder)
    return found


def corpus_name(directory: Path) -> str:
    """Name a corpus after its directory, or after the parent where that is only called rtl or src."""
    return directory.parent.name if directory.name in ("rtl", "src", "hdl") else directory.name


def run(jobs: list[Job], workers: int) -> list[Result]:
    """Answer all jobs; a job whose process dies is a crash, and the others go on."""
    results: list[Result] = []
    left = list(jobs)
    while left:
        with ProcessPoolExecutor(workers) as executor:
            futures = [(job, executor.submit(inspect, job)) for job in left]
            left = []
            dead = False
            for job, future in futures:
                try:
                    results.append(future.result())
                except BrokenProcessPool:
                    if not dead:
                        results.append(Result(job.corpus, job.module, "crashed", "process died"))
                        dead = True
                    else:
                        left.append(job)
    return results


def summary(results: list[Result]) -> dict[str, object]:
    status = Counter(result.status for result in results)
    sequential = [result for result in results if result.status == "answered" and result.sequential]
    return {
        "modules": len(results),
        "answered": status["answered"],
        "diagnosed": status["diagnosed"],
        "crashed": status["crashed"],
        "sequential": len(sequential),
        "with_reset": sum(result.resets > 0 for result in sequential),
        "several_clocks": sum(result.clocks > 1 for result in sequential),
        "fsms": sum(result.fsms for result in results),
        "protocols": dict(sorted(Counter(p for result in results for p in result.protocols).items())),
        "diagnoses": dict(sorted(Counter(r.code for r in results if r.status != "answered").items())),
        "slowest_seconds": round(max((result.seconds for result in results), default=0.0), 2),
    }


def table(summaries: dict[str, dict[str, object]]) -> str:
    columns = ("modules", "answered", "diagnosed", "crashed", "sequential", "with_reset", "several_clocks", "fsms")
    lines = [f"{'corpus':<10}" + "".join(f"{name:>15}" for name in columns)]
    for corpus, row in summaries.items():
        lines.append(f"{corpus:<10}" + "".join(f"{row[name]:>15}" for name in columns))
    for corpus, row in summaries.items():
        lines.append(f"{corpus}: protocols {row['protocols']}, diagnoses {row['diagnoses']}, ")
        lines[-1] += f"slowest module {row['slowest_seconds']} s"
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", action="append", default=[], type=Path, help="a further directory of RTL")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--verbose", action="store_true", help="print each diagnosis")
    options = parser.parse_args()
    start = time.perf_counter()
    results = run(all_jobs(options.data), options.jobs)
    by_corpus: dict[str, list[Result]] = {}
    for result in results:
        by_corpus.setdefault(result.corpus, []).append(result)
    summaries = {corpus: summary(rows) for corpus, rows in by_corpus.items()}
    summaries["all"] = summary(results)
    if options.json:
        report = {"corpora": summaries, "seconds": time.perf_counter() - start, "cores": os.cpu_count()}
        print(json.dumps({**report, "results": [asdict(result) for result in results]}, indent=1))
    else:
        print(table(summaries))
        for result in results:
            if result.status == "crashed" or (options.verbose and result.status == "diagnosed"):
                print(f"{result.corpus} {result.module}: {result.status} {result.code}: {result.text}")
        print(f"{len(results)} modules in {time.perf_counter() - start:.1f} s, {options.jobs} process(es)")
    return 1 if any(result.status == "crashed" for result in results) else 0


if __name__ == "__main__":
    raise SystemExit(main())
