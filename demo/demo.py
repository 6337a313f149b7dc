"""The demo: draft a bench with the embedded model, run it, break the design, write the report.

Calls the command line only, as a user does, and shows each command before it runs. ``make demo`` sets up what it needs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DESIGN = "rtl/sync_fifo"
BENCH = "tb/sync_fifo"
MODEL = "smollm2"
BUGS = ("full_one_late", "write_lost_on_read", "wrap_stops_short")
"""Seeded bugs that the bench must catch; none of them is known to the draft."""
OUT = Path("sim_builds/demo")
PAGE = OUT / "report.html"

PASS, FAIL = 0, 1
"""Exit codes of posedge: done, and a failure or finding."""


def main() -> int:
    start = time.monotonic()
    title("1. The embedded language model")
    posedge("models", "pull", MODEL)
    title("2. Draft a bench from the RTL and its specification; the model proposes, simulators judge")
    posedge("draft", f"{DESIGN}/design.toml", "--model", MODEL, "--out", BENCH)
    title("3. Run it on Icarus and Verilator, with coverage")
    posedge("run", BENCH, "--coverage", "--junit", str(OUT / "junit.xml"))
    title("4. Break the design: the bench must fail now")
    for bug in BUGS:
        break_design(bug)
    replay = first_replay()
    if replay:
        title("5. Run exactly that failure again, with waves")
        posedge(*replay.split()[1:], accept=(PASS, FAIL))
    title("6. The report")
    posedge("report", BENCH, "--html", str(PAGE))
    return tell(time.monotonic() - start)


def title(text: str) -> None:
    print(f"\n\033[1m{text}\033[0m" if sys.stdout.isatty() else f"\n{text}", flush=True)


def command() -> list[str]:
    """``posedge`` of the environment that runs this script."""
    return [sys.executable, "-m", "verif.cli.main"]


def posedge(*arguments: str, accept: tuple[int, ...] = (PASS,)) -> None:
    """Show the command and run it; end the demo where it answers with another exit code than ``accept``."""
    print(f"$ posedge {' '.join(arguments)}", flush=True)
    code = subprocess.run([*command(), *arguments], check=False).returncode
    if code not in accept:
        print(f"demo: 'posedge {arguments[0]}' ended with exit code {code}; its message is above", file=sys.stderr)
        sys.exit(code)


def break_design(bug: str) -> None:
    """Run the bench on the design with a seeded bug, and tell in a line what became of it."""
    arguments = ["run", BENCH, "--sources", f"{DESIGN}/bugs/{bug}.sv", "--sim", "icarus"]
    print(f"$ posedge {' '.join(arguments)}", flush=True)
    done = subprocess.run([*command(), *arguments, "--json"], check=False, capture_output=True, text=True)
    if done.returncode not in (PASS, FAIL):
        sys.exit(done.stderr)
    tests = json.loads(done.stdout)["tests"]
    failed = [test for test in tests if test["verdict"] == "FAIL"]
    shown = next((test for test in failed if test["oracle"] == "SPEC"), next(iter(failed), None))
    print(f"{len(failed)} of {len(tests)} tests fail" + (f", as {shown['name']}:" if shown else ""))
    if shown:
        print(f"  {shown['message'].partition(' (')[0]}\n  {shown['replay']}")


def report() -> dict[str, Any]:
    """Return what is known about the bench, as ``posedge report --json`` tells it."""
    done = subprocess.run([*command(), "report", BENCH, "--json"], check=True, capture_output=True, text=True)
    bench: dict[str, Any] = json.loads(done.stdout)["benches"][0]
    return bench


def first_failure(bench: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """Return the first broken design that the specification caught, and the failure."""
    caught = [(run["label"], failure) for run in bench["elsewhere"] for failure in run["failures"]]
    return next((pair for pair in caught if pair[1]["oracle"] == "SPEC"), next(iter(caught), None))


def first_replay() -> str:
    found = first_failure(report())
    return str(found[1]["test"]["replay"]) if found else ""


def tell(seconds: float) -> int:
    """Print what a designer tells a colleague about; 1 where a seeded bug or a broken variant got away."""
    bench = report()
    variants = [variant["caught"] for variant in bench["forced_fail"]]
    bugs = [any(f["oracle"] not in (None, "RECORDED") for f in run["failures"]) for run in bench["elsewhere"]]
    title("What to tell a colleague")
    print(f"  requirements checked {bench['requirements_checked']}/{bench['requirements_total']}")
    print(f"  broken variants of {bench['dut']} caught {sum(variants)}/{len(variants)}")
    print(f"  seeded bugs caught {sum(bugs)}/{len(bugs)}")
    if found := first_failure(bench):
        label, failure = found
        print(f"  {label}: {failure['oracle']} {failure['rule']}, cycle {failure['cycle']}: {failure['detail']}")
        print(f"    run it again: {failure['test']['replay']}  (posedge is in .venv/bin)")
    print(f"  the page: {PAGE.resolve().as_uri()}")
    print(f"  all of this took {seconds:.0f} s")
    return PASS if all((*variants, *bugs)) and variants and bugs else FAIL


if __name__ == "__main__":
    os.chdir(ROOT)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("\ndemo: interrupted; 'make demo' starts again and keeps what was installed")
