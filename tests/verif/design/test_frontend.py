"""Ports, parameters and hierarchy of a design, and what design.toml changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.rtl import design_of, write
from verif.design.frontend import read_design
from verif.design.model import Direction, Edge, PortRole
from verif.design.sources import resolve_sources
from verif.errors import InputError


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


_TYPES = """
package p;
  typedef enum logic [1:0] {IDLE, RUN} state_t;
  typedef struct packed {logic [3:0] a; logic b;} pair_t;
endpackage
interface bus (input logic clk); logic valid; modport dst (input valid, clk); endinterface
module m #(parameter W = 8, parameter type T = logic [3:0], localparam D = W * 2) (
  input signed [W-1:0] s, input p::state_t e, input p::pair_t r, input logic [3:0][7:0] packed_array,
  input logic [3:0] lanes [2], bus.dst b, inout wire pad, input T t, output [D-1:0] q
);
endmodule
"""


def test_ports_have_elaborated_widths_signs_and_types(tmp_path: Path) -> None:
    ports = {port.name: port for port in design_of(tmp_path, _TYPES).ports}
    assert {name: port.width for name, port in ports.items()} == {
        "s": 8,
        "e": 2,
        "r": 5,
        "packed_array": 32,
        "lanes": 8,
        "b": 1,
        "pad": 1,
        "t": 4,
        "q": 16,
    }
    assert [name for name, port in ports.items() if port.signed] == ["s"]
    assert [name for name, port in ports.items() if not port.flat] == ["r", "lanes", "b"]
    assert ports["pad"].direction is Direction.INOUT
    assert (ports["e"].type, ports["b"].type, ports["q"].type) == ("p::state_t", "bus.dst", "logic[15:0]")


def test_unusual_ports_are_noted(tmp_path: Path) -> None:
    notes = design_of(tmp_path, _TYPES).notes
    assert "b is an interface port; benches go through a flat wrapper" in notes
    assert "lanes has the type logic[3:0]$[0:1]; benches go through a flat wrapper" in notes
    assert "inout: pad; a bench leaves them undriven" in notes


def test_parameters_have_their_elaborated_values(tmp_path: Path) -> None:
    design = design_of(tmp_path, _TYPES, parameters=["W=4"])
    assert {p.name: (p.value, p.local) for p in design.parameters} == {
        "W": ("4", False),
        "T": ("logic[3:0]", False),
        "D": ("8", True),
    }


def test_hierarchy_is_the_instance_tree_with_arrays_and_generate_blocks(tmp_path: Path) -> None:
    design = design_of(
        tmp_path,
        "module leaf (input a); endmodule\n"
        "module top (input [3:0] a); leaf u (a[0]); leaf v [1:0] (a[1:0]);\n"
        "for (genvar i = 2; i < 4; i++) begin : g leaf w (a[i]); end endmodule\n",
    )
    assert design.hierarchy is not None
    assert [child.name for child in design.hierarchy.children] == ["u", "v[0]", "v[1]", "g[2].w", "g[3].w"]
    assert {child.module for child in design.hierarchy.children} == {"leaf"}


def test_design_with_2000_ports_is_read(tmp_path: Path) -> None:
    ports = ",\n".join(f"input [7:0] in_{i}, output [7:0] out_{i}" for i in range(1000))
    body = "\n".join(f"assign out_{i} = in_{i};" for i in range(1000))
    design = design_of(tmp_path, f"module wide ({ports});\n{body}\nendmodule\n")
    assert len(design.ports) == 2000
    assert design.cones["out_999"] == ("in_999",)


def test_deeply_nested_statements_are_read(tmp_path: Path) -> None:
    chain = "\n".join(f"{'else ' if i else ''}if (a == {i}) q <= {i + 1};" for i in range(1000))
    design = design_of(
        tmp_path,
        f"module m (input clk, input [9:0] a, output reg [9:0] q);\nalways @(posedge clk)\n{chain}\nendmodule\n",
    )
    assert design.cones == {"q": ("a",)}


_COUNTER = "module m (input c, input r, input v, output reg q); always @(posedge c) q <= v; endmodule\n"


def _with_manifest(tmp_path: Path, text: str):  # type: ignore[no-untyped-def]
    write(tmp_path, m__sv=_COUNTER, design__toml='files = ["m.sv"]\n' + text)
    return read_design(resolve_sources(["design.toml"]))


def test_manifest_overrides_clock_reset_role_kind_and_facts(tmp_path: Path) -> None:
    design = _with_manifest(
        tmp_path,
        'kind = "register"\n[[clock]]\nname = "c"\nedge = "falling"\nratio = 3\n'
        '[[reset]]\nname = "r"\nactive_high = false\nasynchronous = true\ncycles = 7\n[facts]\nx = "1"\n',
    )
    assert (design.clocks[0].edge, design.clocks[0].ratio) == (Edge.FALLING, 3)
    reset = design.resets[0]
    assert (reset.name, reset.active_high, reset.asynchronous, reset.cycles, reset.clock) == ("r", False, True, 7, "c")
    assert (design.kind, dict(design.facts)) == ("register", {"x": "1"})
    assert [port.role for port in design.ports[:3]] == [PortRole.CLOCK, PortRole.RESET, PortRole.DATA]


def test_manifest_role_takes_a_found_reset_away(tmp_path: Path) -> None:
    text = "module m (input clk, rst, output reg q); always @(posedge clk) if (rst) q <= 0; else q <= ~q; endmodule\n"
    write(tmp_path, m__sv=text, design__toml='files = ["m.sv"]\n[ports.rst]\nrole = "data"\n')
    assert read_design(resolve_sources(["design.toml"])).resets == ()


def test_manifest_protocol_replaces_what_shares_its_ports(tmp_path: Path) -> None:
    text = "module m (input s_valid, s_data, output s_ready); assign s_ready = 1; endmodule\n"
    write(
        tmp_path,
        m__sv=text,
        design__toml='files = ["m.sv"]\n[[protocol]]\nprotocol = "axi_stream"\nrole = "sink"\nname = "mine"\n'
        '[protocol.signals]\ntvalid = "s_valid"\ntready = "s_ready"\n',
    )
    matches = read_design(resolve_sources(["design.toml"])).protocols
    assert [(match.protocol, match.name, match.evidence) for match in matches] == [
        ("axi_stream", "mine", ("design.toml says so",))
    ]


def test_manifest_port_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        _with_manifest(tmp_path, '[[clock]]\nname = "cc"\n')
    assert (caught.value.code, caught.value.sentence) == (
        "PE118",
        "design.toml: clock cc: m has no port cc; did you mean c.",
    )
