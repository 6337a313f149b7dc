"""Read ``design.toml``: what a designer states about a design, in place of what would be guessed.

::

    top = "fifo"                       # all keys are optional but ``files``
    kind = "sync_fifo"
    files = ["fifo.sv"]                # relative to the design.toml
    include_dirs = ["include"]
    spec = "spec.md"
    blackboxes = ["PLL"]
    [defines]                          # NAME = "text"
    [parameters]                       # NAME = value
    [[clock]]                          # name, edge = "rising" | "falling", ratio
    [[reset]]                          # name, active_high, asynchronous, cycles, clock
    [[protocol]]                       # protocol, role, name, [protocol.signals] canonical = "port"
    [ports.mode]                       # role = "clock" | "reset" | "data"
    [facts]                            # NAME = "text" for planners and oracles
    [[bug]]                            # file, breaks = requirement id, what
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from verif.design.manifest_table import Table
from verif.design.model import Edge, PortRole, ProtocolMatch
from verif.design.protocol_table import PROTOCOLS
from verif.design.source_file import absolute, display, read_text
from verif.errors import InputError

FILE_NAME = "design.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockEntry:
    """A ``[[clock]]``; None leaves the value to the front end."""

    name: str
    edge: Edge | None = None
    ratio: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ResetEntry:
    """A ``[[reset]]``; None leaves the value to the front end."""

    name: str
    active_high: bool | None = None
    asynchronous: bool | None = None
    cycles: int | None = None
    clock: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Bug:
    """A ``[[bug]]``: a broken variant of the design, known on purpose."""

    file: Path
    breaks: str
    """Id of the requirement that it breaks."""
    what: str
    """One line on what goes wrong."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DesignManifest:
    """The content of one design.toml with absolute paths."""

    path: Path
    files: tuple[Path, ...]
    top: str | None = None
    kind: str | None = None
    include_dirs: tuple[Path, ...] = ()
    spec: Path | None = None
    blackboxes: tuple[str, ...] = ()
    defines: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    clocks: tuple[ClockEntry, ...] = ()
    resets: tuple[ResetEntry, ...] = ()
    protocols: tuple[ProtocolMatch, ...] = ()
    roles: Mapping[str, PortRole] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    bugs: tuple[Bug, ...] = ()


def read_manifest(path: Path) -> DesignManifest:
    """Read the design.toml at ``path`` (or in the directory ``path``); InputError PE101, PE116 name file and key."""
    file = absolute(path / FILE_NAME if path.is_dir() else path)
    try:
        data = tomllib.loads(read_text(file))
    except tomllib.TOMLDecodeError as error:
        raise InputError("PE116", f"not valid TOML: {error}", where=display(file)) from error
    return _manifest(file, Table(data, file))


def _manifest(file: Path, table: Table) -> DesignManifest:
    base = file.parent
    spec = table.text("spec")
    manifest = DesignManifest(
        path=file,
        files=_files(table, base),
        top=table.text("top"),
        kind=table.text("kind"),
        include_dirs=tuple(absolute(name, base) for name in table.texts("include_dirs")),
        spec=absolute(spec, base) if spec else None,
        blackboxes=table.texts("blackboxes"),
        defines=table.scalars("defines"),
        parameters=table.scalars("parameters"),
        clocks=tuple(_clock(entry) for entry in table.tables("clock")),
        resets=tuple(_reset(entry) for entry in table.tables("reset")),
        protocols=tuple(_protocol(entry, file) for entry in table.tables("protocol")),
        roles=_roles(table),
        facts=table.scalars("facts", truth=("false", "true")),
        bugs=tuple(_bug(entry, base) for entry in table.tables("bug")),
    )
    table.done()
    return manifest


def _files(table: Table, base: Path) -> tuple[Path, ...]:
    names = table.texts("files")
    if not names:
        table.fail("files", "the key is missing or empty", 'list the sources, for example files = ["fifo.sv"]')
    return tuple(absolute(name, base) for name in names)


def _clock(table: Table) -> ClockEntry:
    edge = table.choice("edge", Edge)
    entry = ClockEntry(name=table.required("name"), edge=edge, ratio=table.integer("ratio", minimum=1))
    table.done()
    return entry


def _reset(table: Table) -> ResetEntry:
    entry = ResetEntry(
        name=table.required("name"),
        active_high=table.boolean("active_high"),
        asynchronous=table.boolean("asynchronous"),
        cycles=table.integer("cycles", minimum=1),
        clock=table.text("clock"),
    )
    table.done()
    return entry


def _protocol(table: Table, file: Path) -> ProtocolMatch:
    protocol = table.word("protocol", [row.name for row in PROTOCOLS])
    match = ProtocolMatch(
        protocol=protocol,
        role=_role(table, protocol),
        name=table.text("name") or protocol,
        signals=table.scalars("signals"),
        evidence=(f"{file.name} says so",),
    )
    table.done()
    return match


def _role(table: Table, name: str) -> str:
    """Return the role in the protocol's own words; ``target`` and ``initiator`` are understood for streams too."""
    row = next(row for row in PROTOCOLS if row.name == name)
    words = {"target": row.target_role, "initiator": row.initiator_role, row.target_role: row.target_role}
    words |= {row.initiator_role: row.initiator_role, **({"arbiter": "arbiter"} if name == "request_grant" else {})}
    return words[table.word("role", list(words))]


def _roles(table: Table) -> dict[str, PortRole]:
    roles = {}
    for name, entry in table.named_tables("ports").items():
        role = entry.choice("role", PortRole)
        if role is not None:
            roles[name] = role
        entry.done()
    return roles


def _bug(table: Table, base: Path) -> Bug:
    bug = Bug(
        file=absolute(table.required("file"), base),
        breaks=table.required("breaks"),
        what=table.required("what"),
    )
    table.done()
    return bug
