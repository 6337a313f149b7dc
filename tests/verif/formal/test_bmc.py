from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.rtl import Kept, write
from verif.design.model import SourceSet
from verif.errors import InputError, ToolError
from verif.formal.bmc import Port, Solver, Status, check_bounded
from verif.formal.model import SmtModel, write_difference, write_model
from verif.sim.process import Processes

COUNTER = """
module counter (
    input  wire       clk,
    input  wire       rst_n,
    input  wire [1:0] by,
    output reg  [7:0] count,
    output wire       nine,
    output wire       odd
);
    assign nine = count == 8'd9;
    assign odd  = count[0];
    always @(posedge clk or negedge rst_n) begin
        if (!rst_n) begin
            count <= 8'd0;
        end else if (by[1]) begin
            count <= count + 8'd2;
        end
    end
endmodule
"""
RESET = [[Port(name="rst_n", value=0), Port(name="by", value=2, width=2)]] * 2


def sources(*files: Path) -> SourceSet:
    return SourceSet(files=files)


@pytest.fixture
def counter(tmp_path: Path) -> SmtModel:
    (file,) = write(tmp_path, counter__v=COUNTER)
    return write_model(sources(file), "counter", tmp_path, processes=Processes())


@pytest.mark.parametrize("solver", ["yices", "z3"])
def test_reachable_signal_is_reached_in_its_first_step(tmp_path: Path, solver: str) -> None:
    (file,) = write(tmp_path, counter__v=COUNTER.replace("8'd9", "8'd10"))
    model = write_model(sources(file), "counter", tmp_path, processes=Processes())
    found = check_bounded(model, ["nine"], prefix=RESET, depth=20, processes=Processes(), solver=Solver(name=solver))
    assert (found.status, found.step) == (Status.FAILED, 2 + 5)
    assert [step["by"] >= 2 for step in found.witness[2:7]] == [True] * 5
    assert [step["rst_n"] for step in found.witness] == [0, 0, 1, 1, 1, 1, 1, found.witness[7]["rst_n"]]


def test_unreachable_signal_is_not_reached(counter: SmtModel) -> None:
    found = check_bounded(counter, ["nine", "odd"], prefix=RESET, depth=20, processes=Processes())
    assert (found.status, found.bound, found.witness) == (Status.BOUNDED, 20, ())


def test_without_reset_any_state_is_reached(counter: SmtModel) -> None:
    found = check_bounded(counter, ["nine"], prefix=[], depth=20, processes=Processes())
    assert (found.status, found.step) == (Status.FAILED, 0)


def test_contradicting_assumptions_are_vacuous(counter: SmtModel) -> None:
    both = [[Port(name="rst_n", value=0), Port(name="rst_n", value=1)]]
    found = check_bounded(counter, ["nine"], prefix=both, depth=5, processes=Processes())
    assert found.status is Status.VACUOUS


def test_check_that_takes_too_long_is_unknown(tmp_path: Path) -> None:
    """Factors of a product of two primes."""
    product = f"128'd{(2**61 - 1) * (2**61 - 31)}"
    text = f"assign hit = {{64'd0, a}} * {{64'd0, b}} == {product} && a > 1 && b > 1;\nendmodule\n"
    (file,) = write(tmp_path, m__v=f"module m(input wire [63:0] a, b, output wire hit);\n{text}")
    model = write_model(sources(file), "m", tmp_path, processes=Processes())
    found = check_bounded(model, ["hit"], prefix=[], depth=3, processes=Processes(), solver=Solver(seconds=2.0))
    assert (found.status, found.bound) == (Status.UNKNOWN, 0)
    assert found.seconds < 30


def test_x_is_free_and_not_zero(tmp_path: Path) -> None:
    (file,) = write(tmp_path, m__sv="module m(input logic s, output logic y); assign y = s ? 1'bx : 1'b0; endmodule")
    model = write_model(sources(file), "m", tmp_path, processes=Processes())
    assert check_bounded(model, ["y"], prefix=[], depth=1, processes=Processes()).status is Status.FAILED


def test_design_differs_from_its_bug_and_not_from_itself(tmp_path: Path) -> None:
    fifo = Kept("sync_fifo")
    (bug,) = [file for file in fifo.bugs if file.stem == "level_counts_both_as_write"]
    reset = [[Port(name="in_rst_n", value=0)]] * 2
    results = []
    for name, other in (("same", fifo.source), ("bug", bug)):
        folder = tmp_path / name
        folder.mkdir()
        model = write_difference(
            sources(fifo.source), sources(other), "sync_fifo", ["level"], folder, processes=Processes()
        )
        results.append(check_bounded(model, ["trigger"], prefix=reset, depth=8, processes=Processes()))
    assert [found.status for found in results] == [Status.BOUNDED, Status.FAILED]
    assert results[1].step == 2 + 2
    both = results[1].witness[3]
    assert (both["in_wr_en"], both["in_rd_en"]) == (1, 1)


def test_source_that_yosys_refuses_is_told_with_its_place(tmp_path: Path) -> None:
    (file,) = write(tmp_path, m__sv="module m(input logic a, output logic y);\nassign y = a +;\nendmodule\n")
    with pytest.raises(InputError, match=r"m\.sv:2: Yosys can't read the design: expected expression\.$"):
        write_model(sources(file), "m", tmp_path, processes=Processes())


def test_solver_that_is_missing_is_named(counter: SmtModel) -> None:
    with pytest.raises(
        ToolError, match=r"^nosuch not found \(searched PATH and .*\); it is needed for proofs; install"
    ):
        check_bounded(counter, ["nine"], prefix=[], depth=1, processes=Processes(), solver=Solver(name="nosuch"))
