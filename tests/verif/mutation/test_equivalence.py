"""Equivalence of mutants: what is the same is proven, what isn't never is, and a witness shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.support.harnesses import around
from tests.support.rewrites import WIDTH, Node, rewrites
from verif.design.model import SourceSet
from verif.harness.model import Harness
from verif.mutation.equivalence import Equivalence, decide
from verif.sim.batch import Batch, Layout, build_batch
from verif.sim.process import Processes
from verif.workspace import Workspace

BODY = """
reg [3:0] s, u;
always @(posedge clk) if (rst) s <= 4'd0; else s <= a;
always @(posedge clk) if (a[0]) u <= a;
reg [3:0] mem [0:3];
always @(posedge clk) if (a[3]) mem[a[1:0]] <= s;
assign y = {expression};
assign bad = 1'b0;
"""


def _harness(folder: Path, expression: str) -> Harness:
    return around(BODY.format(expression=expression), folder, width=WIDTH)


def _rewritten(harness: Harness, folder: Path, changes: Mapping[str, tuple[str, str]]) -> dict[str, SourceSet]:
    """Return the sources with one text for another, for each change."""
    (source,) = harness.design.sources.files
    text = source.read_text(encoding="utf-8")
    found = {}
    for name, (old, new) in changes.items():
        assert old in text
        file = folder / f"{name}.sv"
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        found[name] = replace(harness.design.sources, files=(file,))
    return found


def _decided(
    harness: Harness, folder: Path, changes: Mapping[str, tuple[str, str]], *, depth: int = 12
) -> dict[str, Equivalence]:
    mutants = _rewritten(harness, folder, changes)
    return decide(harness, mutants, folder / "solver", seconds=120, depth=depth, processes=Processes())


def test_equivalence_is_proven_of_what_is_the_same(tmp_path: Path) -> None:
    harness = _harness(tmp_path, "(s & a) + u + mem[a[1:0]]")
    changes = {
        "de_morgan": ("(s & a)", "(~(~s | ~a))"),
        "swapped": ("(s & a) + u", "u + (a & s)"),
        "inverted_register": ("s <= 4'd0; else s <= a;", "s <= 4'd15 & 4'd0; else s <= ~(~a);"),
        "reachable_only": ("(s & a) + u", "(s & a) + (s[0] ? s : u)"),
    }
    answers = _decided(harness, tmp_path, changes)
    assert {name: bool(answer.proof) for name, answer in answers.items()} == dict.fromkeys(changes, True)


def test_equivalence_gives_a_witness_where_outputs_differ(tmp_path: Path, workspace: Workspace) -> None:
    harness = _harness(tmp_path, "(s & a) + u + mem[a[1:0]]")
    changes = {
        "or": ("(s & a)", "(s | a)"),
        "reset_value": ("s <= 4'd0", "s <= 4'd1"),
        "enable_dropped": ("if (a[0]) u", "u"),
        "address": ("mem[a[1:0]] <= s", "mem[a[2:1]] <= s"),
    }
    answers = _decided(harness, tmp_path, changes)
    mutants = _rewritten(harness, tmp_path, changes)
    for name, answer in answers.items():
        assert answer.proof is None and answer.witness is not None, name
        assert answer.witness.certain or name == "address", name  # what is read may be what it began with
        other = replace(harness, design=replace(harness.design, sources=mutants[name]))
        seen = [_last_outputs(each, answer.witness.rows, workspace) for each in (harness, other)]
        assert seen[0] != seen[1], name


def _last_outputs(harness: Harness, rows: tuple[tuple[int, ...], ...], workspace: Workspace) -> list[int]:
    """Return ``y`` in the last row, from several start values."""
    layout = Layout.of(harness.stimulus)
    columns = zip(harness.stimulus, zip(*rows, strict=True), strict=True)
    stimulus = layout.pack({field.name: np.array(values) for field, values in columns})
    found = []
    with Batch(build_batch(harness, workspace=workspace)) as batch:
        for start in (None, 1, 2, 3):
            run = batch.run(stimulus, observe=True, seed=start, fresh=True)
            assert run.observed is not None
            found.append(int(Layout.of(harness.observed).get(run.observed, "obs_y", integers=True)[-1]))
    return found


def test_equivalence_claims_nothing_where_an_x_decides(tmp_path: Path) -> None:
    harness = _harness(tmp_path, "a[0] ? 4'bx : s")
    (answer,) = _decided(harness, tmp_path, {"or": ("a[0] ?", "a[1] ?")}).values()
    assert answer.proof is None and answer.witness is None
    assert answer.why == "an X decides outputs of the design, so no difference is certain"


def test_equivalence_tells_how_far_it_looked(tmp_path: Path) -> None:
    body = """
reg [31:0] n;
always @(posedge clk) if (rst) n <= 0; else n <= n + 1 + (n * n);
assign y = n == 32'd123456789 ? a : ~a;
assign bad = 1'b0;
"""
    harness = around(body, tmp_path, width=WIDTH)
    (answer,) = _decided(harness, tmp_path, {"late": ("? a :", "? a + 4'd1 :")}, depth=3).values()
    assert (answer.proof, answer.witness) == (None, None) or answer.decided
    assert answer.decided or (answer.bound, answer.why) == (3, "no difference within 3 ticks")


def test_equivalence_leaves_a_copy_out_that_no_model_takes(tmp_path: Path) -> None:
    harness = _harness(tmp_path, "s")
    changes = {
        "gated": ("always @(posedge clk) if (rst) s", "wire g = clk & a[0]; always @(posedge g) if (rst) s"),
        "same": ("assign y = s", "assign y = ~(~s)"),
        "other": ("assign y = s", "assign y = ~s"),
    }
    answers = _decided(harness, tmp_path, changes)
    assert answers["gated"].why.startswith("proofs take designs whose ticks are one step each, and ")
    assert not answers["gated"].decided
    assert answers["same"].proof and answers["other"].witness


def _drawn(count: int) -> list[tuple[Node, Node]]:
    found: dict[str, tuple[Node, Node]] = {}

    @seed(6)
    @settings(max_examples=4 * count, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(rewrites(("v", "s", "u")))
    def draw(pair: tuple[Node, Node]) -> None:
        found.setdefault(f"{pair[0].text()} {pair[1].text()}", pair)

    draw()
    return list(found.values())[-count:]


def _same(before: Node, after: Node) -> bool:
    """Whether two expressions mean the same wherever a run gets to: where s is odd, u is s."""
    reached = ({"v": v, "s": s, "u": s if s & 1 else u} for v, s, u in product(range(16), repeat=3))
    return all(before.value(values) == after.value(values) for values in reached)


_WIDE = """
reg [3:0] s, u;
always @(posedge clk) if (rst) s <= 4'd0; else s <= a[3:0];
always @(posedge clk) if (a[0]) u <= a[3:0];
{assignments}
assign bad = 1'b0;
"""


def _assignment(number: int, node: Node) -> str:
    return f"assign y[{WIDTH * number} +: {WIDTH}] = {node.text().replace('v', 'a[3:0]')};"


def _misjudged(chosen: range, folder: Path) -> list[str]:
    """Let random rewrites be judged, a model for 15 of them; return those on which the answer is not the truth."""
    wrong = []
    pairs = _drawn(chosen.stop)[chosen.start :]
    truth = [_same(*pair) for pair in pairs]
    assert len(pairs) == len(chosen)
    assert len(pairs) // 5 < sum(truth) < len(pairs) * 4 // 5
    for first in range(0, len(pairs), 15):
        group = pairs[first : first + 15]
        lines = [_assignment(number, before) for number, (before, _) in enumerate(group)]
        body = _WIDE.format(assignments="\n".join(lines))
        harness = around(body, folder / str(first), width=WIDTH * len(group))
        changes = {
            str(first + number): (lines[number], _assignment(number, after)) for number, (_, after) in enumerate(group)
        }
        for name, answer in _decided(harness, folder / str(first), changes).items():
            same = truth[int(name)]
            if bool(answer.proof) != same or bool(answer.witness) == same:
                before, after = pairs[int(name)]
                wrong.append(f"{before.text()} -> {after.text()} is {'the same' if same else 'another'}: {answer}")
    return wrong


def test_equivalence_of_random_rewrites_is_never_misjudged(tmp_path: Path) -> None:
    assert _misjudged(range(30), tmp_path) == []


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, 200, 50))
def test_equivalence_of_many_random_rewrites_is_never_misjudged(tmp_path: Path, start: int) -> None:
    assert _misjudged(range(start, start + 50), tmp_path) == []


def test_mutants_for_which_no_time_is_left_are_told_without_a_look(tmp_path: Path) -> None:
    harness = _harness(tmp_path, "s")
    heard: list[tuple[str, str]] = []

    class Unread(dict[str, SourceSet]):
        def __getitem__(self, id_: str) -> SourceSet:
            raise AssertionError(f"the text of {id_} is read")

    mutants = Unread({str(number): harness.design.sources for number in range(1000)})
    found = decide(
        harness,
        mutants,
        tmp_path / "solver",
        seconds=0.0,
        depth=4,
        processes=Processes(),
        told=lambda id_, answer: heard.append((id_, answer.why)),
    )
    assert found == dict.fromkeys(mutants, Equivalence(why="the time ran out"))
    assert heard == [(id_, "the time ran out") for id_ in mutants]
