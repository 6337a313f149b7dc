"""What blocking assignments are written as for read_slang, and which stay."""

from __future__ import annotations

import pytest

from verif.formal.blocking import with_nonblocking

MODULE = """module m(input clk, rst, input [3:0] d, output reg [3:0] n, o);
reg [3:0] w [0:3]; integer i;
function [3:0] f(input [3:0] x); f = x ^ n; endfunction
{body}
endmodule
"""
CLOCKED = "always @(posedge clk)"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{CLOCKED} if (rst) n = 0; else n <= d;", f"{CLOCKED} if (rst) n <= 0; else n <= d;"),
        (f"{CLOCKED} w[d[1:0]] = d;", f"{CLOCKED} w[d[1:0]] <= d;"),
        (
            f"{CLOCKED} begin n = d; if (rst) {{n, o}} <= 0; end",
            f"{CLOCKED} begin n <= d; if (rst) {{n, o}} <= 0; end",
        ),
        (
            f"{CLOCKED} case (d) 0: n = 1; 1: begin o <= n; n = 2; end default: n <= n; endcase",
            f"{CLOCKED} case (d) 0: n <= 1; 1: begin o <= n; n <= 2; end default: n <= n; endcase",
        ),
        (
            "always_ff @(posedge clk or posedge rst)\nif (rst) begin n /* ä */ = 0; o <= d; end else n <= d;",
            "always_ff @(posedge clk or posedge rst)\nif (rst) begin n /* ä */ <= 0; o <= d; end else n <= d;",
        ),
    ],
)
def test_assignments_that_nothing_follows_are_written_as_nonblocking_ones(before: str, after: str) -> None:
    told = with_nonblocking(MODULE.format(body=before))
    assert told == MODULE.format(body=after)
    assert with_nonblocking(told) == told


@pytest.mark.parametrize(
    "body",
    [
        f"{CLOCKED} n = d;",
        f"{CLOCKED} begin w[0] = d; o <= w[1]; end",
        f"{CLOCKED} if (rst) begin n = 0; o <= n; end else n <= d;",
        f"{CLOCKED} begin n <= d; if (rst) n = 0; end",
        f"{CLOCKED} begin if (rst) n = 0; w[n] <= 1; n[0] <= 1; end",
        f"{CLOCKED} if (rst) begin n = 0; o <= f(d); end else n <= d;",
        f"{CLOCKED} if (rst) n = 0; else if (d[0]) n += 1; else n <= d;",
        f"{CLOCKED} if (rst) n = #1 0; else n <= d;",
        f"{CLOCKED} if (rst) {{n, o}} = 0; else n <= d;",
        f"{CLOCKED} for (i = 0; i < 4; i = i + 1) w[i] = d;",
        f"{CLOCKED} begin : b reg [3:0] t; t[0] = d; end",
        f"`define SET n = 0\n{CLOCKED} if (rst) `SET; else n <= d;",
        "always @* begin w[0] = d; end",
    ],
)
def test_other_assignments_stay_as_they_are(body: str) -> None:
    assert with_nonblocking(MODULE.format(body=body)) == MODULE.format(body=body)
