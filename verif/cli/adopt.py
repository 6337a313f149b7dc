"""``posedge adopt``: a bench.toml for a cocotb bench as it is."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from verif.cli.session import Session, verb
from verif.errors import InputError

if TYPE_CHECKING:
    from verif.bench.adopt import Adopted
    from verif.bench.adopt.calls import Confine


@verb
@click.argument("place", type=click.Path(path_type=Path), metavar="TEST.py, Makefile or DIR")
@click.option("--top", default="", metavar="T", help="Only the bench of this top level.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Where bench.toml goes; beside the bench unless told."
)
def adopt(session: Session, place: Path, top: str, out: Path | None) -> int:
    """Write a bench.toml for a cocotb bench that you already have, and change nothing else.

    It is read from the bench's own Makefile (by make), runner script or pytest file (by running it with recorders in
    place of the simulator, parametrisation included), inside a sandbox where bubblewrap is installed.
    """
    from verif.bench.adopt import adopt as find
    from verif.bench.manifest import write_manifest

    benches = find(place, out, _confine(session), top=top)
    try:
        for bench in benches:
            _write_generated(bench, explicit=out is not None)
            bench.directory.mkdir(parents=True, exist_ok=True)
            write_manifest(bench.manifest, bench.directory)
    except OSError as error:
        raise InputError(
            "PE410", f"can't write here ({error.strerror})", where=str(bench.directory), hint="name another --out"
        ) from error
    for bench in benches:
        _tell(session, bench)
    told = [
        {
            "path": str(bench.directory),
            "top": bench.manifest.top,
            "configs": [config.name for config in bench.manifest.config],
            "simulators": list(bench.manifest.simulators),
            "origin": str(bench.origin),
            "notes": list(bench.notes),
        }
        for bench in benches
    ]
    session.result("adopt", {"benches": told})
    return 0


command = adopt


def _confine(session: Session) -> Confine:
    """Return the sandbox's words; without bubblewrap the bench's files run as they would under make or pytest."""
    from verif.sim import toolchain
    from verif.sim.sandbox import Sandbox

    if toolchain.find("bwrap") is None:
        session.note(
            f"bubblewrap isn't installed ({toolchain.wanted('bwrap').fix}): the bench's own files run unconfined"
        )
        return lambda _: ()
    return Sandbox.locate().read_only_prefix


def _write_generated(bench: Adopted, *, explicit: bool) -> None:
    """Keep source files that the bench's own flow makes, where the user said where."""
    if not bench.generated:
        return
    if not explicit:
        raise InputError(
            "PE446",
            f"its own flow generates {', '.join(path.name for path in bench.generated)}",
            where=str(bench.origin),
            hint="name a folder for bench.toml and the generated files with --out",
        )
    folder = bench.directory / "generated"
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in bench.generated.items():
        (folder / path.name).write_bytes(content)


def _tell(session: Session, bench: Adopted) -> None:
    configs = len(bench.manifest.config)
    plural = "configuration" if configs == 1 else "configurations"
    session.say(f"{bench.directory / 'bench.toml'}: {bench.manifest.top}, {configs} {plural}")
    for note in bench.notes:
        session.say(f"     note: {note}")
    session.say(f"     run it: posedge run {shlex.quote(str(bench.directory))}")
