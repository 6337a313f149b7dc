"""ABC as a program: what reachability says of small circuits."""

from __future__ import annotations

from pathlib import Path

from tests.support.proofs import covered
from verif.formal.abc import Abc
from verif.formal.abc_engine import AbcEngine
from verif.formal.system import build_system
from verif.formal.top import cover_question
from verif.sim.process import Processes

BODY = """
  reg [3:0] n, m;
  always @(posedge clk)
    if (rst) begin n <= 0; m <= 9; end
    else if (a == 8'h5a) begin n <= n == 9 ? 0 : n + 1; m <= m == 0 ? 9 : m - 1; end
  assign y = n; assign bad = 0;
"""
POINTS = {"beyond": "n > 9", "unlike": "n + m != 9", "six": "n == 6"}


def test_reachability_proves_refutes_and_tells_the_run(tmp_path: Path) -> None:
    harness = covered(BODY, POINTS, tmp_path)
    questions = [cover_question(harness, id_) for id_ in harness.covers]
    system = build_system(harness, questions, tmp_path, processes=Processes())
    heard: list[dict[str, object]] = []
    abc = Abc(folder=tmp_path, processes=Processes())
    engine = AbcEngine(system=system, abc=abc, seconds=60.0, heard=heard.append)
    answers = [abc.directed(engine.circuit.only([bit]), seconds=20.0) for bit in range(3)]
    assert [(answer.proved, answer.refuted) for answer in answers] == [(True, False), (True, False), (False, True)]
    assert len(answers[2].found) == 1 and len(answers[2].found[0].steps) > 6
    assert engine.directed([0, 1, 2]) == ""
    assert [what["proved"] for what in heard if "proved" in what] == [[0], [1]]
    (hit,) = [what for what in heard if "hit" in what]
    assert hit["hit"] == [2] and hit["tick"] == len(answers[2].found[0].steps) - harness.reset_ticks - 1
