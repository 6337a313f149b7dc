"""Laws of the errors that a user can meet."""

from __future__ import annotations

import pickle

from verif.errors import InputError


def test_an_error_keeps_its_parts_on_the_way_from_a_worker() -> None:
    error = InputError("PE101", "no such file", where="a.sv:3", allowed="there are b.sv", hint="name one of them")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.code, again.sentence) == (InputError, "PE101", error.sentence)
