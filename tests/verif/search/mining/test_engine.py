"""Mining a small design: what is false is dropped, by more runs or by the proof; what is kept is true."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.support.drafts import text_source
from verif.bench.render import BenchSource
from verif.formal.reach import reach
from verif.harness.assemble import assemble
from verif.harness.model import Harness
from verif.harness.monitors.properties import JudgedProperty
from verif.property import bound_properties
from verif.property.mining import Candidate, Kind, Watched
from verif.property.mining.sva import file_name, mined_text
from verif.search.mining.engine import Mining, mine
from verif.search.mining.pruning import independent
from verif.search.mining.watching import Around
from verif.search.stimulus import StimulusMaker
from verif.sim.batch import Batch, build_batch
from verif.sim.process import Processes
from verif.verdict import Oracle
from verif.workspace import Workspace

DESIGN = """
module walker (
    input  wire       clk,
    input  wire       rst,
    input  wire       go,
    output reg  [3:0] lamp,
    output reg  [3:0] n,
    output wire       last,
    output reg  [3:0] copy,
    output reg        asked,
    output reg        served,
    output wire       rare
);
    reg [19:0] age;
    assign last = n == 4'd9;
    assign rare = age == 20'd900000;
    always @(posedge clk) begin
        if (rst) begin
            lamp <= 4'd1;
            n <= 4'd0;
            copy <= 4'd0;
            age <= 20'd0;
            asked <= 1'b0;
            served <= 1'b0;
        end else begin
            age <= age + 20'd1;
            asked <= go;
            served <= asked;
            if (go) begin
                lamp <= {lamp[2:0], lamp[3]};
                n <= last ? 4'd0 : n + 4'd1;
                copy <= last ? 4'd0 : copy + 4'd1;
            end
        end
    end
endmodule
"""


@pytest.fixture(scope="module")
def walker(tmp_path_factory: pytest.TempPathFactory) -> BenchSource:
    return text_source(tmp_path_factory.mktemp("walker"), DESIGN)


@pytest.fixture(scope="module")
def mining(walker: BenchSource, tmp_path_factory: pytest.TempPathFactory) -> Mining:
    folder = tmp_path_factory.mktemp("mining")
    return mine(
        assemble(walker.design, walker.plan, walker.oracles),
        walker.plan,
        folder / "mine",
        workspace=Workspace(folder / "builds"),
        processes=Processes(),
        seconds=120.0,
    )


def said(mining: Mining) -> set[str]:
    return {each.candidate.sva(lambda signal: signal.path) for each in mining.mined}


def test_invariants_of_each_kind_are_mined(mining: Mining) -> None:
    expected = {
        "$onehot(lamp)",
        "n <= 4'd9",
        "n == copy",
        "(n == 4'd9) == last",
        "go |=> asked",
        "!go |=> $stable(lamp)",
        "$rose(asked) |-> ##1 served",
    }
    assert expected - said(mining) == set()


def test_what_no_short_run_breaks_is_dropped_by_the_proof(mining: Mining) -> None:
    """``rare`` is 1 after 900,000 cycles: longer than any run of a search."""
    assert mining.sifted > len(mining.mined)
    assert not any(text.startswith(("rare ==", "age <=", "!rare")) for text in said(mining))


def test_what_is_mined_can_be_proven_as_assertions(mining: Mining, walker: BenchSource, tmp_path: Path) -> None:
    own = [each.candidate for each in mining.mined if each.candidate.own]
    path = tmp_path / file_name("walker")
    path.write_text(mined_text(walker.design, own, "walker"), encoding="utf-8")
    (read,) = bound_properties(path, walker.design.sources)
    assert len(read.properties) == len(own)
    assert read.properties[0].disable is not None


def test_what_follows_from_others_is_left_out(tmp_path: Path) -> None:
    a, b, c = (Watched(path=name, width=1) for name in "abc")
    n = Watched(path="n", width=4)

    def implies(one: Watched, two: Watched, *, later: bool = False) -> Candidate:
        return Candidate(kind=Kind.IMPLIES, signals=(one, two), before="{0}", holds="{1}", later=later)

    bound, loose = (Candidate(kind=Kind.BOUND, signals=(n,), holds=f"{{0}} <= 4'd{most}") for most in (5, 9))
    given = [implies(a, b), implies(b, c), implies(a, c), bound, loose, implies(c, a, later=True)]
    given.append(implies(c, b, later=True))
    kept = independent(given, tmp_path, processes=Processes())
    assert kept == (given[0], given[1], bound, given[5])
    assert independent(given[1:3], tmp_path, processes=Processes()) == tuple(given[1:3])


FALSE = (
    Candidate(kind=Kind.BOUND, signals=(Watched(path="n", width=4, role="output"),), holds="{0} <= 4'd8"),
    Candidate(
        kind=Kind.NEXT,
        signals=(Watched(path="go", width=1, role="input"), Watched(path="lamp", width=4, role="output")),
        before="{0}",
        holds="{1} == {p1}",
        later=True,
    ),
    Candidate(
        kind=Kind.LATENCY,
        signals=(Watched(path="go", width=1, role="input"), Watched(path="served", width=1, role="output")),
        before="{0}",
        holds="{1}",
        window=(3, 4),
    ),
    Candidate(
        kind=Kind.LATENCY,
        signals=(Watched(path="served", width=1, role="output"), Watched(path="last", width=1, role="output")),
        before="{0}",
        holds="{1}",
        window=(2, 20),
    ),
)


def test_hardware_of_candidates_judges_as_their_assertions_do(
    walker: BenchSource, tmp_path: Path, workspace: Workspace
) -> None:
    """The same first failing cycle in each of many runs."""
    path = tmp_path / file_name("walker")
    path.write_text(mined_text(walker.design, FALSE, "walker"), encoding="utf-8")
    judged = [
        JudgedProperty(file=file, prop=prop, oracle=Oracle.RECORDED)
        for file in bound_properties(path, walker.design.sources)
        for prop in file.properties
    ]
    harness = assemble(walker.design, walker.plan, walker.oracles, properties=judged)
    around = Around(harness=harness, signals=tuple({s: None for each in FALSE for s in each.signals}))
    rows = StimulusMaker(harness, walker.plan, seed=5).block(0).stimulus
    with Batch(build_batch(around.judging(sorted_as_written(FALSE)), workspace=workspace)) as batch:
        answer = batch.lanes(rows, hits=True, hit_ticks=True)
    assert answer.hit_ticks is not None
    assert (answer.hit_ticks >= 0).any(axis=0).all()
    np.testing.assert_array_equal(answer.hit_ticks, answer.first_fail[:, -len(FALSE) :])


def sorted_as_written(candidates: tuple[Candidate, ...]) -> list[Candidate]:
    return sorted(candidates, key=lambda each: list(Kind).index(each.kind))


def test_the_solver_breaks_what_simulation_breaks(walker: BenchSource, tmp_path: Path) -> None:
    harness: Harness = assemble(walker.design, walker.plan, walker.oracles)
    around = Around(harness=harness, signals=tuple({s: None for each in FALSE for s in each.signals}))
    judging = around.judging(FALSE[:3])
    found = reach(judging, judging.covers, tmp_path, depth=20, seconds=60.0, processes=Processes())
    assert {id_: witness.tick for id_, witness in found.witnesses.items()} == {"m0": 17, "m1": 1, "m2": 4}
