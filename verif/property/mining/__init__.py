"""Mining: what seems to hold in all runs that were seen, as candidates for a proof."""

from __future__ import annotations

from verif.property.mining.candidate import Candidate, Kind, Watched
from verif.property.mining.guesses import guesses, most_interesting, strongest_first
from verif.property.mining.table import Table

__all__ = ["Candidate", "Kind", "Table", "Watched", "guesses", "most_interesting", "strongest_first"]
