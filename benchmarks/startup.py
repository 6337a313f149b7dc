"""How long ``posedge --help`` takes against a bare Python: alternating pairs, medians of wall time.

Target: within 250 ms of ``python -c pass``. Exit code 1 where it is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

TARGET_MS = 250.0
ROOT = Path(__file__).resolve().parents[1]
BARE = [sys.executable, "-c", "pass"]
HELP = [sys.executable, "-m", "verif.cli.main", "--help"]


def milliseconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return 1000 * (time.perf_counter() - start)


def measure(pairs: int) -> dict[str, float | int]:
    milliseconds(HELP)  # writes the byte code
    taken = [(milliseconds(BARE), milliseconds(HELP)) for _ in range(pairs)]
    bare, told = median(b for b, _ in taken), median(h for _, h in taken)
    difference = median(h - b for b, h in taken)
    return {
        "bare_ms": round(bare, 1),
        "help_ms": round(told, 1),
        "difference_ms": round(difference, 1),
        "ratio": round(told / bare, 2),
        "target_ms": TARGET_MS,
        "pairs": pairs,
        "cores": os.cpu_count() or 1,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    figures = measure(arguments.pairs)
    if arguments.json:
        print(json.dumps(figures))
    else:
        print(
            "posedge --help {help_ms} ms, python -c pass {bare_ms} ms: {difference_ms} ms more, ratio {ratio} "
            "({pairs} pairs, {cores} cores; target {target_ms:g} ms)".format(**figures)
        )
    return 0 if float(figures["difference_ms"]) <= TARGET_MS else 1


if __name__ == "__main__":
    sys.exit(main())
