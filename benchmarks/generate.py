"""How many of twelve small blocks a model writes correctly, against random texts of the same grammar.

    python benchmarks/generate.py [--model smollm2] [--n 16] [--seed 1] [--json]

Three columns: the model with its shipped examples; the same without those of the block's own family (what it knows
beyond copying); texts drawn at random from the grammar, with no model at all. Judged by golden RTL whose own broken
variants must be rejected first.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from generate_blocks import BLOCKS, Block  # noqa: E402

from llm_assist.constrain.ir import random_text  # noqa: E402
from llm_assist.model import Model  # noqa: E402
from llm_assist.registry import load_model  # noqa: E402
from llm_assist.rtl_grammar import body_grammar  # noqa: E402
from llm_assist.rtl_shape import Shape, shape_of, tidy  # noqa: E402
from llm_assist.rtl_writer import write_rtl  # noqa: E402
from verif.campaign.generation.judge import Judge  # noqa: E402
from verif.campaign.generation.judges import judge_from_rtl  # noqa: E402
from verif.design.frontend import read_design  # noqa: E402
from verif.design.model import SourceSet  # noqa: E402
from verif.design.sources import resolve_sources  # noqa: E402
from verif.plan.spec import read_specification  # noqa: E402
from verif.sim.playback import play_on_icarus  # noqa: E402
from verif.sim.sandbox import Sandbox  # noqa: E402
from verif.verdict import Verdict  # noqa: E402

COLUMNS = ("examples", "own family left out", "random texts")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="smollm2")
    parser.add_argument("--n", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    model = load_model(arguments.model)
    rows = []
    with tempfile.TemporaryDirectory(prefix="posedge-benchmark-") as scratch:
        for block in BLOCKS:
            rows.append(measure(block, model, arguments.n, arguments.seed, Path(scratch) / block.name))
            if not arguments.json:
                print(line(rows[-1]), flush=True)
    totals = {column: total(rows, column, arguments.n) for column in COLUMNS}
    if arguments.json:
        told = {"schema": 1, "model": arguments.model, "n": arguments.n, "seed": arguments.seed}
        print(json.dumps({**told, "cores": os.cpu_count(), "blocks": rows, "totals": totals}, indent=1))
    else:
        for column, figures in totals.items():
            print(f"{column}: {figures}")
    return 0


def measure(block: Block, model: Model, n: int, seed: int, scratch: Path) -> dict[str, Any]:
    scratch.mkdir(parents=True)
    golden, text = scratch / "golden.v", scratch / "spec.md"
    golden.write_text(block.golden)
    text.write_text(f"{block.task}\n")
    sources = resolve_sources([golden])
    design = read_design(sources)
    judge = judge_from_rtl(sources, design, read_specification(text), seed=seed, scratch=scratch / "judge")
    shape = shape_of(design)
    start = time.monotonic()
    drafts = {
        COLUMNS[0]: write_rtl(model, shape, block.task, n=n, seed=seed).all_texts,
        COLUMNS[1]: write_rtl(model, shape, block.task, n=n, seed=seed, without=block.families).all_texts,
        COLUMNS[2]: random_drafts(shape, n, seed),
    }
    seconds = time.monotonic() - start
    columns = {name: correct(texts, judge, scratch / name.replace(" ", "_")) for name, texts in drafts.items()}
    return {
        "block": block.name,
        "judge_doubts": list(judge.doubts),
        "variants": str(judge.variants),
        "seconds": round(seconds, 1),
        **columns,
    }


def random_drafts(shape: Shape, n: int, seed: int) -> list[str]:
    grammar, rng = body_grammar(shape), random.Random(seed)
    return [tidy(shape.header + shape.declarations + random_text(grammar, rng), shape) for _ in range(n)]


def correct(texts: Sequence[str], judge: Judge, scratch: Path) -> dict[str, list[bool]]:
    """Return, draft by draft, whether it compiles and whether it does what the judge expects."""
    known: dict[str, tuple[bool, bool]] = {}
    for number, text in enumerate(texts):
        if text not in known:
            known[text] = judged(text, judge, scratch / str(number))
    return {"compiles": [known[text][0] for text in texts], "correct": [known[text][1] for text in texts]}


def judged(text: str, judge: Judge, scratch: Path) -> tuple[bool, bool]:
    scratch.mkdir(parents=True)
    file = scratch / "draft.sv"
    file.write_text(text)
    sources = SourceSet(files=(file,), top=judge.design.top)
    played = play_on_icarus(sources, judge.design, judge.stimulus, scratch, sandbox=Sandbox.locate())
    if played.verdict is not Verdict.PASS:
        return played.verdict is not Verdict.UNSUPPORTED, False
    return True, judge.complaint(played.outputs) is None


def line(row: dict[str, Any]) -> str:
    told = ", ".join(f"{name} {sum(row[name]['correct'])}/{len(row[name]['correct'])}" for name in COLUMNS)
    return f"{row['block']:14} {told}; judge rejects {row['variants']}; {row['seconds']} s"


def total(rows: Sequence[dict[str, Any]], column: str, n: int) -> dict[str, str]:
    """Return blocks solved with half and all drafts, and correct and compiling drafts, as ratios."""
    right = [row[column]["correct"] for row in rows]
    compiling = sum(sum(row[column]["compiles"]) for row in rows)
    drafts = sum(len(flags) for flags in right)
    return {
        f"solved@{n // 2}": f"{sum(any(flags[: n // 2]) for flags in right)}/{len(rows)}",
        f"solved@{n}": f"{sum(map(any, right))}/{len(rows)}",
        "correct": f"{sum(map(sum, right))}/{drafts}",
        "compile": f"{compiling}/{drafts}",
    }


if __name__ == "__main__":
    sys.exit(main())
