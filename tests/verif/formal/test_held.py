"""What is written so that a register holds what its reset gives it."""

from __future__ import annotations

import pytest

from verif.formal.held import with_held

HEAD = "always @(posedge clk or negedge rst_n)"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("if (!rst_n) n <= 1;", "if (!rst_n) n <= 1; else begin n <= n; end"),
        ("if (!rst_n) n <= 1; else ;", "if (!rst_n) n <= 1; else begin n <= n; ; end"),
        (
            "begin if (!rst_n) begin n <= 1; m[0] <= 0; end else\nbegin m[1] <= d; end end",
            "begin if (!rst_n) begin n <= 1; m[0] <= 0; end else\nbegin n <= n; begin m[1] <= d; end end end",
        ),
        (
            "if (!rst_n) /* ä */ n <= #1 1; else if (d) ;",
            "if (!rst_n) /* ä */ n <= #1 1; else begin n <= n; if (d) ; end",
        ),
    ],
)
def test_what_only_the_reset_assigns_is_assigned_itself(before: str, after: str) -> None:
    module = "module m(input clk, rst_n, d, output reg n);\n{head} {body}\nendmodule\n"
    told = with_held(module.format(head=HEAD, body=before))
    assert told == module.format(head=HEAD, body=after)
    assert with_held(told) == told


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD} if (!rst_n) n <= 1; else n <= d;",
        f"{HEAD} if (!rst_n) for (i = 0; i < 4; i = i + 1) m[i] <= 0; else ;",
        f"{HEAD} if (!rst_n) if (d) n <= 1;",
        "always @(posedge clk) if (!rst_n) n <= 1;",
        "always @(posedge clk or negedge rst_n or posedge set) if (!rst_n) n <= 1;",
        "initial @(posedge clk or negedge rst_n) n = 1;",
    ],
)
def test_other_processes_stay_as_they_are(text: str) -> None:
    module = f"module m(input clk, rst_n, d, output reg n);\n{text}\nendmodule\n"
    assert with_held(module) == module
