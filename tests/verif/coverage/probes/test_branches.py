"""Laws of probes in branches: which arms there are, what they are called, in which tick they show."""

from __future__ import annotations

from pathlib import Path

from tests.support.probes import Probed

COMB = """
module dut (input logic [1:0] a, input logic b, output logic [3:0] y);
  always_comb begin
    y = 0;
    if (a == 1) y = 1;
    else if (b) y = 2;
    case (a)
      0, 1: y[3] = 1;
      2: if (b) y[2] = 1;
    endcase
  end
endmodule
"""


def test_a_combinational_arm_shows_in_its_own_tick(tmp_path: Path) -> None:
    dut = Probed(tmp_path, COMB)
    assert dut.ids == [
        "dut:5:if",
        "dut:6:if",
        "dut:6:else",
        "dut:8:case_0,_1",
        "dut:9:case_2",
        "dut:9:if",
        "dut:9:else",
        "dut:7:case_default",
    ]
    assert dut.ticks({"a": 1}) == {"dut:5:if": 0, "dut:8:case_0,_1": 0}
    assert dut.ticks({"a": 3}, {"a": 2, "b": 1}, {"a": 2}) == {
        "dut:6:else": 0,
        "dut:7:case_default": 0,
        "dut:6:if": 1,
        "dut:9:case_2": 1,
        "dut:9:if": 1,
        "dut:9:else": 2,
    }


def test_points_tell_their_place_and_condition(tmp_path: Path) -> None:
    points = {point.id: point for point in Probed(tmp_path, COMB).probed.points}
    assert points["dut:6:else"].title == "else of if (b)"
    assert points["dut:9:case_2"].title == "case (a): 2"
    assert points["dut:7:case_default"].title == "case (a): none of its items"
    assert {(point.module, Path(point.file).name) for point in points.values()} == {("dut", "dut.sv")}
    assert [points[name].column for name in ("dut:5:if", "dut:6:if")] == [5, 10]


CLOCKED = """
module dut (input wire clk, input wire rst_n, input wire [1:0] a, output reg [3:0] q);
  always @(posedge clk EVENT)
    if (!rst_n) q <= 0;
    else if (a == 1) begin
      if (q == 3) q <= 0; else q <= q + 1;
    end
  reg seen;
  always @(posedge clk) if (a[1]) seen <= 1;
endmodule
"""


def test_a_clocked_arm_shows_in_the_tick_after_its_edge(tmp_path: Path) -> None:
    arms = ["dut:4:if", "dut:5:if", "dut:6:if", "dut:6:else", "dut:5:else", "dut:9:if", "dut:9:else"]
    for name, event in (("sync", ""), ("async", "or negedge rst_n")):
        dut = Probed(tmp_path / name, CLOCKED.replace("EVENT", event))
        assert dut.ids == arms
        assert dut.ticks({"rst_n": 1, "a": 1}, {"rst_n": 1, "a": 2}, {"rst_n": 1}, {"rst_n": 0}) == {
            "dut:4:if": 0,  # the last row of the reset before
            "dut:9:else": 0,
            "dut:5:if": 1,
            "dut:6:else": 1,
            "dut:5:else": 2,
            "dut:9:if": 2,
        }


def test_an_arm_hit_in_any_turn_of_a_loop_is_hit(tmp_path: Path) -> None:
    text = """
module dut (input logic [3:0] a, output logic [2:0] y);
  always_comb begin
    y = 0;
    for (int i = 0; i < 4; i++) if (a[i]) y++;
  end
endmodule
"""
    dut = Probed(tmp_path, text)
    assert dut.ticks({"a": 0}, {"a": 4}) == {"dut:5:else": 0, "dut:5:if": 1}


def test_equal_places_get_columns(tmp_path: Path) -> None:
    text = (
        "module dut (input a, b, output reg y);\n  always @* begin y = 0; if (a) y = 1; if (b) y = 0; end\nendmodule\n"
    )
    dut = Probed(tmp_path, text)
    assert dut.ids == ["dut:2:26:if", "dut:2:26:else", "dut:2:40:if", "dut:2:40:else"]
    assert dut.ticks({"a": 1}) == {"dut:2:26:if": 0, "dut:2:40:else": 0}


def test_what_the_designer_promises_has_no_implicit_arm(tmp_path: Path) -> None:
    text = """
module dut (input logic [1:0] a, output logic [1:0] y);
  always_comb begin
    y = 0;
    unique case (a) 0: y = 1; 1: y = 2; 2, 3: y = 3; endcase
    priority if (a == 0) y = 1; else if (a != 0) y = 2;
    unique0 case (a) 0: y = 3; endcase
    (* full_case, parallel_case *) case (a) 1: y = 0; endcase
  end
endmodule
"""
    dut = Probed(tmp_path, text)
    assert [name for name in dut.ids if "default" in name or "else" in name] == [
        "dut:7:case_default",
        "dut:8:case_default",
    ]
    assert "full_case" not in dut.text and "unique case" in dut.text


def test_every_line_stays_where_it_is(tmp_path: Path) -> None:
    text = COMB.replace("\n", "\r\n") + "module other; wire x; endmodule\r\n"
    dut = Probed(tmp_path, text)
    edited = dut.text.split("\r\n")
    for number, line in enumerate(text.split("\r\n")):
        words = line.replace("endmodule", "").split()
        assert [word for word in words if word in edited[number].split()] == words or number > 10
    assert dut.ticks({"a": 1}) == {"dut:5:if": 0, "dut:8:case_0,_1": 0}


def test_old_verilog_with_new_words_as_names(tmp_path: Path) -> None:
    text = """// caf\u00e9
module dut (logic, clk, do);
  input logic;
  input clk;
  output [1:0] do;
  reg [1:0] do;
  always @(posedge clk) if (logic) do <= do + 1;
  always @(posedge clk)
    casez ({logic, do})
      3'b1?? : ;
      default : begin : named
        integer bit;
        bit = 1;
      end
    endcase
endmodule
"""
    dut = Probed(tmp_path, text, name="dut.v")
    assert dut.ids == ["dut:7:if", "dut:7:else", "dut:10:case_3'b1??", "dut:11:case_default"]
    assert dut.ticks({"logic": 1}, {}, {}) == {
        "dut:7:if": 1,
        "dut:10:case_3'b1??": 1,
        "dut:7:else": 2,
        "dut:11:case_default": 2,
    }


MACROS = """
`define TAKE(x) if (x) y = 1;
`define ARM begin y = 1; end
`ifdef UNUSED
module broken(
`endif
module dut (input a, b, output reg y, z);
  always @* begin
    y = 0;
    `TAKE(a)
    if (b) `ARM
`ifdef UNUSED
    if (a & b) y = 0;
`else
    if (a | b) y = 0;
`endif
  end
  function pick(input x);
    if (x) pick = 1; else pick = 0;
  endfunction
  initial if (b) z = 0; else z = 1;
  always begin : waits
    @(a) if (a) z = pick(b);
  end
endmodule
"""


def test_what_cannot_be_probed_is_told_with_its_place(tmp_path: Path) -> None:
    from verif.coverage.probes.instrument import instrument
    from verif.design.frontend import read_design
    from verif.design.sources import resolve_sources

    (tmp_path / "dut.sv").write_text(MACROS)
    found = instrument(read_design(resolve_sources([tmp_path / "dut.sv"], top="dut")))
    assert [point.id for point in found.points] == ["dut:15:if", "dut:15:else"]
    assert [note.replace(f"{tmp_path}/", "") for note in found.notes] == [
        "dut.sv:10: if (a) has no point: it comes from a macro or an included file.",
        "dut.sv:10: else of if (a) has no point: it comes from a macro or an included file.",
        "dut.sv:11: if (b) has no point: it comes from a macro or an included file.",
        "dut.sv:11: else of if (b) has no point: it comes from a macro or an included file.",
        "dut.sv:21: the branches of this process have no points: it is an initial block.",
        "dut.sv:22: the branches of this process have no points: it waits inside.",
        "dut.sv:18: the branches of the function pick have no points.",
    ]


def test_an_odd_asynchronous_reset_is_left_alone(tmp_path: Path) -> None:
    text = """
module dut (input clk, input rst, input a, output reg q, r);
  always @(posedge clk or posedge rst) begin
    if (rst) q <= 0; else q <= a;
    if (rst) r <= 0; else if (a) r <= 1;
  end
  always @(posedge clk or posedge rst)
    if (rst) begin if (a) r <= 0; end else r <= 1;
endmodule
"""
    dut = Probed(tmp_path, text.replace("r <= 1", "q <= 1", 0))
    assert dut.ids == ["dut:8:if", "dut:8:else"]
    assert [note for note in dut.notes if "reset" in note] == [
        "dut.sv:3: the branches of this process have no points: "
        "there is more in it than the if of its asynchronous reset.",
        "dut.sv:8: the arms here have no points: they are inside an asynchronous reset.",
    ]


def test_latches_and_lists_of_signals_are_combinational(tmp_path: Path) -> None:
    text = """
module dut (input logic en, input logic d, output logic q, y);
  always_latch if (en) q = d;
  always @(d or en) if (d) y = en; else y = 0;
endmodule
"""
    dut = Probed(tmp_path, text)
    assert dut.ids == ["dut:3:if", "dut:3:else", "dut:4:if", "dut:4:else"]
    assert dut.ticks({"en": 1, "d": 1}, {}) == {"dut:3:if": 0, "dut:4:if": 0, "dut:3:else": 1, "dut:4:else": 1}


def test_an_asynchronous_reset_hides_what_the_edge_before_it_ran(tmp_path: Path) -> None:
    dut = Probed(tmp_path, CLOCKED.replace("EVENT", "or negedge rst_n"))
    assert "dut:5:if" not in dut.ticks({"rst_n": 1, "a": 1}, {"rst_n": 0})
    assert "dut:5:if" in dut.ticks({"rst_n": 1, "a": 1}, {"rst_n": 1}, {"rst_n": 0})
