"""Draft and check benches for every module of real RTL: how many are accepted, on which simulator, and why not.

    python benchmarks/draft_corpus.py --data RTLLM_CHECKOUT --results FILE.jsonl [--jobs 2] [--only PATTERN]

serv, picorv32 and ibex (modules that instantiate nothing) come from the installed ``pythondata_cpu_*`` packages,
RTLLM's designs from ``--data``. Each module runs in a process of its own: first the untouched sources are compiled by
each simulator (that decides "can compile"), then the bench is drafted. A result that stands in the file is not made
again, so an interrupted run goes on where it was.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

IBEX_INCLUDES = ("vendor/lowrisc_ip/ip/prim/rtl", "vendor/lowrisc_ip/dv/sv/dv_utils")
PACKAGES = {
    "serv": ("pythondata_cpu_serv", "."),
    "picorv32": ("pythondata_cpu_picorv32", "."),
    "ibex": ("pythondata_cpu_ibex", "system_verilog/rtl"),
}
SIMULATORS = ("icarus", "verilator")
Entry = dict[str, Any]


def all_jobs(data: list[Path]) -> Iterator[Entry]:
    """Yield one job a module; RTLLM's designs with their description as the specification."""
    from verif.campaign.benches.run import defined_modules

    for corpus, (package, place) in PACKAGES.items():
        specification = importlib.util.find_spec(package)
        if specification is None or specification.origin is None:
            raise SystemExit(f"{package} is not installed: pip install {package.replace('_', '-')}")
        directory = Path(specification.origin).parent / place
        files = sorted((*directory.rglob("*.v"), *directory.rglob("*.sv")))
        modules = {name for file in files for name in defined_modules(file)}
        yield from ({"corpus": corpus, "src": str(directory), "top": name, "spec": ""} for name in sorted(modules))
    for root in data:
        for file in sorted(root.resolve().rglob("verified_*.v")):
            note = file.parent / "design_description.txt"
            yield {"corpus": root.name, "src": str(file), "top": "", "spec": str(note) if note.exists() else ""}


def key(job: Entry) -> str:
    """Return the name of a job."""
    return f"{job['corpus']}/{job['top'] or Path(job['src']).parent.name}"


def work(job: Entry, out: Path) -> Entry:
    """Compile, draft, and tell what became of it; runs in a process of its own."""
    from verif.errors import PosedgeError

    start = time.monotonic()
    try:
        result = _draft(job, out)
    except PosedgeError as error:
        result = {"status": "diagnosed", "code": error.code, "reason": error.sentence}
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(where.filename).name}:{where.lineno}"
        result = {"status": "crashed", "code": type(error).__name__, "reason": f"{place}: {error}"}
    return {"name": key(job), **result, "seconds": round(time.monotonic() - start, 1)}


def _draft(job: Entry, out: Path) -> Entry:
    from verif.campaign.drafts.from_sources import draft_sources
    from verif.campaign.drafts.result import draft_payload
    from verif.design.frontend import read_design
    from verif.design.sources import resolve_sources
    from verif.sim.registry import simulator
    from verif.workspace import Workspace

    includes = [Path(job["src"]).parent / place for place in IBEX_INCLUDES] if job["corpus"] == "ibex" else []
    sources = resolve_sources((job["src"],), top=job["top"] or None, include_dirs=includes)
    design = read_design(sources)
    if job["corpus"] == "ibex" and design.hierarchy and design.hierarchy.children:
        return {"status": "excluded", "code": "not-a-leaf", "reason": "instantiates other modules"}
    if not design.outputs:
        return {"status": "excluded", "code": "no-outputs", "reason": "a testbench: it has no outputs"}
    workspace = Workspace.locate(ROOT)
    simulators = [simulator(name, workspace=workspace) for name in SIMULATORS]
    compiles = {each.name: _refusal(each, design) for each in simulators}
    can = [name for name, refusal in compiles.items() if not refusal]
    facts = {"can_compile": can, "refusals": {name: text for name, text in compiles.items() if text}}
    if not can:
        return {"status": "excluded", "code": "no-simulator", "reason": "no simulator compiles it", **facts}
    spec = Path(job["spec"]) if job["spec"] else None
    bench = out / re.sub(r"\W", "_", key(job))
    payload = draft_payload(draft_sources(sources, bench, simulators, workspace, spec=spec), seconds=0.0)
    return {"status": "drafted", **facts, **_facts(payload, can)}


def _refusal(simulator: Any, design: Any) -> str:
    from verif.errors import PosedgeError
    from verif.sim.seam import BuildRequest

    try:
        simulator.build(BuildRequest(sources=design.sources, top=design.top))
    except PosedgeError as error:
        return error.sentence
    return ""


def _facts(payload: Entry, can: list[str]) -> Entry:
    forced = payload["forced_fail"]
    judged = {c["simulator"] for c in payload["checks"] if c["name"].startswith("seed ")}
    return {
        "bench": payload["bench"],
        "outcome": payload["outcome"],
        "reason": payload["reason"],
        "accepted_on": [name for name in can if payload["accepted"] and name in judged],
        "forced": [forced["caught"], forced["total"]],
        "toggled": [forced["toggled_bits"], forced["output_bits"]],
        "oracles": sorted({o["oracle"] for o in payload["oracles"]}),
        "requirements": [payload["requirements"]["checked"], payload["requirements"]["total"]],
        "findings": [finding["message"] for finding in payload["findings"]],
        "notes": payload["notes"],
    }


def run_apart(job: Entry, out: Path, timeout: float) -> Entry:
    """Do ``work`` in a process group of its own; end all of it after ``timeout`` seconds."""
    command = [sys.executable, __file__, "--one", json.dumps(job), "--out", str(out)]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        stdout, stderr = process.communicate(timeout=timeout)
        return json.loads(stdout.splitlines()[-1])
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return {"name": key(job), "status": "timeout", "reason": f"more than {timeout:.0f} s", "seconds": timeout}
    except (IndexError, ValueError):
        return {"name": key(job), "status": "crashed", "code": "died", "reason": stderr[-300:], "seconds": 0.0}


def summary(results: list[Entry]) -> Entry:
    """Count per corpus; every ratio with both sides."""
    drafted = [r for r in results if r.get("can_compile")]
    both = [r for r in drafted if len(r["can_compile"]) == len(SIMULATORS)]
    made = [r for r in results if r["status"] == "drafted"]
    caught, total = (sum(r["forced"][side] for r in made if r.get("accepted_on")) for side in (0, 1))
    excluded = Counter(r.get("code", "") for r in results if r["status"] in ("diagnosed", "excluded"))
    failed = [r for r in drafted if not r.get("accepted_on")]
    figures = {
        "modules": len(results),
        "excluded": dict(sorted(excluded.items())),
        "crashed": sum(r["status"] == "crashed" for r in results),
        "accepted on a simulator that can compile": f"{len(drafted) - len(failed)}/{len(drafted)}",
        "accepted on both where both can compile": f"{sum(map(_on_both, both))}/{len(both)}",
    }
    for name in SIMULATORS:
        can = [r for r in drafted if name in r["can_compile"]]
        figures[f"accepted on {name}"] = f"{sum(name in r.get('accepted_on', ()) for r in can)}/{len(can)}"
    return {
        **figures,
        "outcomes": dict(sorted(Counter(r.get("outcome", r["status"]) for r in drafted).items())),
        "forced fails caught": f"{caught}/{total}",
        "benches with an oracle besides RECORDED": f"{sum(_judged(r) for r in made)}/{len(made)}",
        "benches with SPEC or PROTOCOL": f"{sum(_judged(r, 'SPEC', 'PROTOCOL') for r in made)}/{len(made)}",
        "seconds, median and largest": [
            sorted(r["seconds"] for r in made)[len(made) // 2] if made else 0,
            max((r["seconds"] for r in made), default=0),
        ],
        "not accepted": [f"{r['name']}: {r.get('outcome', r['status'])}: {r.get('reason', '')}" for r in failed],
    }


def _on_both(result: Entry) -> bool:
    return len(result.get("accepted_on", ())) == len(SIMULATORS)


def _judged(result: Entry, *oracles: str) -> bool:
    return bool(set(result.get("oracles", ())) & set(oracles or ("SPEC", "PROTOCOL", "GENERIC")))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", action="append", default=[], type=Path, help="an RTLLM checkout")
    parser.add_argument("--results", type=Path, default=Path("draft_corpus.jsonl"), help="where results are kept")
    parser.add_argument("--out", type=Path, help="where the benches go; beside the results unless told")
    parser.add_argument("--only", default="", metavar="PATTERN", help="regular expression on corpus/module")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--timeout", type=float, default=300.0, help="seconds for one module")
    parser.add_argument("--again", default="", metavar="PATTERN", help="make these results again")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(work(json.loads(options.one), options.out)))
        return 0
    out = options.out or options.results.with_suffix("")
    jobs = {key(job): job for job in all_jobs(options.data) if re.search(options.only, key(job))}
    known = _known(options.results)
    if options.again:
        known = {name: entry for name, entry in known.items() if not re.search(options.again, name)}
    left = [job for name, job in jobs.items() if name not in known]
    with options.results.open("a", encoding="utf-8") as log, ThreadPoolExecutor(options.jobs) as executor:
        futures = [executor.submit(run_apart, job, out, options.timeout) for job in left]
        for done, future in enumerate(as_completed(futures), start=1):
            entry = future.result()
            known[entry["name"]] = entry
            log.write(json.dumps(entry) + "\n")
            log.flush()
            if not options.json:
                told = f"{entry['status']} {entry.get('outcome', '')} {entry.get('reason', '')}"[:150]
                print(f"[{done}/{len(left)}] {entry['name']} {entry['seconds']} s: {told}", flush=True)
    results = [known[name] for name in jobs if name in known]
    corpora = dict.fromkeys(name.partition("/")[0] for name in jobs)
    report = {c: summary([r for r in results if r["name"].startswith(f"{c}/")]) for c in corpora}
    report["all"] = summary(results)
    if options.json:
        print(json.dumps({"corpora": report, "cores": os.cpu_count(), "results": results}, indent=1))
    else:
        for corpus, figures in report.items():
            print(f"== {corpus}")
            for name, value in figures.items():
                print(f"  {name}: " + ("".join(f"\n    {v}" for v in value) if name == "not accepted" else str(value)))
    return 0


def _known(file: Path) -> dict[str, Entry]:
    """Read the results that there are; the last line of a module counts."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return {entry["name"]: entry for entry in map(json.loads, lines)}


if __name__ == "__main__":
    sys.exit(main())
