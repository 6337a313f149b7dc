"""What verbs that build do at their end: keep the store of builds small, and say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verif.errors import InputError

if TYPE_CHECKING:
    from verif.cli.session import Session
    from verif.workspace import Workspace


def tidy(session: Session, workspace: Workspace) -> None:
    """Prune the workspace's builds where they take too much, and tell; the verb's result stands whatever happens."""
    from verif.sim.pruning import limit_of_builds, prune

    try:
        pruned = prune(workspace, limit_of_builds())
    except InputError as error:
        session.note(f"note: {error.sentence}")
        return
    if pruned is not None:
        session.note(f"note: {pruned.sentence}")
