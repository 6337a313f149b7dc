"""Laws of states and arcs: a state shows while it is held, an arc in the tick after its edge, never through a reset."""

from __future__ import annotations

from pathlib import Path

from tests.support.probes import Probed

STATES = """
module dut (input logic clk, EVERY input logic go, input logic other, output logic [1:0] y);
  typedef enum logic [1:0] {RED, GREEN, BLUE} colour_t;
  colour_t state;
  always_ff @(posedge clk EVENT)
    if (RESET) state <= RED;
    else case (state)
      RED: if (go) state <= GREEN;
      GREEN: if (go) state <= BLUE;
      default: if (other) state <= RED;
    endcase
  assign y = state;
endmodule
"""
SYNC = STATES.replace("EVERY", "input logic rst,").replace("EVENT", "").replace("RESET", "rst")
ASYNC = STATES.replace("EVERY", "input logic rst_n,").replace("EVENT", "or negedge rst_n").replace("RESET", "!rst_n")


def machine(found: dict[str, int]) -> dict[str, int]:
    return {name.removeprefix("fsm:state:"): tick for name, tick in found.items() if name.startswith("fsm:")}


def test_states_show_while_held_and_arcs_after_their_edge(tmp_path: Path) -> None:
    dut = Probed(tmp_path, SYNC)
    go = {"go": 1, "rst": 0}
    assert machine(dut.ticks(go, go, {"other": 1, "rst": 0}, {"rst": 0})) == {
        "RED": 0,
        "GREEN": 1,
        "RED->GREEN": 1,
        "BLUE": 2,
        "GREEN->BLUE": 2,
        "BLUE->RED": 3,
    }


def test_no_reset_goes_along_an_arc(tmp_path: Path) -> None:
    for name, text, port, on in (("sync", SYNC, "rst", 1), ("async", ASYNC, "rst_n", 0)):
        dut = Probed(tmp_path / name, text)
        run, reset = {port: 1 - on, "go": 1}, {port: on}
        rest = {port: 1 - on}
        found = machine(dut.ticks(run, run, rest, reset, rest, rest))
        assert "BLUE" in found and "BLUE->RED" not in found
        assert "BLUE->RED" not in machine(dut.ticks(run, run, reset, reset, rest, rest, rest))
        assert machine(dut.ticks(run, reset, run, run, rest))["GREEN->BLUE"] == 4


def test_a_register_without_reset_starts_along_no_arc(tmp_path: Path) -> None:
    text = STATES.replace("EVERY", "").replace("EVENT", "").replace("RESET", "other & go")
    dut = Probed(tmp_path, text)
    assert not [name for name in machine(dut.ticks({})) if "->" in name]


def test_a_machine_below_the_top_on_a_clock_of_its_own(tmp_path: Path) -> None:
    text = """
module dut (input logic clk, input logic rst, input logic en, input logic go, output logic [1:0] y);
  wire gated;
  assign gated = clk & en;
  for (genvar i = 0; i < 1; i++) begin
    core inner (.clk(gated), .rst(rst), .go(go), .other(1'b0), .y(y));
  end
endmodule
""" + SYNC.replace("dut", "core")
    dut = Probed(tmp_path, text)
    states = [name for name in dut.ids if name.startswith("fsm:")]
    assert states[0] == "fsm:genblk1[0].inner.state:RED"
    on, off = {"en": 1, "go": 1, "rst": 0}, {"en": 0, "go": 1, "rst": 0}
    reset = {"en": 1, "rst": 1}
    found = dut.ticks(reset, reset, off, on, off, off)
    assert found["fsm:genblk1[0].inner.state:RED->GREEN"] == 4


def test_a_machine_whose_clock_is_no_plain_signal_has_states_only(tmp_path: Path) -> None:
    text = SYNC.replace("posedge clk ", "posedge (clk ^ y[1] ^ y[1]) ")
    dut = Probed(tmp_path, text)
    assert [name for name in dut.ids if name.startswith("fsm:")] == [f"fsm:state:{s}" for s in ("RED", "GREEN", "BLUE")]
    assert "The arcs of state have no points: its clock is no plain signal." in dut.notes


def test_a_reset_between_two_edges_of_the_machines_clock_goes_along_no_arc(tmp_path: Path) -> None:
    text = ASYNC.replace("input logic clk,", "input logic clk, input logic other_clk,").replace(
        "assign y = state;", "logic [1:0] late; always_ff @(posedge other_clk) late <= state; assign y = state ^ late;"
    )
    dut = Probed(tmp_path, text)
    order = dut.plain.schedule
    assert sorted(order) == ["clk", "other_clk"]
    first = dut.plain.reset_ticks % 2
    run, reset = {"rst_n": 1, "go": 1}, {"rst_n": 0}
    for at in range(5, 9):
        found = machine(dut.ticks(*[run] * at, reset, *[{"rst_n": 1}] * 4))
        assert "BLUE" in found and "BLUE->RED" not in found, (at, order[(first + at) % 2])
