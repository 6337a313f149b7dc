"""Options that verbs over a bench share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from verif.errors import InputError

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

bench_argument = click.argument("bench", type=click.Path(path_type=Path), metavar="BENCH")

sources_option = click.option(
    "--sources",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="F",
    help="RTL in place of the bench's files that define the same modules.",
)


def config_option(doing: str) -> Decorator:
    """Return ``--config``: the one configuration to look at. ``doing`` is a verb: search, prove, close."""
    return click.option("--config", metavar="C", help=f"Configuration to {doing}; the bench's first unless told.")


def sim_option(what: str) -> Decorator:
    """Return ``--sim``: the simulators on which ``what`` is replayed."""
    return click.option(
        "--sim", metavar="S,...", help=f"Simulators to replay {what} on; those of the bench unless told."
    )


def simulators(sim: str | None) -> tuple[str, ...]:
    """Return the names in ``--sim``; none: those of the bench."""
    return tuple(name.strip() for name in sim.split(",")) if sim else ()


def time_or_work(seconds: float | None, examples: int | None, usual: float, what: str) -> float | None:
    """Return the seconds to spend, None where ``--examples`` says how much work instead; InputError for both."""
    if seconds is not None and examples is not None:
        raise InputError(
            "PE843",
            "--budget and --examples were both given",
            hint=f"take --examples for a {what} that repeats exactly",
        )
    return None if examples else seconds or usual


engine_option = click.option(
    "--engine",
    type=click.Choice(("auto", "lanes", "batch")),
    default="auto",
    show_default=True,
    help="Who looks: lanes too where it takes long, lanes from the start, or the batch engine alone.",
)
