"""The --model option and what stands in for it."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import click

from verif.errors import InputError

ENVIRONMENT = "POSEDGE_MODEL"
NONE = "none"

model_option = click.option(
    "--model",
    metavar="M",
    help="Language model, as listed by 'posedge models', or none; $POSEDGE_MODEL or posedge.toml unless told.",
)


def chosen_model(given: str | None, start: Path | None = None) -> str | None:
    """Return the model that --model, $POSEDGE_MODEL or ``model`` of the nearest posedge.toml names; None for none."""
    name = given or os.environ.get(ENVIRONMENT) or _configured(start or Path.cwd())
    return None if name in (None, "", NONE) else name


def _configured(start: Path) -> str | None:
    here = start.resolve()
    for directory in (here, *here.parents):
        file = directory / "posedge.toml"
        if file.is_file():
            return _model_in(file)
    return None


def _model_in(file: Path) -> str | None:
    try:
        value = tomllib.loads(file.read_text(encoding="utf-8")).get("model")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError("PE527", f"not valid TOML: {error}", where=str(file)) from error
    if value is not None and not isinstance(value, str):
        raise InputError("PE527", "model must be the name of a model, in quotes", where=str(file))
    return value
