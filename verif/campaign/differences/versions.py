"""Two versions of a design: read, their ports matched, the harnesses in which they are compared."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from verif.bench.library.select import choose_oracles
from verif.bench.oracles import OracleSet
from verif.design.frontend import read_design
from verif.design.model import Design, Direction, SourceSet
from verif.errors import InputError
from verif.harness.assemble import assemble
from verif.harness.model import Harness
from verif.harness.twin import Pairing, PortDifference, port_differences
from verif.plan.baseline import baseline_plan
from verif.plan.model import Testplan
from verif.sim.content import included_files

_WORD = re.compile(r"[A-Za-z_][\w$]*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Versions:
    """Two versions whose ports were matched."""

    old: Design
    new: Design
    pairing: Pairing
    compared: tuple[str, ...]
    """Outputs that both have, as OLD calls them."""
    apart: tuple[PortDifference, ...] = ()
    """What can't be compared."""
    called: Mapping[str, str] = field(default_factory=dict)
    """Names in OLD to those in NEW, as the user told."""
    simulators: tuple[str, ...] = ("icarus", "verilator")
    """Who shows what they do; each is asked where the one before can't play them."""

    @property
    def told_apart(self) -> tuple[str, ...]:
        """What can't be compared, a sentence each, in the words of ``diff``."""
        words = {"the first": "OLD", "the second": "NEW"}
        return tuple(_put(each.sentence, words) for each in self.apart)


def read_versions(
    old: SourceSet, new: SourceSet, *, called: Mapping[str, str], ties: Mapping[str, int], bench: Design | None = None
) -> Versions:
    """Read both; ``bench`` is OLD as a bench knows it, with its clocks and resets.

    InputError PE920 where their tops have different names and ``called`` doesn't say that they belong together, PE921
    where a name of ``called`` or ``ties`` is none of theirs; others as ``read_design`` has them.
    """
    first, second = bench or read_design(old), read_design(new)
    if called.get(first.top, first.top) != second.top:
        raise InputError(
            "PE920",
            f"the top of OLD is {first.top}, and that of NEW is {second.top}",
            where=_where(new),
            hint=f"choose one with --top, or say that they belong together with --map {first.top}={second.top}",
        )
    ports = {port.name: called[port.name] for port in first.ports if port.name in called}
    _check_names(first, second, ports, ties)
    _check_called(first, second, {name: other for name, other in called.items() if name not in ports})
    boxes = tuple(dict.fromkeys((*old.blackboxes, *new.blackboxes)))
    pairing = Pairing(ports=ports, ties=ties, boxes=boxes)
    apart = tuple(port_differences(first, second, pairing))
    names = {each.name for each in apart}
    outputs = [port.name for port in first.ports if port.direction is Direction.OUTPUT]
    return Versions(
        old=first,
        new=second,
        pairing=pairing,
        compared=tuple(name for name in outputs if name not in names),
        apart=apart,
        called=called,
    )


def _put(text: str, words: Mapping[str, str]) -> str:
    for word, other in words.items():
        text = text.replace(word, other)
    return text


def _where(sources: SourceSet) -> str:
    return ", ".join(str(file) for file in sources.files[:3])


def _check_names(old: Design, new: Design, ports: Mapping[str, str], ties: Mapping[str, int]) -> None:
    theirs = {port.name for port in new.ports}
    for name, other in ports.items():
        if other not in theirs:
            raise InputError("PE921", f"--map {name}={other}: NEW has no port {other}", allowed=_listed(theirs))
    inputs = {port.name for port in new.ports if port.direction is Direction.INPUT}
    only = inputs - {ports.get(port.name, port.name) for port in old.ports}
    for name in ties:
        if name not in only:
            raise InputError("PE921", f"--tie {name}: that is no input that only NEW has", allowed=_listed(only))


def _check_called(old: Design, new: Design, called: Mapping[str, str]) -> None:
    """Refuse names of what is no port that a version's sources don't have: nothing would come of them."""
    for name, other in called.items():
        for side, design, path in (("OLD", old, name), ("NEW", new, other)):
            known = _words(design.sources)
            unknown = next((part for part in _WORD.findall(path) if part not in known), None)
            if unknown:
                raise InputError(
                    "PE921",
                    f"--map {name}={other}: {side} has nothing that is called {unknown}",
                    allowed="a port, register or memory, by its path below the top, or the top",
                )


def _words(sources: SourceSet) -> set[str]:
    files = (*sources.files, *included_files(sources))
    return {word for file in files for word in _WORD.findall(file.read_text(encoding="utf-8", errors="replace"))}


def _listed(names: set[str]) -> str:
    return f"there are {', '.join(sorted(names))}" if names else "there is none"


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """A harness of OLD, and how its stimulus is told of."""

    name: str
    harness: Harness
    plan: Testplan | None = None
    legal: bool = False
    """Whether its stimulus keeps to protocols."""

    @property
    def assumptions(self) -> tuple[str, ...]:
        """Ports that are 1 where an assumption is broken."""
        return tuple(monitor.fail for monitor in self.harness.monitors if monitor.assumption)


def any_input(design: Design) -> Feed:
    """Return the harness in which each input takes any value in each tick."""
    plan = Testplan(dut=design.top, drivers=(), points=())
    return Feed(name="any inputs", harness=assemble(design, plan, OracleSet(model=None, rules=(), drivers=())))


def protocols(design: Design) -> Feed | None:
    """Return the harness whose inputs move as a draft's do; None where they would take any value anyway."""
    oracles = choose_oracles(design, None)
    plan = baseline_plan(design, (), oracles.drivers)
    harness = assemble(design, plan, OracleSet(model=None, rules=(), drivers=oracles.drivers))
    free = any_input(design).harness
    if [(each.name, each.width) for each in harness.stimulus] == [(each.name, each.width) for each in free.stimulus]:
        return Feed(name="a draft's plan", harness=harness, plan=plan)
    return Feed(name="a draft's plan", harness=harness, plan=plan, legal=True)


def label(sources: SourceSet) -> str:
    """Return what a version is called for readers."""
    paths = [_short(path) for path in sources.files]
    return paths[0] if len(paths) == 1 else f"{paths[0]} and {len(paths) - 1} more"


def _short(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def same_text(old: SourceSet, new: SourceSet) -> bool:
    """Return whether both have the same files."""

    def texts(sources: SourceSet) -> Sequence[bytes]:
        return [path.read_bytes() for path in sources.files]

    return texts(old) == texts(new)
