"""Which signals mining looks at."""

from __future__ import annotations

from pathlib import Path

from tests.support.drafts import text_source
from verif.harness.assemble import assemble
from verif.search.mining.traces import watched

DESIGN = """
module cells (input wire clk, input wire rst, input wire [3:0] a, output reg [3:0] q, output wire [79:0] wide);
    reg [4:1] from_one;
    reg [7:0] memory [0:3];
    reg [79:0] long;
    assign wide = long;
    generate
        if (1) begin : named
            reg kept;
            always @(posedge clk) kept <= a[0];
        end
        if (1) begin
            reg lost;
            always @(posedge clk) lost <= a[1];
        end
    endgenerate
    inner u_inner (.clk(clk), .a(a[3]));
    always @(posedge clk) begin
        q <= rst ? 4'd0 : a;
        from_one <= a;
        memory[a[1:0]] <= {a, a};
        long <= {20{a}};
    end
endmodule
module inner (input wire clk, input wire a);
    reg was;
    always @(posedge clk) was <= a;
endmodule
"""


def test_ports_and_registers_are_looked_at_where_all_tools_call_them_the_same(tmp_path: Path) -> None:
    source = text_source(tmp_path, DESIGN)
    signals = watched(assemble(source.design, source.plan, source.oracles), tmp_path / "harness")
    own = {signal.path: (signal.role, signal.width) for signal in signals if signal.own}
    assert own == {
        "a": ("input", 4),
        "q": ("output", 4),
        "named.kept": ("register", 1),
        "u_inner.was": ("register", 1),
    }
