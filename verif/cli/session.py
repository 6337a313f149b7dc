"""What all verbs share: the common options, errors as one sentence, JSON or text on stdout."""

from __future__ import annotations

import functools
import json
import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import click

from verif.cli.signals import INTERRUPT_CODE, INTERRUPT_SENTENCE, INTERRUPTED
from verif.errors import PosedgeError

SCHEMA = 1
"""Version of every ``--json`` object."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """The common options of one call."""

    json: bool
    seed: int
    jobs: int
    quiet: bool
    debug: bool

    def say(self, text: str = "") -> None:
        """Print a line for people: nothing under ``--json`` or ``--quiet``."""
        if not (self.json or self.quiet):
            click.echo(text)

    def note(self, text: str) -> None:
        """Print a line on stderr that people should see even beside ``--json``; silent under ``--quiet``."""
        if not self.quiet:
            click.echo(text, err=True)

    def result(self, verb: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Stamp ``payload`` with schema and verb, print it under ``--json``, and return it for the workspace."""
        stamped = {"schema": SCHEMA, "verb": verb, **payload}
        if self.json:
            click.echo(json.dumps(stamped, indent=2))
        return stamped


def verb(function: Callable[..., int]) -> click.Command:
    """Make a click command of ``function(session, ...) -> exit code`` with the common options added.

    Put it above the verb's own ``click.argument`` and ``click.option`` decorators.
    """

    @functools.wraps(function)
    def call(*, json: bool, seed: int, jobs: int, quiet: bool, debug: bool, **arguments: Any) -> None:
        session = Session(json=json, seed=seed, jobs=jobs, quiet=quiet, debug=debug)
        sys.exit(_guarded(session, functools.partial(function, session, **arguments)))

    for option in reversed(_COMMON):
        call = option(call)
    name = function.__name__.rstrip("_")
    return click.command(name=name)(call)


def _guarded(session: Session, run: Callable[[], int]) -> int:
    """Run a verb; an error becomes a sentence (or a JSON object) and an exit code, never a traceback."""
    try:
        return run()
    except PosedgeError as error:
        return _failed(session, error.code, error.sentence, error.exit_code)
    except KeyboardInterrupt:
        return _failed(session, INTERRUPT_CODE, INTERRUPT_SENTENCE, INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if session.debug:
            traceback.print_exc()
        text = f"internal error: {type(error).__name__}: {error}; run again with --debug and report the traceback."
        return _failed(session, "PE900", " ".join(text.split()), 3)


def _failed(session: Session, code: str, sentence: str, exit_code: int) -> int:
    if session.json:
        click.echo(json.dumps({"schema": SCHEMA, "error": {"code": code, "message": sentence}}))
    click.echo(f"posedge: {code}: {sentence}", err=True)
    return exit_code


_COMMON = (
    click.option("--json", is_flag=True, help="Print one JSON object on stdout and nothing else there."),
    click.option("--seed", type=int, default=1, show_default=True, help="Seed of everything random."),
    click.option(
        "--jobs",
        "-j",
        type=click.IntRange(min=1),
        default=os.cpu_count() or 1,
        help="Parallel jobs; all cores unless told.",
    ),
    click.option("--quiet", "-q", is_flag=True, help="Print nothing but errors."),
    click.option("--debug", is_flag=True, help="Show tracebacks and keep scratch files."),
)
