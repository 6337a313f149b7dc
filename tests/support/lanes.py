"""Lanes and the batch engine side by side."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path

from tests.support.harnesses import around
from verif.design.model import Clock
from verif.harness.model import COVERS, Harness
from verif.lanes import LanesBuild, build_lanes
from verif.lanes.processor import Processor
from verif.lanes.synthesis import MOST_BITS_IN_REGISTERS
from verif.lanes.trust import difference_between
from verif.sim.batch import build_batch
from verif.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
LOCK = """
  reg [2:0] at;
  always @(posedge clk)
    if (rst) at <= 0;
    else if (a[3:0] == {1'b1, at}) at <= at + 3'd1;
    else if (a[7:4] == 4'd5) at <= 0;
  assign y = at;
  assign bad = at == 7 && a == 8'h77;
"""


def locked(directory: Path, body: str = LOCK) -> Harness:
    """Return a harness round a lock that opens step by step; each step is a coverage point."""
    harness = around(body, directory)
    text = harness.files["dut_harness.sv"]
    text = text.replace("  output wire seen_told\n", f"  output wire seen_told,\n  output wire [7:0] {COVERS}\n")
    text = text.replace("endmodule", f"  assign {COVERS} = 8'd1 << obs_y[2:0];\nendmodule")
    return replace(harness, files={"dut_harness.sv": text}, covers=tuple(f"at {n}" for n in range(8)))


def lanes_of(
    harness: Harness, place: Path, *, processor: Processor | None = None, register_bits: int = MOST_BITS_IN_REGISTERS
) -> LanesBuild:
    """Return a lane build in a workspace at ``place``."""
    workspace = Workspace(place / "sim_builds")
    return build_lanes(harness, workspace=workspace, processor=processor, register_bits=register_bits)


def difference(
    harness: Harness, place: Path, *, processor: Processor | None = None, register_bits: int = MOST_BITS_IN_REGISTERS
) -> str:
    """Return how lanes of ``harness`` differ from its batch build; empty where they don't."""
    lanes = lanes_of(harness, place, processor=processor, register_bits=register_bits)
    return difference_between(lanes, build_batch(harness, workspace=Workspace(place / "sim_builds")))


def difference_of(
    body: str,
    place: Path,
    *,
    width: int = 8,
    clocks: tuple[Clock, ...] = (Clock(name="clk"),),
    register_bits: int = 1024,
) -> str:
    """Return how lanes of a design differ; ``body`` is what ``around`` takes."""
    return difference(around(body, place / "design", width=width, clocks=clocks), place, register_bits=register_bits)


_X86 = re.compile(r"\b(_mm\w*|__m\d+\w*|__builtin_ia32\w*|asm|__asm__|vp?\w+q)\b")


def only_on_x86(build: LanesBuild) -> set[str]:
    """Return what of a build's own text, as the compiler sees it, no other processor has."""
    source = build.build.directory / "lanes.cpp"
    folders = [ROOT / "verif" / folder for folder in ("lanes/native", "sim/batch/native")]
    words = ["g++", "-E", "-std=gnu++17", *build.processor.flags, *(f"-I{folder}" for folder in folders), str(source)]
    text = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    found, mine = set(), False
    for line in text.splitlines():
        if marker := re.match(r'# \d+ "([^"]*)"', line):
            mine = Path(marker[1]).parent in (source.parent, *folders)
        elif mine:
            found |= set(_X86.findall(line))
    return found


def break_one_table(build: LanesBuild) -> None:
    """Turn one function of the netlist round, in the library of a build."""
    source = build.build.directory / "lanes.cpp"
    text = source.read_text(encoding="utf-8")
    if build.processor.assembled:
        before, sign, after = text.rpartition("vpternlogq $")
        values, comma, rest = after.partition(",")
        broken = f"{before}{sign}{int(values) ^ 255}{comma}{rest}"
    else:
        broken = re.sub(r"(const Word t\d+ = )(?!~)", r"\1~", text, count=1)
    assert broken != text
    source.write_text(broken, encoding="utf-8")
    here = ROOT / "verif"
    subprocess.run(
        [
            *("g++", "-O1", "-std=gnu++17", "-shared", "-fPIC", "-fno-strict-aliasing", "-w", *build.processor.flags),
            *(f"-I{here / folder}" for folder in ("lanes/native", "sim/batch/native")),
            *(str(source), "-o", str(build.library)),
        ],
        check=True,
    )
