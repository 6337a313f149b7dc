"""Adopt public cocotb benches unedited and run them: how many pass, fail, or don't fit cocotb 2, and why.

    python benchmarks/adopt_corpus.py --data DIR [--bench PATH ...] [--configs N] [--timeout S] [--json]

DIR holds checkouts of cocotb, verilog-axis, verilog-axi and verilog-uart. Nothing is written into them. Of a bench with
many configurations the first N are run. A bench that isn't adopted, or doesn't pass, is listed with the reason.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

BENCHES = (
    "cocotb/examples/adder",
    "cocotb/examples/simple_dff",
    "cocotb/examples/matrix_multiplier",
    "cocotb/examples/first_steps/Makefile",
    "cocotb/examples/analog_model",
    "cocotb/tests/test_cases/test_array_simple",
    "cocotb/tests/test_cases/test_cocotb",
    "cocotb/tests/test_cases/test_plusargs",
    "cocotb/tests/test_cases/test_verilog_include_dirs",
    "cocotb/tests/test_cases/test_compare",
    "cocotb/tests/test_cases/test_verilator_timing_a",
    "verilog-axis/tb/axis_register",
    "verilog-axis/tb/axis_fifo",
    "verilog-axis/tb/axis_mux",
    "verilog-axis/tb/axis_demux",
    "verilog-axis/tb/axis_arb_mux",
    "verilog-axis/tb/axis_cobs_encode",
    "verilog-axi/tb/axil_ram",
    "verilog-axi/tb/axi_register",
    "verilog-axi/tb/axil_cdc",
    "verilog-uart/tb/uart_tx",
    "verilog-uart/tb/uart_rx",
)


@dataclass
class Result:
    """One bench."""

    bench: str
    adopted: bool = False
    origin: str = ""
    configs: int = 0
    configs_run: int = 0
    verdict: str = ""
    tests: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    reason: str = ""


def posedge(*arguments: str, workspace: Path) -> tuple[int, dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "verif.cli.main", *arguments, "--json"],
        env={**os.environ, "POSEDGE_BUILDS": str(workspace)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, json.loads(done.stdout or "{}")


def examine(data: Path, name: str, scratch: Path, most: int, timeout: int) -> Result:
    result, out = Result(bench=name), scratch / "benches" / name.replace("/", "_")
    start = time.perf_counter()
    code, answer = posedge("adopt", str(data / name), "--out", str(out), workspace=scratch / "sim_builds")
    if code:
        result.reason = answer["error"]["message"]
        return result
    benches = answer["benches"]
    result.adopted, result.origin = True, Path(benches[0]["origin"]).name
    result.configs = sum(len(bench["configs"]) for bench in benches)
    counts: Counter[str] = Counter()
    verdicts = []
    for bench in benches:
        chosen = [word for config in bench["configs"][:most] for word in ("--config", config)]
        result.configs_run += len(bench["configs"][:most])
        told = ("run", bench["path"], *chosen, "--timeout", str(timeout))
        _, ran = posedge(*told, workspace=scratch / "sim_builds")
        verdicts.append(ran.get("verdict", "ERROR"))
        counts.update(test["verdict"] for test in ran.get("tests", ()))
        result.reason = result.reason or why(ran)
    result.tests, result.seconds = dict(counts), round(time.perf_counter() - start, 1)
    result.verdict = next((verdict for verdict in verdicts if verdict != "PASS"), "PASS")
    return result


def why(ran: dict[str, Any]) -> str:
    if "error" in ran:
        return str(ran["error"]["message"])
    failed = [test for test in ran["tests"] if test["verdict"] != "PASS"]
    refused = [build["reason"] for build in ran["builds"] if build["verdict"] != "PASS"]
    return str(failed[0]["message"]).partition("\n")[0] if failed else next(iter(refused), "")


def parametrised(results: list[Result]) -> int:
    return sum(result.configs > 1 and result.verdict == "PASS" for result in results)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--bench", action="append")
    parser.add_argument("--configs", type=int, default=3)
    parser.add_argument("--timeout", type=int, default=300)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        benches = options.bench or BENCHES
        data = options.data.resolve()
        results = [examine(data, bench, Path(name), options.configs, options.timeout) for bench in benches]
    figures = {
        "benches": len(results),
        "adopted": sum(result.adopted for result in results),
        "passed": sum(result.verdict == "PASS" for result in results),
        "parametrised_passed": parametrised(results),
        "cores": os.cpu_count(),
        "results": [asdict(result) for result in results],
    }
    if options.json:
        print(json.dumps(figures, indent=2))
        return
    for result in results:
        tests = ", ".join(f"{count} {verdict}" for verdict, count in result.tests.items())
        told = f"{result.verdict or 'not adopted':<12} {result.configs_run}/{result.configs} configurations; {tests}"
        print(f"{result.bench:<52} {told} {result.reason}".rstrip())
    print(f"adopted {figures['adopted']}/{len(results)}, passed {figures['passed']}/{len(results)}")


if __name__ == "__main__":
    main()
