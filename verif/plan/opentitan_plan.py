"""Our testplans as OpenTitan's and back.

A requirement becomes a test point whose tests are those that exercise it; a test point of ours becomes one with its
phases under a key of its own, which other tools pass over; a cover point becomes a covergroup. What comes back from a
test point without phases, as in any plan that people wrote, is a requirement: something to be tested, in words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from verif.errors import InputError
from verif.plan.model import CoverPoint, Phase, Requirement, Setting, Testplan, Testpoint
from verif.plan.opentitan import COVERGROUP, Element, Extra, OpenTitanPlan

_FIRST = "smoke"


@dataclass(frozen=True, kw_only=True, slots=True)
class FromOpenTitan:
    """What a testplan of OpenTitan's form says in our terms."""

    requirements: tuple[Requirement, ...]
    points: tuple[Testpoint, ...]
    """Those that carry phases."""
    coverage: tuple[CoverPoint, ...]
    """Those that carry a port and bins, or a cross."""
    covergroups: tuple[Element, ...]
    """Those in words only: nothing can be counted until somebody names ports and bins."""
    tests: Mapping[str, tuple[str, ...]]
    """Requirement to the tests that the plan names for it."""


def to_opentitan(plan: Testplan) -> OpenTitanPlan:
    """Return our plan in OpenTitan's form; drivers, which it has no word for, are left out."""
    return OpenTitanPlan(
        name=plan.dut,
        testpoints=(*(_requirement(r, plan.points) for r in plan.requirements), *map(_point, plan.points)),
        covergroups=tuple(map(_goal, plan.coverage)),
    )


def from_opentitan(plan: OpenTitanPlan) -> FromOpenTitan:
    """Return what ``plan`` says in our terms; InputError PE207 where a key of ours has a wrong value."""
    ours = [element for element in plan.testpoints if "phases" in element.extra]
    words = [element for element in plan.testpoints if "phases" not in element.extra]
    return FromOpenTitan(
        requirements=tuple(Requirement(id=e.name, text=_joined(e.desc), line=_line(e)) for e in words),
        points=tuple(map(_point_of, ours)),
        coverage=tuple(_goal_of(e) for e in plan.covergroups if _counts(e)),
        covergroups=tuple(e for e in plan.covergroups if not _counts(e)),
        tests={e.name: e.tests for e in words},
    )


def _requirement(requirement: Requirement, points: Sequence[Testpoint]) -> Element:
    tests = tuple(f"test_{point.id}" for point in points if requirement.id in point.requirements)
    extra = {"line": str(requirement.line)} if requirement.line else {}
    return Element(name=requirement.id, desc=requirement.text, stage="V2", tests=tests, extra=extra)


def _point(point: Testpoint) -> Element:
    extra: dict[str, Extra] = {"phases": tuple(map(_phase, point.phases))}
    if point.requirements:
        extra["requirements"] = point.requirements
    if point.reset_midway:
        extra["reset_midway"] = True
    stage = "V1" if point.id == _FIRST else "V2"
    return Element(name=point.id, desc=point.intent, stage=stage, tests=(f"test_{point.id}",), extra=extra)


def _phase(phase: Phase) -> str:
    return " ".join([str(phase.cycles), *(f"{knob}={setting}" for knob, setting in phase.settings.items())])


def _goal(goal: CoverPoint) -> Element:
    extra: dict[str, Extra] = {"port": goal.port} if goal.port else {}
    if goal.bins:
        extra["bins"] = tuple(f"{name} {low} {high}" for name, (low, high) in goal.bins.items())
    if goal.cross:
        extra["cross"] = goal.cross
    told = (
        f"{' x '.join(goal.cross)}: all combinations."
        if goal.cross
        else f"Bins of {goal.port}: {', '.join(goal.bins)}."
    )
    return Element(name=f"{goal.name}{COVERGROUP}", desc=told, extra=extra)


def _point_of(element: Element) -> Testpoint:
    return Testpoint(
        id=element.name,
        intent=element.desc,
        requirements=_texts(element, "requirements"),
        phases=tuple(_phase_of(element, text) for text in _texts(element, "phases")),
        reset_midway=element.extra.get("reset_midway") is True,
    )


def _phase_of(element: Element, text: str) -> Phase:
    cycles, *settings = text.split() or [""]
    pairs = [setting.partition("=") for setting in settings]
    if not cycles.isdecimal() or not 1 <= int(cycles) <= 1_000_000 or not all(sign for _, sign, _ in pairs):
        raise _wrong(element, f"phase {text!r}", "a phase is cycles and settings: 400 wr_en=9 data_style=random")
    return Phase(cycles=int(cycles), settings={knob: _setting(value) for knob, _, value in pairs})


def _setting(text: str) -> Setting:
    return int(text) if text.isdecimal() else text


def _goal_of(element: Element) -> CoverPoint:
    port = element.extra.get("port")
    return CoverPoint(
        name=element.name.removesuffix(COVERGROUP),
        port=port if isinstance(port, str) else None,
        bins=dict(_bins(element)),
        cross=_texts(element, "cross"),
    )


def _bins(element: Element) -> Iterator[tuple[str, tuple[int, int]]]:
    for text in _texts(element, "bins"):
        try:
            name, low, high = text.rsplit(" ", 2)
            yield name, (int(low), int(high))
        except ValueError as error:
            raise _wrong(element, f"bin {text!r}", "a bin is its name, lowest and highest value: full 8 8") from error


def _counts(element: Element) -> bool:
    return bool(_texts(element, "cross")) or (bool(element.extra.get("port")) and bool(_texts(element, "bins")))


def _texts(element: Element, key: str) -> tuple[str, ...]:
    found = element.extra.get(key, ())
    return found if isinstance(found, tuple) else ()


def _line(element: Element) -> int:
    told = element.extra.get("line")
    return int(told) if isinstance(told, str) and told.isdecimal() else 0


def _joined(desc: str) -> str:
    """Return a description as one line: requirements are shown in tables."""
    return " ".join(desc.split())


def _wrong(element: Element, what: str, allowed: str) -> InputError:
    where = f"{element.file}:{element.line}" if element.file else ""
    return InputError("PE207", f"{element.name}: {what} is of another form", where=where, allowed=allowed)
