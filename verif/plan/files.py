"""testplan.yaml: written for people to read and edit, read with sentences about what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from verif.errors import InputError
from verif.plan.kinds import make_driver
from verif.plan.model import Driver, Knob, Testplan, Testpoint
from verif.plan.settings import phase_troubles, setting_trouble
from verif.stimulus.registry import driver_class

FILE_NAME = "testplan.yaml"

_HEADING = """\
# Testplan of {dut}. Edit it freely and draft again: the bench follows.
#
# points     become one test each (test_<id>): phases run one after the other, each for its cycles; a phase names the
#            knobs that differ from their defaults
# knobs      a rate goes from 0 (never) to 9 (always); a choice is one of its words
# drivers    who drives which input; kind is a class of the bench, ports maps its signals to the design's ports
# coverage   bins are inclusive ranges of a port's values; a cross pairs two coverage points
"""


def plan_text(plan: Testplan) -> str:
    """Return ``plan`` as YAML in a stable order, points first."""
    data = {
        "schema_version": plan.schema_version,
        "dut": plan.dut,
        "origin": plan.origin,
        "requirements": [r.model_dump(exclude_defaults=True) for r in plan.requirements],
        "points": [_point(point) for point in plan.points],
        "drivers": [_driver(driver) for driver in plan.drivers],
        "coverage": [_compact(goal.model_dump(mode="json", exclude_defaults=True)) for goal in plan.coverage],
    }
    body = [yaml.dump({key: value}, Dumper=_Dumper, sort_keys=False, width=100) for key, value in data.items()]
    return "\n".join([_HEADING.format(dut=plan.dut), "".join(body[:3]), *body[3:]])


def write_plan(plan: Testplan, file: Path) -> None:
    """Write ``plan`` to ``file``."""
    file.write_text(plan_text(plan), encoding="utf-8")


def read_plan(file: Path) -> Testplan:
    """Read a testplan; InputError PE203 where it can't be read, PE204 for the first wrong value in it."""
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError("PE203", f"can't be read: {error.strerror}", where=str(file)) from error
    except UnicodeDecodeError as error:
        raise InputError("PE203", "is not UTF-8 text", where=str(file)) from error
    except yaml.YAMLError as error:
        raise InputError("PE203", f"not valid YAML: {_yaml_trouble(error)}", where=str(file)) from error
    return plan_of(data, where=str(file))


def plan_of(data: Any, *, where: str) -> Testplan:
    """Return the plan that ``data`` describes, checked as a whole; InputError PE204."""
    if not isinstance(data, dict):
        raise InputError("PE204", "holds no testplan", where=where, allowed="a mapping with dut, points and drivers")
    try:
        plan = Testplan.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        key = _key(first["loc"], data)
        raise InputError("PE204", f"{key}: {_plain(first)}", where=where) from error
    for trouble in troubles(plan):
        raise InputError("PE204", trouble, where=where)
    return plan


def troubles(plan: Testplan) -> Iterator[str]:
    """Yield a sentence for each thing that the model's types can't see: names, settings, kinds, bins."""
    yield from _repeated("point", [point.id for point in plan.points])
    yield from _repeated("driver", [driver.name for driver in plan.drivers])
    yield from _repeated("knob", [knob.name for knob in plan.knobs])
    yield from _repeated("coverage point", [goal.name for goal in plan.coverage])
    for driver in plan.drivers:
        yield from _driver_troubles(driver)
    knobs = {knob.name: knob for knob in plan.knobs}
    for point in plan.points:
        yield from _point_troubles(point, knobs, {requirement.id for requirement in plan.requirements})
    yield from _goal_troubles(plan)


def _repeated(what: str, names: list[str]) -> Iterator[str]:
    for name, count in Counter(names).items():
        if count > 1:
            yield f"{what} {name!r} is there {count} times; names are unique"
        if not name.isidentifier() and what in ("point", "driver"):
            yield f"{what} {name!r} is no identifier; letters, digits and underscores are allowed"


def _driver_troubles(driver: Driver) -> Iterator[str]:
    try:
        make_driver(driver)
    except InputError as error:
        start = "" if error.what.startswith("driver") else f"driver {driver.name}: "
        yield start + "; ".join(filter(None, (error.what, error.allowed)))
        return
    known = driver_class(driver.kind).KNOBS
    for knob in driver.knobs:
        local = knob.name.removeprefix(f"{driver.name}_")
        if local not in known or local == knob.name:
            allowed = ", ".join(f"{driver.name}_{name}" for name in known) or "none"
            yield f"driver {driver.name}: no knob {knob.name!r}; {driver.kind} has {allowed}"
        elif message := setting_trouble(knob, knob.default):
            yield f"driver {driver.name}: knob {knob.name}: {message}"


def _point_troubles(point: Testpoint, knobs: Mapping[str, Knob], requirements: set[str]) -> Iterator[str]:
    if not point.phases:
        yield f"point {point.id}: no phases; at least one is needed"
    for requirement in point.requirements:
        if requirement not in requirements:
            yield f"point {point.id}: no requirement {requirement!r} in this plan"
    for number, phase in enumerate(point.phases):
        yield from (f"point {point.id}: phase {number}: {message}" for message in phase_troubles(phase, knobs))


def _goal_troubles(plan: Testplan) -> Iterator[str]:
    single = {goal.name for goal in plan.coverage if not goal.cross}
    for goal in plan.coverage:
        for name in goal.cross:
            if name not in single:
                yield f"coverage {goal.name}: crosses {name!r}, which is no coverage point with bins"
        if not goal.cross and (goal.port is None or not goal.bins):
            yield f"coverage {goal.name}: port and bins are needed, or cross"
        for name, (low, high) in goal.bins.items():
            if low > high:
                yield f"coverage {goal.name}: bin {name}: [{low}, {high}] is empty; the lower bound comes first"


class _Row(dict[str, Any]):
    """A mapping that is written on one line."""


class _Items(list[Any]):
    """A list that is written on one line."""


class _Dumper(yaml.SafeDumper):
    """Indents lists below their key, as people do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _row(dumper: yaml.SafeDumper, row: _Row) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", row.items(), flow_style=True)


def _items(dumper: yaml.SafeDumper, items: _Items) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=True)


_Dumper.add_representer(_Row, _row)
_Dumper.add_representer(_Items, _items)


def _compact(value: Any) -> Any:
    """Put every mapping or list below the first level on one line."""
    if isinstance(value, dict):
        return {key: _flat(item) for key, item in value.items()}
    return value


def _flat(value: Any) -> Any:
    if isinstance(value, dict):
        return _Row({key: _flat(item) for key, item in value.items()})
    if isinstance(value, list | tuple):
        return _Items(_flat(item) for item in value)
    return value


def _point(point: Testpoint) -> dict[str, Any]:
    data: dict[str, Any] = {"id": point.id, "intent": point.intent}
    if point.requirements:
        data["requirements"] = _Items(point.requirements)
    if point.reset_midway:
        data["reset_midway"] = True
    data["phases"] = [_Row(phase.model_dump(exclude_defaults=True)) for phase in point.phases]
    for phase in data["phases"]:
        phase.update({key: _flat(value) for key, value in phase.items()})
    return data


def _driver(driver: Driver) -> dict[str, Any]:
    data = _compact(driver.model_dump(mode="json", exclude_defaults=True))
    if driver.knobs:
        data["knobs"] = [_flat(knob.model_dump(mode="json", exclude_defaults=True)) for knob in driver.knobs]
    return dict(data)


def _key(location: tuple[int | str, ...], data: Any) -> str:
    """Name a place in the plan the way a person would: ``points.smoke.phases.0.cycles``."""
    parts: list[str] = []
    for step in location:
        data = data[step] if _reaches(data, step) else None
        name = (data.get("id") or data.get("name")) if isinstance(data, dict) and isinstance(step, int) else None
        parts.append(str(name or step))
    return ".".join(parts)


def _reaches(data: Any, step: int | str) -> bool:
    if isinstance(data, dict):
        return step in data
    return isinstance(data, list) and isinstance(step, int) and step < len(data)


def _plain(error: Any) -> str:
    if error["type"] == "extra_forbidden":
        return "no such key"
    message = str(error["msg"])
    return message[:1].lower() + message[1:]


def _yaml_trouble(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    return f"line {mark.line + 1}: {problem}" if mark else str(problem)
