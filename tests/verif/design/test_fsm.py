"""State machines, and registers that are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.rtl import design_of
from verif.design.model import Fsm


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _fsms(tmp_path: Path, body: str, ports: str = "input clk, rst, go, stop, output reg q") -> tuple[Fsm, ...]:
    return design_of(tmp_path, f"module m ({ports});\n{body}\nendmodule\n").fsms


_ENUM = "typedef enum logic [1:0] {IDLE, RUN, DONE} state_t; state_t state;"
_PARAMETERS = "localparam IDLE = 2'd0, RUN = 2'd1, DONE = 2'd2; reg [1:0] state;"
_CASES = """
  always @(posedge clk)
    if (rst) state <= IDLE;
    else case (state)
      IDLE: if (go) state <= RUN;
      RUN: if (stop) state <= DONE; else if (go) state <= RUN;
      DONE: state <= IDLE;
      default: state <= IDLE;
    endcase
"""


@pytest.mark.parametrize("declaration", [_ENUM, _PARAMETERS])
def test_one_process_machine_has_states_arcs_and_start(tmp_path: Path, declaration: str) -> None:
    (fsm,) = _fsms(tmp_path, declaration + _CASES)
    assert fsm.register == "state"
    assert fsm.states == {"IDLE": 0, "RUN": 1, "DONE": 2}
    assert set(fsm.arcs) == {("IDLE", "RUN"), ("RUN", "DONE"), ("RUN", "RUN"), ("DONE", "IDLE")}
    assert (fsm.initial, fsm.found_by) == ("IDLE", "slang")


def test_two_process_machine_follows_the_next_state(tmp_path: Path) -> None:
    body = """
      typedef enum logic [1:0] {IDLE, RUN, DONE} state_t; state_t state, next;
      always_ff @(posedge clk or posedge rst) if (rst) state <= IDLE; else state <= next;
      always_comb begin
        next = state;
        unique case (state)
          IDLE: if (go) next = RUN;
          RUN: next = stop ? DONE : RUN;
          DONE: next = IDLE;
          default: next = IDLE;
        endcase
      end
    """
    (fsm,) = _fsms(tmp_path, body, "input clk, rst, go, stop")
    assert {("IDLE", "RUN"), ("RUN", "DONE"), ("RUN", "RUN"), ("DONE", "IDLE")} == set(fsm.arcs)
    assert fsm.initial == "IDLE"


def test_machine_written_with_if_and_literals_gets_numbered_states(tmp_path: Path) -> None:
    body = """
      reg [1:0] st;
      always @(posedge clk)
        if (rst) st <= 0;
        else if (st == 2'd0 && go) st <= 2'd1;
        else if (st == 2'd1) st <= 2'd2;
        else if (st != 2'd0) st <= 2'd0;
    """
    (fsm,) = _fsms(tmp_path, body)
    assert fsm.states == {"S0": 0, "S1": 1, "S2": 2}
    assert {("S0", "S1"), ("S1", "S2"), ("S2", "S0")} <= set(fsm.arcs)


def test_next_state_in_a_continuous_assignment_is_followed(tmp_path: Path) -> None:
    body = """
      localparam A = 2'd1, B = 2'd2; reg [1:0] state = A;
      wire [1:0] next = state == A ? (go ? B : A) : A;
      always @(posedge clk) state <= next;
    """
    (fsm,) = _fsms(tmp_path, body)
    assert set(fsm.arcs) == {("A", "B"), ("A", "A"), ("B", "A")}
    assert fsm.initial == "A"


def test_one_hot_case_over_true_is_read(tmp_path: Path) -> None:
    body = """
      localparam A = 3'b001, B = 3'b010, C = 3'b100; reg [2:0] state;
      always @(posedge clk) if (rst) state <= A; else case (1'b1)
        state == A: state <= B;
        state == B: state <= C;
        state == C: state <= A;
      endcase
    """
    (fsm,) = _fsms(tmp_path, body)
    assert set(fsm.arcs) == {("A", "B"), ("B", "C"), ("C", "A")}


def test_jump_from_any_state_is_an_arc_from_all(tmp_path: Path) -> None:
    body = _PARAMETERS + _CASES.replace("else case", "else if (stop && go) state <= DONE; else case")
    (fsm,) = _fsms(tmp_path, body)
    assert {("IDLE", "DONE"), ("RUN", "DONE"), ("DONE", "DONE")} <= set(fsm.arcs)


def test_machine_below_the_top_is_named_by_its_path(tmp_path: Path) -> None:
    text = "module leaf (input clk, rst, go, stop);\n" + _ENUM + _CASES + "endmodule\n"
    text += "module top (input clk, rst, go, stop); if (1) begin : g leaf u (.*); end endmodule\n"
    assert [fsm.register for fsm in design_of(tmp_path, text).fsms] == ["g.u.state"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("reg [3:0] n; always @(posedge clk) if (rst) n <= 0; else if (n == 9) n <= 0; else n <= n + 1;", "a counter"),
        ("reg [1:0] d; always @(posedge clk) if (d == 1) d <= 0; else d <= {go, stop};", "takes data"),
        ("reg [1:0] s; always @(posedge clk) if (go) s <= 1; else s <= 2; always @* q = s == 1;", "forgets its state"),
        ("reg [3:0] s; always @(posedge clk) if (rst) s <= 1; else s <= {s[2:0], s[3]};", "a ring counter"),
        ("reg b; always @(posedge clk) if (b) b <= 0; else if (go) b <= 1;", "a flag without named states"),
        ("reg [1:0] s; always @(posedge clk) if (s == 1) s[0] <= go; else s <= 1;", "written in parts"),
    ],
)
def test_register_that_is_no_machine_is_left_alone(tmp_path: Path, body: str, reason: str) -> None:
    assert _fsms(tmp_path, body) == (), reason


def test_unknown_default_is_no_state(tmp_path: Path) -> None:
    body = _PARAMETERS + _CASES.replace("default: state <= IDLE", "default: state <= 2'bxx")
    (fsm,) = _fsms(tmp_path, body)
    assert fsm.states == {"IDLE": 0, "RUN": 1, "DONE": 2}


def test_next_state_from_an_unknown_system_function_is_no_machine(tmp_path: Path) -> None:
    body = (
        "reg [1:0] s; wire [1:0] n; assign n = $mystery + 1'b1; always @(posedge clk) if (s == 1) s <= n; else s <= 1;"
    )
    assert _fsms(tmp_path, body) == ()
