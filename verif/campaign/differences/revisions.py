"""A path as it is in two revisions of a git repository."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from verif.errors import InputError, ToolError
from verif.workspace import Workspace


def revisions(asked: str, paths: Sequence[str], workspace: Workspace) -> tuple[str, str]:
    """Return where PATH of the revisions ``A..B`` was written to.

    The whole revision is where git has all of it, so that what lies beside PATH is found too. An empty B is HEAD.
    InputError PE922 where the words are wrong, PE925 where git doesn't know them; ToolError PE926 without git.
    """
    old, dots, new = asked.partition("..")
    if not (old and dots) or len(paths) != 1:
        raise InputError("PE922", f"--rev {asked} needs two revisions and one path", hint="say: --rev A..B -- PATH")
    if shutil.which("git") is None:
        raise ToolError("PE926", "--rev needs git, which is not installed")
    path = Path(paths[0])
    start = path if path.is_dir() else path.parent
    while not start.is_dir():
        start = start.parent
    root = Path(_git(start, "rev-parse", "--show-toplevel", said=f"{path} is in no git repository"))
    inside = path.resolve().relative_to(root.resolve())
    return _written(root, old, inside, workspace), _written(root, new or "HEAD", inside, workspace)


def _written(root: Path, revision: str, inside: Path, workspace: Workspace) -> str:
    """Write a revision to the workspace; return the path in it."""
    said = f"git knows no revision {revision}"
    commit = _git(root, "rev-parse", "--verify", f"{revision}^{{commit}}", said=said)
    folder = workspace.builds / "revisions" / commit[:16]
    if not folder.is_dir():
        scratch = folder.with_name(f".{folder.name}")
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        archive = scratch / "archive.tar"
        words = ("archive", "--format=tar", f"--output={archive}", commit)
        try:
            _git(root, *words, said="")
        except InputError:  # a partial clone lacks files that nobody asks for
            _git(root, *words, str(inside), said=f"git can't write {revision}")
        shutil.unpack_archive(archive, scratch, filter="data")
        archive.unlink()
        scratch.rename(folder)
    found = folder / inside
    if not found.exists():
        raise InputError("PE925", f"{inside} is not there in {revision}", where=str(root))
    return str(found)


def _git(root: Path, *words: str, said: str) -> str:
    done = subprocess.run(("git", "-C", str(root), *words), capture_output=True, text=True, check=False)
    if done.returncode:
        raise InputError("PE925", f"{said}: {(done.stderr.strip().splitlines() or [''])[0]}", where=str(root))
    return done.stdout.strip()
