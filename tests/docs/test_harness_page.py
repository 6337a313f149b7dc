"""docs/harness.md names what there is, and its example runs."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.support.command import ROOT
from tests.support.drafts import rtl_source
from tests.support.harness_runs import written
from tests.support.rtl import RTL
from tests.support.tools import need
from verif.bench.folder import with_known_outputs
from verif.harness import assemble
from verif.harness.transactors import TRANSACTORS, hdl
from verif.stimulus.registry import DRIVER_KINDS

TEXT = (ROOT / "docs" / "harness.md").read_text(encoding="utf-8")
HELPERS = {"drive_words", "drive_riscv"}


def example() -> str:
    found = re.search(r"```systemverilog\n(.*?)```", TEXT, re.DOTALL)
    assert found
    return found.group(1)


def play(design: Path, directory: Path) -> str:
    """Return what the page's example prints on the harness of sync_fifo round another design."""
    (directory / "play.sv").write_text(example(), encoding="utf-8")
    source = rtl_source("sync_fifo")
    oracles = with_known_outputs(source.oracles, [port.name for port in source.design.outputs])
    _, *own = written(assemble(source.design, source.plan, oracles), directory)
    built = directory / "play"
    subprocess.run([need("iverilog"), "-g2012", "-o", built, directory / "play.sv", design, *own], check=True)
    return subprocess.run([need("vvp"), "-n", built], check=True, capture_output=True, text=True).stdout


def test_page_names_every_driver_kind_and_module() -> None:
    modules = {file.stem for file in Path(next(iter(hdl.__path__))).glob("*.sv")}
    assert {f"`{kind}`" for kind in DRIVER_KINDS if f"`{kind}`" not in TEXT} == set()
    assert {module for module in modules - HELPERS if f"`{module}`" not in TEXT} == set()


def test_page_counts_as_free_of_protocol_what_has_no_transactor() -> None:
    line = next(line for line in TEXT.splitlines() if line.endswith("stimulus as it is.") and line.startswith("`"))
    assert set(re.findall(r"`(\w+)`", line)) == set(DRIVER_KINDS) - set(TRANSACTORS)


def test_example_finds_nothing_in_the_good_design(tmp_path: Path) -> None:
    assert "no check fails in 1000 ticks" in play(RTL / "sync_fifo" / "sync_fifo.sv", tmp_path)


def test_example_finds_a_seeded_bug(tmp_path: Path) -> None:
    assert "a check fails in tick" in play(RTL / "sync_fifo" / "bugs" / "full_one_early.sv", tmp_path)
