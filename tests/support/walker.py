"""A small design that counts, walks and answers, and properties of every kind that it keeps."""

from __future__ import annotations

from pathlib import Path

from tests.support.drafts import text_source
from tests.support.regressions import written

WALKER = """
module walker (
    input  wire       clk,
    input  wire       rst,
    input  wire       go,
    output reg  [2:0] lamp,
    output reg  [3:0] n,
    output reg        asked,
    output reg        served
);
    always @(posedge clk) begin
        if (rst) begin
            lamp <= 3'd1;
            n <= 4'd0;
            asked <= 1'b0;
            served <= 1'b0;
        end else begin
            asked <= go;
            served <= asked;
            if (go) begin
                lamp <= {lamp[1:0], lamp[2]};
                n <= n == 4'd9 ? 4'd0 : n + 4'd1;
            end
        end
    end
endmodule
"""

KEPT = {
    "code": "$onehot(lamp)",
    "bound": "n <= 4'd9",
    "now": "lamp == 3'd1 |-> !lamp[1]",
    "later": "go |=> asked",
    "still": "!go |=> $stable(n)",
    "past": "go && n < 4'd9 |=> n == $past(n) + 4'd1",
    "rises": "$rose(served) |-> $past(asked)",
    "soon": "go |-> ##[1:2] asked ##1 served",
    "repeated": "!go[*2] |=> !served",
    "held": "go ##1 asked |=> served throughout (1'b1 ##0 1'b1)",
    "finally": "go |-> s_eventually [1:3] served",
}
"""Label to a property that the walker keeps."""
BROKEN = {
    "code": "lamp == 3'd1",
    "bound": "n <= 4'd1",
    "now": "lamp == 3'd1 |-> lamp[1]",
    "later": "go |=> served",
    "still": "go |=> $stable(n)",
    "past": "go |=> n == $past(n) + 4'd2",
    "rises": "$rose(served) |-> $past(served)",
    "soon": "go |-> ##[1:2] served ##1 served",
    "repeated": "!go[*2] |=> asked",
    "held": "go ##1 asked |=> !served throughout (1'b1 ##0 1'b1)",
    "finally": "go |-> s_eventually [3:4] served",
}
"""The same, changed so that it doesn't."""


def properties(folder: Path, asserted: dict[str, str], *more: str, name: str = "more") -> Path:
    """Write a file of properties of the walker; ``more`` are whole lines of it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.sv"
    lines = [f"  {label}: assert property ({text});" for label, text in asserted.items()]
    ports = "input wire clk, rst, go, input wire [2:0] lamp, input wire [3:0] n, input wire asked, served"
    path.write_text(
        f"module {name} ({ports});\n  default clocking @(posedge clk); endclocking\n  default disable iff (rst);\n"
        + "\n".join([*lines, *(f"  {line}" for line in more)])
        + f"\nendmodule\nbind walker {name} {name}_i (.*);\n",
        encoding="utf-8",
    )
    return path


def walker(folder: Path) -> Path:
    """Write the walker and a bench for it; return the bench's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    return written(folder / "tb", text_source(folder, WALKER))


def edited(folder: Path, old: str, new: str) -> Path:
    """Write the walker with a change and return its file."""
    assert old in WALKER
    file = folder / "edited.v"
    file.write_text(WALKER.replace(old, new), encoding="utf-8")
    return file
