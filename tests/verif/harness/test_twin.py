from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.harnesses import harness_of
from tests.support.rtl import Kept, design_of
from verif.design.model import Design
from verif.errors import InputError
from verif.formal.reach import reach
from verif.formal.unreachable import unreachable
from verif.harness.model import Harness
from verif.harness.twin import Pairing, port_differences, twin, twin_of
from verif.lanes import LaneEngine, build_lanes
from verif.sim.batch import Batch, build_batch
from verif.sim.process import Processes
from verif.workspace import Workspace

COUNTER = """
module dut (input wire clk, input wire rst, input wire [3:0] a, output logic [3:0] y);
  logic [3:0] held;
  always_ff @(posedge clk) if (rst) held <= 0; else held <= held + a;
  assign y = held;
endmodule
"""


def other_of(design: Design, text: str, place: Path) -> Design:
    """Return ``design`` with another text."""
    place.mkdir(parents=True, exist_ok=True)
    (place / "dut.sv").write_text(text, encoding="utf-8")
    return replace(design, sources=replace(design.sources, files=(place / "dut.sv",)))


def twins(one: str, other: str, place: Path) -> Harness:
    """Return the harness of two texts with equal ports."""
    place.mkdir(parents=True, exist_ok=True)
    design = design_of(place, one, top="dut")
    return twin(harness_of(design), other_of(design, other, place / "other"))


def proven(harness: Harness, folder: Path) -> set[str]:
    """Return the covers that can't be hit."""
    found = unreachable(harness, harness.covers, folder / "proof", seconds=60.0, processes=Processes())
    return set(found.proofs)


def reached(harness: Harness, folder: Path, *, depth: int = 20) -> dict[str, int]:
    """Return the covers that are hit, and in which tick."""
    found = reach(harness, harness.covers, folder / "proof", depth=depth, seconds=60.0, processes=Processes())
    return {id_: witness.tick for id_, witness in found.witnesses.items()}


@pytest.mark.parametrize("name", ["gray_counter", "uart_tx"])
def test_copy_of_itself_never_differs(name: str, tmp_path: Path) -> None:
    design = Kept(name).design
    both = twin(harness_of(design), design)
    assert both.covers == tuple(f"differs:{port.name}" for port in design.outputs)
    assert proven(both, tmp_path) == set(both.covers)


def test_each_seeded_bug_differs_from_the_design(tmp_path: Path) -> None:
    kept = Kept("lfsr")
    harness = harness_of(kept.design)
    for bug in kept.bugs:
        broken = replace(kept.design, sources=replace(kept.design.sources, files=(bug,)))
        assert reached(twin(harness, broken), tmp_path), bug.stem


def test_lanes_and_batch_find_the_same_difference(tmp_path: Path) -> None:
    other = COUNTER.replace("held + a", "(held == 9 ? 4'd0 : held + a)")
    both = twins(COUNTER, other, tmp_path)
    workspace = Workspace(tmp_path / "builds")
    with (
        LaneEngine(build_lanes(both, workspace=workspace)) as lanes,
        Batch(build_batch(both, workspace=workspace)) as one,
    ):
        drawn = lanes.drawn(64, 200, draw=3, hit_ticks=True, seed=None)
        assert drawn.hit_ticks is not None
        (lane, *_) = [lane for lane in range(64) if drawn.hit_ticks[lane, 0] >= 0]
        again = one.hit_ticks(lanes.rows([lane], 200, draw=3)[0], seed=None)
    assert again[0] == drawn.hit_ticks[lane, 0]


def test_equal_copies_agree_in_lanes(tmp_path: Path) -> None:
    both = twins(COUNTER, COUNTER, tmp_path)
    with LaneEngine(build_lanes(both, workspace=Workspace(tmp_path / "builds"))) as lanes:
        drawn = lanes.drawn(64, 200, draw=3, hit_ticks=True, seed=None)
    assert drawn.hit_ticks is not None
    assert (drawn.hit_ticks < 0).all()


KEEPS = """
module dut (input wire clk, input wire rst, input wire [3:0] a, output logic [3:0] y);
  logic [3:0] kept, word [0:3];
  always_ff @(posedge clk) if (a[0]) kept <= a;
  always_ff @(posedge clk) if (a[3]) word[a[1:0]] <= a;
  assign y = rst ? 0 : kept ^ word[a[2:1]];
endmodule
"""


def test_registers_and_words_of_the_same_name_start_equal(tmp_path: Path) -> None:
    assert proven(twins(KEEPS, KEEPS, tmp_path), tmp_path) == {"differs:y"}


@pytest.mark.parametrize("name", ["kept", "word"])
def test_registers_of_other_names_start_at_will(name: str, tmp_path: Path) -> None:
    both = twins(KEEPS, KEEPS.replace(name, "renamed"), tmp_path)
    assert reached(both, tmp_path)["differs:y"] == 0


@pytest.mark.parametrize("words", [4, 256])
def test_state_that_loads_the_same_is_not_the_same_at_the_start(words: int, tmp_path: Path) -> None:
    """Yosys would make one of both: neither has a start value."""
    text = f"""
      module dut (input wire clk, input wire rst, input wire [7:0] a, output logic [3:0] y);
        logic [3:0] word [0:{words - 1}];
        always_ff @(posedge clk) word[a] <= a[3:0];
        assign y = word[{{a[3:0], a[7:4]}}];
      endmodule
    """
    assert reached(twins(text, text.replace("word", "other"), tmp_path), tmp_path, depth=4)["differs:y"] == 0
    kept = KEEPS.replace("^ word[a[2:1]]", "").replace("rst ? 0 : ", "~")
    assert reached(twins(kept, kept.replace("kept", "held"), tmp_path / "kept"), tmp_path)["differs:y"] == 0


def test_registers_that_are_told_to_belong_together_start_equal(tmp_path: Path) -> None:
    design = design_of(tmp_path, KEEPS)
    other = other_of(design, KEEPS.replace("word", "renamed").replace("kept", "held"), tmp_path / "other")
    pairing = Pairing(starts={"kept": "held", "word": "renamed"})
    assert proven(twin_of(harness_of(design), other, pairing=pairing).harness, tmp_path) == {"differs:y"}


def test_registers_at_one_output_alone_do_not_start_equal(tmp_path: Path) -> None:
    text = KEEPS.replace("rst ? 0 : kept ^ word[a[2:1]]", "kept")
    design = design_of(tmp_path, text)
    other = other_of(design, text.replace("kept", "held"), tmp_path / "other")
    both = twin_of(harness_of(design), other, pairing=Pairing(aliases=("y",))).harness
    assert reached(both, tmp_path, depth=2)["differs:y"] == 0


def test_ports_that_are_told_to_belong_together_are_one(tmp_path: Path) -> None:
    design = design_of(tmp_path, COUNTER)
    (tmp_path / "other").mkdir()
    renamed = COUNTER.replace(" a,", " step,").replace("+ a", "+ step").replace(" y", " sum")
    other = design_of(tmp_path / "other", renamed)
    pairing = Pairing(ports={"a": "step", "y": "sum"})
    assert proven(twin_of(harness_of(design), other, pairing=pairing).harness, tmp_path) == {"differs:y"}


def test_register_that_only_one_version_resets_starts_equal_no_more(tmp_path: Path) -> None:
    other = KEEPS.replace("if (a[0]) kept <= a;", "if (rst) kept <= 1; else if (a[0]) kept <= a;")
    assert reached(twins(KEEPS, other, tmp_path), tmp_path)["differs:y"] == 0


DIRECTIVES = """
`ifndef GUARD
`define GUARD
`define STEP 4'd%d
package numbers;
  localparam logic [3:0] FIRST = 4'd%d;
endpackage
typedef enum logic [1:0] {{LOW, HIGH}} level_t;
function automatic logic [3:0] dut_next(input logic [3:0] n);
  return n + `STEP;
endfunction
`endif
module part import numbers::*; (input wire clk, input wire rst, output logic [3:0] y);
  always_ff @(posedge clk) if (rst) y <= FIRST; else y <= dut_next(y);
endmodule : part
module unused (input wire i); endmodule
module dut #(parameter N = 1) (input wire clk, input wire rst, input wire a, output logic [3:0] y, output level_t part);
  wire [3:0] n;
  part part_0 (.clk, .rst(rst | a), .y(n));
  for (genvar g = 0; g < N; g++) assign y = n;
  assign part = a ? HIGH : LOW;
endmodule
"""


def test_versions_keep_their_own_macros_packages_and_types(tmp_path: Path) -> None:
    """Guards, macros, package and functions have equal names; one of the ports is called as a module is."""
    one = DIRECTIVES.replace("{{", "{").replace("}}", "}")
    both = twins(one % (1, 2), one % (1, 2), tmp_path / "equal")
    assert proven(both, tmp_path) == {"differs:y", "differs:part"}
    assert set(reached(twins(one % (1, 2), one % (3, 2), tmp_path / "step"), tmp_path)) == {"differs:y"}
    first = reached(twins(one % (1, 2), one % (1, 5), tmp_path / "first"), tmp_path)
    assert first == {"differs:y": 0}


def test_names_of_the_copy_are_free(tmp_path: Path) -> None:
    text = COUNTER.replace("held", "dut_twin")
    both = twins(text, text, tmp_path)
    assert "module dut_twin2 (" in both.files["twin.sv"]


def test_old_names_that_are_keywords_today_stay(tmp_path: Path) -> None:
    (tmp_path / "dut.v").write_text(
        COUNTER.replace("held", "do").replace("logic", "reg").replace("always_ff", "always")
    )
    text = (tmp_path / "dut.v").read_text()
    design = design_of(tmp_path, COUNTER)
    old = replace(design, sources=replace(design.sources, files=(tmp_path / "dut.v",)))
    assert text.count("do") > 4
    assert "do <= do + a" in twin(harness_of(design), old).files["twin.v"]


def test_copy_tells_where_its_parts_are(tmp_path: Path) -> None:
    design = design_of(tmp_path, COUNTER.replace("held", "part") + "module part; endmodule")
    made = twin_of(harness_of(design), design)
    assert (made.first, made.second) == ("harness.dut", "twin")
    assert made.copy.path("dut.u[3].y") == "dut_twin.u[3].y"


def test_versions_with_different_ports_are_refused(tmp_path: Path) -> None:
    other = COUNTER.replace("output logic [3:0] y", "output logic [4:0] y, input wire extra")
    design = design_of(tmp_path, COUNTER)
    (tmp_path / "other").mkdir()
    changed = design_of(tmp_path / "other", other)
    assert [each.sentence for each in port_differences(design, changed)] == [
        "output y has 4 bits in the first and 5 in the second",
        "input extra is only in the second",
    ]
    with pytest.raises(
        InputError, match=r"^dut: two designs with different ports .*: output y has 4 bits .*; input extra is only"
    ) as refusal:
        twin(harness_of(design), changed)
    assert refusal.value.code == "PE941"


def test_input_of_the_second_alone_is_tied(tmp_path: Path) -> None:
    design = design_of(tmp_path, COUNTER)
    (tmp_path / "other").mkdir()
    text = COUNTER.replace("output logic", "input wire extra, output logic").replace("held + a", "held + a + extra")
    changed = design_of(tmp_path / "other", text)
    harness = harness_of(design)
    assert proven(twin_of(harness, changed, compared=["y"], pairing=Pairing(ties={"extra": 0})).harness, tmp_path) == {
        "differs:y"
    }
    assert reached(twin_of(harness, changed, compared=["y"], pairing=Pairing(ties={"extra": 1})).harness, tmp_path)
