from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.proofs import covered
from verif.design.model import Clock
from verif.formal.unreachable import Invariant, Proof, unreachable
from verif.harness.model import Harness
from verif.sim.process import Processes

ENGINES = ("yices", "abc")
TWO_CLOCKS = (Clock(name="clk"), Clock(name="other"))


def proofs(harness: Harness, folder: Path, *invariants: Invariant, solver: str = "yices") -> dict[str, Proof]:
    found = unreachable(
        harness,
        harness.covers,
        folder,
        seconds=60.0,
        solver=solver,
        processes=Processes(),
        invariants=invariants,
    )
    assert found.why == ""
    return dict(found.proofs)


def proven(harness: Harness, folder: Path) -> set[str]:
    """What all engines prove; each must prove the same."""
    (first, *others) = [set(proofs(harness, folder, solver=solver)) for solver in ENGINES]
    assert all(other == first for other in others)
    return first


def test_what_no_state_makes_true_is_constant(tmp_path: Path) -> None:
    harness = covered("assign y = a; assign bad = 0;", {"never": "a[0] && !a[0]", "once": "a == 8'd77"}, tmp_path)
    assert proofs(harness, tmp_path) == {"never": Proof(method="constant", depth=0)}


def test_points_that_prove_each_other_are_proven_together(tmp_path: Path) -> None:
    """Each of the two alone has a counterexample to induction at every depth."""
    body = """
      reg p, q;
      always @(posedge clk) if (rst) {p, q} <= 0; else if (a[0]) {p, q} <= {q, p};
      assign y = 0; assign bad = 0;
    """
    harness = covered(body, {"p": "p", "q": "q"}, tmp_path)
    assert set(proofs(harness, tmp_path)) == {"p", "q"}


def test_depth_is_that_of_the_induction(tmp_path: Path) -> None:
    body = """
      reg [2:0] s;
      always @(posedge clk) if (rst) s <= 0; else s <= {s[1:0], s[2] & s[1] & s[0]};
      assign y = 0; assign bad = 0;
    """
    harness = covered(body, {"late": "s[2]"}, tmp_path)
    assert proofs(harness, tmp_path) == {"late": Proof(method="induction", depth=3)}


def test_invariant_makes_a_proof_possible(tmp_path: Path) -> None:
    body = """
      reg [3:0] n;
      always @(posedge clk) if (rst) n <= 0; else if (a[0]) n <= n == 9 ? 4'd0 : n + 4'd1;
      assign y = 0; assign bad = 0;
    """
    harness = covered(body, {"fifteen": "n == 15"}, tmp_path)
    assert proofs(harness, tmp_path) == {}
    small = Invariant(id="small", expression="harness.dut.n <= 4'd9")
    assert set(proofs(harness, tmp_path, small)) == {"fifteen"}


# What a wrong recipe would prove.


def test_register_that_reset_leaves_alone_starts_free(tmp_path: Path) -> None:
    body = "reg n; always @(posedge clk) n <= n; assign y = 0; assign bad = 0;"
    assert proven(covered(body, {"set": "n", "clear": "!n"}, tmp_path), tmp_path) == set()


def test_initial_value_is_kept(tmp_path: Path) -> None:
    body = "reg n = 0; always @(posedge clk) n <= n; assign y = 0; assign bad = 0;"
    assert proven(covered(body, {"set": "n", "clear": "!n"}, tmp_path), tmp_path) == {"set"}


def test_reset_counts_only_where_a_run_has_it(tmp_path: Path) -> None:
    """Two ticks of reset are not three, and a reset in the run acts again."""
    body = """
      reg [1:0] n = 0; reg s;
      always @(posedge clk) if (rst) begin n <= n == 3 ? 2'd3 : n + 2'd1; s <= n == 2; end
      assign y = 0; assign bad = 0;
    """
    harness = covered(body, {"three": "n == 3", "second": "n == 2", "first": "n < 2", "s": "s"}, tmp_path)
    assert proven(harness, tmp_path) == {"first"}


def test_x_is_free(tmp_path: Path) -> None:
    body = """
      reg [1:0] n;
      always @* case (a[1:0]) 0: n = 1; 1: n = 2; default: n = 2'bxx; endcase
      assign y = 0; assign bad = 0;
    """
    assert proven(covered(body, {"zero": "n == 0", "three": "n == 3"}, tmp_path), tmp_path) == set()


def test_division_by_zero_and_index_beyond_the_end_are_free(tmp_path: Path) -> None:
    body = "wire [3:0] q = a[3:0] / a[7:4]; wire [4:0] v = 5'd0; assign y = v[a[2:0]]; assign bad = 0;"
    points = {"low": "a[7:4] == 0 && q == 0", "high": "a[7:4] == 0 && q == 15", "one": "y[0]"}
    points["big"] = "a[7:4] == 2 && q[3]"
    assert proven(covered(body, points, tmp_path), tmp_path) == {"big"}


def test_first_branch_of_a_unique_case_is_taken(tmp_path: Path) -> None:
    body = """
      reg [1:0] n;
      always_comb unique case (1'b1) a[0]: n = 1; a[1]: n = 2; a[2]: n = 3; default: n = 0; endcase
      assign y = 0; assign bad = 0;
    """
    points = {"later": "a[0] && n != 1", "middle": "a[1:0] == 2 && n != 2", "first": "a == 7 && n == 1"}
    assert proven(covered(body, points, tmp_path), tmp_path) == {"later", "middle"}


def test_step_alone_is_no_proof(tmp_path: Path) -> None:
    """True in the first tick only: the step holds at every depth, the base case doesn't."""
    body = "reg n; always @(posedge clk) n <= rst; assign y = 0; assign bad = 0;"
    assert proven(covered(body, {"first": "n && !rst"}, tmp_path), tmp_path) == set()
    body = "reg [1:0] n; always @(posedge clk) if (rst) n <= 0; else if (n < 2) n <= n + 1;"
    body += " assign y = 0; assign bad = 0;"
    assert proven(covered(body, {"one": "n == 1", "three": "n == 3"}, tmp_path), tmp_path) == {"three"}


@pytest.mark.parametrize("point", ["p != q", "p == q + 8'd1"])
def test_free_counters_on_two_clocks_are_never_equal_for_sure(tmp_path: Path, point: str) -> None:
    body = """
      reg [7:0] p, q;
      always @(posedge clk) if (rst) p <= 0; else p <= p + 1;
      always @(posedge other) if (rst) q <= 0; else q <= q + 1;
      assign y = 0; assign bad = 0;
    """
    harness = covered(body, {"differ": point, "odd": "p[0] && !p[0]"}, tmp_path, clocks=TWO_CLOCKS)
    assert proven(harness, tmp_path) == {"odd"}


def test_proof_with_two_clocks_holds_for_every_order_of_their_edges(tmp_path: Path) -> None:
    """The schedule takes the clocks in turn, so the counters never differ by two; another order makes them."""
    body = """
      reg [7:0] p, q;
      always @(posedge clk) if (rst) p <= 0; else p <= p + 1;
      always @(posedge other) if (rst) q <= 0; else if (q != p) q <= q + 1;
      assign y = 0; assign bad = 0;
    """
    points = {"ahead": "p == q + 8'd2", "behind": "q == p + 8'd1 && p == 8'd200 && q == 8'd3"}
    harness = covered(body, points, tmp_path, clocks=TWO_CLOCKS)
    assert proven(harness, tmp_path) == {"behind"}


def test_latch_is_free_while_it_is_closed_and_only_then(tmp_path: Path) -> None:
    body = "reg n; always_latch if (a[1]) n = a[0]; assign y = 0; assign bad = 0;"
    points = {"through": "a[1] && n != a[0]", "held": "!a[1] && n != a[0]"}
    assert proven(covered(body, points, tmp_path), tmp_path) == {"through"}


def test_large_memory_starts_free_though_one_value_is_all_that_is_written(tmp_path: Path) -> None:
    body = """
      reg [7:0] words [0:255]; reg [7:0] q; reg written;
      always @(posedge clk) begin
        words[a] <= 8'd7;
        written <= ~rst;
        if (rst) q <= 8'd0; else q <= words[a];
      end
      assign y = q; assign bad = 0;
    """
    points = {"never": "q != 0 && q == 0", "any": "q == 8'd9"}
    assert proven(covered(body, points, tmp_path), tmp_path) == {"never"}


@pytest.mark.parametrize("words", [10, 100])
def test_word_beyond_the_end_of_a_memory_is_free(tmp_path: Path, words: int) -> None:
    """Ten words become registers, a hundred an array, of which a solver has 128."""
    body = f"""
      reg [3:0] m [0:{words - 1}]; integer i;
      initial for (i = 0; i < {words}; i = i + 1) m[i] = 0;
      always @(posedge clk) if (a[7]) m[a[6:0]] <= 4'd2;
      wire [3:0] q = m[a[6:0]];
      assign y = q; assign bad = 0;
    """
    points = {"beyond": f"a[6:0] >= {words} && q == 5", "inside": f"a[6:0] < {words} && q == 5"}
    harness = covered(body, points, tmp_path)
    assert set(proofs(harness, tmp_path, solver="abc")) == {"inside"}
    assert set(proofs(harness, tmp_path, solver="yices")) == set()


def test_unsized_x_is_free_in_all_its_bits(tmp_path: Path) -> None:
    body = "reg [35:0] t, u; always @(posedge clk) begin t <= 'bx; u <=  36'b0; end assign y = 0; assign bad = 0;"
    assert proven(covered(body, {"high": "t[35]", "low": "t[0]", "u": "u[35]"}, tmp_path), tmp_path) == {"u"}


# Registers that read_slang drops, since no clocked branch assigns them.

NEVER_ASSIGNED = (
    "reg n; always @(posedge clk) if (a[0]) ;",
    "reg n; always @(posedge clk) if (0) n <= a[0];",
    "reg n; always @(posedge clk or posedge rst) if (rst) ; else if (0) n <= a[0];",
    "reg [1:0] m; wire n = m[1]; always @(posedge clk) m[0] <= a[0];",
)
ONLY_RESET = (
    "reg n; always @(posedge clk or posedge rst) if (rst) n <= 1;",
    "reg n; always @(posedge clk or posedge rst) if (rst) n <= 1; else ;",
    "reg n, m; always @(posedge clk or posedge rst) if (rst) begin n <= 1; m <= 0; end else begin m <= a[0]; end",
    "reg n, m; always @(posedge clk or posedge rst) begin if (rst) {n, m} <= 2'b10; else if (a[1]) ; end",
)
ONLY_INITIAL = "reg n; initial n = 1; always @(posedge clk) if (a[0]) ;"
VALUES = {"set": "n", "clear": "!n"}
TIED = "assign y = 0; assign bad = 0;"


@pytest.mark.parametrize("body", NEVER_ASSIGNED)
def test_nothing_is_proven_of_a_register_that_nothing_assigns(tmp_path: Path, body: str) -> None:
    assert proven(covered(f"{body} {TIED}", VALUES, tmp_path), tmp_path) == set()


@pytest.mark.parametrize("body", (*ONLY_RESET, ONLY_INITIAL))
def test_register_that_only_a_reset_or_an_initial_value_sets_keeps_it(tmp_path: Path, body: str) -> None:
    assert proven(covered(f"{body} {TIED}", VALUES, tmp_path), tmp_path) == {"clear"}


def test_register_that_the_clocked_branch_assigns_as_well_is_not_held(tmp_path: Path) -> None:
    body = "reg n; always @(posedge clk or posedge rst) if (rst) n <= 1; else begin if (a[0]) n <= 0; end"
    assert proven(covered(f"{body} {TIED}", VALUES, tmp_path), tmp_path) == set()


def test_registers_that_load_the_same_may_start_otherwise(tmp_path: Path) -> None:
    """Control: merging the two, as optimisers do, would prove what a start without a reset shows."""
    body = """
      reg p, q;
      always @(posedge clk) if (!rst && a[1]) begin p <= a[0]; q <= a[0]; end
      assign y = 0; assign bad = 0;
    """
    assert proven(covered(body, {"differ": "p != q"}, tmp_path), tmp_path) == set()


@pytest.mark.parametrize("clocks", [TWO_CLOCKS[:1], TWO_CLOCKS], ids=["one clock", "two clocks"])
def test_register_that_an_asynchronous_reset_leaves_alone_moves_with_its_clock(
    tmp_path: Path, clocks: tuple[Clock, ...]
) -> None:
    """read_slang makes it a register that is enabled while there is no reset."""
    edge = f"posedge {clocks[-1].name}"
    body = f"""
      reg m, n, like_n; initial {{m, n, like_n}} = 0;
      always @({edge} or posedge rst) if (rst) m <= 0; else begin m <= 1; n <= !n; end
      always @({edge}) if (!rst) like_n <= !like_n;
      {TIED}
    """
    harness = covered(body, {"moves": "n", "apart": "n != like_n"}, tmp_path, clocks=clocks)
    assert proven(harness, tmp_path) == {"apart"}
