"""Random designs show the same bits in lanes and in the batch engine: operators, widths, signs, branches, memories."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support.harnesses import around
from tests.support.lanes import difference
from tests.support.random_rtl import OUTPUT, Block, blocks, design

TOGETHER = 10
"""Designs in one build: they share nothing but the clock and the reset."""
SLOW_BUILDS = 50
_ONCE = {
    "deadline": None,
    "derandomize": True,
    "phases": (Phase.generate,),
    "suppress_health_check": list(HealthCheck),
}


def compare(designs: list[Block], register_bits: int) -> None:
    body, modules = design(designs)
    with tempfile.TemporaryDirectory() as folder:
        harness = around(body, Path(folder) / "design", width=OUTPUT * len(designs))
        source = harness.design.sources.files[0]
        source.write_text(source.read_text(encoding="utf-8") + modules, encoding="utf-8")
        found = difference(harness, Path(folder), register_bits=register_bits)
        assert found == "", f"{found}\n{modules}"


@settings(max_examples=2, **_ONCE)  # the first is the simplest that there is
@given(st.lists(blocks(), min_size=TOGETHER, max_size=TOGETHER), st.sampled_from((0, 1024)))
def test_random_designs_show_the_same_bits(designs: list[Block], register_bits: int) -> None:
    compare(designs, register_bits)


@pytest.mark.slow
@settings(max_examples=SLOW_BUILDS, **_ONCE)
@given(st.lists(blocks(), min_size=TOGETHER, max_size=TOGETHER), st.sampled_from((0, 1024)))
def test_five_hundred_random_designs_show_the_same_bits(designs: list[Block], register_bits: int) -> None:
    compare(designs, register_bits)
