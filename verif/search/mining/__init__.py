"""Mining: candidates from runs, kept where they are proven."""

from __future__ import annotations

from verif.search.mining.engine import Mined, Mining, mine, mined_invariants

__all__ = ["Mined", "Mining", "mine", "mined_invariants"]
