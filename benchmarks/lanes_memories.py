"""Where memories are faster as arrays of each lane than as registers: lane-cycles per CPU second of both, by size.

    python benchmarks/lanes_memories.py [--width 8 32] [--words 8 16 32 64 128] [--rounds 3] [--json]

A memory with one read and one write port, whose addresses, data and enable are stimulus; both builds run in turns.
``MOST_BITS_IN_REGISTERS`` in verif/lanes/synthesis.py lies below where the lines cross: most memories are asked less.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
from pathlib import Path
from typing import Any

from lanes import LANES, speed

from verif.bench.library.select import choose_oracles
from verif.campaign.drafts.from_sources import specification_of
from verif.design.frontend import read_design
from verif.design.sources import resolve_sources
from verif.harness import Harness, assemble
from verif.lanes import LaneEngine, build_lanes
from verif.plan.baseline import baseline_plan
from verif.workspace import Workspace

MODULE = """module kept (
    input  logic                clk,
    input  logic                put,
    input  logic [{top_place}:0]  into,
    input  logic [{top_place}:0]  from,
    input  logic [{top_bit}:0]  data,
    output logic [{top_bit}:0]  shown
);
    logic [{top_bit}:0] words [{words}];
    always_ff @(posedge clk) if (put) words[into] <= data;
    assign shown = words[from];
endmodule
"""
TICKS = 500


def harness(width: int, words: int, folder: Path) -> Harness:
    """Return the harness of a memory."""
    folder.mkdir(parents=True)
    file = folder / "kept.sv"
    bits = max(1, (words - 1).bit_length())
    file.write_text(MODULE.format(top_place=bits - 1, top_bit=width - 1, words=words), encoding="utf-8")
    design = read_design(resolve_sources((str(file),)))
    oracles = choose_oracles(design, specification_of(design))
    return assemble(design, baseline_plan(design, (), oracles.drivers), oracles)


def measure(width: int, words: int, rounds: int, folder: Path) -> dict[str, Any]:
    """Return the medians of both."""
    subject = harness(width, words, folder / f"{width}x{words}")
    workspace = Workspace(folder / "sim_builds")
    builds = [build_lanes(subject, workspace=workspace, register_bits=bits) for bits in (width * words, 0)]
    taken: list[list[float]] = [[], []]
    for _ in range(rounds):
        for build, found in zip(builds, taken, strict=True):
            with LaneEngine(build) as engine:
                engine.drawn(LANES, 8, draw=1)
                work = engine.drawn
                found.append(speed(engine, LANES * TICKS, lambda n, work=work: work(LANES, TICKS * n, draw=1)))
    registers, arrays = (round(statistics.median(found)) for found in taken)
    return {"width": width, "words": words, "bits": width * words, "registers": registers, "arrays": arrays}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--width", type=int, nargs="*", default=[8, 32])
    parser.add_argument("--words", type=int, nargs="*", default=[8, 16, 32, 64, 128])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for width in options.width:
            for words in options.words:
                rows.append(measure(width, words, options.rounds, Path(folder)))
                if not options.json:
                    show(rows[-1])
    if options.json:
        print(json.dumps({"cores": os.cpu_count(), "rounds": options.rounds, "memories": rows}, indent=2))


def show(row: dict[str, Any]) -> None:
    print(
        f"{row['words']:4} words of {row['width']:2} bits: registers {row['registers'] / 1e6:7.0f} M, "
        f"arrays {row['arrays'] / 1e6:7.0f} M lane-cycles per CPU second",
        flush=True,
    )


if __name__ == "__main__":
    main()
