"""Lanes that follow a guide: one stimulus for all of them, that each leaves where it likes, for good or for a turn.

What a lane does elsewhere is drawn as always, so a seed, a guide and a number name a lane.
"""

from __future__ import annotations

from verif.harness.model import FieldKind
from verif.lanes.draft import STARTED, Draft
from verif.lanes.program import Value

_SCALES = 6
"""Lanes leave for good with half, a quarter, ... of the turns."""


def add_guide(draft: Draft) -> None:
    """Add the program that tells which lanes follow; the last of a turn."""
    turn = draft.turn()
    begun = turn.state(STARTED)

    def lane(value: Value) -> Value:
        (place,) = draft.own()
        turn.kept[place] = begun.choose(turn.state(place), value)
        return turn.kept[place]

    faithful, strays, single = lane(turn.seldom(2)), lane(turn.random()), lane(turn.random())
    leaves, slower = turn.ones(), turn.ones()
    for _ in range(_SCALES):
        slower = slower & (turn.random() | turn.random())
        leaves = leaves & (turn.random() | ~lane(slower))
    (still,) = draft.own()
    following = (~begun | turn.state(still)) & (faithful | ~(leaves & begun))
    turn.kept[still] = following
    away = strays & begun & turn.seldom(2)
    for each in draft.harness.moving:
        stays = single & turn.random()
        if each.kind is FieldKind.RESET:
            stays = stays | turn.random() | turn.random()
        draft.follows[each.name] = draft.keep(turn, following & (~away | stays))
    turn.kept[STARTED] = turn.ones()
