"""What is known of mutants, and how it is kept."""

from __future__ import annotations

from pathlib import Path

from tests.support.mutants import DIFFERENCE, mutant
from verif.campaign.mutants.board import Board, Known, Store
from verif.campaign.mutants.result import Kill
from verif.verdict import MutantStatus, Oracle

ONE, TWO, THREE = mutant("d:1:reset"), mutant("d:2:slice"), mutant("d:3:constant")
SPEC = Kill(check="model", oracle=Oracle.SPEC, tick=7)
RECORDED = Kill(check="recorded-y", oracle=Oracle.RECORDED, tick=2, by="expectation")


def test_a_recorded_kill_leaves_a_mutant_to_other_checks() -> None:
    board = Board((ONE, TWO))
    board[ONE].add(RECORDED)
    board[TWO].add(SPEC)
    assert board.unkilled() == (ONE,)
    assert board.survivors() == ()
    assert [known.status for known in board.known.values()] == [MutantStatus.KILLED] * 2


def test_a_check_kills_a_mutant_once() -> None:
    known = Known()
    known.add(SPEC)
    known.add(Kill(check="model", oracle=Oracle.SPEC, tick=9))
    assert known.kills == (SPEC,)


def test_what_is_kept_is_what_was_known(tmp_path: Path) -> None:
    board = Board((ONE, TWO, THREE), blocks=4, recorded=True)
    board[ONE].add(SPEC)
    board[TWO].difference, board[TWO].propagated = DIFFERENCE, True
    board[THREE].method, board[THREE].depth = "pdr", 3
    Store(tmp_path, "key").save(board)
    again = Board((ONE, TWO, THREE))
    assert Store(tmp_path, "key").load(again)
    assert (again.known, again.blocks, again.recorded) == (board.known, 4, True)
    assert [one.status for one in again.results()] == [
        MutantStatus.KILLED,
        MutantStatus.SURVIVED,
        MutantStatus.EQUIVALENT,
    ]


def test_what_is_kept_of_something_else_is_not_used(tmp_path: Path) -> None:
    board = Board((ONE,), blocks=4)
    board[ONE].add(SPEC)
    Store(tmp_path, "key").save(board)
    other = Board((ONE,))
    assert not Store(tmp_path, "another key").load(other)
    assert (other.blocks, other[ONE].kills) == (0, ())


def test_a_damaged_state_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text('{"schema": 1, "key": "key", "known": {"d:1:reset": {"kills": [3]}}}')
    assert not Store(tmp_path, "key").load(Board((ONE,)))


def test_further_mutants_get_all_stimulus(tmp_path: Path) -> None:
    Store(tmp_path, "key").save(Board((ONE,), blocks=4))
    more = Board((ONE, TWO))
    assert Store(tmp_path, "key").load(more) and more.blocks == 0


def test_what_comes_in_small_pieces_is_written_now_and_then(tmp_path: Path) -> None:
    store, board = Store(tmp_path, "key"), Board((ONE,))
    store.keep(board)
    first = (tmp_path / "state.json").read_bytes()
    board[ONE].add(SPEC)
    store.keep(board)
    assert (tmp_path / "state.json").read_bytes() == first
    store.save(board)
    assert (tmp_path / "state.json").read_bytes() != first
