"""The ``posedge`` command: a table of verbs, each loaded only when it runs."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

import verif
from verif.cli.signals import tell_interrupts

VERBS: dict[str, str] = {
    "inspect": "Tell what the RTL is: ports, clocks, resets, protocols, FSMs.",
    "draft": "Write a cocotb bench for a design and check it.",
    "adopt": "Write a bench.toml for a cocotb bench that you already have.",
    "generate": "Write RTL from a specification, checked.",
    "run": "Run a bench's cocotb regression.",
    "search": "Search for failing behaviour, shrink it, save it.",
    "prove": "Prove properties, or find a run that breaks them.",
    "close": "Close the coverage of a bench with witnesses and proofs.",
    "diff": "Tell whether two versions of a design do the same.",
    "mutate": "Score a bench by mutants of its design.",
    "replay": "Run one failure again, exactly, with waves.",
    "floorplan": "Sketch an early floorplan from RTL or bookshelf files.",
    "report": "Show what is known about a bench, as text or HTML.",
    "metrics": "Show what drafting cost and saved.",
    "models": "List, fetch and remove language models.",
    "doctor": "Check the tools and say how to install what is missing.",
}
"""Verb to its line in ``posedge --help``; ``verif.cli.<verb>`` holds the click command called ``command``."""


class _LazyGroup(click.Group):
    """A group that knows its verbs' names and imports a verb's module only to run it or to show its own help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in VERBS:
            return None
        module = importlib.import_module(f"verif.cli.{name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(verif.__version__, prog_name="posedge")
def app() -> None:
    """Draft, run and judge verification benches for RTL."""


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line and exit with DESIGN's codes."""
    tell_interrupts(sys.argv if arguments is None else arguments)
    return app(args=arguments, prog_name="posedge", standalone_mode=True)


if __name__ == "__main__":
    sys.exit(main())
