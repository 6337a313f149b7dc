import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.designs import design
from tests.support.tools import need
from verif.bench.forced_fail import Mode, toggling, variants, wrap, wrapper_text
from verif.bench.stored import Stored
from verif.design.model import Design, Direction, Port, SourceSet

NARROW = design("narrow", inputs={"d": 4}, outputs={"q": 4, "ok": 1})
BODY = """
module narrow #(parameter STEP = 1) (input clk, input rst, input [3:0] d, output [3:0] q, output ok);
  assign q = d + STEP, ok = ^d;
endmodule
"""


def recorded(*rows: tuple[int, int]) -> Stored:
    return Stored(id="recorded", inputs=(), rows=((),) * len(rows), outputs=("q", "ok"), expected=tuple(rows))


def test_each_output_that_toggles_is_broken_in_four_ways() -> None:
    found = variants(NARROW, recorded((0, 0), (1, 0), (1, 1)))
    assert [(v.port, v.mode) for v in found] == [(port, mode) for port in ("q", "ok") for mode in Mode]
    assert len({v.select for v in found}) == len(found)
    assert found[0].name == "q stuck at 0"


def test_design_with_very_many_outputs_gets_one_variant_an_output() -> None:
    wide = design("wide", inputs={"d": 1}, outputs={f"q{number}": 1 for number in range(120)})
    names = tuple(port.name for port in wide.outputs)
    rows = ((0,) * 120, (1,) * 120)
    found = variants(wide, Stored(id="recorded", inputs=(), rows=((), ()), outputs=names, expected=rows))
    assert [v.port for v in found] == list(names)
    assert {v.mode for v in found} == set(Mode)


def test_output_that_never_toggles_is_not_broken() -> None:
    found = variants(NARROW, recorded((0, 1), (1, 1)))
    assert {v.port for v in found} == {"q"}
    assert toggling(NARROW, recorded((0, 1), (1, 1))).never == ("ok",)


def test_lateness_is_left_out_without_a_clock() -> None:
    found = variants(replace(NARROW, clocks=()), recorded((0, 0), (1, 1)))
    assert Mode.LATE not in {v.mode for v in found}


@pytest.mark.parametrize("clocked", [True, False])
def test_wrapper_compiles_around_the_untouched_design(clocked: bool, tmp_path: Path) -> None:
    file = tmp_path / "narrow.v"
    file.write_text(BODY, encoding="utf-8")
    sources = SourceSet(files=(file,), top="narrow", parameters={"STEP": "3"})
    whole: Design = replace(NARROW, sources=sources, clocks=NARROW.clocks if clocked else ())
    wrapped = wrap(whole, tmp_path / "forced")
    assert wrapped.files[0] == file
    assert file.read_text(encoding="utf-8") == BODY
    assert "narrow #(.STEP(3)) posedge_design" in wrapper_text(whole)
    command = [need("iverilog"), "-g2012", "-Wall", "-t", "null", "-s", str(wrapped.top), *map(str, wrapped.files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_wrapper_passes_inouts_through_and_escapes_names() -> None:
    ports = (*NARROW.ports, Port(name="pad", direction=Direction.INOUT, width=1))
    odd = Port(name="q[0]", direction=Direction.OUTPUT, width=1)
    text = wrapper_text(replace(NARROW, ports=(*ports, odd)))
    assert "inout wire pad" in text
    assert ".pad(pad)" in text
    assert "output wire \\q[0] " in text
