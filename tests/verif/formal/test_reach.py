from __future__ import annotations

import os
import re
import signal
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from tests.support.proofs import covered
from verif.design.model import Clock
from verif.errors import InputError, ToolError, Unsupported
from verif.formal.reach import Reached, reach
from verif.harness.model import Harness
from verif.sim.batch import Batch, build_batch
from verif.sim.process import Processes
from verif.workspace import Workspace

COUNTER = """
  reg [3:0] count;
  always @(posedge clk) if (rst) count <= 0; else if (a == 8'h5a) count <= count + 4'd2;
  assign y = {4'd0, count};
  assign bad = 0;
"""
POINTS = {"two": "count == 2", "six": "count == 6", "both": "a == 8'h5a && count == 4", "odd": "count[0]"}
LOCK = "assign y = 0; assign bad = 0; reg open; always @(posedge clk) if (rst) open <= 0; else open <= a == 8'h2a;"
HARD = """
  reg [63:0] p;
  always @(posedge clk) if (rst) p <= 64'd1; else p <= p * {p[55:0], a} + {a, p[63:8]};
  assign y = p[7:0];
  assign bad = 0;
"""
"""No solver gets far here."""
BOTH = COUNTER + HARD.replace("assign", "// assign")


def search(harness: Harness, folder: Path, depth: int = 8, seconds: float = 60.0, solver: str = "yices") -> Reached:
    return reach(harness, harness.covers, folder, depth=depth, seconds=seconds, solver=solver, processes=Processes())


def first_hits(harness: Harness, found: Reached, tmp_path: Path) -> dict[str, int]:
    """The tick in which each witness first shows its point in the batch engine."""
    build = build_batch(harness, workspace=Workspace(root=tmp_path / "work"))
    ticks = {}
    with Batch(build) as batch:
        for id_, witness in found.witnesses.items():
            values = {
                field.name: np.array([[row[place] for row in witness.rows]])
                for place, field in enumerate(harness.stimulus)
            }
            rows = build.stimulus.pack(values)[0]
            ticks[id_] = int(batch.hit_ticks(rows)[harness.covers.index(id_)])
    return ticks


@pytest.mark.parametrize("solver", ["yices", "z3", "bitwuzla", "abc"])
def test_each_point_is_reached_by_a_shortest_stimulus(tmp_path: Path, solver: str) -> None:
    harness = covered(COUNTER, POINTS, tmp_path)
    found = search(harness, tmp_path, solver=solver)
    assert {id_: witness.tick for id_, witness in found.witnesses.items()} == {"two": 1, "both": 2, "six": 3}
    assert (found.bound, found.why) == (8, "")
    assert first_hits(harness, found, tmp_path) == {"two": 1, "both": 2, "six": 3}


def test_one_counterexample_tells_all_points_that_it_hits(tmp_path: Path) -> None:
    harness = covered(LOCK, {"open": "open", "again": "open", "same": "|{open, 1'b0}"}, tmp_path)
    found = search(harness, tmp_path)
    assert len(found.witnesses) == 3
    assert len(set(found.witnesses.values())) == 1


def test_reached_points_are_told_as_they_come(tmp_path: Path) -> None:
    harness = covered(BOTH, {**POINTS, "hard": "p == 64'd12345678901"}, tmp_path)
    told: list[str] = []
    found = reach(
        harness,
        harness.covers,
        tmp_path,
        depth=30,
        solver="yices",
        seconds=8.0,
        processes=Processes(),
        told=lambda id_, witness: told.append(id_),
    )
    assert {"two", "both", "six"} <= set(told) == set(found.witnesses)
    assert found.why == "the time ran out" or found.bound == 30


@pytest.mark.parametrize("seconds, depth, why", [(0.0, 5, "no time was given"), (60.0, 0, "no depth was given")])
def test_nothing_is_claimed_without_a_budget(tmp_path: Path, seconds: float, depth: int, why: str) -> None:
    harness = covered(COUNTER, POINTS, tmp_path)
    found = search(harness, tmp_path, seconds=seconds, depth=depth)
    assert (found.witnesses, found.bound, found.why) == ({}, 0, why)


def test_solver_that_is_unknown_or_missing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    harness = covered(COUNTER, POINTS, tmp_path)
    with pytest.raises(InputError, match=r"^there is no solver nosuch; there are auto, yices, z3, "):
        search(harness, tmp_path, solver="nosuch")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    with pytest.raises(ToolError, match=r"^yices-smt2 not found \(searched PATH=.* and .*\); it is needed for proofs "):
        search(harness, tmp_path)


@pytest.mark.parametrize(
    "body, why",
    [
        ("reg n; always @(negedge clk) n <= a[0];", r"dut\.n moves with the inactive edge of clk"),
        (
            "wire gated = clk & a[1]; reg n; always @(posedge gated) n <= a[0];",
            "dut.n is clocked by a signal that is not",
        ),
        (
            "reg n, m; wire r = m & a[0]; always @(posedge clk) m <= a[1];"
            " always @(posedge clk or posedge r) if (r) n <= 0; else n <= 1;",
            "the asynchronous reset of dut.n depends on registers and on inputs",
        ),
        (
            "reg n; always @(posedge clk or posedge rst) if (rst) n <= a[1]; else n <= a[0];",
            "dut.n loads a value without its clock",
        ),
    ],
)
def test_tick_that_is_more_than_a_step_is_not_taken(tmp_path: Path, body: str, why: str) -> None:
    harness = covered(f"assign y = 0; assign bad = 0; {body}", {"n": "n", "not_n": "!n"}, tmp_path)
    with pytest.raises(Unsupported, match=rf"^proofs take designs whose ticks are one step each, and {why}"):
        search(harness, tmp_path)


def test_inverted_clock_with_the_active_edge_is_taken(tmp_path: Path) -> None:
    body = "wire c = ~clk; reg [1:0] n; always @(negedge c) n <= rst ? 0 : n + a[0]; assign y = 0; assign bad = 0;"
    harness = covered(body, {"two": "n == 2", "low": "!clk"}, tmp_path)
    found = search(harness, tmp_path)
    assert {id_: witness.tick for id_, witness in found.witnesses.items()} == {"two": 2, "low": 0}


def test_two_clocks_follow_the_schedule_in_a_witness(tmp_path: Path) -> None:
    body = """
      reg [3:0] p, q;
      always @(posedge clk) if (rst) p <= 0; else if (a == 8'h11) p <= p + 1;
      always @(posedge other) if (rst) q <= 0; else if (a == 8'h22) q <= q + 1;
      assign y = 0; assign bad = 0;
    """
    clocks = (Clock(name="clk"), Clock(name="other"))
    harness = covered(body, {"p": "p == 2", "both": "p == 2 && q == 2"}, tmp_path, clocks=clocks)
    found = search(harness, tmp_path)
    ticks = {id_: witness.tick for id_, witness in found.witnesses.items()}
    assert ticks == {"p": 3, "both": 4}
    assert first_hits(harness, found, tmp_path) == ticks


def test_assumption_keeps_witnesses_legal_and_a_dead_end_is_told(tmp_path: Path) -> None:
    harness = covered(COUNTER.replace("bad = 0", "bad = a == 8'h5a && count == 2"), POINTS, tmp_path)

    def under(assumption: str) -> Reached:
        return reach(
            harness,
            harness.covers,
            tmp_path,
            depth=8,
            seconds=60.0,
            processes=Processes(),
            assumptions=[assumption],
        )

    found = under("fail_told")
    assert (set(found.witnesses), found.dead) == ({"two"}, None)
    found = under("fail_told || !stim_rst_rst && harness.dut.count == 2")
    assert (found.dead, found.why) == (None, "")
    found = under("fail_told || 1'b1")
    assert (found.witnesses, found.dead) == ({}, 0)


def test_solver_that_is_killed_is_told_and_what_it_found_stays(tmp_path: Path) -> None:
    harness = covered(BOTH, {**POINTS, "hard": "p == 64'd12345678901"}, tmp_path)
    killed: list[int] = []

    def kill(id_: str, witness: object) -> None:
        if id_ == "six":
            killed.extend(_solvers())
            for number in killed:
                os.kill(number, signal.SIGKILL)

    found = reach(
        harness, harness.covers, tmp_path, depth=40, seconds=60.0, solver="yices", processes=Processes(), told=kill
    )
    assert len(killed) == 1
    assert found.why == "yices-smt2 was ended by signal 9"
    assert set(found.witnesses) >= {"two", "both", "six"}


def test_interrupt_leaves_no_process(tmp_path: Path) -> None:
    harness = covered(HARD, {"hard": "p == 64'd12345678901"}, tmp_path)
    processes = Processes()
    seen: list[int] = []

    def stop() -> None:
        deadline = time.monotonic() + 60
        while not seen and time.monotonic() < deadline:
            seen.extend(_solvers())
            time.sleep(0.05)
        processes.stop()

    stopper = threading.Thread(target=stop)
    stopper.start()
    with pytest.raises(KeyboardInterrupt):
        reach(harness, harness.covers, tmp_path, depth=40, seconds=60.0, solver="yices", processes=processes)
    stopper.join()
    assert len(seen) == 1
    assert not Path(f"/proc/{seen[0]}").exists()


def _solvers() -> list[int]:
    """The solvers below this process."""
    below, found = {os.getpid()}, []
    for _ in range(4):
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                words = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(words[1]) in below and int(stat.parent.name) not in below:
                below.add(int(stat.parent.name))
                command = (stat.parent / "cmdline").read_bytes()
                found += [int(stat.parent.name)] if b"yices-smt2\0--inc" in command else []
    return found


def test_witness_rests_on_no_start_value_where_it_can_do_without(tmp_path: Path) -> None:
    """The memory starts free: its word could be there at once, but writing it is safe; nothing writes the other."""
    body = """
      reg [7:0] word, other;
      always @(posedge clk) if (a[0]) word <= a;
      assign y = 0; assign bad = 0;
    """
    points = {"word": "word == 8'h2b && a == 8'h10", "other": "other == 8'h2b"}
    harness = covered(body, points, tmp_path)
    found = search(harness, tmp_path, solver="abc")
    assert {id_: (witness.tick, witness.certain) for id_, witness in found.witnesses.items()} == {
        "word": (1, True),
        "other": (0, False),
    }


def test_engine_that_may_take_no_memory_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    harness = covered(COUNTER, POINTS, tmp_path)
    monkeypatch.setattr("verif.formal.engines.MEMORY_LIMIT", 2**22)
    found = search(harness, tmp_path, solver="abc")
    assert (found.witnesses, found.bound) == ({}, 0)
    assert re.fullmatch(r"yosys-abc (was ended by signal|ended with code) \d+", found.why)


def test_register_that_only_ends_an_asynchronous_reset_is_taken(tmp_path: Path) -> None:
    """As harnesses tell their monitors that no reset was there yet."""
    body = """
      reg was = 0; reg [1:0] n;
      wire r = rst | ~was;
      always @(posedge clk) was <= was | rst | a[7];
      always @(posedge clk or posedge r) if (r) n <= 0; else n <= n + a[0];
      assign y = 0; assign bad = 0;
    """
    found = search(covered(body, {"two": "n == 2"}, tmp_path), tmp_path)
    assert found.witnesses["two"].tick == 2
    with pytest.raises(Unsupported, match="depends on registers and on inputs"):
        search(covered(body.replace("~was", "was"), {"two": "n == 2"}, tmp_path), tmp_path)
