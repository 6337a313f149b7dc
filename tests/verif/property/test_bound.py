"""Properties in a design: what they read of it, by which name, and the sentence where there is nothing to read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support import lint
from verif.design.model import SourceSet
from verif.errors import PosedgeError
from verif.property import PropertyFile, bound_properties, monitors

DESIGN = """
package states;
  typedef enum logic [1:0] {IDLE, RUN = 2'd2} state_t;
endpackage
module cell_reg (input logic clk, input logic [3:0] next, output logic [3:0] now);
  always_ff @(posedge clk) now <= next;
endmodule
module core #(parameter int W = 8) (
  input logic clk, input logic rst_n, input logic go, input logic [W-1:0] d, output logic busy
);
  import states::*;
  state_t state;
  logic [3:0] count;
  logic [3:0] unused [0:1];
  for (genvar i = 0; i < 2; i = i + 1) begin : g
    cell_reg u_reg (.clk(clk), .next(count), .now(unused[i]));
  end
  always_ff @(posedge clk or negedge rst_n)
    if (!rst_n) begin state <= IDLE; count <= 4'd0; end
    else begin state <= go ? RUN : IDLE; count <= count + 4'd1; end
  assign busy = state == RUN;
endmodule
"""
PORTS = """module core_props #(parameter int N = 3) (input logic clk, rst_n, go, busy, input logic [3:0] count);
  default clocking @(posedge clk); endclocking
  default disable iff (!rst_n);
"""
BIND = "bind core core_props props (.*);\n"


def bound(text: str, directory: Path, parameters: dict[str, str] | None = None) -> tuple[PropertyFile, ...]:
    design, path = directory / "core.sv", directory / "core_props.sv"
    design.write_text(DESIGN, encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    return bound_properties(path, SourceSet(files=(design,), top="core", parameters=parameters or {}))


def wirings(file: PropertyFile) -> dict[str, str]:
    return {port: str(wiring) for port, wiring in file.connections.items()}


def refusal(text: str, directory: Path) -> PosedgeError:
    with pytest.raises(PosedgeError) as caught:
        for file in bound(text, directory):
            monitors(file)
    return caught.value


def test_ports_take_signals_of_their_names_without_a_bind_directive(tmp_path: Path) -> None:
    (file,) = bound(f"{PORTS}a1: assert property (busy |-> count != 0);\nendmodule\n", tmp_path)
    assert wirings(file)["count"] == "count"
    assert file.within == ""


def test_a_bind_directive_gives_parameters_and_expressions_of_the_design(tmp_path: Path) -> None:
    bind = "bind core core_props #(.N(W / 2)) props (.count(g[1].u_reg.now ^ 4'd2), .*);\n"
    (file,) = bound(f"{PORTS}a1: assert property (go |-> count == N);\nendmodule\n{bind}", tmp_path, {"W": "12"})
    assert wirings(file)["count"] == "g[1].u_reg.now ^ 4'd2"
    (use,) = monitors(file)
    assert "p_count == 32'sh6" in use.text


def test_a_module_bound_into_several_instances_is_judged_in_each(tmp_path: Path) -> None:
    text = """module reg_props (input logic clk, input logic [3:0] next, now);
  a1: assert property (@(posedge clk) $past(next) == now);
endmodule
bind cell_reg reg_props props (.*);
"""
    files = bound(text, tmp_path)
    assert [file.within for file in files] == ["g[0].u_reg", "g[1].u_reg"]
    assert wirings(files[1]) == {"clk": "clk", "next": "count", "now": "g[1].u_reg.now"}
    (only,) = bound(text.replace("bind cell_reg", "bind cell_reg: core.g[1].u_reg"), tmp_path)
    assert only.within == "g[1].u_reg"


def test_hierarchical_names_and_states_of_the_design_can_be_read(tmp_path: Path) -> None:
    text = f"""{PORTS}  import states::*;
  a1: assert property (core.state == RUN |-> core.g[0].u_reg.now == $past(count));
endmodule
{BIND}"""
    (use,) = monitors(bound(text, tmp_path)[0])
    assert {str(wiring) for wiring in use.connections.values()} == {"clk", "rst_n", "state", "g[0].u_reg.now", "count"}
    assert "p_state == 2'h2" in use.text


def test_named_sequences_and_properties_take_arguments(tmp_path: Path) -> None:
    text = f"""{PORTS}`define RISES(x) $rose(x)
  sequence after(x, n); ##n x; endsequence
  property leads(x, y); x |-> y; endproperty
  a1: assert property (leads(go && !busy, after(busy || count == N, 2)));
  a2: assert property (`RISES(go) |=> after(busy, 1)[*2]);
endmodule
"""
    (file,) = bound(text, tmp_path)
    assert str(file.properties[0].body) == "go && !busy |-> (##2 (busy || count == N))"
    assert str(file.properties[1].body) == "$rose(go) |=> ((##1 (busy))[*2])"


CODE = f"""{PORTS}  import states::*;
  // counts what started
  logic [7:0] starts;
  always_ff @(posedge clk or negedge rst_n)
    if (!rst_n) starts <= 8'd0;
    else if (go && !busy) starts <= starts + 8'd1;
  wire [7:0] twice = starts << 1;
  a1: assert property (twice == 2 * $past(starts) |-> go || N > 0);
  a2: assert property (busy |-> starts != 0);
endmodule
"""


def test_modelling_code_goes_with_the_monitors_that_read_it(tmp_path: Path) -> None:
    (file,) = bound(CODE, tmp_path)
    uses = monitors(file)
    assert uses[0].code == uses[1].code
    assert "always_ff @(posedge clk or negedge rst_n)" in uses[0].code
    together = tmp_path / "all.sv"
    together.write_text(DESIGN + uses[0].code + "".join(use.text for use in uses), encoding="utf-8")
    assert lint.icarus(together) == ""
    assert all("connected to nothing" in one for one in lint.slang(together))


def test_a_property_that_reads_no_modelling_code_does_without(tmp_path: Path) -> None:
    text = CODE.replace("busy |-> starts != 0", "busy |-> $past(go)")
    assert monitors(bound(text, tmp_path)[0])[1].code == ""


WRONG = {
    "unknown signal": (
        f"{PORTS.replace('count)', 'level)')}a1: assert property (go);\nendmodule\n",
        "PE252",
        "core_props.sv:1:95: the port level is no signal of core; bind the module, and connect the port there",
    ),
    "unknown hierarchical name": (
        f"{PORTS}a1: assert property (core.u_x.y);\nendmodule\n",
        "PE252",
        "core_props.sv:4:26: could not resolve hierarchical path name 'u_x'",
    ),
    "a bind to a module that isn't there": (
        f"{PORTS}a1: assert property (go);\nendmodule\nbind fifo core_props props (.*);\n",
        "PE256",
        "core_props.sv:6:6: bind names fifo, which the design doesn't have",
    ),
    "a bind that leaves a port open": (
        f"{PORTS}a1: assert property (go);\nendmodule\nbind core core_props props (.clk(clk), .go(), .rst_n, .busy);\n",
        "PE251",
        "core_props.sv:1:67: bind connects nothing to the port go",
    ),
    "a bind with an unknown port": (
        f"{PORTS}a1: assert property (go);\nendmodule\nbind core core_props props (.nothing(go), .*);\n",
        "PE252",
        "core_props.sv:6:30: port 'nothing' does not exist in 'core_props'",
    ),
    "an instance": (
        f"{PORTS}cell_reg r (.clk(clk), .next(count), .now());\na1: assert property (go);\nendmodule\n",
        "PE251",
        "core_props.sv:4:1: HierarchyInstantiation in a module with properties is not supported; write the modelling",
    ),
    "code that reads the design": (
        f"{PORTS}wire w = core.busy;\na1: assert property (w);\nendmodule\n",
        "PE251",
        "core_props.sv:4:10: the name busy from outside of the module, in modelling code, is not supported",
    ),
    "a module that drives": (
        f"{PORTS.replace('input logic [3:0] count', 'output logic count')}a1: assert property (go);\nendmodule\n",
        "PE251",
        "core_props.sv:1:90: the port count is no input; a property only reads",
    ),
    "an empty file": ("", "PE255", "core_props.sv: no module holds a concurrent assertion"),
    "a syntax error": (f"{PORTS}a1: assert property (go;\nendmodule\n", "PE252", "core_props.sv:4:24: expected ')'"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_file_that_does_not_fit_the_design_is_told_with_its_place(what: str, tmp_path: Path) -> None:
    text, code, sentence = WRONG[what]
    error = refusal(text, tmp_path)
    assert (error.code, re.search(r"core_props\.sv.*", error.sentence)[0].startswith(sentence)) == (code, True), (  # type: ignore[index]
        error.sentence
    )
