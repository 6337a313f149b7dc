"""The SRC argument and its options, the same for every verb that reads RTL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from verif.design.model import SourceSet

_Function = TypeVar("_Function", bound=Callable[..., Any])


def source_options(*, required: bool = True) -> Callable[[_Function], _Function]:
    """Add SRC and its options to a verb; its keyword arguments then go to ``resolve`` as they are.

    ``required``: at least one SRC or -f must be given (told by ``resolve``).
    """
    options = [*_OPTIONS]
    help_text = "Verilog or SystemVerilog files, directories, .f lists, .core files or a design.toml."

    def decorate(function: _Function) -> _Function:
        for option in reversed(options):
            function = option(function)
        return click.argument("src", nargs=-1, metavar="SRC...", required=False)(function)

    decorate.__doc__ = help_text
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
