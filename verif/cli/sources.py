"""The SRC argument and its options, the same for every verb that reads RTL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from verif.design.model import SourceSet

_Function = TypeVar("_Function", bound=Callable[..., Any])


def source_options() -> Callable[[_Function], _Function]:
    """Add SRC and its options to a verb; their keyword arguments go to ``resolve`` as they are."""

    def decorate(function: _Function) -> _Function:
        for option in reversed(_OPTIONS):
            function = option(function)
        return click.argument("src", nargs=-1, metavar="SRC...", required=False)(function)

    return decorate


def resolve(
    *,
    src: tuple[str, ...],
    file_lists: tuple[str, ...] = (),
    include_dirs: tuple[str, ...] = (),
    defines: tuple[str, ...] = (),
    parameters: tuple[str, ...] = (),
    blackboxes: tuple[str, ...] = (),
    top: str | None = None,
) -> SourceSet:
    """Return the sources that the options name; InputError PE1xx where something is wrong with them."""
    from verif.design.sources import resolve_sources

    return resolve_sources(
        src,
        file_lists=file_lists,
        include_dirs=include_dirs,
        defines=defines,
        parameters=parameters,
        blackboxes=blackboxes,
        top=top,
    )


_OPTIONS = (
    click.option("--top", metavar="MODULE", help="The top module; needed where several could be it."),
    click.option("-f", "file_lists", multiple=True, metavar="FILE", help="Read a .f file list."),
    click.option("-I", "include_dirs", multiple=True, metavar="DIR", help="Search DIR for included files."),
    click.option("-D", "defines", multiple=True, metavar="NAME[=TEXT]", help="Define a macro."),
    click.option("-P", "parameters", multiple=True, metavar="NAME=VALUE", help="Set a parameter of the top."),
    click.option("--blackbox", "blackboxes", multiple=True, metavar="MODULE", help="MODULE may be missing."),
)
