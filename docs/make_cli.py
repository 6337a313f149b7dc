"""Write docs/cli.md from the help texts: ``python docs/make_cli.py``. A test compares the two."""

from __future__ import annotations

from pathlib import Path

import click

from verif.cli.main import VERBS, app

FILE = Path(__file__).resolve().parent / "cli.md"
WIDTH = 100
HEAD = """\
# The command line

Written by `docs/make_cli.py` from the help texts; don't edit.

Every verb takes `--json` (one object on stdout and nothing else there), `--seed`, `--jobs`, `--quiet` and `--debug`.
Exit codes: 0 pass or done; 1 a failure or a finding; 2 wrong use or bad input; 3 a tool is missing or
broke; 4 nothing was decided.
"""


def page() -> str:
    """Return the page's text."""
    sections = [HEAD, _block("posedge --help", _help(app, "posedge"))]
    for name, summary in VERBS.items():
        command = app.get_command(click.Context(app), name)
        assert command is not None
        sections.append(
            f"## {name}\n\n{summary}\n\n{_block(f'posedge {name} --help', _help(command, f'posedge {name}'))}"
        )
    return "\n".join(sections)


def _help(command: click.Command, path: str) -> str:
    program, _, verb = path.partition(" ")
    parent = click.Context(app, info_name=program) if verb else None
    context = click.Context(
        command, info_name=verb or program, parent=parent, terminal_width=WIDTH, max_content_width=WIDTH
    )
    context.help_option_names = ["-h", "--help"]
    return command.get_help(context)


def _block(line: str, text: str) -> str:
    return f"```console\n$ {line}\n{text}\n```\n"


if __name__ == "__main__":
    FILE.write_text(page(), encoding="utf-8")
