"""The board keeps who was first, and notices when engines disagree."""

from __future__ import annotations

from verif.search.closure.board import Board
from verif.verdict import PointStatus


def test_board_keeps_who_hit_a_point_first() -> None:
    board = Board(["a", "b"])
    assert board.hit({"a": 3}, by="random", witness="w1") == ("a",)
    assert board.hit({"a": 1, "b": 2}, by="mutation", witness="w2") == ("b",)
    assert (board.known["a"].by, board.known["a"].tick, board.known["b"].by) == ("random", 3, "mutation")
    assert board.open == ()


def test_board_tells_a_hit_that_contradicts_a_proof_and_keeps_the_proof() -> None:
    board = Board(["a"])
    assert board.prove("a", method="induction", depth=2, by="solver")
    assert board.hit({"a": 5}, by="random", witness="w1") == ()
    assert board.known["a"].status is PointStatus.UNREACHABLE
    sentence = board.disagreements["a"].sentence
    assert "the engines disagree about a: it is proven unreachable by induction, and random reaches it" in sentence


def test_lost_hit_is_open_again_and_a_proof_stays() -> None:
    board = Board(["a", "b"])
    board.hit({"a": 0}, by="random", witness="w1")
    board.prove("b", method="induction", depth=2, by="solver")
    board.lose(["a", "b"])
    assert board.open == ("a",)
    assert board.known["b"].status is PointStatus.UNREACHABLE


def test_board_proves_nothing_that_is_hit() -> None:
    board = Board(["a"])
    board.hit({"a": 0}, by="random", witness="w1")
    assert not board.prove("a", method="induction", depth=2, by="solver")
    assert board.known["a"].status is PointStatus.HIT


def test_board_keeps_the_deepest_bound_and_none_where_a_point_is_known() -> None:
    board = Board(["a", "b"])
    board.hit({"b": 0}, by="random", witness="w1")
    board.out_of_reach(["a", "b"], 16)
    board.out_of_reach(["a"], 8)
    assert (board.known["a"].bound, board.known["b"].bound) == (16, None)


def test_board_counts_only_what_is_wanted() -> None:
    board = Board(["a", "b"], wanted=["b"])
    board.hit({"a": 0}, by="random", witness="w1")
    assert (board.open, board.count(PointStatus.HIT)) == (("b",), 0)


def test_curve_grows_only_with_what_is_known() -> None:
    board = Board(["a", "b"])
    board.note(cycles=0, seconds=0.0, by="")
    board.hit({"a": 0}, by="random", witness="w1")
    board.note(cycles=10, seconds=0.1, by="random")
    board.note(cycles=20, seconds=0.2, by="random")
    assert [(m.cycles, m.hit) for m in board.curve] == [(0, 0), (10, 1)]


def test_curve_tells_after_how_many_cycles_of_a_call_each_point_was_hit() -> None:
    board = Board(["a", "b", "c"])
    board.hit({"a": 0, "b": 0, "c": 0}, by="random", witness="w1")
    board.grew([(40, 1), (90, 2)], seconds=0.5, by="random")
    assert [(m.cycles, m.hit) for m in board.curve] == [(40, 1), (90, 3)]
