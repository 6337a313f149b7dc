"""``posedge doctor``: the tools, and how to get what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from verif.cli.session import Session, verb

if TYPE_CHECKING:
    from verif.sim.seam import ToolStatus
    from verif.sim.toolchain import Wanted


@verb
def doctor(session: Session) -> int:
    """Check every tool: found or not, version, place, what it is needed for, and the command that installs it.

    Exit code 3 where something is missing that draft, run and report need.
    """
    from verif.sim.toolchain import WANTED, status

    tools = [(wanted, status(wanted.name)) for wanted in WANTED]
    missing = [wanted for wanted, tool in tools if not tool.found]
    session.result(
        "doctor",
        {
            "ok": not _required(missing),
            "tools": [{**asdict(tool), "required": wanted.required} for wanted, tool in tools],
        },
    )
    for wanted, tool in tools:
        for line in _lines(wanted, tool):
            session.say(line)
    session.say(_summary(missing))
    return 3 if _required(missing) else 0


command: click.Command = doctor


def _lines(wanted: Wanted, tool: ToolStatus) -> Iterator[str]:
    mark = "ok" if tool.found else "MISSING" if wanted.required else "absent"
    yield f"{mark:<8} {tool.name:<13} {tool.version or '-':<10} {tool.needed_for}"
    yield f"{'':8} {tool.path} ({tool.origin})" if tool.found else f"{'':8} install it with: {tool.fix}"


def _required(missing: list[Wanted]) -> list[Wanted]:
    return [wanted for wanted in missing if wanted.required]


def _summary(missing: list[Wanted]) -> str:
    if required := _required(missing):
        fixes = "; ".join(dict.fromkeys(wanted.fix for wanted in required))
        return f"draft, run and report need {', '.join(wanted.name for wanted in required)}: {fixes}"
    return "everything that draft, run and report need is here"
