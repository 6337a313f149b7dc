"""The interface that a specification describes."""

from __future__ import annotations

from pathlib import Path

import pytest

from verif.design.frontend import read_design
from verif.design.model import Design, Edge
from verif.design.sources import resolve_sources
from verif.errors import InputError
from verif.plan.interface import interface_of
from verif.plan.spec import read_specification

RTL = Path(__file__).resolve().parents[3] / "rtl"


def _interface(tmp_path: Path, text: str) -> Design:
    file = tmp_path / "spec.md"
    file.write_text(text)
    return interface_of(read_specification(file))


def _ports(design: Design) -> dict[str, tuple[str, int]]:
    return {port.name: (port.direction.value, port.width) for port in design.ports}


def _clocking(design: Design) -> list[tuple[object, ...]]:
    clocks = [(clock.name, clock.edge) for clock in design.clocks]
    return [*clocks, *((reset.name, reset.active_high, reset.asynchronous) for reset in design.resets)]


@pytest.mark.parametrize("name", sorted(path.parent.name for path in RTL.glob("*/spec.md")))
def test_the_specification_s_interface_is_the_rtl_s(name: str) -> None:
    told = interface_of(read_specification(RTL / name / "spec.md"))
    real = read_design(resolve_sources([RTL / name / "design.toml"]))
    assert told.top == real.top
    assert _ports(told) == _ports(real)
    assert _clocking(told) == _clocking(real)


LISTS = """Please write a counter.

Module name:
    counter_12

Input ports:
    clk: Clock signal, falling edge.
    arst_n: asynchronous reset, active low.
    limit [3:0]: Upper bound.

Output ports:
    out: 5-bit count.
    wrap: High for one cycle.

Implementation:
    It counts.
"""


def test_port_lists_are_read_like_tables(tmp_path: Path) -> None:
    design = _interface(tmp_path, LISTS)
    assert design.top == "counter_12"
    assert _ports(design) == {
        "clk": ("input", 1),
        "arst_n": ("input", 1),
        "limit": ("input", 4),
        "out": ("output", 5),
        "wrap": ("output", 1),
    }
    assert design.clocks[0].edge is Edge.FALLING
    assert (design.resets[0].active_high, design.resets[0].asynchronous) == (False, True)


def test_a_specification_without_outputs_says_what_is_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"lists no output ports; .*Port, Direction and Width.*--interface\.$"):
        _interface(tmp_path, "# counter: counts\n\nIt counts.\n")


def test_a_specification_without_a_module_name_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="names no module"):
        _interface(tmp_path, "A thing that counts.\n\nOutput ports:\n  q: count\n")


@pytest.mark.parametrize("width", ["N", "2 // N", "print(1)", "[N-1:0]", "x.y"])
def test_a_width_that_is_no_constant_is_named_with_its_line(tmp_path: Path, width: str) -> None:
    table = f"# m: m\n\n| Port | Direction | Width |\n|---|---|---|\n| q | output | {width} |\n"
    with pytest.raises(InputError) as refusal:
        _interface(tmp_path, table)
    assert refusal.value.sentence.startswith(f"spec.md:5: can't tell the width '{width}'")


def test_a_width_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the width '4 - 4' is 0"):
        _interface(tmp_path, "# m: m\n\n| Port | Direction | Width |\n|---|---|---|\n| q | output | 4 - 4 |\n")
