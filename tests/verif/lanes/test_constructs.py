"""What a design may hold, one construct a test: lanes show what the batch engine shows, or refuse with a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.harnesses import around
from tests.support.lanes import difference_of, lanes_of
from verif.design.model import Clock, Edge
from verif.errors import InputError, PosedgeError, Unsupported

ASYNCHRONOUS = """
  logic [3:0] stage, late; logic [1:0] sync; logic q, caught, set;
  assign bad = caught;
  // An asynchronous reset, one through a synchroniser, one of a register and an input mixed, and a set.
  always_ff @(posedge clk or posedge rst) if (rst) stage <= 4'd5; else stage <= stage + a[3:0];
  always_ff @(posedge clk or posedge rst) if (rst) sync <= 2'b11; else sync <= {sync[0], 1'b0};
  always_ff @(posedge clk or posedge sync[1]) if (sync[1]) late <= 4'd9; else late <= late ^ stage;
  always_ff @(posedge clk) q <= a[4];
  wire clear = q & a[5];
  always_ff @(posedge clk or posedge clear) if (clear) caught <= 1'b0; else caught <= a[6];
  always_ff @(posedge clk or negedge a[7]) if (!a[7]) set <= 1'b1; else set <= a[0];
  assign y = {set, caught, sync, late ^ stage};
"""
BOTH_EDGES = """
  logic [7:0] rising, falling;
  always_ff @(posedge clk) rising <= rst ? 8'd0 : rising + falling + a;
  always_ff @(negedge clk) falling <= rst ? 8'd1 : falling + rising;
  assign y = rising ^ falling ^ {8{clk}};
  assign bad = falling == 8'd3;
"""
TWO_CLOCKS = """
  logic [7:0] one, two; logic [7:0] kept [4];
  always_ff @(posedge clk) one <= rst ? 8'd0 : one + a;
  always_ff @(posedge other) two <= rst ? 8'd0 : two + one;
  always_ff @(posedge other) if (a[7]) kept[a[1:0]] <= one;
  assign y = two ^ kept[a[3:2]];
  assign bad = one == two;
"""
PROMISES = """
  logic [7:0] one, two, three; logic [99:0] wide;
  always_comb begin
    case (a[7:6])
      2'd0: wide = {12{a}};
      2'd2: wide = 100'd3;
      default: wide = 'x;
    endcase
    one = 8'd0;
    (* parallel_case, full_case *) case (1'b1)
      a[0]: one = 8'd1;
      a[1]: one = 8'd2;
      a[2]: one = a;
    endcase
    (* parallel_case *) case (1'b1)
      a[3]: two = 8'd16;
      a[4]: two = {a[3:0], a[7:4]};
      default: two = 'x;
    endcase
    case (a[1:0])
      2'd0: three = 8'd7;
      2'd1: three = a;
      default: three = 8'bx;
    endcase
  end
  always_ff @(posedge clk) y <= rst ? 8'd0 : y ^ one ^ two ^ three ^ wide[95:88] ^ wide[7:0];
  assign bad = one == two;
"""
ARITHMETIC = """
  logic signed [7:0] s; logic [2:0] n; logic [9:0] wide;
  assign s = a; assign n = a[6:4];
  always_ff @(posedge clk) wide <= rst ? 10'd3 : {wide[8:0], wide[9] ^ wide[6]} + a;
  assign y = (a / n) ^ (s % $signed({1'b0, n})) ^ (s >>> n) ^ (a * wide[7:0]) ^ {7'd0, wide[a[3:0]]} ^ wide[n +: 3];
  assign bad = s < $signed(wide[7:0]);
"""
LATCHES = """
  logic [7:0] open, after; logic [3:0] loaded, counted;
  always_latch if (a[0]) open = a;
  always_latch if (counted[1]) after = open ^ {counted, loaded};
  always_ff @(posedge clk) counted <= rst ? 4'd0 : counted + a[7:4];
  always_ff @(posedge clk) loaded <= rst ? 4'd0 : open[3:0] + counted;
  assign y = after ^ {loaded, counted};
  assign bad = open == after;
"""
MEMORIES = """
  logic [7:0] bytes [12]; logic [39:0] words [16]; logic [7:0] rom [16];
  logic [7:0] distant [16]; logic [7:0] table_of [5] = '{1, 2, 3, 4, 5};
  logic [39:0] word; logic [3:0] at;
  initial for (int i = 0; i < 16; i++) rom[i] = 8'(i * 37);
  always_ff @(posedge clk) at <= rst ? 4'd0 : at + 4'd3;
  always_ff @(posedge clk) begin
    if (a[0]) bytes[a[7:4]] <= {a[3:0], at};
    if (a[1]) bytes[at] <= a;
    if (a[2]) words[at][7:0] <= a;
    if (a[3]) words[at][39:20] <= {a, a, at};
    if (a[4] && at < 5) table_of[at[2:0]] <= a;
  end
  wire [39:0] far = {32'd0, a} << a[5:0];
  always_ff @(posedge clk) if (a[5]) distant[far] <= a;
  assign word = words[a[7:4]] ^ distant[{far[38:0], 1'b1}];
  assign y = bytes[at] ^ word[7:0] ^ word[39:32] ^ rom[a[3:0]] ^ (at < 5 ? table_of[at[2:0]] : 8'd0);
  assign bad = bytes[a[3:0]] == 8'd3;
"""


def test_asynchronous_resets_act_as_in_the_batch_engine(tmp_path: Path) -> None:
    assert difference_of(ASYNCHRONOUS, tmp_path) == ""


def test_latches_act_as_in_the_batch_engine(tmp_path: Path) -> None:
    assert difference_of(LATCHES, tmp_path) == ""


def test_registers_of_both_edges_act_as_in_the_batch_engine(tmp_path: Path) -> None:
    assert difference_of(BOTH_EDGES, tmp_path) == ""


def test_two_clocks_take_turns_as_in_the_batch_engine(tmp_path: Path) -> None:
    clocks = (Clock(name="clk"), Clock(name="other", edge=Edge.FALLING))
    body = TWO_CLOCKS.replace("posedge other", "negedge other")
    assert difference_of(body, tmp_path, clocks=clocks) == ""


def test_what_case_statements_promise_changes_nothing(tmp_path: Path) -> None:
    assert difference_of(PROMISES, tmp_path) == ""


def test_arithmetic_is_that_of_the_batch_engine_also_where_results_are_open(tmp_path: Path) -> None:
    assert difference_of(ARITHMETIC, tmp_path) == ""


@pytest.mark.parametrize("register_bits", [0, 1024], ids=["arrays", "registers"])
def test_memories_act_as_in_the_batch_engine(register_bits: int, tmp_path: Path) -> None:
    assert difference_of(MEMORIES, tmp_path, register_bits=register_bits) == ""


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (
            "wire gated = clk & a[0]; always_ff @(posedge gated) y <= a; assign bad = 0;",
            r"y\[\d\] is clocked by a signal that is not a clock input",
        ),
        (
            "assign y = y + a; assign bad = 0;",
            "lanes compute each net once a tick, and the design has a combinational loop",
        ),
        (
            "always_ff @(posedge clk or posedge a[0]) if (a[0]) y <= {a[7:1], 1'b0}; else y <= a; assign bad = 0;",
            r"y\[\d\] loads a value without its clock",
        ),
        (
            "always_ff @(posedge clk or posedge y[0]) if (y[0]) y <= 8'd0; else y <= a; assign bad = 0;",
            r"lanes settle once a tick, and obs_y\[\d\] takes part in what loads it without a clock",
        ),
        ("assign y = a[0] ? a : 8'bz; assign bad = 0;", r"y\[\d\] is driven by a tri-state buffer"),
    ],
    ids=["gate", "loop", "load", "circle", "bus"],
)
def test_what_has_no_place_in_lanes_is_refused_by_name(body: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match=sentence) as refusal:
        lanes_of(around(body, tmp_path), tmp_path)
    assert refusal.value.code == "PE825"


def test_what_yosys_can_t_read_is_told_with_its_place(tmp_path: Path) -> None:
    harness = around("always @(posedge clk) if (a == 3) $finish; assign y = a; assign bad = 0;", tmp_path)
    with pytest.raises(InputError, match=r"dut\.sv:9: Yosys can't read the design: unsupported system task '\$finish'"):
        lanes_of(harness, tmp_path)


def test_yosys_errors_are_errors_of_ours(tmp_path: Path) -> None:
    with pytest.raises(PosedgeError):
        lanes_of(around("assign y = ; assign bad = 0;", tmp_path), tmp_path)
